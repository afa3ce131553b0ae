"""V(D, G), or L_D, of the discriminator that there is, and of the best one, of the same two smoothed densities.

V(D*, G) = 2 JSD - 2 ln 2 is the largest that any D can reach, and what D lacks is twice the mean divergence of its
answers from the best ones: V(D*, G) - V(D, G) = 2 E KL(D* ‖ D), over the half-and-half mixture of both densities.

Other losses have a best D of their own (``best_scores_of``), and L_D at it, in their own units. Neither has penalties.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution
from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.spec.frozen import dataclass
from ganviz.training.distances import KERNEL_WIDTH, Points, kernel_density
from ganviz.training.floors import N_DRAWS, NO_LEVEL, Level, level
from ganviz.training.line_distances import is_resolved, line_density, line_points
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.probes.ledger import is_cross_entropy
from ganviz.training.probes.optimal_surface import grid_axes, has_density

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig

Values = NDArray[np.float64]
Estimate = Callable[[Points, float], Values]
_SEED = 0xB0F1008


@dataclass(frozen=True, slots=True)
class Bound(Reading):
    """``value`` V(D, G), ``best`` V(D*, G), each ``[lanes]``, in nats, and L_D of both, of densities on a grid.

    Both densities are smoothed by N(0, h² I) with h = ``distances.KERNEL_WIDTH`` and by the noise on what D sees; the
    generator's is estimated from ``n`` samples. V is NaN where L_D is not -V. ``floor`` is V(D*, G) of a generator that
    is perfect, of as many real samples; NaN where noise is put on what D sees. ``d_loss`` is L_D of D and
    ``best_d_loss`` that of the loss's own best D, in the loss's own units; NaN where that has no best D.
    """

    value: Values
    best: Values
    n: int
    floor: Level
    d_loss: Values
    best_d_loss: Values

    @property
    def js_divergence(self) -> Values:
        """Return the Jensen–Shannon divergence of the two densities."""
        return self.best / 2 + math.log(2)

    @property
    def js_divergence_least(self) -> Values:
        """Return what V says that the divergence is at least, whatever D is: ln 2 + V / 2."""
        return self.value / 2 + math.log(2)

    @property
    def gap(self) -> Values:
        """Return what D lacks, in the units of L_D; never below 0."""
        return self.d_loss - self.best_d_loss


@dataclass(frozen=True, slots=True)
class BoundProbe(AbstractProbe):
    """Both values of ``n`` generated samples, on a square grid over the plane or at points of a line."""

    min_interval_s: ClassVar[float] = 0.2

    n: int = 2000
    resolution: int = 96

    def supports(self, config: RunConfig) -> bool:
        """Return whether the density of the data is known."""
        return has_bound(config.distribution)

    def prepare(self, config: RunConfig) -> None:
        """Measure the floor, which takes many times as long as a measurement."""
        if self.supports(config):
            bound_floor(config.distribution, config.distribution.version, self.n, self.resolution)

    def measure(self, subject: Subject) -> Bound:
        """Return both values at this step."""
        import torch

        data = subject.config.distribution
        points, estimate = _places(data, self.resolution)
        lanes = torch.from_numpy(points.astype(np.float32)).to(subject.device).expand(subject.n_lanes, -1, -1)
        with torch.no_grad():
            scores = subject.scores_at(lanes).double().cpu().numpy()
            generated = subject.generator(subject.latents(self.n)).float().cpu().numpy()
        found = []
        for lane, config in enumerate(subject.config.lanes):
            loss = config.formulation.loss
            is_finite = np.isfinite(generated[lane]).all() and np.isfinite(scores[lane]).all()
            if not loss.has_best_d or not is_finite:
                found.append((np.nan,) * 4)
                continue
            width = math.hypot(KERNEL_WIDTH, config.formulation.blur(subject.step))
            p, q = data.density(points, width), estimate(generated[lane], width)
            assert p is not None
            found.append(both_values(loss, p, q, scores[lane]))
        value, best, d_loss, best_d_loss = np.array(found).T
        is_plain = not any(lane.formulation.blur(subject.step) for lane in subject.config.lanes)
        floor = bound_floor(data, data.version, self.n, self.resolution) if is_plain else NO_LEVEL
        return Bound(value, best, self.n, floor, d_loss, best_d_loss)


@lru_cache(maxsize=16)
def has_bound(data: AbstractDistribution) -> bool:
    """Return whether samples are points of a plane or of a line whose density is known."""
    if data.kind.name != "line":
        return has_density(data)
    return is_resolved(data.extent) and data.density(np.zeros((1, 1)), KERNEL_WIDTH) is not None


def _places(data: AbstractDistribution, resolution: int) -> tuple[Values, Estimate]:
    """Return the centers ``[n, ...]`` of equally large cells, and what estimates samples' density there, ``[n]``."""
    if data.kind.name == "line":
        x = line_points(data.extent)
        return x[:, None], lambda samples, width: line_density(samples, x, width)
    axes = grid_axes(data.extent, resolution)
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    return points, lambda samples, width: kernel_density(samples, *axes, width).ravel()


@lru_cache(maxsize=4)
def bound_floor(data: AbstractDistribution, version: int, n: int, resolution: int) -> Level:
    """Return V(D*, G) where ``n`` real samples stand for the generator's, from 16 draws, alike in every run.

    ``version`` is that of the data which are loaded.
    """
    rng, (points, estimate) = np.random.default_rng([_SEED, n]), _places(data, resolution)
    p = data.density(points, KERNEL_WIDTH)
    assert p is not None
    draws = (estimate(data.sample(n, rng), KERNEL_WIDTH) for _ in range(N_DRAWS))
    return level([values(p, q, np.zeros(len(p)))[1] for q in draws])


def both_values(
    loss: AbstractAdversarialLoss, p: Values, q: Values, scores: Values
) -> tuple[float, float, float, float]:
    """Return V and L_D, each of these scores and of the best ones; V is NaN where L_D is not -V."""
    if is_cross_entropy(loss):
        value, best = values(p, q, scores)
        return value, best, -value, -best
    return np.nan, np.nan, *d_losses(loss, p, q, scores)


def d_losses(loss: AbstractAdversarialLoss, p: Values, q: Values, scores: Values) -> tuple[float, float]:
    """Return L_D of these scores and of the loss's best ones, for densities at equally large cells; NaN without any."""
    p, q = p / p.sum(), q / max(q.sum(), 1e-300)
    best = loss.best_scores_of(p, q)
    if best is None:
        return np.nan, np.nan
    return loss.expected_d_loss(p, q, scores), loss.expected_d_loss(p, q, best)


def values(p: Values, q: Values, scores: Values) -> tuple[float, float]:
    """Return V of these scores and of ln(p / q), for densities at equally large cells."""
    p, q = p / p.sum(), q / max(q.sum(), 1e-300)
    of_d = -(p * np.logaddexp(0, -scores)).sum() - (q * np.logaddexp(0, scores)).sum()
    both = np.where(p + q > 0, p + q, 1.0)
    best = sum((part * np.log(np.where(part > 0, part / both, 1.0))).sum() for part in (p, q))
    return float(of_d), float(best)
