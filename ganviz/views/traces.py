"""Bucketed histories made ready for a chart of some pixels: fewer buckets, breaks, smoothing. NumPy only."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganviz.training.history import ChangeMark
from ganviz.training.probes.loss_trace import LossTrace

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    """One scalar of one lane: ``steps`` ``[n]`` with ``low``, ``high`` and ``mean`` ``[n]``; NaN breaks the line."""

    steps: Floats
    low: Floats
    high: Floats
    mean: Floats


def track(trace: LossTrace, lane: int, column: str, n_points: int) -> Track:
    """Return a scalar in at most ``n_points`` buckets plus one for each break between formulations."""
    i = trace.column(column)
    steps = (trace.first + trace.last) / 2.0
    low, high, mean = trace.low[lane, i], trace.high[lane, i], trace.mean[lane, i]
    weights = (trace.last - trace.first + 1).astype(np.float64)
    pieces = []
    for start, end in _segments(trace, lane):
        group = max(1, -(-len(trace.first) // max(n_points, 2)))
        piece = _grouped(
            steps[start:end], low[start:end], high[start:end], mean[start:end], weights[start:end], group
        )
        pieces.append(piece)
    return _joined(pieces)


def _segments(trace: LossTrace, lane: int) -> list[tuple[int, int]]:
    n = len(trace.first)
    cuts = {0, n}
    for mark in trace.marks:
        if mark.breaks and mark.lane in (None, lane):
            cuts.add(min(n, int(np.searchsorted(trace.last, mark.step, side="left")) + 1))
    at = sorted(cuts)
    return [(a, b) for a, b in itertools.pairwise(at) if b > a]


def _grouped(steps: Floats, low: Floats, high: Floats, mean: Floats, weights: Floats, group: int) -> Track:
    if group == 1:
        return Track(steps, low, high, mean)
    at = np.arange(0, len(steps), group)
    valid = weights * np.isfinite(mean)
    total = np.add.reduceat(valid, at)
    filled = np.where(np.isfinite(mean), mean, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.add.reduceat(filled * valid, at) / total
    middle = np.add.reduceat(steps * weights, at) / np.add.reduceat(weights, at)
    return Track(middle, np.fmin.reduceat(low, at), np.fmax.reduceat(high, at), means)


def _joined(pieces: list[Track]) -> Track:
    if not pieces:
        empty = np.empty(0)
        return Track(empty, empty, empty, empty)
    nan = np.array([np.nan])
    parts: dict[str, list[Floats]] = {"steps": [], "low": [], "high": [], "mean": []}
    for i, piece in enumerate(pieces):
        for name, columns in parts.items():
            if i:
                columns.append(nan)
            columns.append(getattr(piece, name))
    return Track(*(np.concatenate(parts[name]) for name in ("steps", "low", "high", "mean")))


def smoothed(values: Floats, weight: float) -> Floats:
    """Return the de-biased running average with memory ``weight`` (0 … 1), started anew after each NaN.

    A constant stays that constant from its first value on.
    """
    if weight <= 0 or not len(values):
        return values
    length = min(len(values), int(np.ceil(np.log(1e-9) / np.log(weight))) + 1)
    kernel = weight ** np.arange(length)
    result = np.full_like(values, np.nan)
    finite = np.isfinite(values)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False])).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        n = end - start
        sums = np.convolve(values[start:end], kernel[:n])[:n]
        result[start:end] = sums / np.cumsum(kernel)[np.minimum(np.arange(n), length - 1)]
    return result


def value_at(one: Track, step: float) -> float:
    """Return the mean of the bucket nearest to ``step``; NaN where there is none."""
    finite = np.flatnonzero(np.isfinite(one.mean))
    if not len(finite):
        return float("nan")
    nearest = finite[np.argmin(np.abs(one.steps[finite] - step))]
    return float(one.mean[nearest])


def value_range(tracks: Iterable[Track], also: Iterable[float]) -> tuple[float, float] | None:
    """Return the smallest and largest mean of all tracks and of ``also``, or None when nothing is finite."""
    values = [one.mean for one in tracks] + [np.array(list(also), dtype=np.float64)]
    every = np.concatenate(values)
    every = every[np.isfinite(every)]
    return (float(every.min()), float(every.max())) if len(every) else None


def marks_of(trace: LossTrace) -> list[ChangeMark]:
    """Return the marks to draw, oldest first, one for each step and label."""
    seen: dict[tuple[int, str], ChangeMark] = {}
    for mark in trace.marks:
        seen.setdefault((mark.step, mark.label), mark)
    return list(seen.values())
