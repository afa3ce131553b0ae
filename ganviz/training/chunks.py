"""Rows of one lane's history in chunks: in memory while they are new, in a file afterwards."""

from __future__ import annotations

import errno
import math
import mmap
import os
import shutil
import tempfile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ganviz.training.detail import summaries
from ganviz.training.fading import GROUP, faded, together

Values = NDArray[np.float64]
LEFT_FREE = 100 << 20
"""So many bytes are left on the disk: what a person saves, and settings, mostly go to the same one."""
SUMMARY, FADED = "summary", "faded"


def room(*shape: int) -> Values:
    """Return room for rows ``[n, columns]`` or their groups, in a mapping of its own.

    What is freed goes back to the system. From the heap, small arrays would settle in the room that a spilled chunk
    leaves, the next chunk would not fit into it, and a long run would grow by a quarter of all that it spills.
    """
    return _table(mmap.mmap(-1, math.prod(shape) * 8), 0, shape)


def _table(memory: bytes | mmap.mmap, offset: int, shape: tuple[int, ...]) -> Values:
    return np.frombuffer(memory, np.float64, math.prod(shape), offset).reshape(shape)


class Chunk:
    """Some rows of one lane, ``[n, columns]``; a full chunk never changes and may be shared or spilled.

    Of a full chunk also low, high, sum and count of groups of rows are kept, for ranges too long to read row by row,
    and the weighted sums that averages are made of. With the rows all of them are spilled but the summary of the whole:
    a look at all of a long run reads one of each chunk. The weighted sums, five times as large, are read once, and they
    would take 40 MB of two lanes over ten million steps.
    """

    def __init__(self, values: Values) -> None:
        self.values: Values | None = values
        self._shape = values.shape
        self._offset = 0
        self._made: dict[tuple[str, int], Values] = {}
        """What is kept of groups of so many rows: SUMMARY ``[4, groups, columns]``, FADED
        ``[weights, groups, 2 · columns]``."""
        self._spilled: dict[tuple[str, int], tuple[int, tuple[int, ...]]] = {}
        """Where in the file they begin, and their shapes."""

    @classmethod
    def whole(cls, values: Values) -> Chunk:
        """Return a chunk whose rows are all there, and are kept where they are."""
        chunk = cls(values)
        chunk.finish()
        return chunk

    def finish(self) -> None:
        """Summarize the rows: they are all there."""
        assert self.values is not None
        n = len(self.values)
        self._made = {(SUMMARY, length): made for length, made in summaries(self.values, n).items()}
        length = min(GROUP, n)
        self._made[FADED, length] = sums = faded(self.values, length)
        if length < n:
            self._made[FADED, n] = together(sums, length)[:, None]
        for key in self._spillable():
            settled = room(*self._made[key].shape)
            settled[:] = self._made[key]
            self._made[key] = settled

    def _spillable(self) -> list[tuple[str, int]]:
        """Return all that is kept of groups but the summary of the whole."""
        return [key for key in self._made if key != (SUMMARY, self._shape[0])]

    def spill(self, file: IO[bytes]) -> None:
        """Write the rows to the end of a file and forget them; keep them where that fails, or fills the disk.

        Raises
        ------
        OSError
            The file is as it was.
        """
        assert self.values is not None
        offset, keys = file.seek(0, 2), self._spillable()
        at, places = offset + self.values.nbytes, {}
        for key in keys:
            places[key] = at, self._made[key].shape
            at += self._made[key].nbytes
        if _free_bytes(file) < at - offset + LEFT_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        try:
            for part in (self.values, *(self._made[key] for key in keys)):
                left = part.reshape(-1).view(np.uint8).data
                while left:  # without a buffer, a part may be written
                    left = left[file.write(left) :]
        except OSError:
            file.truncate(offset)
            raise
        self._offset, self.values, self._spilled = offset, None, places
        for key in keys:
            del self._made[key]

    def settle(self) -> None:
        """Copy the rows, where they are in memory, so that they keep nothing that they are a part of."""
        if self.values is not None:
            settled = room(*self._shape)
            settled[:] = self.values
            self.values = settled

    def read(self, file: IO[bytes] | None) -> Values:
        """Return the rows, from the file where they are there."""
        return self.part(file, 0, self._shape[0])

    def part(self, file: IO[bytes] | None, first: int, end: int) -> Values:
        """Return the rows ``first`` to ``end`` (exclusive), from the file where they are there."""
        if self.values is not None:
            return self.values[first:end]
        return _read(file, self._offset + 8 * first * self._shape[1], (end - first, self._shape[1]))

    def groups(self, length: int, file: IO[bytes] | None) -> Values | None:
        """Return low, high, sum and count of groups of so many rows, ``[4, groups, columns]``; None while it grows."""
        key = SUMMARY, length
        return _read(file, *self._spilled[key]) if key in self._spilled else self._made.get(key)

    def faded(self, length: int, weight: int, file: IO[bytes] | None) -> Values | None:
        """Return the sums of groups of so many rows at the weight of this number, ``[groups, 2 · columns]``.

        None while the chunk grows.
        """
        key = FADED, length
        if key in self._spilled:
            offset, (_, *shape) = self._spilled[key]
            return _read(file, offset + 8 * weight * math.prod(shape), tuple(shape))
        made = self._made.get(key)
        sums: Values | None = None if made is None else made[weight]
        return sums

    def pinned(self, memory: mmap.mmap | None) -> Chunk:
        """Return a chunk of the same rows that no spilling changes; ``memory`` is the file."""
        if self.values is not None:
            return Chunk(self.values)
        assert memory is not None
        return Chunk(_table(memory, self._offset, self._shape))


def _free_bytes(file: IO[bytes]) -> int:
    """Return what is left on the disk of a temporary file."""
    if hasattr(os, "fstatvfs"):
        disk = os.fstatvfs(file.fileno())
        return disk.f_bavail * disk.f_frsize
    return shutil.disk_usage(tempfile.gettempdir()).free


def _read(file: IO[bytes] | None, offset: int, shape: tuple[int, ...]) -> Values:
    assert file is not None
    file.seek(offset)
    return _table(file.read(math.prod(shape) * 8), 0, shape)
