"""The engine on a GPU: captured steps against the same calls one by one, and against the CPU beside it. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from ganviz.bench import blind
from ganviz.bench.timing import Timing, interleaved
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig
from ganviz.training.steps import step_class
from ganviz.training.steps.captured import CapturedStep
from ganviz.training.trainer import Trainer

Row = dict[str, Any]
Say = Callable[[str], None]

LANES = (1, 16, 64)
WARM_UP = 50
"""Steps before any is timed: a first one sets libraries up and captures, and would be taken for a slow one."""
LARGE = (8192, 512, 3)
RUNS: dict[str, Callable[[], RunConfig]] = {
    **{str(size): partial(blind.perceptrons, *size) for size in blind.SIZES},
    **{f"{game}, (128, 32, 2)": partial(blind.perceptrons, 128, 32, 2, game=game) for game in blind.GAMES},
    f"large batch, {LARGE}": partial(blind.perceptrons, *LARGE),
    "digits, dcgan16, batch 64": blind.digits,
}


def check() -> None:
    """Raise InvalidValueError when there is no GPU."""
    if not torch.cuda.is_available():
        raise InvalidValueError("There is no GPU here that torch can use.")


def machine() -> Row:
    """Return the card and what drives it."""
    about = torch.cuda.get_device_properties(0)
    return {"gpu": about.name, "gpu_gib": about.total_memory / 2**30, "cuda": torch.version.cuda}


def rows(budget_s: float, say: Say, device: str = "cuda") -> list[Row]:
    """Return one row a run, captured, call by call and on the CPU, and one of lanes."""
    found = []
    for name, config in RUNS.items():
        say(name)
        found.append(against_calls(f"{name}, {device}", config(), budget_s, device))
    say("lanes")
    return [*found, lanes(budget_s, device)]


def against_calls(name: str, config: RunConfig, budget_s: float, device: str = "cuda") -> Row:
    """Return the rates of captured steps, of the same steps call by call and of the CPU, and the ratios."""
    there, here = placed(config, device), placed(config, "cpu")
    trainers = {"captured": Trainer(there), "calls": call_by_call(there), "cpu": Trainer(here)}
    for key in ("captured", "calls"):
        _train(trainers[key], WARM_UP)
    found = interleaved({key: partial(_train, trainer) for key, trainer in trainers.items()}, budget_s)
    method = trainers["captured"]._method
    return {
        "row": name, "step_method": method.name,
        "is_captured": isinstance(method, CapturedStep) and method.is_captured, **blind.rates(found),
        "captured_over_calls": _ratio(found, "calls"), "captured_over_cpu": _ratio(found, "cpu"),
        "samples_per_s": found["captured"].rate * config.training.batch_size,
    }  # fmt: skip


def lanes(budget_s: float, device: str = "cuda") -> Row:
    """Return the time of a step with several lanes as multiples of that with one."""
    trainers = {n: Trainer(placed(blind.perceptrons(128, 32, 2, n), device)) for n in LANES}
    for trainer in trainers.values():
        _train(trainer, WARM_UP)
    found = interleaved({str(n): partial(_train, trainer) for n, trainer in trainers.items()}, budget_s)
    row: Row = {"row": f"lanes at (128, 32, 2), {device}", "one_per_s": found["1"].rate}
    for n in LANES:
        row |= {
            f"{n}_lanes": found[str(n)].seconds / found["1"].seconds,
            f"{n}_lanes_spread": found[str(n)].spread,
        }
    return row


def placed(config: RunConfig, device: str) -> RunConfig:
    """Return the run on another device."""
    return dataclasses.replace(config, training=dataclasses.replace(config.training, device=device))


def call_by_call(config: RunConfig) -> Trainer:
    """Return a run whose steps are not captured."""
    trainer = Trainer(config)
    players, streams, block = trainer._players, trainer._streams, trainer._block
    trainer._method = step_class(config)(config, players, streams, block, trainer.device)
    return trainer


def _train(trainer: Trainer, n: int) -> None:
    """Train until the device has done it."""
    trainer.train(n)
    if trainer.device == "cuda":
        torch.cuda.synchronize()


def _ratio(found: dict[str, Timing], other: str) -> float:
    return found["captured"].rate / found[other].rate
