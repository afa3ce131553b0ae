"""Every step's scalars, columnar, and the changes made on the way.

Steps are kept for every lane, without thinning: newer chunks in memory, older ones of a long run in a temporary file.
For drawing, a bounded overview keeps smallest, largest and mean value of up to 2,048 buckets, so that its cost does
not depend on the length of the run.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import mmap
import tempfile
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.chunks import Chunk, room
from ganviz.training.columns import COLUMNS
from ganviz.training.detail import detail, summary
from ganviz.training.fading import GROUP, WEIGHTS, faded
from ganviz.training.marks import add_mark, without_marks
from ganviz.training.measurements import Measurements
from ganviz.training.overview import Overview
from ganviz.training.shadows import Scores, Shadows
from ganviz.training.smoothing import Averages

CHUNK_ROWS = 4096
CHUNKS_IN_MEMORY = 32

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """A change made before step ``step + 1``: ``lane`` is None for all; ``breaks`` when loss curves may not connect."""

    step: int
    lane: int | None
    label: str
    breaks: bool


class History:
    """Scalars of every lane at every step, starting with step 1.

    Each seed of a lane is a lane of its own here: of ``n_lanes``, ``n_seeds`` after each other are one formulation's.
    Change marks name formulations, and these come and go together.
    """

    def __init__(self, n_lanes: int, n_seeds: int = 1) -> None:
        self.n_seeds = n_seeds
        self.marks: list[ChangeMark] = []
        self.measured = Measurements(n_lanes)
        self._chunks: list[list[Chunk]] = [[] for _ in range(n_lanes)]
        self._lengths = [0] * n_lanes
        self._overview, self.averages = Overview(n_lanes, len(COLUMNS)), Averages()
        self.shadows = Shadows(n_lanes)
        self._file: IO[bytes] | None = None

    @property
    def n_lanes(self) -> int:
        """Return the number of lanes."""
        return len(self._lengths)

    @property
    def n_steps(self) -> int:
        """Return the newest step of any lane."""
        return max(self._lengths, default=0)

    def n_rows(self, lane: int) -> int:
        """Return how many steps a lane has."""
        return self._lengths[lane]

    def append(self, values: Values, n_valid: list[int], scores: Scores | None = None) -> None:
        """Add steps: ``values`` is ``[steps, lanes, columns]``, of which lane i keeps the first ``n_valid[i]``."""
        if scores is not None:
            self.shadows.append(scores.valid(n_valid))
        for lane, n in enumerate(n_valid):
            self._append_lane(lane, values[:n, lane])
        if min(n_valid, default=0) < len(values):
            values = values.copy()
            for lane, n in enumerate(n_valid):
                values[n:, lane] = np.nan
        self._overview.append(values[: max(n_valid, default=0)])
        self._spill()

    def mark(self, change: ChangeMark) -> None:
        """Note a change."""
        add_mark(self.marks, change)

    def _append_lane(self, lane: int, rows: Values) -> None:
        chunks = self._chunks[lane]
        while len(rows):
            used = self._lengths[lane] % CHUNK_ROWS
            if used == 0:
                chunks.append(Chunk(room(CHUNK_ROWS, len(COLUMNS))))
            free = min(CHUNK_ROWS - used, len(rows))
            values = chunks[-1].values
            assert values is not None
            values[used : used + free] = rows[:free]
            self._lengths[lane] += free
            if used + free == CHUNK_ROWS:
                chunks[-1].finish()
            rows = rows[free:]

    def _spill(self) -> None:
        full = {id(c): c for chunks in self._chunks for c in chunks[:-1] if c.values is not None}
        if len(full) <= CHUNKS_IN_MEMORY:
            return
        with contextlib.suppress(OSError):  # what no disk takes stays in memory
            if self._file is None:
                # Without a buffer: what a full disk does not take would stay in there, and fail every reading.
                file = tempfile.TemporaryFile(prefix="ganviz-history-", buffering=0)  # noqa: SIM115 - for the run
                self._file = file
                weakref.finalize(self, file.close)
            for chunk in full.values():
                chunk.spill(self._file)

    def frozen(self) -> History:
        """Return the history up to now, for another thread to read: rows and marks, without the overview.

        Full chunks are shared; those on disk are read where they are, when they are needed.
        """
        file = self._file
        memory = None if file is None else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        twin = History(0, self.n_seeds)
        twin.marks, twin._lengths = list(self.marks), list(self._lengths)
        twin.measured = self.measured.up_to(self.n_steps, self.n_lanes)
        twin._chunks = [[chunk.pinned(memory) for chunk in chunks] for chunks in self._chunks]
        for chunks, length in zip(twin._chunks, self._lengths, strict=True):
            if length % CHUNK_ROWS:
                chunks[-1].settle()
        return twin

    def of_seed(self, number: int) -> History:
        """Return all marks and one seed's rows, without the overview; only while this history stays as it is."""
        twin = History(0)
        each = slice(number, None, self.n_seeds)
        twin.marks, twin._file, twin.measured = self.marks, self._file, self.measured.some(each)
        twin._lengths, twin._chunks = self._lengths[each], self._chunks[each]
        return twin

    def rows(self, lane: int) -> Iterator[tuple[NDArray[np.int64], Values]]:
        """Yield a lane's whole history in blocks: steps ``[k]`` and values ``[k, columns]``."""
        length = self._lengths[lane]
        for i, chunk in enumerate(list(self._chunks[lane])):
            first = i * CHUNK_ROWS
            n = min(CHUNK_ROWS, length - first)
            yield np.arange(first + 1, first + n + 1), chunk.read(self._file)[:n]

    def last_row(self, lane: int) -> dict[str, float]:
        """Return a lane's newest values by column; NaN where it has none."""
        n = self._lengths[lane]
        none = np.full(len(COLUMNS), np.nan)
        values = self._chunks[lane][-1].read(self._file)[(n - 1) % CHUNK_ROWS] if n else none
        return dict(zip(COLUMNS, values.tolist(), strict=True))

    def thinned(
        self, buckets: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Values, Values, Values, Values]:
        """Return first, last, low, high, mean and current as ``LossTrace`` describes them."""
        current = np.array([list(self.last_row(lane).values()) for lane in range(self.n_lanes)])
        return *self._overview.thinned(buckets), current

    def detail(
        self, steps: tuple[int, int], buckets: int, columns: list[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Values, Values, Values, Values]:
        """Return what :meth:`thinned` does, of these columns in a range of steps."""
        current = np.array([list(self.last_row(lane).values()) for lane in range(self.n_lanes)])
        return *detail(self, steps, buckets, columns, CHUNK_ROWS), current[:, columns]

    def between(self, lane: int, first: int, end: int, columns: list[int]) -> Values:
        """Return some columns of a lane's rows ``first`` to ``end`` (exclusive), counted from 0."""
        parts = [np.empty((0, len(columns)))]
        for i in range(first // CHUNK_ROWS, -(-end // CHUNK_ROWS)):
            a, b = max(first - i * CHUNK_ROWS, 0), min(end - i * CHUNK_ROWS, CHUNK_ROWS)
            parts.append(self._chunks[lane][i].part(self._file, a, b)[:, columns])
        return np.concatenate(parts)

    def values_at(self, step: int, columns: list[int]) -> Values:
        """Return each lane's values of some columns at a step, ``[lanes, columns]``; NaN where it has none."""
        values = np.full((self.n_lanes, len(columns)), np.nan)
        for lane, n in enumerate(self._lengths):
            if 0 < step <= n:
                values[lane] = self.between(lane, step - 1, step, columns)[0]
        return values

    def units(self, lane: int, first: int, end: int, unit: int, columns: list[int]) -> Values:
        """Return low, high, sum and count, ``[4, n, columns]``, of rows ``first`` to ``end`` by ``unit`` rows.

        ``unit`` is one of ``levels``, of which ``first`` is a multiple.
        """
        parts = [np.empty((4, 0, len(columns)))]
        for i in range(first // CHUNK_ROWS, -(-end // CHUNK_ROWS)):
            chunk, start = self._chunks[lane][i], i * CHUNK_ROWS
            a, b = max(first - start, 0), min(end - start, CHUNK_ROWS)
            groups = chunk.groups(unit, self._file)
            if groups is None:
                parts.append(summary(chunk.read(self._file)[a:b, columns], unit))
            else:
                parts.append(groups[:, a // unit : -(-b // unit), columns])
        return np.concatenate(parts, axis=1)

    def faded_units(self, weight: float) -> tuple[int, ...]:
        """Return of how many rows :meth:`faded` knows sums at this weight, ascending."""
        return tuple(sorted({min(GROUP, CHUNK_ROWS), CHUNK_ROWS})) if weight in WEIGHTS else ()

    def faded(self, lane: int, first: int, end: int, unit: int, weight: float, columns: list[int]) -> Values:
        """Return ``fading.faded`` of whole units (one of :meth:`faded_units`) at a weight, ``[n, 2 · columns]``."""
        both = [*columns, *(len(COLUMNS) + column for column in columns)]
        parts = [np.empty((0, len(both)))]
        for i in range(first // CHUNK_ROWS, -(-end // CHUNK_ROWS)):
            chunk, start = self._chunks[lane][i], i * CHUNK_ROWS
            a, b = max(first - start, 0), min(end - start, CHUNK_ROWS)
            sums = chunk.faded(unit, WEIGHTS.index(weight), self._file)
            if sums is None:
                parts.append(faded(chunk.part(self._file, a, b)[:, columns], unit, (weight,))[0])
            else:
                parts.append(sums[a // unit : b // unit, both])
        return np.concatenate(parts)

    def fork(self, lane: int) -> None:
        """Add a formulation's rows whose past is that of ``lane``, with the changes that were made to it."""
        new = self.n_lanes // self.n_seeds
        self.marks += [dataclasses.replace(mark, lane=new) for mark in self.marks if mark.lane == lane]
        self.marks.sort(key=lambda mark: mark.step)
        for row in range(lane * self.n_seeds, (lane + 1) * self.n_seeds):
            chunks = list(self._chunks[row])
            if chunks and self._lengths[row] % CHUNK_ROWS:
                chunks[-1] = Chunk(chunks[-1].read(self._file).copy())
            self._chunks.append(chunks)
            self._lengths.append(self._lengths[row])
            self._overview.fork(row)
            self.measured.fork(row)
        self.averages = Averages()
        past, n = range(new * self.n_seeds), self.n_seeds
        self.shadows = self.shadows.chosen([*past, *past[lane * n : (lane + 1) * n]])

    def remove(self, lane: int) -> None:
        """Take a formulation's rows and marks away."""
        row = lane * self.n_seeds
        rows = range(self.n_lanes)
        self.shadows = self.shadows.chosen([*rows[:row], *rows[row + self.n_seeds :]])
        for _ in range(self.n_seeds):
            del self._chunks[row], self._lengths[row]
            self._overview.remove(row)
            self.measured.remove(row)
        self.averages = Averages()
        self.marks = list(without_marks(self.marks, lane))

    def table(self, lane: int, up_to: int | None = None) -> Values:
        """Return a lane's rows as one array ``[steps, columns]``, up to a step."""
        blocks = [values for _, values in self.rows(lane)]
        table = np.concatenate(blocks) if blocks else np.empty((0, len(COLUMNS)))
        return table if up_to is None else table[:up_to]

    def up_to(self, step: int, n_lanes: int) -> History:
        """Return the history of the first ``n_lanes`` lanes up to a step, with the changes made until then."""
        tables = [self.table(lane, step) for lane in range(n_lanes)]
        n = n_lanes // self.n_seeds
        marks = [mark for mark in self.marks if mark.step <= step and (mark.lane or 0) < n]
        twin = History.from_tables(tables, marks, self.measured.up_to(step, n_lanes), self.n_seeds)
        twin.shadows = self.shadows.up_to(step, n_lanes)
        return twin

    @classmethod
    def from_tables(
        cls, tables: list[Values], marks: list[ChangeMark], kept: Measurements | None = None, seeds: int = 1
    ) -> History:
        """Make a history of whole lanes; ``kept`` is what was measured of them."""
        blocks = [[table[i : i + CHUNK_ROWS] for i in range(0, len(table), CHUNK_ROWS)] for table in tables]
        history = cls.from_blocks(blocks, seeds)
        history.marks, history.measured = list(marks), kept or history.measured
        return history

    @classmethod
    def from_blocks(cls, lanes: list[list[Values]], seeds: int = 1) -> History:
        """Make a history of each lane's blocks, of ``CHUNK_ROWS`` rows but for the last; they are copied or spilled."""
        history = cls(len(lanes), seeds)
        with ThreadPoolExecutor(1) as beside:  # the overview by one processor, the chunks by another
            overview = beside.submit(history._overview.append_lanes, lanes)
            for blocks in itertools.zip_longest(*lanes):
                for lane, rows in enumerate(blocks):
                    if rows is not None and len(rows) == CHUNK_ROWS:
                        history._chunks[lane].append(Chunk.whole(rows))
                        history._lengths[lane] += len(rows)
                    elif rows is not None:
                        history._append_lane(lane, rows)
                history._spill()
            overview.result()
        for chunk in itertools.chain(*history._chunks):
            chunk.settle()
        return history
