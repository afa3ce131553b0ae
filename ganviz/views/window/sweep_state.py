"""What a sweep has told of itself so far: its plan, and where each cell is. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.session.figure_titles import figure_title
from ganviz.session.seed_words import NOT_COMPARED, difference_text
from ganviz.training.paired import compare
from ganviz.views.plot.values import Value, Values
from ganviz.views.window.sweep_words import value_title

WAITING, TRAINING, DONE, FAILED = "waiting", "training", "done", "failed"
FIRST_FIGURES = ("sliced_wasserstein", "quality_fraction", "modes_hit", "js_divergence", "d_loss", "g_loss")
"""Figures that are shown first, as far as a sweep has them."""
OF_MEASURING = frozenset({"n_samples", "n_modes"})
"""Figures of how it was measured, not of what was trained: files have them, no menu."""

Array = NDArray[np.float64]


@dataclass(slots=True)
class CellState:
    """A cell: what is varied in it, whether it is trained, and its figures' quantiles by name."""

    values: tuple[str, ...]
    state: str = WAITING
    step: int = 0
    trained: int = 0
    diverged: int = 0
    error: str = ""
    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    seeds: dict[str, list[float | None]] = field(default_factory=dict)
    """Its figures' values by name, a seed each; None where a seed did not train to the end."""


class SweepState:
    """Reads the lines of ``ganviz sweep --progress-json``.

    Attributes
    ----------
    axes : tuple of (str, tuple of str)
        The settings that are varied, by path, and what their values are called.
    cells : list of CellState
    steps, n_seeds : int
        Of every cell.
    warning : str
        What became of a queue's job last, as a sentence.
    """

    def __init__(self) -> None:
        self.warning = ""
        self.axes: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self.cells: list[CellState] = []
        self.steps = self.n_seeds = 0
        self._figures = set[str]()

    def read(self, line: Mapping[str, Any]) -> None:
        """Take note of a line."""
        if line["event"] == "planned":
            self.axes = tuple(
                (path, tuple(value_title(path, value) for value in values)) for path, values in line["vary"]
            )
            paths = [path for path, _ in self.axes]
            self.cells = [CellState(tuple(map(value_title, paths, values))) for values in line["cells"]]
            self.steps, self.n_seeds = line["steps"], line["seeds"]
            return
        if line["event"] == "warned":
            self.warning = line["words"]
            return
        cell = self.cells[line["cell"] - 1]
        if line["event"] == "step":
            cell.state, cell.step = TRAINING, line["step"]
        elif line["event"] == "cell":
            cell.state, cell.error = line["state"], line["error"] or ""
            cell.trained, cell.diverged, cell.figures = line["trained"], line["diverged"], line["figures"]
            cell.seeds = line.get("seed_values", {})
            self._figures |= cell.figures.keys() - OF_MEASURING

    def stop(self) -> None:
        """Take note that what was being trained is dropped."""
        for cell in self.cells:
            if cell.state == TRAINING:
                cell.state, cell.step = WAITING, 0

    @property
    def n_done(self) -> int:
        """Return how many cells are done, those not counted that have failed."""
        return sum(cell.state == DONE for cell in self.cells)

    @property
    def share(self) -> float:
        """Return how much of all is trained, 0 to 1."""
        steps = sum(self.steps if cell.state in (DONE, FAILED) else cell.step for cell in self.cells)
        return steps / max(1, self.steps * len(self.cells))

    def figures(self) -> tuple[str, ...]:
        """Return the names of all figures, those of ``FIRST_FIGURES`` first."""
        return tuple(sorted(self._figures, key=lambda name: (name not in FIRST_FIGURES, _place(name), name)))

    def medians(self, figure: str) -> Array:
        """Return a figure of every cell, ``[cells]``; NaN where there is none."""
        return np.array([cell.figures.get(figure, {}).get("median", np.nan) for cell in self.cells])

    def comparison(self, first: int, second: int) -> Values:
        """Return how a cell differs from another one by equal seeds, a row a figure that both have."""
        rows: list[tuple[Value, ...]] = []
        for name in self.figures():
            pair = [np.array(self.cells[k].seeds.get(name, []), dtype=np.float64) for k in (first, second)]
            if len(pair[0]) != len(pair[1]) or not (found := compare(*pair)).n:
                continue
            verdict = difference_text(found.plain).rpartition(", ")[2].rstrip(")")
            if name in NOT_COMPARED and self._have_other_losses(first, second):
                verdict = "other losses"
            rows.append((figure_title(name), found.n, found.median_difference, found.p, verdict))
        return Values(("figure", "seeds", "median difference", "p", "verdict"), rows)

    def _have_other_losses(self, first: int, second: int) -> bool:
        """Return whether cells train different formulations, so that L_D and L_G are not the same quantities."""
        varied = zip(self.axes, self.cells[first].values, self.cells[second].values, strict=True)
        return any("formulation" in path and one != other for (path, _), one, other in varied)

    def grid(self, figure: str, across: int, down: int | None) -> Array:
        """Return a figure over two of the axes, ``[down, across]``: the mean of the cells that are alike in both."""
        medians, n_down = self.medians(figure), 1 if down is None else len(self.axes[down][1])
        total, count = np.zeros((2, n_down, len(self.axes[across][1])))
        for cell, median in zip(self.cells, medians.tolist(), strict=True):
            if np.isfinite(median):
                row = 0 if down is None else self.axes[down][1].index(cell.values[down])
                column = self.axes[across][1].index(cell.values[across])
                total[row, column] += median
                count[row, column] += 1
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: Array = total / count
        return mean

    def rows_at(self, across: int, down: int | None, column: int, row: int) -> tuple[int, ...]:
        """Return the cells that :meth:`grid` has at a place."""
        wanted = {across: self.axes[across][1][column]}
        if down is not None:
            wanted[down] = self.axes[down][1][row]
        cells = enumerate(self.cells)
        return tuple(k for k, cell in cells if all(cell.values[axis] == one for axis, one in wanted.items()))


def _place(name: str) -> int:
    return FIRST_FIGURES.index(name) if name in FIRST_FIGURES else 0
