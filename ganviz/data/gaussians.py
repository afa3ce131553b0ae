"""Mixtures of Gaussians whose modes a generator can hit or miss."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from ganviz.data.base import Modes
from ganviz.data.mixture import AbstractModalMixture, equal_modes
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

_SIGMA_HELP = (
    "Standard deviation of each mode. Narrow ones are harder to find and easier to lose, and D gets ahead."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring(AbstractModalMixture):
    """Equal Gaussians on a circle: Metz et al. 2017 (arXiv 1611.02163), appendix A, have 8, radius 2, σ = 0.02."""

    key: ClassVar[str] = "ring"
    title: ClassVar[str] = "Ring"
    help: ClassVar[str] = (
        "Equal Gaussians on a circle, the classic test of mode collapse; σ 0.2 is soft, 0.02 sharp."
    )

    n_modes: int = param(8, "Modes", "Gaussians on the circle.", low=1, high=64)
    radius: float = param(
        2.0, "Radius", "Distance of the modes from the origin.", low=0, high=100, open_low=True
    )
    sigma: float = param(0.2, "σ", _SIGMA_HELP, low=0, high=100, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians; the circle's start and end are one point, so no mode is counted twice."""
        angles = 2 * math.pi * np.arange(self.n_modes) / self.n_modes
        return equal_modes(self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1), self.sigma)

    def centers_script(self) -> str:
        """Return the circle."""
        return (
            f"angles = 2 * math.pi * torch.arange({self.n_modes}).double() / {self.n_modes}\n"
            f"centers = {self.radius} * torch.stack([angles.cos(), angles.sin()], 1)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid(AbstractModalMixture):
    """Equal Gaussians on a square lattice; 5 × 5, spacing 2, σ = 0.05 in Srivastava et al. 2017 (arXiv 1705.07761)."""

    key: ClassVar[str] = "grid"
    title: ClassVar[str] = "Grid"
    help: ClassVar[str] = (
        "Equal Gaussians on a square lattice: 25 modes, of which a generator easily loses some."
    )

    side: int = param(5, "Modes a side", "The lattice has this many modes in each direction.", low=1, high=12)
    spacing: float = param(2.0, "Spacing", "Distance of neighbors.", low=0, high=100, open_low=True)
    sigma: float = param(0.05, "σ", _SIGMA_HELP, low=0, high=100, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians."""
        line = self.spacing * (np.arange(self.side) - (self.side - 1) / 2)
        x, y = np.meshgrid(line, line)
        return equal_modes(np.stack([x.ravel(), y.ravel()], axis=1), self.sigma)

    def centers_script(self) -> str:
        """Return the lattice."""
        return (
            f"line = {self.spacing} * (torch.arange({self.side}).double() - {(self.side - 1) / 2})\n"
            'x, y = torch.meshgrid(line, line, indexing="xy")\n'
            "centers = torch.stack([x.ravel(), y.ravel()], 1)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoGaussians(AbstractModalMixture):
    """Two Gaussians of unequal shape and weight: a broad one and a narrow, flat one."""

    key: ClassVar[str] = "two_gaussians"
    title: ClassVar[str] = "Two Gaussians"
    help: ClassVar[str] = (
        "A broad and a narrow Gaussian of unequal weight: does the generator keep the small one?"
    )

    distance: float = param(3.0, "Distance", "Distance of the two centers.", low=0, high=100)
    share: float = param(0.7, "Share", "Share of the samples in the broad one.", low=0, high=1)

    def components(self) -> Modes:
        """Return the Gaussians; one of share 0 is left out."""
        centers = np.array([[-self.distance / 2, 0.0], [self.distance / 2, 0.0]])
        scales = np.array([[0.3, 0.6], [0.25, 0.1]])
        weights = np.array([self.share, 1 - self.share])
        there = weights > 0
        return Modes(centers[there], scales[there], weights[there])
