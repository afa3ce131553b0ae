"""What every format of a log does, and the rows that it is given."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.atomic import FileError
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import RunConfig
from ganviz.training.history import History

NAMES = (*COLUMNS, *METRICS)
"""What is logged of a step, as in the history; metrics of the steps at which they were measured."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LogRow:
    """What is logged of one step of one seed of a lane: ``values`` by ``COLUMNS``, ``metrics`` by ``METRICS``."""

    row: int
    step: int
    values: list[float]
    metrics: list[float] | None


@dataclass(frozen=True, slots=True)
class Logged:
    """What an earlier log holds: what is known of its first step by ``NAMES``, of row 0, and its newest step."""

    first: Mapping[str, float]
    last: int


class AbstractLogFile(ABC):
    """A log of one format.

    Parameters
    ----------
    path : Path
    config : RunConfig
    """

    most_steps = 4096
    """So many are appended at once, at most."""
    rest_s = 0.5
    """So long is waited at least before more is written."""
    rest_share = 25.0
    """So many times as long as writing took is waited before more is written."""

    def __init__(self, path: Path, config: RunConfig) -> None:
        self.path, self.config = path, config

    @abstractmethod
    def logged(self) -> Logged | None:
        """Return what an earlier log of this name holds; None where there is none.

        Raises
        ------
        InvalidValueError
            When what is there is no such log.
        """

    @abstractmethod
    def begin(self, after: int | None) -> int:
        """Begin to write: anew, or after a step of the log that is there; return after which step rows are due.

        A log that is to be written over stays as it is until there are rows to take its place.

        Raises
        ------
        OSError
            Where the system refuses.
        """

    @abstractmethod
    def append(self, history: History, after: int, until: int) -> None:
        """Write all rows of the steps that follow ``after``, to ``until``; all of them, or none and raise OSError."""

    def close(self) -> None:  # noqa: B027 - most have nothing open between two blocks
        """Write no more."""


def check_unchanged(path: Path, size: int) -> None:
    """Raise FileError unless a log is as large as it was left: rows would go elsewhere, or behind a hole."""
    if not path.exists() or path.stat().st_size != size:
        raise FileError("another program has removed or changed it")


def write_over(path: Path, content: bytes) -> None:
    """Let what a log begins with take the place of an old one, which stays as it was where that raises OSError.

    It is written over in place: who follows it as it grows goes on to, and Windows replaces no open file.
    """
    with path.open("r+b" if path.exists() else "x+b", buffering=0) as file:
        old, size = file.read(len(content)), path.stat().st_size
        try:
            write_all(file, 0, content)
        except OSError:
            with contextlib.suppress(OSError):
                write_all(file, 0, old)
                file.truncate(size)
            raise
        file.truncate(len(content))


def write_all(file: BinaryIO, start: int, content: bytes) -> None:
    """Write from a place on: the system may take less at once."""
    file.seek(start)
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def fresh_rows(history: History, after: int, until: int) -> Iterator[LogRow]:
    """Yield the rows of some steps, step by step; lanes that have diverged go without."""
    every = list(range(len(COLUMNS)))
    tables = [
        history.between(row, after, max(after, min(until, history.n_rows(row))), every).tolist()
        for row in range(history.n_lanes)
    ]
    measured = [_measured(history, row, after, until) for row in range(history.n_lanes)]
    for k in range(until - after):
        step = after + k + 1
        for row, table in enumerate(tables):
            if k < len(table):
                yield LogRow(row, step, table[k], measured[row].get(step))


def _measured(history: History, row: int, after: int, until: int) -> dict[int, list[float]]:
    steps, values = history.measured.table(row)
    wanted = (steps > after) & (steps <= until)
    return dict(zip(steps[wanted].tolist(), values[wanted].tolist(), strict=True))
