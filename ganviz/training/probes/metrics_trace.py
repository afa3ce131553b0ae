"""The metrics over steps, as charts draw them, with what real samples score."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.columns import METRICS
from ganviz.training.floors import Floors, floors
from ganviz.training.measurements import N_SAMPLES
from ganviz.training.probes.base import AbstractProbe, Subject
from ganviz.training.probes.loss_trace import LossTrace, bands, thinned_marks

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricsTrace(LossTrace):
    """A trace of ``columns.METRICS``, of the steps where they were measured; the last bucket is the run's newest step.

    What is ``current`` was measured last at or before the step that is looked at.

    Attributes
    ----------
    measured_at : int
        When that was; 0 where nothing was measured yet.
    n : int
        Samples that each measurement rests on.
    n_modes : int
        Modes of the data; 0 where they are not known.
    floors : Floors or None
        What as many real samples score; None before the first measurement.
    """

    measured_at: int = 0
    n: int = 0
    n_modes: int = 0
    floors: Floors | None = None


@dataclass(frozen=True, slots=True)
class MetricsTraceProbe(AbstractProbe):
    """What the engine has measured, in at most about ``buckets`` buckets."""

    min_interval_s: ClassVar[float] = 0.25

    buckets: int = 600

    def measure(self, subject: Subject) -> MetricsTrace:
        """Return the metrics up to this step."""
        history = subject.read_history() if subject.seeds is None else subject.seeds.read_history()
        steps, values = history.measured.all_lanes()
        n_known = int(np.searchsorted(steps, subject.step, side="right"))
        current = values[..., n_known - 1] if n_known else np.full(values.shape[:2], np.nan)
        data = subject.config.distribution
        modes = data.modes()
        first, last, low, high, mean = grouped(steps, values, self.buckets)
        if not len(last) or last[-1] < history.n_steps:
            first, last = (np.append(ends, history.n_steps) for ends in (first, last))
            nothing = np.full((*values.shape[:2], 1), np.nan)
            low, high, mean = (np.concatenate((one, nothing), axis=2) for one in (low, high, mean))
        trace = MetricsTrace(
            METRICS, first, last, low, high, mean, current, thinned_marks(history.marks, last),
            measured_at=int(steps[n_known - 1]) if n_known else 0,
            n=N_SAMPLES, n_modes=0 if modes is None else len(modes.weights),
            floors=floors(data, data.version, N_SAMPLES) if len(steps) else None,
        )  # fmt: skip
        return trace if subject.seeds is None else bands(trace, subject.n_seeds)


def grouped(
    steps: NDArray[np.int64], values: Values, buckets: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Values, Values, Values]:
    """Return first and last step, and low, high and mean ``[lanes, columns, k]``, of neighboring measurements."""
    group = max(1, -(-len(steps) // buckets))
    at = np.arange(0, len(steps), group)
    if group == 1:
        return steps, steps, values, values, values
    ends = np.append(at[1:], len(steps)) - 1
    low, high = np.fmin.reduceat(values, at, axis=2), np.fmax.reduceat(values, at, axis=2)
    known = np.add.reduceat(np.isfinite(values).astype(np.float64), at, axis=2)
    total = np.add.reduceat(np.nan_to_num(values), at, axis=2)
    mean = np.divide(total, known, out=np.full_like(total, np.nan), where=known > 0)
    return steps[at], steps[ends], low, high, mean
