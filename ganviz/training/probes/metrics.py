"""How good the samples are: distances with their floors, and coverage of the modes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution
from ganviz.spec.frozen import dataclass
from ganviz.training.columns import METRICS
from ganviz.training.config import MAX_LANES
from ganviz.training.distances import (
    directions,
    mode_coverage,
    modes_are_hit,
    projected_quickly,
)
from ganviz.training.floors import Floors, floors, smoothed_data
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
        Modes with at least a tenth of the high-quality samples that real samples have there.
    quality_fraction : ndarray
        Share of samples within 3 standard deviations of the nearest mode.
    reverse_kl, good_reverse_kl : ndarray
        KL(ĝ ‖ weights of the modes) in nats: all samples assigned to the nearest, or those of high quality alone.
    sliced_wasserstein, sliced_wasserstein_floor : ndarray
        Sliced Wasserstein-1 distance to real samples, and its mean between two real samples of that size.
    js_divergence, js_divergence_floor : ndarray
        Smoothed Jensen–Shannon divergence in nats (kernel width 0.1), and its mean for real samples of that size.
    mode_counts, good_counts : ndarray, ``[lanes, n_modes]``
        Samples whose nearest mode is each one: all, and those of high quality.
    modes_with_a_sample : ndarray
        Modes that are nearest to at least one high-quality sample: the count of the literature, for 2500 samples.
    fair_counts : ndarray, ``[n_modes]``
        Samples that the true weights give each mode.
    floors : Floors
        What real samples score, with the band that 5 to 95 % of them keep to.
    live_modes_hit, live_quality : ndarray or None
        Modes hit and quality of the generator that is trained, where its running average is measured instead.
    best_steps, best_quality, best_modes : ndarray or None
        Of what the engine has measured since each lane's last switch, and once before it: the step of the highest
        quality, that quality and the modes hit there; NaN where it has measured nothing.
    """

    n: int
    n_modes: int
    modes_hit: NDArray[np.float64]
    quality_fraction: NDArray[np.float64]
    reverse_kl: NDArray[np.float64]
    good_reverse_kl: NDArray[np.float64]
    sliced_wasserstein: NDArray[np.float64]
    sliced_wasserstein_floor: NDArray[np.float64]
    js_divergence: NDArray[np.float64]
    js_divergence_floor: NDArray[np.float64]
    mode_counts: NDArray[np.float64]
    good_counts: NDArray[np.float64]
    modes_with_a_sample: NDArray[np.float64]
    fair_counts: NDArray[np.float64]
    floors: Floors
    live_modes_hit: NDArray[np.float64] | None = None
    live_quality: NDArray[np.float64] | None = None
    best_steps: NDArray[np.float64] | None = None
    best_quality: NDArray[np.float64] | None = None
    best_modes: NDArray[np.float64] | None = None

    def are_hit(self, lane: int) -> NDArray[np.bool_]:
        """Return which modes a lane hits, ``[n_modes]``: as many as ``modes_hit`` where its samples are finite."""
        return modes_are_hit(self.good_counts[lane], np.array(self.floors.good_shares), self.n)


@dataclass(frozen=True, slots=True)
class MetricsProbe(AbstractProbe):
    """Measures of ``n`` samples generated from fixed latents; ``with_live`` also of the generator behind an average."""

    min_interval_s: ClassVar[float] = 1.0

    n: int = 2500
    with_live: bool = True

    def prepare(self, config: RunConfig) -> None:
        """Draw real samples and measure their floors, which takes many times as long as a measurement."""
        self._yardstick(config)

    def _yardstick(self, config: RunConfig) -> _Yardstick:
        distribution = config.distribution
        return _yardstick(distribution, distribution.version, self.n, config.training.seed)

    def measure(self, subject: Subject) -> Metrics:
        """Return the measures at this step."""
        generated = subject.generator(subject.latents(self.n)).detach().cpu().numpy()
        yardstick = self._yardstick(subject.config)
        rows = [yardstick.measure(samples) for samples in generated]
        columns: dict[str, Any] = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        return Metrics(
            n=self.n,
            n_modes=yardstick.n_modes,
            fair_counts=self.n * yardstick.weights,
            floors=yardstick.floors,
            **self._live(subject, yardstick),
            **(_best(subject) if self.with_live and yardstick.n_modes else {}),
            **columns,
        )

    def _live(self, subject: Subject, yardstick: _Yardstick) -> dict[str, Any]:
        if not (self.with_live and subject.config.training.ema_decay and yardstick.n_modes):
            return {}
        _, made = subject.trained(subject.latents(self.n))
        rows = [yardstick.coverage(samples) for samples in made.detach().float().cpu().numpy()]
        named = (("live_modes_hit", "modes_hit"), ("live_quality", "quality_fraction"))
        return {ours: np.array([row[name] for row in rows]) for ours, name in named}


def _best(subject: Subject) -> dict[str, Any]:
    """Return the best measurement of each lane since its last switch: weights were kept, so the one before counts."""
    history, found = subject.read_history(), np.full((3, subject.n_lanes), np.nan)
    for lane in range(subject.n_lanes):
        steps, values = history.measured.table(lane)
        switches = [mark.step for mark in history.marks if mark.breaks and mark.lane in (None, lane)]
        first = max(int(np.searchsorted(steps, max(switches, default=0), side="right")) - 1, 0)
        last = int(np.searchsorted(steps, subject.step, side="right"))
        quality, modes = (
            values[first:last, METRICS.index(name)] for name in ("quality_fraction", "modes_hit")
        )
        if np.isfinite(quality).any():
            best = int(np.nanargmax(quality))
            found[:, lane] = steps[first + best], quality[best], modes[best]
    return dict(zip(("best_steps", "best_quality", "best_modes"), found, strict=True))


class _Yardstick:
    """What does not depend on the generator: real samples, modes, smoothed density, floors."""

    def __init__(self, distribution: AbstractDistribution, n: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 0x5EED])
        real = distribution.sample(n, rng)
        distribution.sample(
            n, rng
        )  # once the floor's draw: directions, and so distances, stay what they were
        self._onto = directions(int(np.prod(distribution.shape)), rng)
        self._modes = distribution.modes()
        self.weights = np.empty(0) if self._modes is None else self._modes.weights
        self.n_modes = len(self.weights)
        # Where columns are standardized, distances count in standard deviations: in the file's own units the wider
        # column alone would decide.
        self._as_learned = distribution.as_learned
        self._projected = projected_quickly(self._as_learned(real), self._onto)
        self._plane = smoothed_data(distribution)
        self.floors = floors(distribution, distribution.version, n)

    def measure(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        """Return one lane's values, all NaN besides the floors when samples are not finite."""
        means = {
            "sliced_wasserstein_floor": self.floors.sliced_wasserstein.mean,
            "js_divergence_floor": self.floors.js_divergence.mean,
        }
        if not np.isfinite(samples).all():
            return means | {"sliced_wasserstein": np.nan, "js_divergence": np.nan} | self._no_coverage()
        return means | self._distances(samples) | self.coverage(samples)

    def _distances(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        return {
            "sliced_wasserstein": self._sliced_wasserstein(samples),
            "js_divergence": np.nan if self._plane is None else self._plane.divergence(samples),
        }

    def _sliced_wasserstein(self, samples: NDArray[np.float32]) -> float:
        made = projected_quickly(self._as_learned(samples), self._onto)
        return float(np.abs(made - self._projected).mean())

    def _no_coverage(self) -> dict[str, Any]:
        names = ("modes_hit", "modes_with_a_sample", "quality_fraction", "reverse_kl", "good_reverse_kl")
        nothing = dict.fromkeys(names, np.nan)
        return nothing | {name: np.zeros(self.n_modes) for name in ("mode_counts", "good_counts")}

    def coverage(self, samples: NDArray[np.float32]) -> dict[str, Any]:
        """Return how samples fall on the modes, all NaN where there are none or samples are not finite."""
        if self._modes is None or not np.isfinite(samples).all():
            return self._no_coverage()
        found = mode_coverage(samples, self._modes)
        return {
            "modes_hit": float(found.modes_hit(np.array(self.floors.good_shares))),
            "modes_with_a_sample": float(found.modes_with_a_sample),
            "quality_fraction": found.quality_fraction,
            "reverse_kl": found.reverse_kl,
            "good_reverse_kl": found.good_reverse_kl,
            "mode_counts": found.counts,
            "good_counts": found.good_counts,
        }


@lru_cache(maxsize=2 * MAX_LANES)  # two numbers of samples for each of as many seeds as there may be
def _yardstick(distribution: AbstractDistribution, version: int, n: int, seed: int) -> _Yardstick:
    return _Yardstick(distribution, n, seed)
