"""Where the generator sends a lattice of latents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class LatentMap(Reading):
    """``points`` ``[lanes, rows, columns, 2]``: G of a square lattice over the first two latent dimensions.

    The lattice covers ±2 standard deviations of normal latents, or all of uniform ones; further dimensions are 0.
    """

    points: FloatArray


@dataclass(frozen=True, slots=True)
class LatentMapProbe(AbstractProbe):
    """A lattice of ``cells`` × ``cells`` cells (``cells + 1`` points a side)."""

    cells: int = 20

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane and latents have two dimensions or more."""
        return config.distribution.kind.name == "plane" and config.latents.size >= 2

    def measure(self, subject: Subject) -> LatentMap:
        """Return the lattice's image at this step."""
        import torch

        spec, n = subject.config.latents, self.cells + 1
        reach = spec.drawn.reach
        line = np.linspace(-reach, reach, n, dtype=np.float32)
        lattice = np.zeros((1, n * n, spec.size), dtype=np.float32)
        lattice[0, :, :2] = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
        latents = torch.from_numpy(lattice).to(subject.device).expand(subject.n_lanes, n * n, spec.size)
        with torch.no_grad():
            points = subject.generator(latents)
        return LatentMap(points.float().cpu().numpy().reshape(subject.n_lanes, n, n, 2))
