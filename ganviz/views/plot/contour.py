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
    above = (grid > level).view(np.uint8)  # as whole numbers of eight bytes this took as long as all the rest
    case = above[:-1, :-1] | above[:-1, 1:] << 1 | above[1:, 1:] << 2 | above[1:, :-1] << 3
    rows, columns = np.divmod(np.flatnonzero(case.ravel() % 15), case.shape[1])
    if not len(rows):
        return np.empty((0, 2, 2))
    corners = np.stack(
        [grid[rows, columns], grid[rows, columns + 1], grid[rows + 1, columns + 1], grid[rows + 1, columns]]
    )
    at_x, at_y = _edge_crossings(corners, level)
    at_x += columns
    at_y += rows
    pairs = _PAIRS[case[rows, columns]]
    found = list[Floats]()
    for first, second in ((0, 1), (2, 3)):
        has = np.flatnonzero(pairs[:, first] >= 0)
        if len(has) or not found:
            one, other = pairs[has, first], pairs[has, second]
            ends = (at_x[one, has], at_y[one, has], at_x[other, has], at_y[other, has])
            found.append(np.stack(ends, axis=1).reshape(-1, 2, 2))
    return found[0] if len(found) == 1 else np.concatenate(found)


def _edge_crossings(corners: Floats, level: float) -> tuple[Floats, Floats]:
    """Return x and y where each of the four edges crosses the level, ``[4, n]``; meaningless where it does not."""
    a, b, c, d = corners
    x, y = np.zeros(corners.shape), np.zeros(corners.shape)
    x[1] = y[2] = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        x[0], y[1] = (level - a) / (b - a), (level - b) / (c - b)
        x[2], y[3] = (level - d) / (c - d), (level - a) / (d - a)
    return x, y
