"""Traces finer than that of the whole run: which to ask for, and which of those that came fits what is shown. No Qt."""

from __future__ import annotations

import math

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.snapshot import Snapshot

Range = tuple[float, float]

BUCKETS = 900
MOST_MISSING = 0.05
"""Of the visible steps, at most this share may be missing at the end, where a run has gone on since."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chart shows: visible steps (None: all), columns, and the weight of smoothing (0: none)."""

    x: Range | None
    columns: tuple[str, ...]
    smoothing: float

    def probe(self) -> LossTraceProbe | None:
        """Return what to ask for beside the whole run's plain trace, or None where that is enough."""
        if self.x is not None:
            return LossTraceProbe(BUCKETS, asked_steps(self.x), self.columns, self.smoothing)
        return LossTraceProbe(columns=self.columns, smoothing=self.smoothing) if self.smoothing else None


def asked_steps(x: Range) -> tuple[int, int]:
    """Return a range of steps that holds the visible ones and stays the same while they move a little."""
    unit = 2 ** max(0, math.floor(math.log2(max(x[1] - x[0], 8.0) / 4)))
    return max(1, math.floor(x[0] / unit) * unit), max(1, math.ceil(x[1] / unit) * unit)


class FinerTraces:
    """The last finer trace of a part of the run, and that of the whole run."""

    def __init__(self) -> None:
        self._kept: dict[bool, tuple[LossTraceProbe, LossTrace]] = {}

    def clear(self) -> None:
        """Forget all, for another run."""
        self._kept.clear()

    def take(self, snapshot: Snapshot, probe: LossTraceProbe | None) -> None:
        """Keep what a probe has read, where the snapshot has it."""
        reading = None if probe is None else snapshot.get(LossTrace, probe)
        if probe is not None and reading is not None:
            self._kept[probe.steps is None] = probe, reading

    def best(self, shown: Shown, whole: LossTrace) -> LossTrace | None:
        """Return the trace to draw instead of the plain one of the whole run; None where there is none yet."""
        for probe, reading in self._kept.values():
            if (
                (probe.steps is None) == (shown.x is None)
                and probe.smoothing == shown.smoothing
                and set(shown.columns) <= set(reading.columns)
                and reading.mean.shape[0] == whole.mean.shape[0]
                and _covers(reading, shown.x, whole)
            ):
                return reading
        return None


def _covers(reading: LossTrace, x: Range | None, whole: LossTrace) -> bool:
    if not len(reading.last) or not len(whole.last):
        return False
    newest = float(whole.last[-1])
    low, high = (1.0, newest) if x is None else (max(1.0, math.ceil(x[0])), min(math.floor(x[1]), newest))
    return bool(reading.first[0] <= low and reading.last[-1] >= high - MOST_MISSING * (high - low))
