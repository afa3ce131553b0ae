"""What the best possible discriminator would say: D* = p / (p + q), where the density of the data is known."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent
from ganviz.spec.frozen import dataclass
from ganviz.training.distances import KERNEL_WIDTH, kernel_density
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject
from ganviz.training.probes.surface import cell_centers

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig

NOWHERE = 1e-3
"""Density below which neither player has anything there, as a share of the data's highest density."""


@dataclass(frozen=True, slots=True)
class OptimalSurface(Reading):
    """Logits ln(p / q) of the optimal discriminator, ``[lanes, rows, columns]`` at cell centers like ``Surface``.

    Both densities are smoothed by N(0, h² I) with h = ``distances.KERNEL_WIDTH``, the data's exactly, the generator's
    as a kernel estimate, and further by the noise on what D sees. Where neither has mass the logit goes to 0 (D* = ½);
    smoothed labels move it like every other. For packs of m it is that of m copies, m times the logit.
    """

    scores: FloatArray
    extent: Extent


@dataclass(frozen=True, slots=True)
class OptimalSurfaceProbe(AbstractProbe):
    """D* of ``n`` generated samples on a square grid over the extent."""

    min_interval_s: ClassVar[float] = 0.2
    most_share: ClassVar[float] = 1 / 60

    n: int = 2000
    resolution: int = 64

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane whose density is known."""
        return has_density(config.distribution)

    def measure(self, subject: Subject) -> OptimalSurface:
        """Return the optimal surface at this step."""
        distribution, packing = subject.config.distribution, subject.config.training.packing
        generated = subject.generator(subject.latents(self.n)).detach().float().cpu().numpy()
        axes = grid_axes(distribution.extent, self.resolution)
        logits = []
        for points, lane in zip(generated, subject.config.lanes, strict=True):
            width = math.hypot(KERNEL_WIDTH, lane.formulation.blur(subject.step))
            p, q = (
                _smoothed_density(distribution, self.resolution, width),
                kernel_density(points, *axes, width),
            )
            logits.append(lane.formulation.loss.optimal_logit(packing * optimal_logits(p, q)))
        return OptimalSurface(np.stack(logits).astype(np.float32), distribution.extent)


@lru_cache(maxsize=16)
def has_density(distribution: AbstractDistribution) -> bool:
    """Return whether samples are points in the plane whose density is known."""
    return (
        distribution.kind.name == "plane" and distribution.density(np.zeros((1, 2)), KERNEL_WIDTH) is not None
    )


def grid_axes(extent: Extent, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the grid's x and y, ``[n]`` each."""
    return cell_centers(extent.x_min, extent.x_max, n), cell_centers(extent.y_min, extent.y_max, n)


def optimal_logits(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ln(p / q), drawn to 0 where both vanish."""
    nothing = NOWHERE * p.max()
    logits: NDArray[np.float64] = np.log(p + nothing) - np.log(q + nothing)
    return logits


@lru_cache(maxsize=8)
def _smoothed_density(distribution: AbstractDistribution, n: int, width: float) -> NDArray[np.float64]:
    x, y = grid_axes(distribution.extent, n)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    density = distribution.density(points, width)
    assert density is not None
    return density.reshape(n, n)
