"""Exponential running averages that count steps: exact, whatever part of a history is looked at in how many buckets.

The average of a step is Σ wⁱ x₋ᵢ / Σ wⁱ over that step and all before it, back to the last break. Sums of every 64th
step are kept, so that a look anywhere begins nearby.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from ganviz.training.rows import Rows

BLOCK = 64
PIECE = 4096
MOST_WEIGHTS = 2

Values = NDArray[np.float64]
Steps = NDArray[np.int64]


def with_counts(rows: Values) -> Values:
    """Return ``[n, 2 · columns]``: values, 0 where there is none, and whether there is one."""
    is_finite = np.isfinite(rows)
    return np.concatenate((np.where(is_finite, rows, 0.0), is_finite), axis=1)


def running_sums(values: Values, weight: float, carry: Values, breaks: list[int]) -> Values:
    """Return Σ wⁱ x₋ᵢ at every row of ``[n, k]``; ``carry`` are those before the first row, forgotten at breaks."""
    result = np.empty_like(values)
    edges = sorted({0, len(values), *(b for b in breaks if 0 < b < len(values))})
    for start, end in itertools.pairwise(edges):
        before = np.zeros_like(carry) if start in breaks else carry
        result[start:end] = _sums(values[start:end], weight, before)
        carry = result[end - 1]
    return result


def _sums(values: Values, weight: float, carry: Values) -> Values:
    n, k = values.shape
    padded = np.zeros((-(-n // BLOCK), BLOCK, k))
    padded.reshape(-1, k)[:n] = values
    powers = np.arange(BLOCK)
    since = powers[:, None] - powers
    sums = np.where(since >= 0, weight ** np.maximum(since, 0), 0.0) @ padded
    decay = weight ** (powers[:, None] + 1.0)
    for block in sums:
        block += decay * carry
        carry = block[-1]
    return sums.reshape(-1, k)[:n]


def block_sums(values: Values, weight: float, carry: Values, breaks: list[int]) -> Values:
    """Return what :func:`running_sums` has at the last row of each block: ``[n / BLOCK, k]``."""
    blocks = values.reshape(-1, BLOCK, values.shape[1])
    kept = np.full(len(blocks), weight**BLOCK)
    for b in breaks:
        if 0 <= b < len(values):
            kept[b // BLOCK] = 0.0
            blocks[b // BLOCK, : b % BLOCK] = 0.0
    sums = np.tensordot(weight ** np.arange(BLOCK - 1.0, -1.0, -1.0), blocks, (0, 1))
    for i in range(len(sums)):
        sums[i] += kept[i] * carry
        carry = sums[i]
    return sums


class Average:
    """Sums of one weight at every 64th step of every lane; grows with the history that it is given."""

    def __init__(self, weight: float, n_columns: int) -> None:
        self.weight, self._columns = weight, list(range(n_columns))
        self._sums: list[Values] = []
        self._done: list[int] = []

    def read(self, history: Rows, first: Steps, last: Steps, columns: list[int]) -> tuple[Steps, Values]:
        """Return at which step of each bucket the average is read, and its values ``[lanes, columns, n]``.

        That is the last step, or in long buckets one of the last 64, for which sums are kept.
        """
        at = last.copy()
        if len(at) > 1 and last[0] - first[0] + 1 >= BLOCK:
            at[:-1] = last[:-1] // BLOCK * BLOCK
        lanes = range(history.n_lanes)
        found = [self._read_lane(history, lane, at, columns) for lane in lanes] if len(at) else []
        return at, np.array(found).reshape(len(found), len(columns), len(at))

    def _read_lane(self, history: Rows, lane: int, at: Steps, columns: list[int]) -> Values:
        self._catch_up(history, lane)
        both = [*columns, *(len(self._columns) + column for column in columns)]
        used = at[at <= history.n_rows(lane)]
        sums = np.full((len(at), len(both)), np.nan)
        is_kept = used % BLOCK == 0
        sums[: len(used)][is_kept] = self._sums[lane][used[is_kept] // BLOCK - 1][:, both]
        if not is_kept.all():
            rest = used[~is_kept]
            block = int(rest[0]) // BLOCK
            values = with_counts(history.between(lane, block * BLOCK, int(rest[-1]), columns))
            carry = self._sums[lane][block - 1, both] if block else np.zeros(len(both))
            breaks = [b - block * BLOCK for b in _breaks(history, lane)]
            sums[: len(used)][~is_kept] = running_sums(values, self.weight, carry, breaks)[
                rest - block * BLOCK - 1
            ]
        total, count = sums[:, : len(columns)], sums[:, len(columns) :]
        with np.errstate(invalid="ignore"):
            found: Values = total / count
        return found.T

    def _catch_up(self, history: Rows, lane: int) -> None:
        """Keep sums up to the newest step that is a multiple of 64."""
        columns = self._columns
        while lane >= len(self._sums):
            self._sums.append(np.zeros((PIECE // BLOCK, 2 * len(columns))))
            self._done.append(0)
        end, breaks = history.n_rows(lane) // BLOCK, _breaks(history, lane)
        if end > len(self._sums[lane]):
            room = np.zeros((max(end, 2 * len(self._sums[lane])), 2 * len(columns)))
            room[: len(self._sums[lane])] = self._sums[lane]
            self._sums[lane] = room
        for block in range(self._done[lane], end, PIECE // BLOCK):
            until, first = min(end, block + PIECE // BLOCK), block * BLOCK
            values = with_counts(history.between(lane, first, until * BLOCK, columns))
            carry = self._sums[lane][block - 1] if block else np.zeros(2 * len(columns))
            here = [b - first for b in breaks]
            self._sums[lane][block:until] = block_sums(values, self.weight, carry, here)
        self._done[lane] = end


def _breaks(history: Rows, lane: int) -> list[int]:
    """Return the rows, counted from 0, at which an average starts anew: those after a mark that breaks curves."""
    return sorted({mark.step for mark in history.marks if mark.breaks and mark.lane in (None, lane)})


class Averages:
    """The averages of a history that were asked for lately."""

    def __init__(self, n_columns: int) -> None:
        self._known: dict[float, Average] = {}
        self._n_columns = n_columns

    def of(self, weight: float) -> Average:
        """Return the average of a weight between 0 and 1."""
        known = self._known.pop(weight) if weight in self._known else Average(weight, self._n_columns)
        self._known[weight] = known
        while len(self._known) > MOST_WEIGHTS:
            del self._known[next(iter(self._known))]
        return known
