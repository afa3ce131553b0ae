"""Logs that are lines of text, CSV or JSON: each block of lines is written at once, behind those that are there."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from ganviz.resources import open_file
from ganviz.session.exporting import row_words
from ganviz.session.live_log.base import (
    NAMES,
    AbstractLogFile,
    Logged,
    LogRow,
    check_unchanged,
    fresh_rows,
    write_all,
    write_over,
)
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import RunConfig
from ganviz.training.history import History

_WORDS = ("lane", "label", "formulation", "seed", "step")
_NOT_MEASURED = [""] * len(METRICS)
_TAIL_BYTES = 1 << 22
"""In so many bytes at its end a log has a whole step, whatever the number of lanes and seeds."""


class AbstractTextLog(AbstractLogFile):
    """A line a step and lane, in a file that is only appended to."""

    rest_share = 0.0

    def __init__(self, path: Path, config: RunConfig) -> None:
        super().__init__(path, config)
        self._words = [row_words(config, row) for row in range(config.n_rows)]
        self._file: BinaryIO | None = None

    @abstractmethod
    def _header(self) -> bytes:
        """Return the line that a log begins with."""

    @abstractmethod
    def _lines(self, rows: Iterable[LogRow]) -> bytes:
        """Return rows as lines."""

    @abstractmethod
    def _read(self, line: bytes) -> tuple[int, dict[str, float]]:
        """Return a line's step, and what is known of it; raise ValueError for what is no line of such a log."""

    def logged(self) -> Logged | None:
        """Read how the log begins and ends."""
        if not self.path.exists() or (self.path.is_file() and not self.path.stat().st_size):
            return None
        header = self._header()
        try:
            with open_file(self.path) as file:
                start = file.read(len(header))
                if start != header[: len(start)]:
                    raise ValueError("it has other columns")
                first = file.readline(_TAIL_BYTES)
                known = self._read(first)[1] if first.endswith(b"\n") else {}
                return Logged(known, self._tail(file)[0])
        except (*UNFIT, csv.Error) as error:
            raise InvalidValueError(
                f"{str(self.path)!r} is no log that this version of ganviz has written."
            ) from error

    def _tail(self, file: BinaryIO) -> tuple[int, int, int]:
        """Return the newest step that has a whole line, where its lines begin, and where whole lines end."""
        start, size = len(self._header()), file.seek(0, os.SEEK_END)
        place = max(start, size - _TAIL_BYTES)
        file.seek(place)
        tail = file.read(_TAIL_BYTES)
        if place > start:
            cut = tail.index(b"\n") + 1
            place, tail = place + cut, tail[cut:]
        lines = tail[: tail.rfind(b"\n") + 1].splitlines(keepends=True)
        begin = end = place + sum(map(len, lines))
        last = self._read(lines[-1])[0] if lines else 0
        while lines and self._read(lines[-1])[0] == last:
            begin -= len(lines.pop())
        return last, begin, end

    def begin(self, after: int | None) -> int:
        """Begin, or go on after a step that is there."""
        header = self._header()
        if after is None and self.path.exists() and self.path.stat().st_size:
            # Whether it may be written to: it is written over once there are rows.
            self.path.open("r+b").close()
            return 0
        if after is None or self.path.stat().st_size < len(header):
            self._begin_with(header)
            return 0
        self._file = self.path.open("r+b", buffering=0)
        last, begin, end = self._tail(self._file)
        # the newest step may lack lanes, and what was being written when its program was killed is no whole line
        is_behind = last <= after
        self._file.truncate(begin if is_behind else end)
        self._file.seek(0, os.SEEK_END)
        return max(last - 1, 0) if is_behind else after

    def append(self, history: History, after: int, until: int) -> None:
        """Write the rows of some steps."""
        lines = self._lines(fresh_rows(history, after, until))
        if self._file is None:
            self._begin_with(self._header() + lines)
        else:
            self._write(lines)

    def _begin_with(self, content: bytes) -> None:
        """Write the beginning of a log in place of what is there."""
        write_over(self.path, content)
        self._file = self.path.open("r+b", buffering=0)
        self._file.seek(0, os.SEEK_END)

    def _write(self, content: bytes) -> None:
        """Write all of it, or leave the file as it was."""
        assert self._file is not None
        start = self._file.tell()
        check_unchanged(self.path, start)
        try:
            write_all(self._file, start, content)
        except OSError:
            self._file.truncate(start)
            self._file.seek(start)
            raise

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


class CsvLog(AbstractTextLog):
    """Comma separated values, as an exported history has them, but step by step."""

    def _header(self) -> bytes:
        return (",".join((*_WORDS, *NAMES)) + "\n").encode()

    def _lines(self, rows: Iterable[LogRow]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(
            [*self._words[one.row], one.step, *one.values, *(one.metrics or _NOT_MEASURED)] for one in rows
        )
        return text.getvalue().encode("utf-8", "backslashreplace")

    def _read(self, line: bytes) -> tuple[int, dict[str, float]]:
        (cells,) = csv.reader([line.decode("utf-8")])
        step, *values = cells[len(_WORDS) - 1 :]
        return int(step), {
            name: float(cell) for name, cell in zip(NAMES, values, strict=True) if cell not in ("", "nan")
        }


class JsonLinesLog(AbstractTextLog):
    """An object a line; JSON has no NaN and no infinity: what is one is null, metrics not measured are left out."""

    def _header(self) -> bytes:
        return b""

    def _lines(self, rows: Iterable[LogRow]) -> bytes:
        return "".join(f"{json.dumps(self._object(one))}\n" for one in rows).encode()

    def _object(self, one: LogRow) -> dict[str, object]:
        found = dict(zip(_WORDS, (*self._words[one.row], one.step), strict=True))
        names = NAMES if one.metrics else COLUMNS
        values = [*one.values, *(one.metrics or ())]
        found |= {
            name: value if math.isfinite(value) else None for name, value in zip(names, values, strict=True)
        }
        return found

    def _read(self, line: bytes) -> tuple[int, dict[str, float]]:
        found = json.loads(line)
        return int(found["step"]), {
            name: float(value) for name in NAMES if (value := found.get(name)) is not None
        }
