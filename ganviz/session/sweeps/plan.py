"""What a sweep is: settings and the values that each takes, the seeds, the steps, and so its cells.

A cell is one combination of the values. Everything is checked when the plan is made, before anything trains.
"""

from __future__ import annotations

import itertools
import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ganviz.session.choosing import checked_steps, chosen_run
from ganviz.spec import UNFIT, InvalidValueError, quoted
from ganviz.spec.frozen import dataclass
from ganviz.training.config import MAX_LANES, RunConfig, config_from_plain

MOST_CELLS = 10_000
WORDS = ("data", "formulation")
"""What can be varied besides the names that ``--set`` reaches."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting that is varied, and its values as they are typed."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """What all cells share, in the words of ``ganviz train``."""

    preset: str | None = None
    config: Path | None = None
    data: str | None = None
    formulation: str | None = None
    seed: int | None = None
    device: str | None = None
    settings: tuple[str, ...] = ()

    def cell(self, values: Mapping[str, str], n_seeds: int) -> tuple[RunConfig, int]:
        """Return the run of one combination, and how many steps its preset has; what is varied is set last."""
        formulation = values.get("formulation", self.formulation)
        return chosen_run(
            preset=self.preset, config=self.config, data=values.get("data", self.data),
            formulations=() if formulation is None else (formulation,), seed=self.seed, seeds=n_seeds,
            device=self.device, settings=(*self.settings, *_assignments(values)),
        )  # fmt: skip

    def options(self, values: Mapping[str, str]) -> list[str]:
        """Return the options of ``ganviz train`` for one combination."""
        named = {
            "preset": self.preset, "config": self.config, "data": values.get("data", self.data),
            "formulation": values.get("formulation", self.formulation), "device": self.device,
        }  # fmt: skip
        words = [
            word for name, value in named.items() if value is not None for word in (f"--{name}", str(value))
        ]
        settings = (*self.settings, *_assignments(values))
        return words + [word for setting in settings for word in ("--set", setting)]


def _assignments(values: Mapping[str, str]) -> list[str]:
    return [f"{path}={text}" for path, text in values.items() if path not in WORDS]


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination.

    Attributes
    ----------
    values : tuple of str
        The value of each axis.
    config : RunConfig
        One lane, with all seeds.
    """

    values: tuple[str, ...]
    config: RunConfig


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """All cells of a sweep, in the order of its axes, the last one fastest.

    Attributes
    ----------
    axes : tuple of Axis
    cells : tuple of Cell
    steps : int
        Steps of every run.
    """

    axes: tuple[Axis, ...]
    cells: tuple[Cell, ...]
    steps: int

    @property
    def n_seeds(self) -> int:
        """Return how many seeds a cell has; they are rows of one run."""
        return self.cells[0].config.training.seeds

    @property
    def seeds(self) -> tuple[int, ...]:
        """Return the seeds, the same in every cell."""
        config = self.cells[0].config
        return tuple(config.seed_of(row) for row in range(self.n_seeds))

    def title(self, index: int) -> str:
        """Return a cell's settings in words."""
        pairs = zip(self.axes, self.cells[index].values, strict=True)
        return ", ".join(f"{axis.path}={value}" for axis, value in pairs)

    def work(self, index: int) -> dict[str, Any]:
        """Return what a worker has to know of a cell: plain data."""
        return {"config": self.cells[index].config.to_plain(), "steps": self.steps}

    def to_plain(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "vary": [[axis.path, list(axis.values)] for axis in self.axes],
            "steps": self.steps,
            "cells": [{"values": list(cell.values), "config": cell.config.to_plain()} for cell in self.cells],
        }


def plan_from_plain(plain: Any) -> SweepPlan:
    """Return what :meth:`SweepPlan.to_plain` was made of.

    Raises
    ------
    InvalidValueError
        When it is no plan.
    """
    try:
        if len(plain["cells"]) > MOST_CELLS:
            raise ValueError(f"more than {MOST_CELLS:,} cells")
        axes = tuple(Axis(str(path), tuple(map(str, values))) for path, values in plain["vary"])
        cells = tuple(
            Cell(tuple(map(str, cell["values"])), config_from_plain(cell["config"]))
            for cell in plain["cells"]
        )
        plan = SweepPlan(axes, cells, int(plain["steps"]))
    except UNFIT as error:
        raise InvalidValueError(f"it holds no plan of a sweep ({error})") from error
    if not cells or any(len(cell.values) != len(axes) for cell in cells):
        raise InvalidValueError("it holds no plan of a sweep (cells and settings do not fit)")
    _check_cells(plan)
    return plan


def plan_of(axes: tuple[Axis, ...], base: Base, n_seeds: int, steps: int | None) -> SweepPlan:
    """Return the plan of a sweep, every cell of it checked.

    Parameters
    ----------
    axes : tuple of Axis
    base : Base
    n_seeds : int
        1 to 64.
    steps : int or None
        Those of the preset unless given.

    Raises
    ------
    InvalidValueError
        With one sentence that names the value and what is allowed.
    """
    _check_axes(axes)
    if not 1 <= n_seeds <= MAX_LANES:
        raise InvalidValueError(f"--seeds must be between 1 and {MAX_LANES}, not {quoted(n_seeds)}.")
    cells, usual = [], 1
    for values in itertools.product(*(axis.values for axis in axes)):
        config, usual = base.cell(dict(zip((axis.path for axis in axes), values, strict=True)), n_seeds)
        cells.append(Cell(values, config))
    plan = SweepPlan(axes, tuple(cells), usual if steps is None else steps)
    if plan.n_seeds != n_seeds:
        raise InvalidValueError(f"--seeds counts the seeds, {n_seeds}; leave training.seeds alone.")
    _check_cells(plan)
    for data in dict.fromkeys(cell.config.distribution for cell in plan.cells):
        data.load()
    return plan


def _check_axes(axes: tuple[Axis, ...]) -> None:
    if not axes:
        raise InvalidValueError("A sweep varies something: --vary formulation=saturating,non_saturating.")
    n_cells = 1
    for i, axis in enumerate(axes):
        if axis.path in ("training.seed", "training.seeds"):
            raise InvalidValueError("Seeds are not varied but counted: --seeds 32, from --seed on.")
        if any(axis.path == other.path for other in axes[:i]):
            raise InvalidValueError(f"{axis.path} is varied twice; give all its values at once.")
        if not axis.values or len(set(axis.values)) < len(axis.values):
            raise InvalidValueError(f"{axis.path} takes one value or more, each of them once.")
        n_cells *= len(axis.values)
    if n_cells > MOST_CELLS:
        raise InvalidValueError(f"A sweep has at most {MOST_CELLS:,} cells, not {n_cells:,}.")


def _check_cells(plan: SweepPlan) -> None:
    checked_steps(plan.steps)
    found: dict[RunConfig, int] = {}
    for index, cell in enumerate(plan.cells):
        if len(cell.config.lanes) != 1:
            raise InvalidValueError(
                f"A cell trains one formulation, and this run has {len(cell.config.lanes)} lanes; "
                "choose one with --formulation, or vary it."
            )
        if cell.config.training.seeds != plan.n_seeds:
            raise InvalidValueError("Every cell has the same seeds: --seeds, from --seed on.")
        if cell.config in found:
            first = plan.title(found[cell.config])
            raise InvalidValueError(f"Two cells are the same run: {first}, and {plan.title(index)}.")
        found[cell.config] = index


def read_values(text: str) -> Axis:
    """Return the axis in ``PATH=v1,v2``; commas in brackets part nothing, and a JSON list is taken as it is.

    Raises
    ------
    InvalidValueError
        When there is no path or no value.
    """
    path, equals, values = (part.strip() for part in text.partition("="))
    if not (path and equals and values):
        raise InvalidValueError(f"--vary takes PATH=VALUE,VALUE, such as training.d_steps=1,5, not {text!r}.")
    if values.startswith("["):
        try:
            return Axis(path, tuple(map(as_text, json.loads(values))))
        except ValueError as error:
            raise InvalidValueError(f"The values of {path} are no JSON list: {error}.") from error
    return Axis(path, tuple(_parts(values)))


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between commas that are in no brackets; after one that is never closed, all the rest."""
    start = depth = 0
    for i, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth <= 0:
            yield text[start:i].strip()
            start = i + 1
    yield text[start:].strip()


def as_text(value: Any) -> str:
    """Return a value as it is typed after ``--set NAME=``."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def command_lines(plan: SweepPlan, base: Base, out: Path) -> Iterator[str]:
    """Yield a command of ``ganviz train`` for every cell, for the job arrays of other schedulers."""
    for index, cell in enumerate(plan.cells):
        options = base.options(dict(zip((axis.path for axis in plan.axes), cell.values, strict=True)))
        counts = ["--seed", plan.seeds[0], "--seeds", plan.n_seeds, "--steps", plan.steps]
        where = ["--out", out / f"{index + 1:04}"]
        yield shlex.join(["ganviz", "train", *options, *map(str, (*counts, *where))])
