"""Shadow losses over the steps: what ticked losses come to on the scores of each step, beside the trained one."""

from __future__ import annotations

from typing import ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.probes.shadow_gradients import SHADOWS, Values, values_now
from ganviz.training.seed_bands import median
from ganviz.training.shadows import TRAINED, ShadowCurve


@dataclass(frozen=True, slots=True)
class ShadowTrace(Reading):
    """The trained loss's curve first, then those of ``losses``; of several seeds, medians of each bucket.

    A curve begins at the first step whose scores were still kept when its loss was asked for; those of the saturating
    and the non-saturating one, which the history has, begin with the run. None where there are no scores.
    ``now`` is what each of them comes to on the last batch of the step looked at, ``[lanes, curves]``.
    """

    losses: tuple[str, ...]
    curves: tuple[ShadowCurve | None, ...]
    now: Values


@dataclass(frozen=True, slots=True)
class ShadowTraceProbe(AbstractProbe):
    """L_G of the trained loss and of ``losses``, keys of the catalog, in about ``buckets`` buckets."""

    min_interval_s: ClassVar[float] = 0.2

    losses: tuple[str, ...] = SHADOWS
    buckets: int = 400

    def measure(self, subject: Subject) -> ShadowTrace:
        """Return the curves up to this step."""
        history = subject.read_history() if subject.seeds is None else subject.seeds.read_history()
        found = (history.shadows.curve(key, self.buckets, history) for key in (TRAINED, *self.losses))
        curves = (None if one is None else _of_lanes(one, subject.n_seeds) for one in found)
        return ShadowTrace(self.losses, tuple(curves), values_now(subject, self.losses))


def _of_lanes(curve: ShadowCurve, n_seeds: int) -> ShadowCurve:
    """Return each lane's medians over its seeds."""
    low, high, mean = (median(values, n_seeds) for values in (curve.low, curve.high, curve.mean))
    breaks = tuple(dict.fromkeys((row // n_seeds, step) for row, step in curve.breaks))
    return ShadowCurve(curve.first, curve.last, low, high, mean, breaks)
