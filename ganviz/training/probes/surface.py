"""The discriminator's surface over the plane."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import Extent
from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class Surface(Reading):
    """Raw scores ``[lanes, rows, columns]`` at cell centers; row 0 is y_min, column 0 is x_min."""

    scores: FloatArray
    extent: Extent


@dataclass(frozen=True, slots=True)
class SurfaceProbe(AbstractProbe):
    """D on a square grid over the extent."""

    resolution: int = 64

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def measure(self, subject: Subject) -> Surface:
        """Return the surface at this step."""
        import torch

        extent, n = subject.config.distribution.extent, self.resolution
        with torch.no_grad():
            on_grid = torch.from_numpy(_grid(extent, n)).to(subject.device)
            scores = subject.scores_at(on_grid.expand(subject.n_lanes, n * n, 2))
        return Surface(scores.float().cpu().numpy().reshape(subject.n_lanes, n, n), extent)


@lru_cache(maxsize=8)
def _grid(extent: Extent, n: int) -> FloatArray:
    """Return the centers of all cells, ``[1, n², 2]``."""
    x, y = cell_centers(extent.x_min, extent.x_max, n), cell_centers(extent.y_min, extent.y_max, n)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(1, n * n, 2).astype(np.float32)


def cell_centers(low: float, high: float, n: int) -> NDArray[np.float64]:
    """Return the centers of ``n`` equal cells between two bounds."""
    centers: NDArray[np.float64] = low + (high - low) * (np.arange(n) + 0.5) / n
    return centers
