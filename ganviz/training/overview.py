"""A bounded overview of an endless table: smallest, largest and mean value of every column in buckets of steps."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

MAX_BUCKETS = 2048

Values = NDArray[np.float64]


class Overview:
    """Buckets of equal length that double whenever there would be more than ``MAX_BUCKETS``.

    Parameters
    ----------
    n_lanes, n_columns : int
    """

    def __init__(self, n_lanes: int, n_columns: int) -> None:
        self._length = 1
        self._n_steps = 0
        shape = (MAX_BUCKETS, n_lanes, n_columns)
        self._low, self._high = np.full(shape, np.nan), np.full(shape, np.nan)
        self._sum, self._count = np.zeros(shape), np.zeros(shape)
        self._thinned: tuple[tuple[int, int], list[Values]] | None = None
        self._n_whole = 0

    def append(self, values: Values) -> None:
        """Add steps, ``[steps, lanes, columns]``; NaN is no value."""
        while len(values):
            if self._n_steps == MAX_BUCKETS * self._length:
                self._halve()
            bucket, filled = divmod(self._n_steps, self._length)
            n = self._take(values, bucket, filled)
            self._n_steps += n
            values = values[n:]

    def append_lanes(self, lanes: list[list[Values]]) -> None:
        """Add each lane's blocks, ``[steps, columns]``, of which only its last is shorter than another lane's."""
        for blocks in itertools.zip_longest(*lanes):
            parts = [np.empty((0, self._low.shape[2])) if rows is None else rows for rows in blocks]
            if len(parts) == 1:  # the run that is opened most often, and the longest: without another copy
                self.append(parts[0][:, None])
                continue
            block = np.full((max(map(len, parts)), *self._low.shape[1:]), np.nan)
            for lane, rows in enumerate(parts):
                block[: len(rows), lane] = rows
            self.append(block)

    def _take(self, values: Values, bucket: int, filled: int) -> int:
        """Put as many steps as fit at once into buckets from ``bucket`` on; return how many."""
        if filled or len(values) < self._length:
            n = min(self._length - filled, len(values))
            self._merge(slice(bucket, bucket + 1), values[None, :n])
            return n
        whole = min(len(values) // self._length, MAX_BUCKETS - bucket)
        shape = (whole, self._length, *values.shape[1:])
        self._merge(slice(bucket, bucket + whole), values[: whole * self._length].reshape(shape))
        return whole * self._length

    def _merge(self, buckets: slice, values: Values) -> None:
        self._low[buckets] = np.fmin(self._low[buckets], np.fmin.reduce(values, axis=1))
        self._high[buckets] = np.fmax(self._high[buckets], np.fmax.reduce(values, axis=1))
        self._sum[buckets] += np.nansum(values, axis=1)
        self._count[buckets] += np.isfinite(values).sum(axis=1)

    def _halve(self) -> None:
        half = MAX_BUCKETS // 2
        self._low[:half] = np.fmin(self._low[0::2], self._low[1::2])
        self._high[:half] = np.fmax(self._high[0::2], self._high[1::2])
        for table in (self._sum, self._count):
            table[:half] = table[0::2] + table[1::2]
            table[half:] = 0.0
        self._low[half:] = self._high[half:] = np.nan
        self._length *= 2

    def thinned(self, buckets: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Values, Values, Values]:
        """Return first and last step ``[n]``, and low, high and mean ``[lanes, columns, n]``, n ≤ ``buckets``."""
        used = -(-self._n_steps // self._length)
        group = max(1, -(-used // buckets))
        starts = np.arange(0, used, group)
        first = starts * self._length + 1
        last = np.minimum((starts + group) * self._length, self._n_steps)
        kept = self._kept(group)
        if used > self._n_whole * group:
            for table, values in zip(kept, self._grouped(self._n_whole * group, used, group), strict=True):
                table[..., self._n_whole : len(starts)] = np.moveaxis(values, 0, -1)
        self._n_whole = self._n_steps // (self._length * group)
        low, high, mean = (table[..., : len(starts)].copy() for table in kept)
        return first, last, low, high, mean

    def _kept(self, group: int) -> list[Values]:
        """Return what was thinned before: of groups that are whole, it stays as it is."""
        key = self._length, group
        if self._thinned is None or self._thinned[0] != key:
            room = (*self._low.shape[1:], -(-MAX_BUCKETS // group))
            self._thinned, self._n_whole = (key, [np.empty(room) for _ in range(3)]), 0
        return self._thinned[1]

    def _grouped(self, start: int, end: int, group: int) -> tuple[Values, Values, Values]:
        """Return low, high and mean, ``[groups, lanes, columns]``, of some buckets in groups."""
        starts = np.arange(0, end - start, group)
        low = np.fmin.reduceat(self._low[start:end], starts)
        high = np.fmax.reduceat(self._high[start:end], starts)
        count = np.add.reduceat(self._count[start:end], starts)
        total = np.add.reduceat(self._sum[start:end], starts)
        return low, high, np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)

    def fork(self, lane: int) -> None:
        """Add a copy of a lane."""
        self._thinned = None
        for name in ("_low", "_high", "_sum", "_count"):
            table = getattr(self, name)
            setattr(self, name, np.concatenate([table, table[:, lane : lane + 1]], axis=1))

    def remove(self, lane: int) -> None:
        """Take a lane away."""
        self._thinned = None
        for name in ("_low", "_high", "_sum", "_count"):
            setattr(self, name, np.delete(getattr(self, name), lane, axis=1))
