"""V(D, G) of the discriminator that there is, and of the best one, of the same two smoothed densities.

V(D*, G) = 2 JSD - 2 ln 2 is the largest that any D can reach, and what D lacks is twice the mean divergence of its
answers from the best ones: V(D*, G) - V(D, G) = 2 E KL(D* ‖ D), over the half-and-half mixture of both densities.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.training.distances import KERNEL_WIDTH, kernel_density
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.probes.ledger import is_cross_entropy
from ganviz.training.probes.optimal_surface import grid_axes, has_density

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bound(Reading):
    """``value`` V(D, G), ``best`` V(D*, G), each ``[lanes]``, in nats, of densities on a grid.

    Both densities are smoothed by N(0, h² I) with h = ``distances.KERNEL_WIDTH`` and by the noise on what D sees; the
    generator's is estimated from ``n`` samples. NaN where L_D is not -V.
    """

    value: Values
    best: Values
    n: int

    @property
    def js_divergence(self) -> Values:
        """Return the Jensen–Shannon divergence of the two densities."""
        return self.best / 2 + math.log(2)

    @property
    def gap(self) -> Values:
        """Return what D lacks, in nats; never below 0."""
        return self.best - self.value


@dataclass(frozen=True, slots=True)
class BoundProbe(AbstractProbe):
    """Both values on a square grid, of ``n`` generated samples."""

    min_interval_s: ClassVar[float] = 0.2

    n: int = 2000
    resolution: int = 96

    def supports(self, config: RunConfig) -> bool:
        """Return whether the density of the data is known."""
        return has_density(config.distribution)

    def measure(self, subject: Subject) -> Bound:
        """Return both values at this step."""
        import torch

        data = subject.config.distribution
        axes = grid_axes(data.extent, self.resolution)
        points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        lanes = torch.from_numpy(points.astype(np.float32)).to(subject.device).expand(subject.n_lanes, -1, -1)
        with torch.no_grad():
            scores = subject.discriminator(lanes).double().cpu().numpy()
            generated = subject.generator(subject.latents(self.n)).float().cpu().numpy()
        pairs = []
        for lane, config in enumerate(subject.config.lanes):
            if not is_cross_entropy(config.formulation.loss) or not np.isfinite(generated[lane]).all():
                pairs.append((np.nan, np.nan))
                continue
            width = math.hypot(KERNEL_WIDTH, config.formulation.blur(subject.step))
            p, q = data.density(points, width), kernel_density(generated[lane], *axes, width).ravel()
            assert p is not None
            pairs.append(values(p, q, scores[lane]))
        value, best = np.array(pairs).T
        return Bound(value, best, self.n)


def values(p: Values, q: Values, scores: Values) -> tuple[float, float]:
    """Return V of these scores and of ln(p / q), for densities at equally large cells."""
    p, q = p / p.sum(), q / max(q.sum(), 1e-300)
    of_d = -(p * np.logaddexp(0, -scores)).sum() - (q * np.logaddexp(0, scores)).sum()
    both = np.where(p + q > 0, p + q, 1.0)
    best = sum((part * np.log(np.where(part > 0, part / both, 1.0))).sum() for part in (p, q))
    return float(of_d), float(best)
