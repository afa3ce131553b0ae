"""Mixtures of Gaussians in the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.catalog import param
from ganviz.data.base import AbstractDistribution, Extent, FloatArray, Modes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring(AbstractDistribution):
    """Equal Gaussians on a circle (Metz et al. 2017, appendix A, with σ = 0.02 and radius 2)."""

    key: ClassVar[str] = "ring"
    title: ClassVar[str] = "Ring"
    help: ClassVar[str] = "Equal Gaussians on a circle: the classic test of mode collapse."

    n_modes: int = param(8, "Modes", "Gaussians on the circle.", low=1, high=64)
    radius: float = param(
        2.0, "Radius", "Distance of the modes from the origin.", low=0, high=100, open_low=True
    )
    sigma: float = param(
        0.2, "σ", "Standard deviation of each mode: 0.2 is soft, 0.02 sharp.", low=0, high=100, open_low=True
    )

    @property
    def shape(self) -> tuple[int, ...]:
        """Return (2,)."""
        return (2,)

    @property
    def extent(self) -> Extent:
        """Return a square that holds all modes."""
        reach = self.radius + 4 * self.sigma + 0.2
        return Extent(-reach, reach, -reach, reach)

    def _centers(self) -> NDArray[np.float64]:
        angles = 2 * math.pi * np.arange(self.n_modes) / self.n_modes
        return self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` samples."""
        centers = self._centers().astype(np.float32)
        noise = rng.standard_normal((n, 2), dtype=np.float32)
        return centers[rng.integers(0, self.n_modes, n)] + np.float32(self.sigma) * noise

    def modes(self) -> Modes | None:
        """Return the Gaussians."""
        scales = np.full((self.n_modes, 2), self.sigma)
        return Modes(self._centers(), scales, np.full(self.n_modes, 1 / self.n_modes))
