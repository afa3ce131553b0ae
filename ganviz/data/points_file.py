"""Points from a file: two columns of numbers, as spreadsheets and programs write them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray
from ganviz.data.digests import digest_of, stands_in
from ganviz.data.points_table import read_points, reading_script
from ganviz.data.standard import Standardization, is_far, standardization_of
from ganviz.data.table_layout import wanted_names
from ganviz.spec import InvalidValueError, Plain, param
from ganviz.spec.chosen_path import chosen_path
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import reason_of

MAX_EXCERPT = 20_000
_STANDS_IN = -1
_NO_POINTS = np.full((1, 2), np.nan, dtype=np.float32)
SAMPLER = '''

def sample_real(n, rng):
    """Return n of the points, with replacement."""
    return points[rng.integers(len(points), n)]
'''
STANDARDIZED = '''
offset, scale = torch.tensor([{offset}, {scale}], dtype=torch.float64)
points = ((points - offset) / scale).float()  # what the networks learn


def in_file_units(samples):
    """Return samples of G, [n, 2], in the units of the file."""
    return samples * scale + offset
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
    earlier: ClassVar[Mapping[str, Plain]] = {"standardize": "no"}

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
    missing: str = param(
        "refuse", "Missing values",
        "Lines without a value (empty, NA, NaN …) in one of the columns: refuse the file, or skip them.",
        choices=("refuse", "skip"),
    )  # fmt: skip
    standardize: str = param(
        "auto", "Standardize",
        "Learn columns of mean 0 and standard deviation 1, shown in their own units; auto: where they are far from it.",
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

    @property
    def standardization(self) -> Standardization | None:
        """Return how the columns are standardized, or None."""
        return self._read().standardization

    @property
    def axis_names(self) -> tuple[str, ...]:
        """Return the names of both columns, those that the file's header has; nothing where it has none."""
        return self._read().names

    def _read(self) -> _Read:
        return _READ.get(self) or _refreshed(self)

    def load(self) -> None:
        """Read the file if it changed; raise InvalidValueError with the number of the first line that is wrong."""
        _refreshed(self)

    def excerpt(self) -> dict[str, NDArray[Any]]:
        """Return points spread over the whole file, and extent and digest of all."""
        read = self._read()
        extent = dataclasses.astuple(read.extent)
        kept = {"points": read.points[:: -(-len(read.points) // MAX_EXCERPT)], "extent": np.array(extent)}
        if read.standardization is not None:
            kept["standardization"] = np.array(dataclasses.astuple(read.standardization))
        return kept | digest_of(read.points)

    def stand_in(self, excerpt: Mapping[str, NDArray[Any]]) -> None:
        """Show these points until the file is there again."""
        if self in _READ:
            return
        points = np.asarray(excerpt.get("points", _NO_POINTS), dtype=np.float32)
        sides = np.asarray(excerpt.get("extent", _SOME_EXTENT), dtype=np.float64)
        if points.shape[1:] != (2,) or not len(points) or sides.shape != (4,):
            raise ValueError("the points kept of its data have another shape")
        stands_in(points, excerpt.get("digest"))
        read = _Read(_STANDS_IN, points, Extent(*sides.tolist()), "", _kept_standardization(excerpt))
        _keep(self, dataclasses.replace(read, names=wanted_names(self.columns)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the extent along where the file is gone, so that a window can show what its engine opened."""
        read = _READ.get(self)
        is_stand_in = read is not None and read.changed == _STANDS_IN
        some = dataclasses.replace(read, points=read.points[:1]) if is_stand_in and read else None
        return _received, (dataclasses.astuple(self), some)

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
            raise InvalidValueError(f"The file {self.path!r} cannot be read: {reason_of(error)}.") from error
        found = self.standardization
        if found is not None:
            reading += STANDARDIZED.format(offset=list(found.offset), scale=list(found.scale))
        return reading + SAMPLER


def _received(fields: tuple[str, ...], stand_in: _Read | None) -> PointsFile:
    """Return a spec of another process, which cannot find there what stands in for its file."""
    names = (field.name for field in dataclasses.fields(PointsFile))
    data = PointsFile(**dict(zip(names, fields, strict=True)))
    if stand_in is not None and data not in _READ:
        _keep(data, stand_in)
    return data


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    changed: int
    points: FloatArray
    extent: Extent
    summary: str
    standardization: Standardization | None
    names: tuple[str, ...] = ()


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
        points, summary, names = read_points(path, data.columns, data.header, data.missing)
    except OSError as error:
        raise InvalidValueError(f"The file {data.path!r} cannot be read: {reason_of(error)}.") from error
    is_wanted = is_far(points) if data.standardize == "auto" else data.standardize == "yes"
    found = standardization_of(points) if is_wanted else None
    kept, said = points.astype(np.float32), summary + _said(found)
    return _keep(data, _Read(changed, kept, _extent(points, found), said, found, names))


def _keep(data: PointsFile, read: _Read) -> _Read:
    while len(_READ) >= _MAX_READ:
        _READ.pop(next(iter(_READ)))
    _READ[data] = read
    return read


def _extent(points: NDArray[np.float64], standardization: Standardization | None) -> Extent:
    """Return a square around the points; standardized ones have it where networks learn them."""
    scale = np.array((1.0, 1.0) if standardization is None else standardization.scale)
    middle = (points.min(0) + points.max(0)) / 2
    reach = scale * max(float(np.abs((points - middle) / scale).max()) * 1.15, 1e-3)
    (x_min, y_min), (x_max, y_max) = (middle - reach).tolist(), (middle + reach).tolist()
    return Extent(x_min, x_max, y_min, y_max)


def _said(standardization: Standardization | None) -> str:
    """Return what the person is told of a standardization."""
    if standardization is None:
        return ""
    x, y = (
        f"({name} {'−' if offset >= 0 else '+'} {abs(offset):.4g}) / {scale:.3g}"
        for name, offset, scale in zip("xy", standardization.offset, standardization.scale, strict=True)
    )
    return (
        f" Standardized for the networks, {x} and {y}; shown and exported as in the file, but distances between "
        "samples and data count in standard deviations."
    )


def _kept_standardization(excerpt: Mapping[str, NDArray[Any]]) -> Standardization | None:
    """Return what a file kept; raise ValueError where it is no standardization."""
    if "standardization" not in excerpt:
        return None
    kept = np.asarray(excerpt["standardization"], dtype=np.float64)
    if kept.shape != (2, 2) or not np.isfinite(kept).all() or not (kept[1] > 0).all():
        raise ValueError("the standardization kept of its data is none")
    offset, scale = kept.tolist()
    return Standardization(tuple(offset), tuple(scale))
