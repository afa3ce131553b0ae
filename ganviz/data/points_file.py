"""Points from a file: a CSV with two numeric columns."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.catalog import InvalidValueError, param
from ganviz.data.base import AbstractDistribution, Extent, FloatArray

MAX_POINTS = 2_000_000
LARGEST = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsFile(AbstractDistribution):
    """Draws from the rows of a file, with replacement."""

    key: ClassVar[str] = "points_file"
    title: ClassVar[str] = "Points from a file"
    help: ClassVar[str] = "A CSV file with two numeric columns; a header line is skipped."

    path: str = param("", "File", "CSV file: x and y, one point a line.", editor="file")

    @property
    def shape(self) -> tuple[int, ...]:
        """Return (2,)."""
        return (2,)

    def _points(self) -> NDArray[np.float64]:
        if not self.path:
            raise InvalidValueError("Choose a CSV file with two numeric columns first.")
        path = Path(self.path).expanduser()
        try:
            changed = path.stat().st_mtime_ns
        except OSError as error:
            raise InvalidValueError(f"The file {self.path!r} cannot be read: {error.strerror}.") from error
        return _read(path, changed)

    def load(self) -> None:
        """Read the file; raise InvalidValueError with the number of the first line that cannot be used."""
        self._points()

    @property
    def extent(self) -> Extent:
        """Return a square that holds all points."""
        points = self._points()
        middle = (points.min(0) + points.max(0)) / 2
        reach = max(float(np.abs(points - middle).max()) * 1.15, 1e-3)
        x, y = (float(value) for value in middle)
        return Extent(x - reach, x + reach, y - reach, y + reach)

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` rows."""
        points = self._points()
        return points[rng.integers(0, len(points), n)].astype(np.float32)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> NDArray[np.float64]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            points = list(_rows(file.read().splitlines(), path.name))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise InvalidValueError(f"The file {str(path)!r} cannot be read: {reason}.") from error
    if not points:
        raise InvalidValueError(f"The file {str(path)!r} holds no points.")
    return np.array(points)


def _rows(lines: list[str], name: str) -> Iterator[tuple[float, float]]:
    """Yield the points; the first line with text may be a header."""
    delimiter = next((mark for mark in (",", ";", "\t") if lines and mark in lines[0]), None)
    is_first = True
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if number > MAX_POINTS:
            raise InvalidValueError(f"{name} has more than {MAX_POINTS} lines, which is the limit.")
        cells = next(csv.reader([line], delimiter=delimiter)) if delimiter else line.split()
        point = _point(cells)
        if point is not None:
            yield point
        elif not (is_first and not any(map(_is_number, cells))):
            raise InvalidValueError(
                f"{name}, line {number}: two finite numbers up to ±{LARGEST:g} are needed, not {line.strip()[:60]!r}."
            )
        is_first = False


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
