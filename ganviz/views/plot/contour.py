"""Iso-lines of a gridded function by marching squares, vectorized over all cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Edges of a cell: 0 bottom, 1 right, 2 top, 3 left. Corners: bit 1 (x0, y0), 2 (x1, y0), 4 (x1, y1), 8 (x0, y1).
_PAIRS = np.full((16, 4), -1)
for _case, _edges in {
    1: (3, 0), 2: (0, 1), 3: (3, 1), 4: (1, 2), 5: (3, 2, 0, 1), 6: (0, 2), 7: (3, 2),
    8: (2, 3), 9: (0, 2), 10: (3, 0, 1, 2), 11: (1, 2), 12: (1, 3), 13: (0, 1), 14: (3, 0),
}.items():  # fmt: skip
    _PAIRS[_case, : len(_edges)] = _edges


def extended(grid: Floats) -> Floats:
    """Return the grid with one more cell on each side, extrapolated linearly, so that lines reach the frame."""
    rows, columns = grid.shape
    made = np.empty((rows + 2, columns + 2))
    made[1:-1, 1:-1] = grid
    made[[0, -1], 1:-1] = 2 * grid[[0, -1]] - grid[[1, -2]]
    made[:, [0, -1]] = 2 * made[:, [1, -2]] - made[:, [2, -3]]
    return made


def iso_segments(grid: Floats, level: float) -> Floats:
    """Return the line segments at which a function crosses ``level``.

    Parameters
    ----------
    grid : ndarray, ``[rows, columns]``
        Values at whole coordinates: ``grid[y, x]``.
    level : float

    Returns
    -------
    ndarray, ``[n, 2, 2]``
        Both ends of each segment as (x, y) in grid coordinates, linearly interpolated along cell edges.
    """
    above = grid > level
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    rows, columns = np.nonzero((case > 0) & (case < 15))
    if not len(rows):
        return np.empty((0, 2, 2))
    corners = np.stack(
        [grid[rows, columns], grid[rows, columns + 1], grid[rows + 1, columns + 1], grid[rows + 1, columns]]
    )
    crossings = _edge_crossings(corners, level)
    pairs = _PAIRS[case[rows, columns]]
    found = []
    for first, second in ((0, 1), (2, 3)):
        has = np.flatnonzero(pairs[:, first] >= 0)
        ends = np.stack([crossings[pairs[has, first], has], crossings[pairs[has, second], has]], axis=1)
        found.append(ends + np.stack([columns[has], rows[has]], axis=1)[:, None, :])
    return np.concatenate(found)


def _edge_crossings(corners: Floats, level: float) -> Floats:
    """Return where each of the four edges crosses the level, ``[4, n, 2]``; meaningless where it does not."""
    a, b, c, d = corners
    with np.errstate(divide="ignore", invalid="ignore"):
        bottom, right = (level - a) / (b - a), (level - b) / (c - b)
        top, left = (level - d) / (c - d), (level - a) / (d - a)
    one, zero = np.ones_like(a), np.zeros_like(a)
    edges = ((bottom, zero), (one, right), (top, one), (zero, left))
    return np.stack([np.stack(edge, axis=1) for edge in edges])
