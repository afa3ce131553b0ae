"""What real samples score against the data: the best that a generator can be expected to reach."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution
from ganviz.spec.frozen import dataclass
from ganviz.training import line_distances
from ganviz.training.distances import (
    KERNEL_WIDTH,
    SmoothedPlane,
    directions,
    grid_points,
    is_resolved,
    mode_coverage,
    projected_quickly,
)
from ganviz.training.line_distances import SmoothedLine, line_points

N_DRAWS = 16
_SEED = 0xF1008


@dataclass(frozen=True, slots=True)
class Level:
    """The scores of real samples: their mean, and where 5 and 95 % of them end; NaN where there are none."""

    mean: float
    low: float
    high: float


NO_LEVEL = Level(np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Floors:
    """What samples of the data score when there are as many as of the generator.

    Attributes
    ----------
    sliced_wasserstein : Level
        Between two real samples.
    js_divergence, reverse_kl, good_reverse_kl, quality : Level
        Of real samples; the quality is a ceiling.
    good_shares : tuple of float
        Share of the real samples that are of high quality and nearest to each mode.
    """

    sliced_wasserstein: Level
    js_divergence: Level
    reverse_kl: Level
    good_reverse_kl: Level
    quality: Level
    good_shares: tuple[float, ...]


@lru_cache(maxsize=8)
def floors(distribution: AbstractDistribution, version: int, n: int) -> Floors:
    """Return what ``n`` real samples score, from 16 draws; made once for each data and ``n``, alike in every run.

    ``version`` is that of the data which are loaded.
    """
    rng = np.random.default_rng([_SEED, n])
    onto = directions(distribution.n_numbers, rng)
    plane, modes = smoothed_data(distribution), distribution.modes()
    earlier = projected_quickly(distribution.learned(n, rng), onto)
    sliced, divergences, found = [], [], []
    for _ in range(N_DRAWS):
        real = distribution.sample(n, rng)
        now = projected_quickly(distribution.as_learned(real), onto)
        sliced.append(float(np.abs(now - earlier).mean()))
        earlier = now
        if plane is not None:
            divergences.append(plane.divergence(real))
        if modes is not None:
            found.append(mode_coverage(real, modes))
    good: NDArray[np.float64] = np.sum([each.good_counts for each in found], axis=0) / (N_DRAWS * n)
    return Floors(
        level(sliced),
        level(divergences),
        level([each.reverse_kl for each in found]),
        level([each.good_reverse_kl for each in found]),
        level([each.quality_fraction for each in found]),
        tuple(np.atleast_1d(good).tolist()) if found else (),
    )


def level(scores: list[float]) -> Level:
    """Return mean and quantiles of the scores of several draws."""
    if not scores:
        return NO_LEVEL
    low, high = np.quantile(scores, [0.05, 0.95])
    return Level(float(np.mean(scores)), float(low), float(high))


def smoothed_data(distribution: AbstractDistribution) -> SmoothedPlane | SmoothedLine | None:
    """Return what measures the smoothed divergence from the data; None where their density is not known."""
    kind, extent = distribution.kind.name, distribution.extent
    is_line = kind == "line"
    if kind == "image" or not (line_distances.is_resolved if is_line else is_resolved)(extent):
        return None
    points = line_points(extent)[:, None] if is_line else grid_points(extent)
    density = distribution.density(points, KERNEL_WIDTH)
    if density is None:
        return None
    return SmoothedLine(density, extent) if is_line else SmoothedPlane(density, extent)
