"""Rows of one lane's history in chunks: in memory while they are new, in a file afterwards."""

from __future__ import annotations

import math
import mmap
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ganviz.training.detail import summaries

Values = NDArray[np.float64]


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

    Of a full chunk also low, high, sum and count of groups of rows are kept, for ranges too long to read row by row;
    those of the smallest groups are spilled with the rows.
    """

    def __init__(self, values: Values) -> None:
        self.values: Values | None = values
        self._shape = values.shape
        self._offset = 0
        self._summaries: dict[int, Values] = {}
        self._spilled: tuple[int, tuple[int, ...]] | None = None

    def finish(self) -> None:
        """Summarize the rows: they are all there."""
        assert self.values is not None
        self._summaries = summaries(self.values, len(self.values))
        smallest = min(self._summaries)
        groups = room(*self._summaries[smallest].shape)
        groups[:] = self._summaries[smallest]
        self._summaries[smallest] = groups

    def spill(self, file: IO[bytes]) -> None:
        """Write the rows to the end of a file and forget them; keep them where that fails."""
        assert self.values is not None
        smallest = min(self._summaries)
        groups = self._summaries[smallest]
        offset = file.seek(0, 2)
        for part in (self.values, groups):
            left = memoryview(part.tobytes())
            while left:  # without a buffer, a part may be written
                left = left[file.write(left) :]
        self._offset, self.values = offset, None
        if len(self._summaries) > 1:
            self._spilled = smallest, groups.shape
            del self._summaries[smallest]

    def read(self, file: IO[bytes] | None) -> Values:
        """Return the rows, from the file where they are there."""
        return self._read(file, self._offset, self._shape) if self.values is None else self.values

    def groups(self, length: int, file: IO[bytes] | None) -> Values | None:
        """Return low, high, sum and count of groups of so many rows, ``[4, groups, columns]``; None while it grows."""
        if self._spilled is not None and self._spilled[0] == length:
            return self._read(file, self._offset + math.prod(self._shape) * 8, self._spilled[1])
        return self._summaries.get(length)

    @staticmethod
    def _read(file: IO[bytes] | None, offset: int, shape: tuple[int, ...]) -> Values:
        assert file is not None
        file.seek(offset)
        return _table(file.read(math.prod(shape) * 8), 0, shape)

    def pinned(self, memory: mmap.mmap | None) -> Chunk:
        """Return a chunk of the same rows that no spilling changes; ``memory`` is the file."""
        if self.values is not None:
            return Chunk(self.values)
        assert memory is not None
        return Chunk(_table(memory, self._offset, self._shape))
