"""What a sweep has found: a figure of every cell and seed, quantiles, paired comparisons, and the files of these."""

from __future__ import annotations

import csv
import itertools
import json
import warnings
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz import __version__
from ganviz.session.sweeps.cell import CellResult
from ganviz.session.sweeps.plan import SweepPlan
from ganviz.spec import UnknownKeyError
from ganviz.training.atomic import atomic_path
from ganviz.training.paired import PairedComparison, compare

QUANTILES = {"q10": 0.1, "q25": 0.25, "median": 0.5, "q75": 0.75, "q90": 0.9}


class SweepResult:
    """The cells of a sweep that were trained.

    Parameters
    ----------
    plan : SweepPlan
    cells : mapping of int to CellResult
        By their place in the plan; cells that failed have an error, those that are missing were not reached.
    """

    def __init__(self, plan: SweepPlan, cells: Mapping[int, CellResult]) -> None:
        self.plan, self.cells = plan, dict(cells)

    @property
    def errors(self) -> dict[int, str]:
        """Return why cells failed."""
        return {index: cell.error for index, cell in sorted(self.cells.items()) if cell.error}

    @property
    def is_complete(self) -> bool:
        """Return whether every cell was trained."""
        return len(self.cells) == len(self.plan.cells) and not self.errors

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Return the names of all end figures."""
        rows = (row for _, cell in sorted(self.cells.items()) for row in cell.rows)
        return tuple(dict.fromkeys(name for row in rows for name in row.figures))

    def values(self, figure: str) -> NDArray[np.float64]:
        """Return an end figure ``[cells, seeds]``; NaN where it has no meaning or its cell is missing.

        Raises
        ------
        UnknownKeyError
            When there is no such figure.
        """
        if figure not in self.figures:
            raise UnknownKeyError("figure", figure, list(self.figures))
        found = np.full((len(self.plan.cells), self.plan.n_seeds), np.nan)
        for index, cell in self.cells.items():
            for i, row in enumerate(cell.rows):
                value = row.figures.get(figure)
                found[index, i] = np.nan if value is None else value
        return found

    @cached_property
    def diverged_at(self) -> NDArray[np.int64]:
        """Return where seeds stopped, ``[cells, seeds]``: 0 for those that trained to the end, -1 for missing ones."""
        found = np.full((len(self.plan.cells), self.plan.n_seeds), -1)
        for index, cell in self.cells.items():
            for i, row in enumerate(cell.rows):
                found[index, i] = row.diverged_at or 0
        return found

    def trained_values(self, figure: str) -> NDArray[np.float64]:
        """Return :meth:`values` of the seeds that trained to the end, NaN elsewhere."""
        return self._trained[figure] if figure in self._trained else self.values(figure)

    @cached_property
    def _trained(self) -> dict[str, NDArray[np.float64]]:
        # every pair of cells asks for these
        return {name: np.where(self.diverged_at == 0, self.values(name), np.nan) for name in self.figures}

    def quantiles(self, figure: str) -> dict[str, NDArray[np.float64]]:
        """Return the quantiles of each cell, ``[cells]``, over the seeds that trained to the end."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of cells without a value
            found = np.nanquantile(self.trained_values(figure), list(QUANTILES.values()), axis=1)
        return dict(zip(QUANTILES, found, strict=True))

    def compare(self, first: int, second: int, figure: str) -> PairedComparison:
        """Compare two cells over the seeds that trained to the end in both."""
        values = self.trained_values(figure)
        return compare(values[first], values[second])

    def neighbors(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of trained cells that differ in one setting."""
        trained = [index for index in sorted(self.cells) if not self.cells[index].error]
        for first, second in itertools.combinations(trained, 2):
            pairs = zip(self.plan.cells[first].values, self.plan.cells[second].values, strict=True)
            if sum(a != b for a, b in pairs) == 1:
                yield first, second

    def summary(self) -> dict[str, Any]:
        """Return what ``--json`` prints: one plain object; what has no meaning is None."""
        return {
            "version": __version__,
            "vary": {axis.path: list(axis.values) for axis in self.plan.axes},
            "seeds": list(self.plan.seeds),
            "steps": self.plan.steps,
            "cells": [self.cell_summary(index) for index in range(len(self.plan.cells))],
            "comparisons": [one for pair in self.neighbors() for one in self.comparisons(*pair)],
        }

    def cell_summary(self, index: int) -> dict[str, Any]:
        """Return what ``--json`` prints of a cell: its values and state, and quantiles over the seeds that trained."""
        cell = self.cells.get(index, CellResult())
        trained = [row for row in cell.rows if row.diverged_at is None]
        figures = {}
        for figure in self.figures:
            known = [value for row in trained if (value := row.figures.get(figure)) is not None]
            if known:
                found = np.quantile(known, list(QUANTILES.values())).tolist()
                figures[figure] = {"n": len(known), **dict(zip(QUANTILES, found, strict=True))}
        return {
            "cell": index + 1, "values": self._values(index), "state": self._state(index),
            "error": cell.error or None, "trained": len(trained), "diverged": len(cell.rows) - len(trained),
            "figures": figures,
        }  # fmt: skip

    def _values(self, index: int) -> dict[str, str]:
        return {
            axis.path: value
            for axis, value in zip(self.plan.axes, self.plan.cells[index].values, strict=True)
        }

    def _state(self, index: int) -> str:
        if index not in self.cells:
            return "not reached"
        return "failed" if self.cells[index].error else "done"

    def comparisons(self, first: int, second: int) -> Iterator[dict[str, Any]]:
        """Yield, for each figure that both cells have, how the second differs from the first by equal seeds."""
        for figure in self.figures:
            found = self.compare(first, second, figure)
            if found.n:
                yield {"cells": [first + 1, second + 1], "figure": figure} | found.plain

    def rows(self) -> Iterator[list[Any]]:
        """Yield the table: a row of names, then one a cell and seed."""
        yield [
            "cell", *(axis.path for axis in self.plan.axes), "seed", "steps", "diverged_at", *self.figures,
            "digest",
        ]  # fmt: skip
        for index, cell in sorted(self.cells.items()):
            for row in cell.rows:
                figures = [row.figures.get(figure) for figure in self.figures]
                yield [
                    index + 1, *self.plan.cells[index].values, row.seed, self.plan.steps, row.diverged_at, *figures,
                    row.digest,
                ]  # fmt: skip

    def write(self, folder: Path) -> None:
        """Write ``table.csv``, ``results.npz`` and ``summary.json``."""
        with atomic_path(folder / "table.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(self.rows())
        plan = self.plan
        with atomic_path(folder / "results.npz") as path, path.open("wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                figures=np.array(self.figures, dtype=str),
                values=np.array([self.values(figure) for figure in self.figures]),
                diverged_at=self.diverged_at,
                seeds=np.array(plan.seeds),
                settings=np.array([axis.path for axis in plan.axes]),
                cells=np.array([cell.values for cell in plan.cells]),
            )
        with atomic_path(folder / "summary.json") as path:
            text = json.dumps(self.summary(), indent=1, ensure_ascii=False, allow_nan=False)
            path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
