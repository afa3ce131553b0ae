"""Exponential running averages that count steps: exact, whatever part of a history is looked at in how many buckets.

The average of a step is Σ wⁱ x₋ᵢ / Σ wⁱ over that step and all before it, back to the last break. Sums of every 64th
step are kept, so that a look anywhere begins nearby; those of long ranges are made of what the history keeps.
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
    """Sums of one weight at regular steps of some columns of every lane; grows with the history that it is given.

    They begin where they are needed: what lies so far back that its weight is lost in rounding is not read. Where a
    history keeps weighted sums of long blocks, and buckets are as long, no row is read.
    """

    def __init__(self, weight: float, columns: Sequence[int]) -> None:
        self.weight, self._columns = weight, list(columns)
        self._memory = math.ceil(math.log(LOST) / math.log(weight))
        self._lanes: dict[tuple[int, int], _Sums] = {}

    def read(self, history: Rows, first: Steps, last: Steps) -> tuple[Steps, Values]:
        """Return at which step of each bucket the average is read, and its values ``[lanes, columns, n]``.

        That is the last step, or in long buckets the last one for which sums are kept.
        """
        at, length = last.copy(), int(last[0] - first[0]) + 1 if len(last) else 0
        unit = max((one for one in history.faded_units(self.weight) if one <= length), default=BLOCK)
        if len(at) > 1 and length >= unit:
            at[:-1] = last[:-1] // unit * unit
        found = (
            [self._read_lane(history, lane, at, unit) for lane in range(history.n_lanes)] if length else []
        )
        return at, np.array(found).reshape(len(found), len(self._columns), len(at))

    def _read_lane(self, history: Rows, lane: int, at: Steps, unit: int) -> Values:
        used = at[at <= history.n_rows(lane)]
        sums = np.full((len(at), 2 * len(self._columns)), np.nan)
        if len(used):
            kept = self._caught_up(history, lane, (int(used[0]), int(used[-1])), unit)
            is_kept = used % unit == 0
            sums[: len(used)][is_kept] = kept.at_ends[used[is_kept] // unit - 1 - kept.first]
            if not is_kept.all():
                rest = used[~is_kept]
                block = int(rest[0]) // unit
                carry = self._carry(kept, block)
                sums[: len(used)][~is_kept] = self._between(history, lane, block * unit, carry, rest)
        total, count = np.split(sums, 2, axis=1)
        with np.errstate(invalid="ignore"):
            found: Values = total / count
        return found.T

    def _between(self, history: Rows, lane: int, first: int, carry: Values, steps: Steps) -> Values:
        """Return the sums at steps for which none are kept; ``carry`` are those before row ``first``."""
        values = with_counts(history.between(lane, first, int(steps[-1]), self._columns))
        breaks = [b - first for b in _breaks(history, lane)]
        return running_sums(values, self.weight, carry, breaks)[steps - first - 1]

    def _carry(self, kept: _Sums, block: int) -> Values:
        """Return the sums before a block."""
        return (
            kept.at_ends[block - 1 - kept.first] if block > kept.first else np.zeros(2 * len(self._columns))
        )

    def _caught_up(self, history: Rows, lane: int, steps: tuple[int, int], unit: int) -> _Sums:
        """Return sums at every ``unit`` steps that are right between two steps."""
        first, end = max(0, (steps[0] - self._memory) // unit - 1), steps[1] // unit
        kept = self._lanes.get((lane, unit))
        if kept is None or first < kept.first or first > kept.done:
            room = np.zeros((PIECE // BLOCK, 2 * len(self._columns)))
            kept = self._lanes[lane, unit] = _Sums(first, first, room)
        if end - kept.first > len(kept.at_ends):
            room = np.zeros((max(end - kept.first, 2 * len(kept.at_ends)), 2 * len(self._columns)))
            room[: len(kept.at_ends)] = kept.at_ends
            kept.at_ends = room
        breaks = _breaks(history, lane)
        is_faded = unit in history.faded_units(self.weight)
        per_piece = (
            end if is_faded else PIECE // BLOCK
        )  # pieces of rows begin where chunks do: each is read once
        while (block := kept.done) < end:
            until = min(end, (block // per_piece + 1) * per_piece)
            here, carry = [b - block * unit for b in breaks], self._carry(kept, block)
            if is_faded:
                made = self._of_faded(history, lane, (block, until), unit, here, carry)
            else:
                values = with_counts(history.between(lane, block * BLOCK, until * BLOCK, self._columns))
                made = block_sums(values, self.weight, carry, here)
            kept.at_ends[block - kept.first : until - kept.first] = made
            kept.done = until
        return kept

    def _of_faded(
        self, history: Rows, lane: int, blocks: tuple[int, int], unit: int, breaks: list[int], carry: Values
    ) -> Values:
        """Return the sums at the ends of blocks of which a history keeps what each adds; breaks count from them."""
        first, end = (block * unit for block in blocks)
        sums = history.faded(lane, first, end, unit, self.weight, self._columns)
        broken = {b // unit: b for b in breaks if 0 <= b < end - first}  # of those in one block, the last
        for block, b in broken.items():
            rows = with_counts(history.between(lane, first + b, first + (block + 1) * unit, self._columns))
            sums[block] = self.weight ** np.arange(len(rows) - 1.0, -1.0, -1.0) @ rows
        return running_sums(sums, self.weight**unit, carry, list(broken))


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
