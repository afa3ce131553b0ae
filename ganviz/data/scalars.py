"""Mixtures of Gaussians on a line, as in the first figure of Goodfellow et al. 2014 (arXiv 1406.2661)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ganviz.data.base import Modes
from ganviz.data.kinds import Kind, Scalar
from ganviz.data.mixture import AbstractModalMixture, equal_modes
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

_SIGMA_HELP = "Standard deviation of each Gaussian."


class AbstractScalars(AbstractModalMixture):
    """A mixture of Gaussians on a line; ``components`` have one axis, the height of the extent is not used."""

    __slots__ = ()

    @property
    def kind(self) -> Kind:
        """Return single numbers."""
        return Scalar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaussian1D(AbstractScalars):
    """One Gaussian on a line."""

    key: ClassVar[str] = "gaussian_1d"
    title: ClassVar[str] = "Gaussian, 1-D"
    help: ClassVar[str] = "One Gaussian on a line: densities, D and the map from z to x in one picture."

    mean: float = param(1.0, "Mean", "Where it is.", low=-100, high=100)
    sigma: float = param(0.7, "σ", "Its standard deviation.", low=0, high=100, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussian."""
        return equal_modes(np.array([[self.mean]]), self.sigma)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoGaussians1D(AbstractScalars):
    """Two Gaussians of one width on a line."""

    key: ClassVar[str] = "two_gaussians_1d"
    title: ClassVar[str] = "Two Gaussians, 1-D"
    help: ClassVar[str] = "Two equal Gaussians on a line: G has to stretch the latents between them."

    distance: float = param(4.0, "Distance", "Distance of the two centers.", low=0, high=100)
    sigma: float = param(0.5, "σ", _SIGMA_HELP, low=0, high=100, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians."""
        return equal_modes(np.array([[-self.distance / 2], [self.distance / 2]]), self.sigma)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnequalGaussians1D(AbstractScalars):
    """Three Gaussians on a line, each of a fixed part of the weight of the one to its left."""

    key: ClassVar[str] = "unequal_gaussians_1d"
    title: ClassVar[str] = "Unequal Gaussians, 1-D"
    help: ClassVar[str] = "Three Gaussians on a line of unequal weight: which of them does G leave out?"

    spacing: float = param(2.5, "Spacing", "Distance of neighbors.", low=0, high=100)
    ratio: float = param(0.5, "Ratio", "Weight of each as a part of its left neighbor's.", low=0.01, high=1)
    sigma: float = param(0.35, "σ", _SIGMA_HELP, low=0, high=100, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians."""
        weights = self.ratio ** np.arange(3)
        centers = self.spacing * np.array([[-1.0], [0.0], [1.0]])
        return Modes(centers, np.full((3, 1), self.sigma), weights / weights.sum())
