"""What is said of places in the plane: values between a surface's cells, samples out of sight, modes. NumPy only."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import Extent, Modes
from ganviz.spec.frozen import dataclass
from ganviz.views.plot.contour import extended
from ganviz.views.plot.looks import Range

Array = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

FINE_CELLS = 160
"""Cells along each side of a surface that is enlarged."""


def bilinear(grid: Array, extent: Extent, x: Array, y: Array) -> Floats:
    """Return a surface's values at places, linear between the centers of its cells and beyond the outermost.

    Parameters
    ----------
    grid : ndarray, ``[rows, columns]``
        Values at cell centers; row 0 is y_min, column 0 is x_min.
    extent : Extent
    x, y : ndarray
        Places, of any shapes that go together.
    """
    whole = extended(np.asarray(grid, dtype=np.float64))
    rows, columns = grid.shape
    column = (np.asarray(x, dtype=np.float64) - extent.x_min) / (extent.x_max - extent.x_min) * columns + 0.5
    row = (np.asarray(y, dtype=np.float64) - extent.y_min) / (extent.y_max - extent.y_min) * rows + 0.5
    i = np.clip(np.floor(row), 0, rows).astype(np.intp)
    j = np.clip(np.floor(column), 0, columns).astype(np.intp)
    up, right = row - i, column - j
    lower = whole[i, j] * (1 - right) + whole[i, j + 1] * right
    upper = whole[i + 1, j] * (1 - right) + whole[i + 1, j + 1] * right
    values: Floats = lower * (1 - up) + upper * up
    return values


def enlarged(grid: Array, extent: Extent, x: Range, y: Range) -> NDArray[np.float32]:
    """Return the part of a surface between two ranges, in ``FINE_CELLS`` rows and columns of cells."""
    share = (np.arange(FINE_CELLS) + 0.5) / FINE_CELLS
    at_x, at_y = x[0] + (x[1] - x[0]) * share, y[0] + (y[1] - y[0]) * share
    return bilinear(grid, extent, at_x[None, :], at_y[:, None]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Outside:
    """How many samples lie beyond each edge; one beyond two edges counts where it is farther out."""

    left: int
    right: int
    below: int
    above: int


NOBODY = Outside(0, 0, 0, 0)


def outside(points: Array, x: Range, y: Range) -> Outside:
    """Count the ``[n, 2]`` points beyond the edges of a rectangle; those that are not finite are nowhere."""
    low, below = points.min(axis=0, initial=np.inf).tolist()
    high, above = points.max(axis=0, initial=-np.inf).tolist()
    if x[0] <= low and high <= x[1] and y[0] <= below and above <= y[1]:  # not with NaN
        return NOBODY
    finite = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    beyond = np.stack(
        [x[0] - finite[:, 0], finite[:, 0] - x[1], y[0] - finite[:, 1], finite[:, 1] - y[1]], axis=1
    )
    side = beyond.argmax(axis=1)[beyond.max(axis=1, initial=-np.inf) > 0]
    return Outside(*np.bincount(side, minlength=4).tolist())


def inside(points: Array, x: Range, y: Range) -> Array:
    """Return those of the ``[n, 2]`` points that lie in a rectangle."""
    kept = (points[:, 0] >= x[0]) & (points[:, 0] <= x[1]) & (points[:, 1] >= y[0]) & (points[:, 1] <= y[1])
    return points[kept]


def nearest_mode(modes: Modes | None, x: float, y: float) -> tuple[int, float] | None:
    """Return the number (from 1) and the distance of the mode nearest to a place, or None without modes."""
    if modes is None or not len(modes.centers):
        return None
    distances = np.hypot(modes.centers[:, 0] - x, modes.centers[:, 1] - y)
    nearest = int(distances.argmin())
    return nearest + 1, float(distances[nearest])


def probability(score: float) -> float:
    """Return σ(t), whatever the size of ``t``."""
    return 0.5 + 0.5 * math.tanh(0.5 * score)


def ranges_of(extent: Extent) -> tuple[Range, Range]:
    """Return the ranges of a whole plane."""
    return (extent.x_min, extent.x_max), (extent.y_min, extent.y_max)
