"""How good the samples are: distances with their floors, and coverage of the modes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution
from ganviz.training.distances import (
    KERNEL_WIDTH,
    SmoothedPlane,
    directions,
    grid_points,
    is_resolved,
    mode_coverage,
    projected,
    sliced_wasserstein,
)
from ganviz.training.probes.base import AbstractProbe, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class Metrics(Reading):
    """Measures of ``n`` generated samples; each array is ``[lanes]`` and NaN where it has no meaning for the data.

    Attributes
    ----------
    n : int
        Samples used.
    n_modes : int
        Modes of the data; 0 where it has none.
    modes_hit : ndarray
        Modes that are nearest to at least one high-quality sample.
    quality_fraction : ndarray
        Share of samples within 3 standard deviations of the nearest mode; exact samples reach 0.98889 in the plane.
    reverse_kl : ndarray
        KL(ĝ ‖ weights of the modes), all samples assigned to the nearest, in nats; floor (K - 1) / (2 n).
    sliced_wasserstein, sliced_wasserstein_floor : ndarray
        Sliced Wasserstein-1 distance to real samples, and the same between two real samples of that size.
    js_divergence, js_divergence_floor : ndarray
        Smoothed Jensen–Shannon divergence in nats (kernel width 0.1), and its value for real samples of that size.
    mode_counts : ndarray, ``[lanes, n_modes]``
        Samples whose nearest mode is each one.
    """

    n: int
    n_modes: int
    modes_hit: NDArray[np.float64]
    quality_fraction: NDArray[np.float64]
    reverse_kl: NDArray[np.float64]
    sliced_wasserstein: NDArray[np.float64]
    sliced_wasserstein_floor: NDArray[np.float64]
    js_divergence: NDArray[np.float64]
    js_divergence_floor: NDArray[np.float64]
    mode_counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricsProbe(AbstractProbe):
    """Measures of ``n`` samples generated from fixed latents."""

    min_interval_s: ClassVar[float] = 1.0

    n: int = 2500

    def supports(self, config: RunConfig) -> bool:
        """Return True: sliced Wasserstein needs nothing but samples."""
        return True

    def measure(self, subject: Subject) -> Metrics:
        """Return the measures at this step."""
        generated = subject.generator(subject.latents(self.n)).detach().cpu().numpy()
        distribution = subject.config.distribution
        yardstick = _yardstick(distribution, distribution.version, self.n, subject.config.training.seed)
        rows = [yardstick.measure(samples) for samples in generated]
        columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        return Metrics(n=self.n, n_modes=yardstick.n_modes, **columns)


class _Yardstick:
    """What does not depend on the generator: real samples, modes, smoothed density, floors."""

    def __init__(self, distribution: AbstractDistribution, n: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 0x5EED])
        self._real = distribution.sample(n, rng)
        again = distribution.sample(n, rng)
        self._onto = directions(int(np.prod(distribution.shape)), rng)
        self._modes = distribution.modes()
        self.n_modes = 0 if self._modes is None else len(self._modes.centers)
        self._projected = projected(self._real, self._onto)
        self._floor = sliced_wasserstein(self._real, again, self._onto)
        self._plane = _smoothed(distribution)
        self._js_floor = np.nan if self._plane is None else self._plane.divergence(again)

    def measure(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        """Return one lane's values, all NaN besides the floors when samples are not finite."""
        floors = {"sliced_wasserstein_floor": self._floor, "js_divergence_floor": self._js_floor}
        if not np.isfinite(samples).all():
            return floors | {"sliced_wasserstein": np.nan, "js_divergence": np.nan} | self._no_coverage()
        return floors | self._distances(samples) | self._coverage(samples)

    def _distances(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        return {
            "sliced_wasserstein": float(np.abs(projected(samples, self._onto) - self._projected).mean()),
            "js_divergence": np.nan if self._plane is None else self._plane.divergence(samples),
        }

    def _no_coverage(self) -> dict[str, Any]:
        nothing = dict.fromkeys(("modes_hit", "quality_fraction", "reverse_kl"), np.nan)
        return nothing | {"mode_counts": np.zeros(self.n_modes)}

    def _coverage(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        if self._modes is None:
            return self._no_coverage()
        found = mode_coverage(samples, self._modes)
        return {
            "modes_hit": float(found.modes_hit),
            "quality_fraction": found.quality_fraction,
            "reverse_kl": found.reverse_kl,
            "mode_counts": found.counts,
        }


def _smoothed(distribution: AbstractDistribution) -> SmoothedPlane | None:
    if distribution.is_image or not is_resolved(distribution.extent):
        return None
    density = distribution.density(grid_points(distribution.extent), KERNEL_WIDTH)
    return None if density is None else SmoothedPlane(density, distribution.extent)


@lru_cache(maxsize=4)
def _yardstick(distribution: AbstractDistribution, version: int, n: int, seed: int) -> _Yardstick:
    return _Yardstick(distribution, n, seed)
