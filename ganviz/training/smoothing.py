"""Exponential running averages that count steps: exact, whatever part of a history is looked at in how many buckets.

The average of a step is Σ wⁱ x₋ᵢ / Σ wⁱ over that step and all before it, back to the last break. Sums of every 64th
step are kept, so that a look anywhere begins nearby.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganviz.training.rows import Rows

BLOCK = 64
PIECE = 4096
"""Rows that are read at once."""
MOST = 6
"""Averages that are kept: two weights of as many charts as are seen at a time."""
LOST = 1e-16
"""Of a value's weight that much is lost in rounding."""

Values = NDArray[np.float64]
Steps = NDArray[np.int64]


def with_counts(rows: Values) -> Values:
    """Return ``[n, 2 · columns]``: values, 0 where there is none, and whether there is one."""
    n, k = rows.shape
    found = np.ones((n, 2 * k))
    found[:, :k] = rows
    with np.errstate(invalid="ignore", over="ignore"):
        is_whole = math.isfinite(rows.sum())  # nearly always, and then there is nothing to look for
    if not is_whole:
        found[:, k:] = is_finite = np.isfinite(rows)
        found[:, :k][~is_finite] = 0.0
    return found


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
    within, decay = _powers(weight)
    sums = within @ padded
    for block in sums:
        block += decay * carry
        carry = block[-1]
    return sums.reshape(-1, k)[:n]


@lru_cache(maxsize=4 * MOST)
def _powers(weight: float) -> tuple[Values, Values]:
    """Return by what each row of a block counts in each, ``[BLOCK, BLOCK]``, and what is before it, ``[BLOCK, 1]``."""
    powers = np.arange(BLOCK)
    since = powers[:, None] - powers
    within = np.power(weight, np.maximum(since, 0), dtype=np.float64)
    return np.tril(within), np.power(weight, powers[:, None] + 1.0, dtype=np.float64)


def block_sums(values: Values, weight: float, carry: Values, breaks: list[int]) -> Values:
    """Return what :func:`running_sums` has at the last row of each block: ``[n / BLOCK, k]``."""
    blocks = values.reshape(-1, BLOCK, values.shape[1])
    starts = [b for b in breaks if 0 <= b < len(values)]
    for b in starts:
        blocks[b // BLOCK, : b % BLOCK] = 0.0
    # Block by block: tensordot would first lay all of them out anew, which takes six times as long.
    sums = weight ** np.arange(BLOCK - 1.0, -1.0, -1.0) @ blocks
    return running_sums(sums, weight**BLOCK, carry, [b // BLOCK for b in starts])


@dataclass(slots=True)
class _Sums:
    """The sums of a lane at the end of each block from ``first`` up to ``done``, ``[blocks, 2 · columns]``."""

    first: int
    done: int
    at_ends: Values


class Average:
    """Sums of one weight at every 64th step of some columns of every lane; grows with the history that it is given.

    They begin where they are needed: what lies so far back that its weight is lost in rounding is not read.
    """

    def __init__(self, weight: float, columns: Sequence[int]) -> None:
        self.weight, self._columns = weight, list(columns)
        self._memory = math.ceil(math.log(LOST) / math.log(weight))
        self._lanes: list[_Sums] = []

    def read(self, history: Rows, first: Steps, last: Steps) -> tuple[Steps, Values]:
        """Return at which step of each bucket the average is read, and its values ``[lanes, columns, n]``.

        That is the last step, or in long buckets one of the last 64, for which sums are kept.
        """
        at = last.copy()
        if len(at) > 1 and last[0] - first[0] + 1 >= BLOCK:
            at[:-1] = last[:-1] // BLOCK * BLOCK
        found = [self._read_lane(history, lane, at) for lane in range(history.n_lanes)] if len(at) else []
        return at, np.array(found).reshape(len(found), len(self._columns), len(at))

    def _read_lane(self, history: Rows, lane: int, at: Steps) -> Values:
        used = at[at <= history.n_rows(lane)]
        sums = np.full((len(at), 2 * len(self._columns)), np.nan)
        if len(used):
            kept = self._caught_up(history, lane, int(used[0]), int(used[-1]))
            is_kept = used % BLOCK == 0
            sums[: len(used)][is_kept] = kept.at_ends[used[is_kept] // BLOCK - 1 - kept.first]
            if not is_kept.all():
                sums[: len(used)][~is_kept] = self._between(history, lane, kept, used[~is_kept])
        total, count = np.split(sums, 2, axis=1)
        with np.errstate(invalid="ignore"):
            found: Values = total / count
        return found.T

    def _between(self, history: Rows, lane: int, kept: _Sums, steps: Steps) -> Values:
        """Return the sums at steps for which none are kept."""
        block = int(steps[0]) // BLOCK
        values = with_counts(history.between(lane, block * BLOCK, int(steps[-1]), self._columns))
        breaks = [b - block * BLOCK for b in _breaks(history, lane)]
        sums = running_sums(values, self.weight, self._carry(kept, block), breaks)
        return sums[steps - block * BLOCK - 1]

    def _carry(self, kept: _Sums, block: int) -> Values:
        """Return the sums before a block."""
        return (
            kept.at_ends[block - 1 - kept.first] if block > kept.first else np.zeros(2 * len(self._columns))
        )

    def _caught_up(self, history: Rows, lane: int, low: int, high: int) -> _Sums:
        """Return sums that are right from step ``low`` to step ``high``."""
        while lane >= len(self._lanes):
            self._lanes.append(self._none(0))
        first, end = max(0, (low - self._memory) // BLOCK - 1), high // BLOCK
        kept = self._lanes[lane]
        if first < kept.first or first > kept.done:
            kept = self._lanes[lane] = self._none(first)
        if end - kept.first > len(kept.at_ends):
            room = np.zeros((max(end - kept.first, 2 * len(kept.at_ends)), 2 * len(self._columns)))
            room[: len(kept.at_ends)] = kept.at_ends
            kept.at_ends = room
        breaks = _breaks(history, lane)
        per_piece = PIECE // BLOCK  # pieces begin where chunks do, so that none of these is read twice
        while (block := kept.done) < end:
            until = min(end, (block // per_piece + 1) * per_piece)
            values = with_counts(history.between(lane, block * BLOCK, until * BLOCK, self._columns))
            here = [b - block * BLOCK for b in breaks]
            made = block_sums(values, self.weight, self._carry(kept, block), here)
            kept.at_ends[block - kept.first : until - kept.first] = made
            kept.done = until
        return kept

    def _none(self, first: int) -> _Sums:
        return _Sums(first, first, np.zeros((PIECE // BLOCK, 2 * len(self._columns))))


def _breaks(history: Rows, lane: int) -> list[int]:
    """Return the rows, counted from 0, at which an average starts anew: those after a mark that breaks curves."""
    return sorted({mark.step for mark in history.marks if mark.breaks and mark.lane in (None, lane)})


class Averages:
    """The averages of a history that were asked for lately."""

    def __init__(self) -> None:
        self._known: dict[tuple[float, tuple[int, ...]], Average] = {}

    def of(self, weight: float, columns: Sequence[int]) -> Average:
        """Return the average of a weight between 0 and 1 of some columns."""
        key = weight, tuple(columns)
        known = self._known.pop(key) if key in self._known else Average(weight, columns)
        self._known[key] = known
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return known
