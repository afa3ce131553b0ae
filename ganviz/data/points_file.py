"""Points from a file: two columns of numbers, as spreadsheets and programs write them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray
from ganviz.data.chosen_path import chosen_path
from ganviz.data.points_table import read_points, reading_script
from ganviz.spec import InvalidValueError, param

MAX_EXCERPT = 20_000
_STANDS_IN = -1
_NO_POINTS = np.full((1, 2), np.nan, dtype=np.float32)
SAMPLER = '''

def sample_real(n, rng):
    """Return n of the points, with replacement."""
    return points[rng.integers(0, len(points), n)]
'''
_SOME_EXTENT = (-3.0, 3.0, -3.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsFile(AbstractDistribution):
    """Draws from the rows of a file, with replacement.

    The file is read by :meth:`load`, or when it is first needed. What was read stays in use until the next ``load``,
    so a file that is changed, moved or deleted does not change or end a run under way.
    """

    key: ClassVar[str] = "points_file"
    title: ClassVar[str] = "Points from a file"
    help: ClassVar[str] = "Two columns of a text file, one point a line."

    path: str = param("", "File", "CSV file or other text in columns, one point a line.", editor="file")
    columns: str = param(
        "", "Columns",
        "Two names, or numbers from 1: height, weight. Empty: x and y, or the first two that hold measurements.",
        longest=500,
    )  # fmt: skip
    header: str = param(
        "auto", "Header", "Whether the first line names the columns; auto looks at what stands below.",
        choices=("auto", "yes", "no"),
    )  # fmt: skip

    @property
    def has_files(self) -> bool:
        """Return True."""
        return True

    @property
    def version(self) -> int:
        """Return the time of the change that was read last."""
        return self._read().changed

    @property
    def summary(self) -> str:
        """Return how the file was understood."""
        return self._read().summary

    def _read(self) -> _Read:
        return _READ.get(self) or _refreshed(self)

    def load(self) -> None:
        """Read the file if it changed; raise InvalidValueError with the number of the first line that is wrong."""
        _refreshed(self)

    def excerpt(self) -> dict[str, NDArray[Any]]:
        """Return points spread over the whole file, and the extent of all."""
        read = self._read()
        extent = dataclasses.astuple(read.extent)
        return {"points": read.points[:: -(-len(read.points) // MAX_EXCERPT)], "extent": np.array(extent)}

    def stand_in(self, excerpt: Mapping[str, NDArray[Any]]) -> None:
        """Show these points until the file is there again."""
        if self in _READ:
            return
        points = np.asarray(excerpt.get("points", _NO_POINTS), dtype=np.float32)
        sides = np.asarray(excerpt.get("extent", _SOME_EXTENT), dtype=np.float64)
        if points.shape[1:] != (2,) or not len(points) or sides.shape != (4,):
            raise ValueError("the points kept of its data have another shape")
        _keep(self, _Read(_STANDS_IN, points, Extent(*sides.tolist()), ""))

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the extent along where the file is gone, so that a window can show what its engine opened."""
        read = _READ.get(self)
        is_stand_in = read is not None and read.changed == _STANDS_IN
        some = _Read(_STANDS_IN, read.points[:1], read.extent, "") if is_stand_in and read else None
        return _received, (self.path, self.columns, self.header, some)

    @property
    def extent(self) -> Extent:
        """Return a square that holds all points."""
        return self._read().extent

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` rows."""
        points = self._read().points
        return points[rng.integers(0, len(points), n)]

    def script(self) -> str:
        """Return how the file is read, and a sampler; raise InvalidValueError where it is no simple table."""
        try:
            reading = reading_script(chosen_path(self.path).absolute(), self.columns, self.header)
        except OSError as error:
            raise InvalidValueError(f"The file {self.path!r} cannot be read: {error.strerror}.") from error
        return reading + SAMPLER


def _received(path: str, columns: str, header: str, stand_in: _Read | None) -> PointsFile:
    """Return a spec of another process, which cannot find there what stands in for its file."""
    data = PointsFile(path=path, columns=columns, header=header)
    if stand_in is not None and data not in _READ:
        _keep(data, stand_in)
    return data


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    changed: int
    points: FloatArray
    extent: Extent
    summary: str


_READ: dict[PointsFile, _Read] = {}
_MAX_READ = 4


def _refreshed(data: PointsFile) -> _Read:
    """Return what the file holds now."""
    if not data.path:
        raise InvalidValueError("Choose a CSV file with two numeric columns first.")
    path = chosen_path(data.path)
    try:
        changed = path.stat().st_mtime_ns
        known = _READ.get(data)
        if known is not None and known.changed == changed:
            return known
        points, summary = read_points(path, data.columns, data.header)
    except OSError as error:
        raise InvalidValueError(f"The file {data.path!r} cannot be read: {error.strerror}.") from error
    return _keep(data, _Read(changed, points.astype(np.float32), _extent(points), summary))


def _keep(data: PointsFile, read: _Read) -> _Read:
    while len(_READ) >= _MAX_READ:
        _READ.pop(next(iter(_READ)))
    _READ[data] = read
    return read


def _extent(points: NDArray[np.float64]) -> Extent:
    middle = (points.min(0) + points.max(0)) / 2
    reach = max(float(np.abs(points - middle).max()) * 1.15, 1e-3)
    x, y = (float(value) for value in middle)
    return Extent(x - reach, x + reach, y - reach, y + reach)
