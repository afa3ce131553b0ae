"""The engine without anybody watching, against the plain script, over sizes and lanes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from ganviz.bench.plain import PlainScript
from ganviz.bench.timing import Timing, interleaved
from ganviz.kernels import large_products
from ganviz.kernels.linear import NARROW
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.run_presets import run_preset
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD, Adam
from ganviz.training.players import networks_of
from ganviz.training.rules import RULES
from ganviz.training.steps.perceptron import layer_plan
from ganviz.training.trainer import Trainer

SIZES = ((150, 14, 1), (128, 32, 2), (256, 128, 2))
LANES = (1, 2, 4, 16, 64)
PENALIZED = ("non_saturating_r1", "r3gan", "wgan_gp")
GAMES = (*PENALIZED, "rpgan", "ragan")
ADAM = Adam(learning_rate=2e-3, eps=1e-8)

Row = dict[str, Any]

SETTLED = 520
"""Steps after which metrics are measured now and then only, and it is known whether two processors are faster."""

MOST_DIFFERENT = {torch.float64: 1e-8, torch.float32: 0.02}
"""Of the way that both have gone in one step. Adam's first one follows the sign of each gradient: in float32, rounding
decides it where a gradient is nearly zero."""


def perceptrons(
    batch: int, width: int, hidden_layers: int, n_lanes: int = 1, game: str = "non_saturating"
) -> RunConfig:
    """Return the default run with networks of another size and another named formulation."""
    lane = LaneConfig(named_formulation(game), generator_optimizer=ADAM, discriminator_optimizer=ADAM)
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


def gan_lab() -> RunConfig:
    """Return the default run of GAN Lab: two hidden layers of 8, batch 150, SGD, two D updates a step."""
    sgd = SGD(learning_rate=0.1)
    lane = LaneConfig(
        named_formulation("non_saturating"), generator_optimizer=sgd, discriminator_optimizer=sgd
    )
    training = TrainingSettings(batch_size=150, d_steps=2, device="cpu")
    return RunConfig(lanes=(lane,), architecture=MLP(width=8, hidden_layers=2), training=training)


def same_update(config: RunConfig, dtype: torch.dtype) -> float:
    """Return how far apart engine and script are after a step on the same batches, as a share of the way gone."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        trainer, plain = Trainer(config, dtype), PlainScript(config)
        streams = Trainer(config, dtype)._streams
        start = _weights(plain.generator, plain.discriminator)
        batch = config.training.batch_size
        plain.step(
            streams.real.take,
            streams.latents.take,
            streams.partners.take,
            lambda: torch.as_tensor(streams.penalty.take((batch, 1)), dtype=dtype),
        )
        trainer.train(1)
        theirs = _weights(plain.generator, plain.discriminator)
        players = (trainer._players.generator, trainer._players.discriminator)
        ours = _weights(*(one.network.module(one.parameters[0], one.buffers[0]) for one in players))
    finally:
        torch.set_default_dtype(usual)
    return float((ours - theirs).norm() / (theirs - start).norm())


def _weights(*modules: torch.nn.Module) -> torch.Tensor:
    parameters = [parameter for module in modules for parameter in module.parameters()]
    return torch.nn.utils.parameters_to_vector(parameters).detach().clone()


def against_plain(name: str, config: RunConfig, budget_s: float) -> Row:
    """Return the rates of engine and plain script and their ratio; raise when they do not compute the same."""
    row: Row = {"row": name}
    for dtype, most in MOST_DIFFERENT.items():
        difference = same_update(config, dtype)
        if difference > most:
            raise RuntimeError(
                f"{name}: engine and plain script differ by {difference:.2g} after a step in {dtype}"
            )
        row[f"difference_{dtype}".replace("torch.", "")] = difference
    trainer, plain = Trainer(config), PlainScript(config)
    trainer.train(SETTLED)
    found = interleaved({"engine": trainer.train, "plain": plain.train}, budget_s)
    row |= {"step_method": trainer.step_method} | rates(found)
    return row | {"ratio": found["engine"].rate / found["plain"].rate}


def rates(found: dict[str, Timing], *, with_spread: bool = True) -> Row:
    """Return steps per second and spread of each subject."""
    row: Row = {}
    for name, timing in found.items():
        row[f"{name}_per_s"] = timing.rate
        if with_spread:
            row[f"{name}_spread"] = timing.spread
    return row


def lanes(budget_s: float) -> Row:
    """Return the time of a step with several lanes as multiples of that with one, all after as many steps."""
    trainers = {str(n): Trainer(perceptrons(128, 32, 2, n)) for n in LANES}
    for trainer in trainers.values():
        trainer.train(SETTLED)
    found = interleaved({name: trainer.train for name, trainer in trainers.items()}, budget_s)
    one = found["1"].seconds
    row: Row = {"row": "lanes at (128, 32, 2)"}
    for n in LANES:
        row |= {f"{n}_lanes": found[str(n)].seconds / one, f"{n}_lanes_spread": found[str(n)].spread}
    return row


def rules(budget_s: float) -> Row:
    """Return each rule's rate, and extragradient's beside half of the paper's: it computes all gradients twice."""
    base = perceptrons(128, 32, 2)
    trainers = {
        key: Trainer(dataclasses.replace(base, training=dataclasses.replace(base.training, rule=rule())))
        for key, rule in RULES.items()
    }
    found = interleaved({key: trainer.train for key, trainer in trainers.items()}, budget_s)
    share = 2 * found["extragradient"].rate / found["alternating"].rate
    return {"row": "rules at (128, 32, 2)"} | rates(found) | {"extragradient_share": share}


def games(budget_s: float) -> Row:
    """Return the rate of other formulations as shares of the non-saturating one's."""
    trainers = {game: Trainer(perceptrons(128, 32, 2, game=game)) for game in ("non_saturating", *GAMES)}
    found = interleaved({game: trainer.train for game, trainer in trainers.items()}, budget_s)
    row: Row = {"row": "games ÷ NS at (128, 32, 2)"}
    for game in GAMES:
        row |= {game: found[game].rate / found["non_saturating"].rate, f"{game}_spread": found[game].spread}
    return row


def losses(budget_s: float) -> Row:
    """Return the rate of every loss of scores as a share of the non-saturating one's, and the slowest by name.

    The learning rate is so small that none diverges meanwhile.
    """
    base = perceptrons(128, 32, 2)
    calm = dataclasses.replace(ADAM, learning_rate=1e-7)
    trainers = {}
    for key, loss in ADVERSARIAL_LOSSES.items():
        if not loss.has_discriminator:
            continue
        lane = LaneConfig(Formulation(loss()), generator_optimizer=calm, discriminator_optimizer=calm)
        trainers[key] = Trainer(dataclasses.replace(base, lanes=(lane,)))
    found = interleaved({key: trainer.train for key, trainer in trainers.items()}, budget_s)
    shares = {key: timing.rate / found["non_saturating"].rate for key, timing in found.items()}
    slowest = min(shares, key=lambda key: shares[key])
    return {
        "row": "every loss ÷ NS at (128, 32, 2)",
        "slowest": slowest,
        "slowest_share": shares[slowest],
    } | shares


def closeness(batch: int, width: int, hidden_layers: int, budget_s: float) -> Row:
    """Return the step's floating-point work over what the machine does in the same time in matrix products alone.

    The products are the step's own shapes, by the library that is fastest for them.
    """
    config = perceptrons(batch, width, hidden_layers)
    shapes = step_products(config)
    work = sum(2 * m * k * n for m, k, n in shapes)

    def multiply(steps: int) -> None:
        for _ in range(steps):
            for call in calls:
                call()

    calls = [_product(*shape) for shape in shapes]
    found = interleaved({"engine": Trainer(config).train, "products": multiply}, budget_s)
    return {
        "row": f"closeness to the machine at {(batch, width, hidden_layers)}",
        "step_gflops": work / found["engine"].seconds / 1e9,
        "product_gflops": work / found["products"].seconds / 1e9,
        "share": found["products"].seconds / found["engine"].seconds,
    }


def step_products(config: RunConfig) -> list[tuple[int, int, int]]:
    """Return rows, terms and columns of every matrix product in a step of perceptrons."""
    batch, found = config.training.batch_size, []
    generator, discriminator = (layer_plan(network) for network in networks_of(config))
    for i, (n_in, n_out, _) in enumerate(generator):
        found += [(2 * batch, n_in, n_out), (n_in, batch, n_out)]
        found += [(batch, n_out, n_in)] if i else []
    for i, (n_in, n_out, _) in enumerate(discriminator):
        found += [(2 * batch, n_in, n_out), (n_in, 2 * batch, n_out)]
        found += [(2 * batch, n_out, n_in)] if i else []
        found += [(batch, n_in, n_out), (batch, n_out, n_in)]
    return found


def _product(rows: int, terms: int, columns: int) -> Callable[[], object]:
    """Return a product of this shape the way that is fastest for it: few columns are faster as few rows."""
    a, b = torch.randn(rows, terms), torch.randn(terms, columns)
    if large_products.is_large(a, b):
        return partial(large_products.multiply, a, b)
    if terms == 1:
        return partial(torch.mul, a, b, out=torch.empty(rows, columns))
    if 1 < columns <= NARROW:
        return partial(torch.mm, b.T.contiguous(), a.T, out=torch.empty(columns, rows))
    return partial(torch.mm, a, b, out=torch.empty(rows, columns))
