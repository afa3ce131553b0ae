"""Bucketed histories made ready for a chart of some pixels: fewer buckets, breaks. NumPy only."""

from __future__ import annotations

import dataclasses
import html
import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ganviz.training.columns import TRAINED
from ganviz.training.history import ChangeMark
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.plot.track import Track

Floats = NDArray[np.float64]


def tracks(trace: LossTrace, lane: int, columns: Sequence[str], n_points: int) -> list[Track]:
    """Return a lane's scalars in at most ``n_points`` buckets plus one for each break between formulations.

    All at once: what is done to each by itself costs as much as what is done to all.
    """
    n, rows = len(trace.first), [trace.column(column) for column in columns]
    starts = _starts(trace, lane)
    group = max(1, -(-n // max(n_points, 2)))
    since_start = np.arange(n) - np.repeat(starts, np.diff(starts, append=n))
    at = np.flatnonzero(since_start % group == 0)
    steps = (trace.first + trace.last) / 2.0
    first, last = (
        ends.astype(np.float64) for ends in (trace.first[at], trace.last[np.append(at[1:], n) - 1])
    )
    low, high, mean = (values[lane, rows] for values in (trace.low, trace.high, trace.mean))
    mean[:, _of_both(trace, lane)] = np.nan
    if len(at) < n:
        weights = (trace.last - trace.first + 1).astype(np.float64)
        low, high = np.fmin.reduceat(low, at, axis=1), np.fmax.reduceat(high, at, axis=1)
        mean = _grouped_means(mean, weights, at)
        steps = np.add.reduceat(steps * weights, at) / np.add.reduceat(weights, at)
    if len(breaks := np.searchsorted(at, starts[1:])):
        steps, first, last = (np.insert(ends, breaks, np.nan) for ends in (steps, first, last))
        low, high, mean = (np.insert(values, breaks, np.nan, axis=1) for values in (low, high, mean))
    averages = _averages(trace, lane, rows, group)
    return [Track(steps, *values, first, last) for values in zip(low, high, mean, averages, strict=True)]


def _averages(
    trace: LossTrace, lane: int, rows: list[int], group: int
) -> list[tuple[Floats, Floats]] | list[None]:
    """Return where and what every ``group``-th value of each running average is; NaN between pieces."""
    if trace.smoothed is None or trace.smoothed_at is None:
        return [None] * len(rows)
    at, pieces = trace.smoothed_at, [np.empty(0, dtype=np.int64)]
    steps = [mark.step for mark in trace.marks if mark.breaks and mark.lane in (None, lane)]
    cuts = np.unique(np.concatenate(([0, len(at)], np.searchsorted(at, steps, side="right")))).tolist()
    for start, end in itertools.pairwise(cuts):
        pieces.append(np.arange(end - 1, start - 1, -group)[::-1])
    chosen, breaks = np.concatenate(pieces), np.cumsum([len(piece) for piece in pieces[1:-1]], dtype=np.int64)
    where = np.insert(at[chosen].astype(np.float64), breaks, np.nan)
    return [(where, np.insert(trace.smoothed[lane, row, chosen], breaks, np.nan)) for row in rows]


def between(trace: LossTrace, low: float, high: float) -> LossTrace:
    """Return the buckets from step ``low`` to ``high`` and one more at either side, which leads out of sight."""
    start = max(0, int(np.searchsorted(trace.last, low)) - 1)
    end = int(np.searchsorted(trace.first, high, side="right")) + 1
    part = slice(start, end)
    return dataclasses.replace(
        trace, first=trace.first[part], last=trace.last[part],
        seeds=None if trace.seeds is None else trace.seeds[..., part],
        low=trace.low[..., part], high=trace.high[..., part], mean=trace.mean[..., part],
        smoothed=None if trace.smoothed is None else trace.smoothed[..., part],
        smoothed_at=None if trace.smoothed_at is None else trace.smoothed_at[part],
    )  # fmt: skip


def _starts(trace: LossTrace, lane: int) -> NDArray[np.int64]:
    """Return where each piece between two breaks begins: with the first bucket that has no step before the break.

    Metrics have none of most steps, and of a part of the run there may be none from before a break.
    """
    steps = [mark.step for mark in trace.marks if mark.breaks and mark.lane in (None, lane)]
    cuts = np.searchsorted(trace.first, steps, side="right")
    return np.unique(np.concatenate(([0], cuts[cuts < len(trace.last)])))


def _of_both(trace: LossTrace, lane: int) -> NDArray[np.int64]:
    """Return the buckets that have steps on both sides of a break: their mean is that of two formulations, of none."""
    steps = np.array([mark.step for mark in trace.marks if mark.breaks and mark.lane in (None, lane)])
    steps = steps[steps < trace.last[-1]] if len(trace.last) else steps[:0]
    at = np.searchsorted(trace.last, steps, side="left")
    found: NDArray[np.int64] = at[(trace.first[at] <= steps) & (steps < trace.last[at])]
    return found


def _grouped_means(mean: Floats, weights: Floats, at: NDArray[np.int64]) -> Floats:
    """Return the means ``[k, groups]`` of the groups of buckets that begin at the indices ``at``."""
    is_finite = np.isfinite(mean)
    valid = weights * is_finite
    total = np.add.reduceat(np.where(is_finite, mean, 0.0) * valid, at, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = total / np.add.reduceat(valid, at, axis=1)
    return found


def latest_values(trace: LossTrace, column: str) -> Floats:
    """Return each lane's value at the step that is looked at.

    At the newest step it is NaN for a trained loss whose formulation has not made a step yet. Where D was moved by
    hand since, it is of D's last update.
    """
    values = np.array(trace.current[:, trace.column(column)])
    if trace.ahead is not None:
        is_moved = np.isfinite(trace.ahead).any(axis=1)
        values[is_moved] = trace.ahead[is_moved, trace.column(column)]
    looks_back = len(trace.last) and 0 <= trace.step < trace.last[-1]
    if column in TRAINED and len(trace.last) and not looks_back:
        for mark in trace.marks:
            if mark.breaks and mark.step >= trace.last[-1]:
                values[slice(None) if mark.lane is None else mark.lane] = np.nan
    return values


def value_at(one: Track, step: float) -> float:
    """Return the mean of the bucket nearest to ``step``; NaN where there is none."""
    return bucket_at(one, step)[0]


def bucket_at(one: Track, step: float) -> tuple[float, float, float]:
    """Return mean, smallest and largest value of the bucket nearest to ``step``.

    All are NaN where there is none, and beyond the ends by more than buckets are apart.
    """
    nearest = _nearest(one, step)
    if nearest is None:
        return (np.nan, np.nan, np.nan)
    return float(one.mean[nearest]), float(one.low[nearest]), float(one.high[nearest])


def span_at(one: Track, step: float) -> tuple[int, int] | None:
    """Return first and last step of the bucket that ``bucket_at`` reads, or None where that is not known."""
    nearest = _nearest(one, step)
    if nearest is None or one.first is None or one.last is None:
        return None
    return int(one.first[nearest]), int(one.last[nearest])


def _nearest(one: Track, step: float) -> int | None:
    finite = np.flatnonzero(np.isfinite(one.mean))
    if not len(finite):
        return None
    away = np.abs(one.steps[finite] - step)
    nearest = finite[np.argmin(away)]
    if len(finite) > 1 and nearest in finite[[0, -1]] and away.min() > np.diff(one.steps[finite]).max():
        return None
    return int(nearest)


def last_break(trace: LossTrace, lane: int | None = None, before: float = math.inf) -> int:
    """Return the step of the last change of a lane's formulation, or of any lane's for None; 0 where there is none.

    A step ``before`` which it is leaves out what comes later, as that a lane has diverged.
    """
    newest_first = reversed(trace.marks)  # of which there may be thousands, at each redraw
    breaks = (mark for mark in newest_first if mark.breaks and mark.step < before)
    of_lane = (mark for mark in breaks if lane is None or mark.lane in (None, lane))
    return next((mark.step for mark in of_lane), 0)


def since(one: Track, step: float) -> Track:
    """Return what a track has of the steps after ``step``."""
    is_later = (one.steps > step) & np.isfinite(one.mean)
    return Track(one.steps[is_later], one.low[is_later], one.high[is_later], one.mean[is_later])


def value_range(tracks: Iterable[Track], also: Iterable[float]) -> tuple[float, float] | None:
    """Return the smallest and largest value of all tracks and of ``also``, or None when nothing is finite."""
    values = [extreme for one in tracks for extreme in (one.low, one.high)]
    every = np.concatenate([*values, np.array(list(also), dtype=np.float64)])
    every = every[np.isfinite(every)]
    return (float(every.min()), float(every.max())) if len(every) else None


def robust_range(tracks: Iterable[Track], also: Iterable[float]) -> tuple[float, float] | None:
    """Return what all tracks' means keep to but for the outermost hundredth at either end, and ``also``."""
    parts = [
        np.quantile(known, [0.01, 0.99]) for one in tracks if len(known := one.mean[np.isfinite(one.mean)])
    ]
    every = np.concatenate([*parts, np.array(list(also), dtype=np.float64)])
    return (float(every.min()), float(every.max())) if len(every) else None


def marks_of(trace: LossTrace, lane_labels: tuple[str, ...] = ()) -> list[ChangeMark]:
    """Return the marks to draw, oldest first, one for each step and label; those of some lanes alone say of which."""
    marks: dict[tuple[int, str], ChangeMark] = {}
    lanes: dict[tuple[int, str], tuple[int | None, ...]] = {}
    for mark in trace.marks:  # there may be ten thousand: nothing is called for each
        key = (mark.step, mark.label)
        if key in marks and mark.lane not in lanes[key]:
            lanes[key] += (mark.lane,)
        else:
            marks.pop(key, None)  # made again after it was undone, it is the newest
            marks[key], lanes[key] = mark, (mark.lane,)
    n = len(lane_labels)
    for key in [key for key, owners in lanes.items() if n > 1 and None not in owners]:
        whose = ", ".join(html.unescape(lane_labels[i]) for i in range(n) if i in lanes[key])
        if not set(range(n)) <= set(lanes[key]) and whose not in marks[key].label:
            marks[key] = dataclasses.replace(marks[key], label=f"{whose}: {marks[key].label}")
    return list(marks.values())
