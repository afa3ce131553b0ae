"""Points from a file: a CSV with two numeric columns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray
from ganviz.data.chosen_path import chosen_path
from ganviz.spec import InvalidValueError, param

MAX_POINTS = 2_000_000
MAX_MEGABYTES = 200
LARGEST = 1e6
MAX_EXCERPT = 20_000
_STANDS_IN = -1
_NO_POINTS = np.full((1, 2), np.nan, dtype=np.float32)
_SOME_EXTENT = (-3.0, 3.0, -3.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsFile(AbstractDistribution):
    """Draws from the rows of a file, with replacement.

    The file is read by :meth:`load`, or when it is first needed. What was read stays in use until the next ``load``,
    so a file that is changed, moved or deleted does not change or end a run under way.
    """

    key: ClassVar[str] = "points_file"
    title: ClassVar[str] = "Points from a file"
    help: ClassVar[str] = "A CSV file with two numeric columns; a header line is skipped."

    path: str = param("", "File", "CSV file: x and y, one point a line.", editor="file")

    @property
    def has_files(self) -> bool:
        """Return True."""
        return True

    @property
    def version(self) -> int:
        """Return the time of the change that was read last."""
        return self._read().changed

    def _read(self) -> _Read:
        return _READ.get(self.path) or _refreshed(self.path)

    def load(self) -> None:
        """Read the file if it changed; raise InvalidValueError with the number of the first line that is wrong."""
        _refreshed(self.path)

    def excerpt(self) -> dict[str, NDArray[Any]]:
        """Return points spread over the whole file, and the extent of all."""
        read = self._read()
        extent = dataclasses.astuple(read.extent)
        return {"points": read.points[:: -(-len(read.points) // MAX_EXCERPT)], "extent": np.array(extent)}

    def stand_in(self, excerpt: Mapping[str, NDArray[Any]]) -> None:
        """Show these points until the file is there again."""
        if self.path in _READ:
            return
        points = np.asarray(excerpt.get("points", _NO_POINTS), dtype=np.float32)
        sides = np.asarray(excerpt.get("extent", _SOME_EXTENT), dtype=np.float64)
        if points.shape[1:] != (2,) or not len(points) or sides.shape != (4,):
            raise ValueError("the points kept of its data have another shape")
        _keep(self.path, _Read(_STANDS_IN, points, Extent(*sides.tolist())))

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the extent along where the file is gone, so that a window can show what its engine opened."""
        read = _READ.get(self.path)
        is_stand_in = read is not None and read.changed == _STANDS_IN
        some = _Read(_STANDS_IN, read.points[:1], read.extent) if is_stand_in and read else None
        return _received, (self.path, some)

    @property
    def extent(self) -> Extent:
        """Return a square that holds all points."""
        return self._read().extent

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` rows."""
        points = self._read().points
        return points[rng.integers(0, len(points), n)]


def _received(path: str, stand_in: _Read | None) -> PointsFile:
    """Return a spec of another process, which cannot find there what stands in for its file."""
    if stand_in is not None and path not in _READ:
        _keep(path, stand_in)
    return PointsFile(path=path)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    changed: int
    points: FloatArray
    extent: Extent


_READ: dict[str, _Read] = {}
_MAX_READ = 4


def _refreshed(text: str) -> _Read:
    """Return what the file holds now."""
    if not text:
        raise InvalidValueError("Choose a CSV file with two numeric columns first.")
    path = chosen_path(text)
    try:
        status = path.stat()
        known = _READ.get(text)
        if known is not None and known.changed == status.st_mtime_ns:
            return known
        if not path.is_file():
            raise InvalidValueError(f"{text!r} is not a file.")
        if status.st_size > MAX_MEGABYTES * 1_000_000:
            raise InvalidValueError(
                f"The file {text!r} is larger than {MAX_MEGABYTES} MB, which is the limit."
            )
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InvalidValueError(f"The file {text!r} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidValueError(f"The file {text!r} cannot be read: it is not text in UTF-8.") from error
    points = _points(lines, path)
    return _keep(text, _Read(status.st_mtime_ns, points.astype(np.float32), _extent(points)))


def _keep(text: str, read: _Read) -> _Read:
    while len(_READ) >= _MAX_READ:
        _READ.pop(next(iter(_READ)))
    _READ[text] = read
    return read


def _extent(points: NDArray[np.float64]) -> Extent:
    middle = (points.min(0) + points.max(0)) / 2
    reach = max(float(np.abs(points - middle).max()) * 1.15, 1e-3)
    x, y = (float(value) for value in middle)
    return Extent(x - reach, x + reach, y - reach, y + reach)


def _points(lines: list[str], path: Path) -> NDArray[np.float64]:
    """Return the points, ``[n, 2]``: all lines at once where that works, else line by line, which finds the fault."""
    start = next((i for i, line in enumerate(lines) if _has_data(line)), None)
    if start is None:
        raise InvalidValueError(f"The file {str(path)!r} holds no points.")
    delimiter = next((mark for mark in (";", "\t", ",") if mark in lines[start]), None)
    if not any(map(_is_number, _cells(lines[start], delimiter))):
        start += 1
    if len(lines) - start > MAX_POINTS + 1:
        raise InvalidValueError(f"{path.name} has more than {MAX_POINTS} lines, which is the limit.")
    points = _parsed(lines[start:], delimiter)
    if points is None:
        points = np.array(list(_rows(lines, start, delimiter, path.name)), dtype=np.float64)
    if not len(points):
        raise InvalidValueError(f"The file {str(path)!r} holds no points.")
    return points


def _parsed(lines: list[str], delimiter: str | None) -> NDArray[np.float64] | None:
    """Return the points, or None when some line is not simply two usable numbers."""
    if not any(map(_has_data, lines)):
        return None
    try:
        points = np.loadtxt(lines, delimiter=delimiter, comments=None, ndmin=2)
    except ValueError:
        return None
    is_usable = points.shape[1] == 2 and bool((np.abs(points) <= LARGEST).all())
    return points if is_usable else None


def _rows(lines: list[str], start: int, delimiter: str | None, name: str) -> Iterator[tuple[float, float]]:
    for number, line in enumerate(lines[start:], start=start + 1):
        if not _has_data(line):
            continue
        point = _point(_cells(line, delimiter))
        if point is None:
            raise InvalidValueError(
                f"{name}, line {number}: two finite numbers up to ±{LARGEST:g} are needed, not {line.strip()[:60]!r}."
            )
        yield point


def _has_data(line: str) -> bool:
    return bool(line) and not line.isspace() and not line.lstrip().startswith("#")


def _cells(line: str, delimiter: str | None) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _point(cells: list[str]) -> tuple[float, float] | None:
    """Return x and y, or None when these cells are not two numbers that can be used."""
    if len(cells) != 2 or not all(map(_is_number, cells)):
        return None
    x, y = (float(cell) for cell in cells)
    is_usable = math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) <= LARGEST
    return (x, y) if is_usable else None
