"""The history as charts draw it: thinned to a bounded number of buckets that keep every extreme."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.changes import D_STEP
from ganviz.training.columns import COLUMNS
from ganviz.training.history import ChangeMark, History
from ganviz.training.marks import times_of
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.seed_bands import BAND, by_lane, median, quantiles


@dataclass(frozen=True, slots=True)
class LossTrace(Reading):
    """Scalars over the whole run, or over the steps that were asked for.

    Attributes
    ----------
    columns : tuple of str
        Names of the scalars (``history.COLUMNS``, or those asked for).
    first, last : ndarray, ``[n]`` int64
        First and last step of each bucket; a bucket of one step has ``first == last``.
    low, high, mean : ndarray, ``[lanes, columns, n]`` float64
        Smallest, largest and mean value in each bucket; NaN where a lane has no value there.
    current : ndarray, ``[lanes, columns]``
        The values of the step that is looked at, the newest or an earlier one; NaN where there is none.
    smoothed : ndarray, ``[lanes, columns, n]``, or None
        The running average at the steps ``smoothed_at``, ``[n]``, one in each bucket; None where nobody asked.
    marks : tuple of ChangeMark
        The changes made during the run, oldest first; of more than there are buckets, the last one in each bucket
        and lane.
    n_seeds : int
        Of several seeds, each lane's mean, current and smoothed values are medians over them, low and high the 5 and
        95 % quantiles of their means.
    seeds : ndarray, ``[lanes, seeds, columns, n]``, or None
        Each seed's means, where there are several.
    ahead : ndarray, ``[lanes, columns]``, or None
        What the scores of D's last update say, where it was made by hand since the last step, with L_G of the same
        scores; NaN what they do not say, of gradients and of penalties.
    """

    columns: tuple[str, ...]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: NDArray[np.float64]
    current: NDArray[np.float64]
    marks: tuple[ChangeMark, ...]
    smoothed: NDArray[np.float64] | None = None
    smoothed_at: NDArray[np.int64] | None = None
    n_seeds: int = 1
    seeds: NDArray[np.float32] | None = None
    ahead: NDArray[np.float64] | None = None

    @property
    def latest(self) -> NDArray[np.float64]:
        """Return what is known of the present, ``[lanes, columns]``: of D's update by hand, or of the last step."""
        return self.current if self.ahead is None else self.ahead

    def column(self, name: str) -> int:
        """Return the index of a scalar."""
        return self.columns.index(name)


T = TypeVar("T", bound=LossTrace)


@dataclass(frozen=True, slots=True)
class LossTraceProbe(AbstractProbe):
    """Scalars in about ``buckets`` buckets: of the whole run, or in detail from the first to the last of ``steps``.

    ``columns`` are the scalars wanted; none are all. In detail a bucket is one step where that is enough. With
    ``smoothing``, the weight that a running average gives to the step before, there are averages too.
    """

    min_interval_s: ClassVar[float] = 0.1
    most_share: ClassVar[float] = 1 / 10
    """More than others may: what it takes is mostly that of the steps since the last reading, which is due anyway."""

    buckets: int = 600
    steps: tuple[int, int] | None = None
    columns: tuple[str, ...] = ()
    smoothing: float = 0.0

    def measure(self, subject: Subject) -> LossTrace:
        """Return the thinned history up to this step, or what was asked for of it."""
        n_seeds = subject.n_seeds
        history = subject.read_history() if subject.seeds is None else subject.seeds.read_history()
        names = self.columns or COLUMNS
        columns = [COLUMNS.index(name) for name in names]
        if self.steps is not None:
            thinned = history.detail(self.steps, self.buckets, columns)
        else:
            thinned = history.thinned(self.buckets)
            if self.columns:
                first, last, *values, current = thinned
                low, high, mean = (value[:, columns] for value in values)
                thinned = first, last, low, high, mean, current[:, columns]
        if subject.step < history.n_steps:  # one looks back
            thinned = (*thinned[:5], history.values_at(subject.step, columns))
        marks = thinned_marks(history.marks, thinned[1])
        at = smoothed = None
        if self.smoothing:
            at, smoothed = history.averages.of(self.smoothing, columns).read(history, thinned[0], thinned[1])
        ahead = _ahead(subject, history, columns)
        trace = LossTrace(names, *thinned, marks, smoothed, at, ahead=ahead)
        return trace if n_seeds == 1 else bands(trace, n_seeds)


def _ahead(subject: Subject, history: History, columns: list[int]) -> NDArray[np.float64] | None:
    """Return what scores of D's update by hand say, ``[rows, columns]``; None where there has been none."""
    here = [mark for mark in history.marks if mark.step == history.n_steps]
    if subject.step < history.n_steps or not times_of(D_STEP, here):
        return None
    from ganviz.training.scores import row_of_scores

    seeds = subject.each_seed()
    real = [one.real_scores for one in seeds if one.real_scores is not None]
    fake = [one.fake_scores for one in seeds if one.fake_scores is not None]
    if not real or not fake:
        return None
    of_real, of_fake = (np.stack(scores, axis=1).reshape(-1, scores[0].shape[-1]) for scores in (real, fake))
    run, formulations = subject.run, [lane.formulation for lane in subject.run.rows]
    return row_of_scores(formulations, of_real, of_fake, run.training.rule)[:, columns]


def bands(trace: T, n_seeds: int) -> T:
    """Return what a trace of all rows says of each lane: its median, and the band of its seeds."""
    each = by_lane(trace.mean, n_seeds)
    # Many columns, as those of penalties that nobody has, have no value anywhere.
    known = np.flatnonzero((~np.isnan(each)).any(axis=(0, 1, 3)))
    low, middle, high = (np.full((len(each), *each.shape[2:]), np.nan) for _ in range(3))
    for whole, part in zip(
        (low, middle, high), quantiles(each[:, :, known], (BAND[0], 0.5, BAND[1])), strict=True
    ):
        whole[:, known] = part
    return dataclasses.replace(
        trace,
        low=low,
        high=high,
        mean=middle,
        current=median(trace.current, n_seeds),
        smoothed=None if trace.smoothed is None else median(trace.smoothed, n_seeds),
        ahead=None if trace.ahead is None else median(trace.ahead, n_seeds),
        n_seeds=n_seeds,
        seeds=each.astype(np.float32),
    )


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
