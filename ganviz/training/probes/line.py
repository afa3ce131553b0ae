"""Everything of a game on a line in one reading: both densities, D, the best D, and where G sends its latents."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.distances import KERNEL_WIDTH
from ganviz.training.line_distances import line_density
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.probes.optimal_surface import optimal_logits

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.config import RunConfig

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LineGame(Reading):
    """The game on a line.

    Attributes
    ----------
    x : ndarray, ``[n]``
        Places over the extent.
    data : ndarray, ``[n]``
        The exact density of the data.
    generated : ndarray, ``[lanes, n]``
        The generator's density, a kernel estimate of width ``distances.KERNEL_WIDTH``.
    scores, optimal : ndarray, ``[lanes, n]``
        Raw scores of D, and logits of the best D for both densities as smoothed by the kernel and by the noise on
        what D sees; as of :class:`ganviz.training.probes.optimal_surface.OptimalSurface`.
    latents : ndarray, ``[k]``
        Evenly spaced values of the first latent, the others at 0.
    images : ndarray, ``[lanes, k]``
        Where G sends them.
    """

    x: Floats
    data: Floats
    generated: Floats
    scores: Floats
    optimal: Floats
    latents: Floats
    images: Floats


@dataclass(frozen=True, slots=True)
class LineGameProbe(AbstractProbe):
    """The game at ``resolution`` places, with the density of ``n`` samples and ``lines`` latents."""

    n: int = 2000
    resolution: int = 240
    lines: int = 41

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points of a line."""
        return config.distribution.kind.name == "line"

    def measure(self, subject: Subject) -> LineGame:
        """Return the game at this step."""
        import torch

        data, packing = subject.config.distribution, subject.config.training.packing
        x = np.linspace(data.extent.x_min, data.extent.x_max, self.resolution)
        latents, lattice = self._lattice(subject)
        with torch.no_grad():
            places = torch.from_numpy(x.astype(np.float32)).to(subject.device)[:, None]
            scores = subject.scores_at(places.expand(subject.n_lanes, *places.shape))
            samples = subject.generator(subject.latents(self.n)).double().cpu().numpy()
            images = subject.generator(lattice)[..., 0]
        generated, optimal = [], []
        for points, lane in zip(samples, subject.config.lanes, strict=True):
            width = math.hypot(KERNEL_WIDTH, lane.formulation.blur(subject.step))
            p, q = data.density(x[:, None], width), line_density(points, x, width)
            assert p is not None
            optimal.append(lane.formulation.loss.optimal_logit(packing * optimal_logits(p, q)))
            generated.append(line_density(points, x))
        density = data.density(x[:, None])
        assert density is not None
        return LineGame(
            x, density, np.stack(generated), scores.double().cpu().numpy(), np.stack(optimal), latents,
            images.double().cpu().numpy(),
        )  # fmt: skip

    def _lattice(self, subject: Subject) -> tuple[Floats, Tensor]:
        """Return the values of the first latent, and latents ``[lanes, lines, latent]`` with them."""
        import torch

        spec = subject.config.latents
        values = np.linspace(-spec.drawn.reach, spec.drawn.reach, self.lines)
        lattice = np.zeros((1, self.lines, spec.size), dtype=np.float32)
        lattice[0, :, 0] = values
        tensor = torch.from_numpy(lattice).to(subject.device)
        return values, tensor.expand(subject.n_lanes, *lattice.shape[1:])
