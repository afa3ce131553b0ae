"""A log's table: names of columns, and their numbers when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

MAX_ROWS = 2_000_000

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Columns = Sequence[int]
Load = Callable[[Columns], tuple[Array, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A log's table.

    Attributes
    ----------
    names : tuple of str
        Of all columns; their numbers from 1, where the file names none.
    words : str
        How the file was understood.
    load : callable
        Takes columns, counted from 0; returns ``[rows, columns]`` float64 and how many lines it had to leave out.
    """

    names: tuple[str, ...]
    words: str
    load: Load


def remembering(table: Table) -> Table:
    """Return the table with the columns kept that were asked for last: those of a form are, after each choice."""

    @lru_cache(maxsize=1)
    def loaded(columns: tuple[int, ...]) -> tuple[Array, int]:
        found, n_left = table.load(columns)
        found.setflags(write=False)
        return found, n_left

    return replace(table, load=lambda columns: loaded(tuple(columns)))
