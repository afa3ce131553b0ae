"""Data that fill areas."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

_erf = np.vectorize(math.erf, otypes=[np.float64])


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkerboard(AbstractDistribution):
    """Uniform on every second square of a board centered on the origin."""

    key: ClassVar[str] = "checkerboard"
    title: ClassVar[str] = "Checkerboard"
    help: ClassVar[str] = "Uniform on every second square: sharp edges and many separate pieces."

    squares: int = param(
        4, "Squares a side", "The board has this many squares in each direction.", low=2, high=12
    )
    size: float = param(4.0, "Size", "Length of the board's side.", low=0, high=100, open_low=True)

    @property
    def extent(self) -> Extent:
        """Return the board with a margin."""
        reach = 0.65 * self.size
        return Extent(-reach, reach, -reach, reach)

    def _corners(self) -> NDArray[np.float64]:
        """Return the lower left corners of the filled squares, ``[k, 2]``."""
        rows, columns = np.divmod(np.arange(self.squares**2), self.squares)
        filled = (rows + columns) % 2 == 0
        corners: NDArray[np.float64] = np.stack([columns, rows], axis=1)[filled] * self.size / self.squares
        return corners - self.size / 2

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` samples."""
        corners = self._corners()
        chosen = corners[rng.integers(0, len(corners), n)]
        return (chosen + rng.random((n, 2)) * self.size / self.squares).astype(np.float32)

    def script(self) -> str:
        """Return the board and a sampler."""
        return (
            f"squares, side = {self.squares}, {self.size / self.squares}\n"
            'rows, columns = torch.meshgrid(*[torch.arange(squares)] * 2, indexing="ij")\n'
            "filled = (rows + columns) % 2 == 0\n"
            "corners = (torch.stack([columns[filled], rows[filled]], 1).double() - squares / 2) * side\n\n\n"
            "def sample_real(n, rng):\n"
            '    """Return n points: a square is chosen for each, and a place in it."""\n'
            "    chosen = corners[rng.integers(len(corners), n)]\n"
            "    return (chosen + rng.random((n, 2)) * side).float()\n"
        )

    def density(self, points: NDArray[np.float64], bandwidth: float = 0.0) -> NDArray[np.float64] | None:
        """Return the exact density; smoothed, each square is a product of differences of error functions."""
        corners, side = self._corners(), self.size / self.squares
        starts = np.unique(corners)
        offsets = points[:, :, None] - starts
        if bandwidth == 0:
            inside = ((offsets >= 0) & (offsets < side)).astype(float)
        else:
            scaled = offsets / (bandwidth * math.sqrt(2))
            inside = 0.5 * (_erf(scaled) - _erf(scaled - side / (bandwidth * math.sqrt(2))))
        columns, rows = (np.searchsorted(starts, corners[:, axis]) for axis in range(2))
        mass: NDArray[np.float64] = (inside[:, 0, columns] * inside[:, 1, rows]).sum(-1)
        return mass / (len(corners) * side**2)
