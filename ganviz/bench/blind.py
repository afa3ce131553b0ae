"""The engine without anybody watching, against the plain script, over sizes and lanes."""

from __future__ import annotations

import dataclasses
from typing import Any

import torch

from ganviz.bench.plain import PlainScript
from ganviz.bench.timing import Timing, interleaved
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.run_presets import run_preset
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import Adam
from ganviz.training.trainer import Trainer

SIZES = ((150, 14, 1), (128, 32, 2), (256, 128, 2))
LANES = (1, 2, 4, 16)
ADAM = Adam(learning_rate=2e-3, eps=1e-8)

Row = dict[str, Any]

MOST_DIFFERENT = 0.02
"""Adam's first step follows the sign of each gradient: where one is nearly zero, rounding decides."""


def perceptrons(batch: int, width: int, hidden_layers: int, n_lanes: int = 1) -> RunConfig:
    """Return the default run with networks of another size."""
    lane = LaneConfig(
        named_formulation("non_saturating"), generator_optimizer=ADAM, discriminator_optimizer=ADAM
    )
    return RunConfig(
        lanes=(lane,) * n_lanes,
        architecture=MLP(width=width, hidden_layers=hidden_layers),
        training=TrainingSettings(batch_size=batch, device="cpu"),
    )


def digits() -> RunConfig:
    """Return the digits of the preset, without the running average, which the plain script does not keep."""
    config = run_preset("digits").config
    return dataclasses.replace(
        config, training=dataclasses.replace(config.training, ema_decay=0.0, device="cpu")
    )


def same_update(config: RunConfig) -> float:
    """Return how far the generators are apart after one step of both on the same batches, as a share of the step."""
    trainer, plain = Trainer(config), PlainScript(config)
    streams = Trainer(config)._streams
    start = _weights(plain.generator)
    plain.step(streams.real.take(), streams.latents.take(), streams.latents.take())
    trainer.train(1)
    theirs = _weights(plain.generator)
    return float((_weights(trainer.generator_module(0)) - theirs).norm() / (theirs - start).norm())


def _weights(module: torch.nn.Module) -> torch.Tensor:
    return torch.nn.utils.parameters_to_vector(module.parameters()).detach().clone()


def against_plain(name: str, config: RunConfig, budget_s: float) -> Row:
    """Return the rates of engine and plain script and their ratio; raise when they do not compute the same."""
    difference = same_update(config)
    if difference > MOST_DIFFERENT:
        raise RuntimeError(f"{name}: engine and plain script differ by {difference:.2g} after one step")
    trainer, plain = Trainer(config), PlainScript(config)
    found = interleaved({"engine": trainer.train, "plain": plain.train}, budget_s)
    row: Row = {"row": name, "step_method": trainer.step_method, "difference": difference}
    row |= rates(found)
    return row | {"ratio": found["engine"].rate / found["plain"].rate}


def rates(found: dict[str, Timing]) -> Row:
    """Return steps per second and spread of each subject."""
    row: Row = {}
    for name, timing in found.items():
        row |= {f"{name}_per_s": timing.rate, f"{name}_spread": timing.spread}
    return row


def lanes(budget_s: float) -> Row:
    """Return the time of a step with several lanes as multiples of that with one."""
    trainers = {str(n): Trainer(perceptrons(128, 32, 2, n)) for n in LANES}
    found = interleaved({name: trainer.train for name, trainer in trainers.items()}, budget_s)
    one = found["1"].seconds
    return {"row": "lanes at (128, 32, 2)"} | {f"{n}_lanes": found[str(n)].seconds / one for n in LANES}


def closeness(batch: int, width: int, hidden_layers: int, budget_s: float) -> Row:
    """Return the step's floating-point work over what a matrix product of its main shape does in the same time.

    Per sample and weight: two operations forward, two for the weight's gradient, two for the input's.
    """
    config = perceptrons(batch, width, hidden_layers)
    trainer = Trainer(config)
    g, d = 2 * width + (hidden_layers - 1) * width**2 + 2 * width, 3 * width + (hidden_layers - 1) * width**2
    work = 2 * batch * (2 * g + 2 * d + (2 * d + 2 * d) + d + d + 2 * g)
    a, b = torch.randn(2 * batch, width), torch.randn(width, width)
    out = torch.empty(2 * batch, width)

    def products(n: int) -> None:
        for _ in range(n):
            torch.mm(a, b, out=out)

    found = interleaved({"engine": trainer.train, "product": products}, budget_s)
    machine = 2 * 2 * batch * width**2 / found["product"].seconds
    return {
        "row": f"closeness to the machine at {(batch, width, hidden_layers)}",
        "step_gflops": work / found["engine"].seconds / 1e9,
        "product_gflops": machine / 1e9,
        "share": work / found["engine"].seconds / machine,
    }
