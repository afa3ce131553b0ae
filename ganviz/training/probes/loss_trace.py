"""The history as charts draw it: thinned to a bounded number of buckets that keep every extreme."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.training.history import COLUMNS, ChangeMark
from ganviz.training.probes.base import AbstractProbe, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class LossTrace(Reading):
    """All scalars over the whole run.

    Attributes
    ----------
    columns : tuple of str
        Names of the scalars (``history.COLUMNS``).
    first, last : ndarray, ``[n]`` int64
        First and last step of each bucket; a bucket of one step has ``first == last``.
    low, high, mean : ndarray, ``[lanes, columns, n]`` float64
        Smallest, largest and mean value in each bucket; NaN where a lane has no value there.
    current : ndarray, ``[lanes, columns]``
        The newest step's values; NaN where there is none.
    marks : tuple of ChangeMark
        The changes made during the run, oldest first; of more than there are buckets, the last one in each bucket
        and lane.
    """

    columns: tuple[str, ...]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: NDArray[np.float64]
    current: NDArray[np.float64]
    marks: tuple[ChangeMark, ...]

    def column(self, name: str) -> int:
        """Return the index of a scalar."""
        return self.columns.index(name)


@dataclass(frozen=True, slots=True)
class LossTraceProbe(AbstractProbe):
    """Every scalar of the whole run in at most ``buckets`` buckets."""

    min_interval_s: ClassVar[float] = 0.1

    buckets: int = 600

    def supports(self, config: RunConfig) -> bool:
        """Return True: every run has a history."""
        return True

    def measure(self, subject: Subject) -> LossTrace:
        """Return the thinned history up to this step."""
        history = subject.read_history()
        thinned = history.thinned(self.buckets)
        return LossTrace(COLUMNS, *thinned, marks=thinned_marks(history.marks, thinned[1]))


def thinned_marks(marks: list[ChangeMark], last: NDArray[np.int64]) -> tuple[ChangeMark, ...]:
    """Return all marks, or, of more than there are buckets with these last steps, one a bucket and lane.

    That is the last one there; it breaks curves where any of them does.
    """
    if len(marks) <= len(last):
        return tuple(marks)
    kept: dict[tuple[int, int | None], ChangeMark] = {}
    buckets = np.searchsorted(last, [mark.step for mark in marks]).tolist()
    for bucket, mark in zip(buckets, marks, strict=True):
        before = kept.pop((bucket, mark.lane), None)
        breaks = mark.breaks or (before is not None and before.breaks)
        kept[bucket, mark.lane] = dataclasses.replace(mark, breaks=breaks)
    return tuple(kept.values())
