"""``ganviz dirac``: the smallest game, with a formulation's own loss, penalties, rule and optimizer."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import named_formulation
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError, finite, quoted
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac import course
from ganviz.training.dirac_stability import Stability, stability
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.rules import RULES

MOST_STEPS, MOST_STEP_SIZE = 1_000_000, 100
BATCH = 12
"""A multiple of every packing; a batch is one point, or one pack, however large it is said to be."""
WEIGHTS = ("weight", "gamma")
"""What penalties call their weight."""

Values = NDArray[Any]
Row = dict[str, object]


def dirac(options: argparse.Namespace) -> int:
    """Play the game and print its course and its stability."""
    config = chosen_game(options)
    if not 0 <= options.steps <= MOST_STEPS:
        raise InvalidValueError(f"--steps must be between 0 and {MOST_STEPS}, not {quoted(options.steps)}.")
    for name in ("theta", "psi"):
        if not math.isfinite(getattr(options, name)):
            raise InvalidValueError(f"--{name} must be a finite number, not {getattr(options, name)}.")
    theta, psi = course(config, options.theta, options.psi, options.steps)
    found = stability(config)
    if options.json:
        print(json.dumps(_as_plain(config, theta, psi, found), ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(_as_text(config, theta, psi, found)))
    return 0


def chosen_game(options: argparse.Namespace) -> RunConfig:
    """Return the run whose first lane is played; raise InvalidValueError for what there is not."""
    formulation = named_formulation(options.formulation)
    penalties = [PENALTIES[key]() for key in options.penalty]
    kept = [one for one in formulation.penalties if one.key not in options.penalty]
    formulation = dataclasses.replace(formulation, penalties=(*kept, *penalties))
    if options.rule and options.update and options.rule != options.update:
        raise InvalidValueError(
            f"--update {options.update} and --rule {options.rule} are two rules; give one."
        )
    rule = RULES[options.rule or options.update or "alternating"]()
    if not 0 <= options.step_size <= MOST_STEP_SIZE:
        raise InvalidValueError(
            f"--step-size must be a finite number from 0 to {MOST_STEP_SIZE}, not {options.step_size:g}."
        )
    optimizer = OPTIMIZERS[options.optimizer](learning_rate=options.step_size)
    lane = LaneConfig(formulation, "", optimizer, optimizer)
    config = RunConfig(lanes=(lane,), training=TrainingSettings(rule=rule, batch_size=BATCH))
    assignments = [full for text in options.set for full in _in_full(text, formulation, options.penalty)]
    return with_settings(config, assignments)


def _in_full(assignment: str, formulation: Formulation, added: list[str]) -> Iterator[str]:
    """Yield an assignment's full form: ``penalty.``, ``constraint.`` and ``optimizer.`` are short for longer paths."""
    start, dot, rest = assignment.partition(".")
    if start == "optimizer" and dot:
        yield from (f"{player}_optimizer.{rest}" for player in ("generator", "discriminator"))
    elif start == "constraint":
        yield f"formulation.{assignment}"
    elif start == "penalty" and dot:
        keys = added or [penalty.key for penalty in formulation.penalties]
        if not keys:
            raise InvalidValueError(f"There is no penalty for {assignment!r}; choose one with --penalty.")
        yield from (f"formulation.penalties.{key}.{_named(key, rest)}" for key in keys)
    else:
        yield assignment


def _named(penalty: str, assignment: str) -> str:
    """Return an assignment to a penalty's field; each has a weight, whatever letter it goes by."""
    name, equals, value = assignment.partition("=")
    fields = [field.name for field in dataclasses.fields(PENALTIES[penalty])]
    if name == "weight":
        name = next(own for own in WEIGHTS if own in fields)
    return f"{name}{equals}{value}"


def _as_plain(config: RunConfig, theta: Values, psi: Values, found: Stability) -> Row:
    lane = config.lanes[0]
    return {
        "formulation": lane.formulation.to_plain(),
        "title": lane.formulation.title,
        "rule": config.training.rule.key,
        "d_steps": config.training.d_steps,
        "g_steps": config.training.g_steps,
        "packing": config.training.packing,
        "optimizer": lane.generator_optimizer.key,
        "step_size": lane.generator_optimizer.learning_rate,
        "theta": _numbers(theta),
        "psi": _numbers(psi),
        "eigenvalues": _pairs(found.eigenvalues),
        "verdict": found.verdict,
        "step_eigenvalues": _pairs(found.step_eigenvalues),
        "spectral_radius": found.spectral_radius,
        "step_verdict": found.step_verdict,
    }


def _numbers(values: Values) -> list[float | None]:
    """Return numbers as JSON has them: what has run away is null."""
    return [finite(value) for value in values]


def _pairs(eigenvalues: Values | None) -> list[list[float]] | None:
    return None if eigenvalues is None else [[float(one.real), float(one.imag)] for one in eigenvalues]


def _as_text(config: RunConfig, theta: Values, psi: Values, found: Stability) -> Iterator[str]:
    training, last = config.training, len(theta) - 1
    yield f"{config.lanes[0].formulation.title}, {training.rule.title.lower()}"
    yield f"{'step':>8} {'θ':>16} {'ψ':>16} {'distance':>16}"
    for i in sorted({0, 1, 10, 100, 1000, 10_000, last} & set(range(last + 1))):
        yield f"{i:>8} {theta[i]:>16.9g} {psi[i]:>16.9g} {math.hypot(theta[i], psi[i]):>16.9g}"
    yield f"in continuous time: {_list(found.eigenvalues)}{found.verdict}"
    radius = "" if found.spectral_radius is None else f", spectral radius {found.spectral_radius:.9f}"
    yield f"one step: {_list(found.step_eigenvalues)}{found.step_verdict}{radius}"


def _list(eigenvalues: Values | None) -> str:
    if eigenvalues is None:
        return ""
    return ", ".join(f"{one.real:.6g}{one.imag:+.6g}i" for one in eigenvalues) + ": "
