"""What thinning and smoothing need of rows: those of a run's history, and those of a log that another program wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganviz.training.history import ChangeMark

Values = NDArray[np.float64]


class Rows(Protocol):
    """A row of scalars a step, for each lane; steps count from 1 here, whatever they are called elsewhere."""

    @property
    def marks(self) -> Sequence[ChangeMark]:
        """Return the changes that were made on the way."""

    @property
    def n_lanes(self) -> int:
        """Return the number of lanes."""

    @property
    def n_steps(self) -> int:
        """Return the newest step of any lane."""

    def n_rows(self, lane: int) -> int:
        """Return how many steps a lane has."""

    def between(self, lane: int, first: int, end: int, columns: list[int]) -> Values:
        """Return some columns of a lane's rows ``first`` to ``end`` (exclusive), counted from 0."""

    def units(self, lane: int, first: int, end: int, unit: int, columns: list[int]) -> Values:
        """Return low, high, sum and count, ``[4, n, columns]``, of rows ``first`` to ``end`` by ``unit`` rows."""

    def faded_units(self, weight: float) -> tuple[int, ...]:
        """Return of how many rows weighted sums are kept, ascending; none where rows are read instead."""

    def faded(self, lane: int, first: int, end: int, unit: int, weight: float, columns: list[int]) -> Values:
        """Return these sums at the last of every ``unit`` rows, ``[n, 2 · columns]``, as ``fading.faded`` tells."""
