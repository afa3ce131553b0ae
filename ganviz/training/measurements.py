"""How good the samples were at some steps of a run: a table of the metrics with few rows."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ganviz.training.columns import METRICS

N_SAMPLES = 1000
"""What a measurement rests on, of each lane: a few milliseconds."""

Steps = NDArray[np.int64]
Values = NDArray[np.float64]


class Measurements:
    """The metrics of every lane at the steps where they were measured.

    Parameters
    ----------
    n_lanes : int
    """

    def __init__(self, n_lanes: int) -> None:
        self._steps: list[list[int]] = [[] for _ in range(n_lanes)]
        self._rows: list[list[Values]] = [[] for _ in range(n_lanes)]

    @property
    def n_lanes(self) -> int:
        """Return the number of lanes."""
        return len(self._steps)

    def append(self, step: int, values: Values, is_active: Iterable[bool]) -> None:
        """Add what was measured, ``[lanes, METRICS]``, of the lanes that are active."""
        for lane, active in enumerate(is_active):
            if active:
                self._steps[lane].append(step)
                self._rows[lane].append(values[lane])

    def table(self, lane: int) -> tuple[Steps, Values]:
        """Return the steps ``[k]`` and the metrics ``[k, METRICS]`` of a lane."""
        rows = np.array(self._rows[lane], dtype=np.float64).reshape(-1, len(METRICS))
        return np.array(self._steps[lane], dtype=np.int64), rows

    def all_lanes(self) -> tuple[Steps, Values]:
        """Return all steps ``[k]``, and the metrics ``[lanes, METRICS, k]``, NaN where a lane was not measured."""
        steps = np.array(sorted({step for kept in self._steps for step in kept}), dtype=np.int64)
        values = np.full((len(self._steps), len(METRICS), len(steps)), np.nan)
        for lane in range(len(self._steps)):
            own, rows = self.table(lane)
            values[lane][:, np.searchsorted(steps, own)] = rows.T
        return steps, values

    def up_to(self, step: int, n_lanes: int) -> Measurements:
        """Return those of the first lanes up to a step."""
        kept = Measurements(0)
        ends = [bisect.bisect_right(steps, step) for steps in self._steps[:n_lanes]]
        kept._steps = [steps[:end] for steps, end in zip(self._steps, ends, strict=False)]
        kept._rows = [rows[:end] for rows, end in zip(self._rows, ends, strict=False)]
        return kept

    def some(self, lanes: slice) -> Measurements:
        """Return those of some lanes, on the same memory."""
        some = Measurements(0)
        some._steps, some._rows = self._steps[lanes], self._rows[lanes]
        return some

    def fork(self, lane: int) -> None:
        """Add a lane with the past of another."""
        self._steps.append(list(self._steps[lane]))
        self._rows.append(list(self._rows[lane]))

    def remove(self, lane: int) -> None:
        """Take a lane away."""
        del self._steps[lane], self._rows[lane]

    @classmethod
    def from_tables(cls, tables: Iterable[tuple[Steps, Values]]) -> Measurements:
        """Make those of whole lanes, as :meth:`table` returns them."""
        made = cls(0)
        for steps, values in tables:
            made._steps.append(steps.tolist())
            made._rows.append(list(values))
        return made
