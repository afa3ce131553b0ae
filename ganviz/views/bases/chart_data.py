"""What a chart shows, as values: those of its visible curves in the visible steps."""

from __future__ import annotations

import dataclasses
import html
import math
import re
from collections.abc import Callable

import numpy as np

from ganviz.training.column_words import COLUMN_WORDS
from ganviz.training.lane_titles import in_column
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.beside import Besides, beside_tracks
from ganviz.views.bases.chart_content import ChartContent
from ganviz.views.bases.horizontal import STEP
from ganviz.views.bases.traces import bucket_at, value_at
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import number
from ganviz.views.plot.track import Track
from ganviz.views.plot.values import Value, Values

MOST_PX = 1e6
"""So wide that no point of a saved run is left out."""
KINDS = (("mean", "min", "max"), ("median", "q05", "q95"))
"""What a bucket has of one seed, and of several."""


def visible_values(content: ChartContent, steps: Range | None = None) -> Values:
    """Return first and last step of each visible bucket with each visible curve's mean, minimum and maximum.

    Where steps are laid along another quantity, its value at the last step follows.

    With ``steps``, return those of the buckets that hold any of them, in the detail that there is. Saved runs have
    their means at the middles of these buckets, and rows of their own beyond the last one.
    """
    wanted, trace = steps or content.look.x, content.visible()
    if steps is not None and not (content.look.x is None or _holds(content.look.x, steps)):
        trace = content.trace
    shown = [
        (curve.column, lane, trace.column(curve.column))
        for curve in content.curves
        for lane in range(trace.mean.shape[0])
        if content.shows(curve, lane)
    ]
    shown_along = content.along.shown.key
    along = () if shown_along == STEP.key else (shown_along,)
    besides = beside_tracks(dataclasses.replace(content, smoothing=0.0), MOST_PX)
    whose = [f" ({in_column(i, html.unescape(label))})" for i, label in enumerate(content.lane_labels)]
    names = [column + (whose[lane] if whose else "") for column, lane, _ in shown]
    kinds = KINDS[trace.n_seeds > 1]
    tips = {
        f"{name} {kind}": COLUMN_WORDS.get(column, "")
        for name, (column, *_) in zip(names, shown, strict=True)
        for kind in kinds
    }
    headings = (
        "first_step",
        "last_step",
        *along,
        *(f"{name} {kind}" for name in names for kind in kinds),
        *(f"{one.name}: {curve.column} mean" for curve, one, _ in besides),
    )
    rows: list[tuple[Value, ...]] = []
    for i, (first, last) in enumerate(_buckets(trace, besides)):
        if wanted is not None and not (last >= wanted[0] and first <= wanted[1]):
            continue
        values = [
            float(a[lane, j, i]) if i < len(trace.first) else math.nan
            for _, lane, j in shown
            for a in (trace.mean, trace.low, trace.high)
        ]
        values += [value_at(made, (first + last) / 2) for _, _, made in besides]
        rows.append((first, last, *(content.along.position(last) for _ in along), *values))
    return Values(headings, rows, tips)


def _buckets(trace: LossTrace, besides: Besides) -> list[tuple[int, int]]:
    """Return first and last step of each bucket, then the steps of saved runs beyond those."""
    ends = [0, *trace.last.tolist()]
    steps = {round(step) for _, _, made in besides for step in made.steps[np.isfinite(made.steps)].tolist()}
    further = [(step, step) for step in sorted(steps) if step > ends[-1]]
    return [*zip(trace.first.tolist(), trace.last.tolist(), strict=True), *further]


def _holds(span: Range, part: Range) -> bool:
    return span[0] <= part[0] and part[1] <= span[1]


def text_at(one: Track, step: float, write: Callable[[float], str] = number) -> str:
    """Return the mean at a step, with the smallest and largest value where it is that of several steps."""
    mean, low, high = bucket_at(one, step)
    return write(mean) if low == high or math.isnan(mean) else f"{write(mean)} ({write(low)} … {write(high)})"


def steps_in(text: str) -> tuple[int, int] | None:
    """Return the two steps that are written, as in "200–400" or "1 200 to 1 400"; None where it is none of that."""
    found = re.fullmatch(r"(\d+)\D+(\d+)", re.sub(r"(?<=\d)[\s\u202f](?=\d{3}(?!\d))", "", text.strip()))
    steps = (int(found[1]), int(found[2])) if found else None
    return steps if steps is not None and steps[0] < steps[1] else None


def toggled(hidden: frozenset[str], key: str) -> frozenset[str]:
    """Return what is hidden after ``key`` was shown or hidden."""
    return hidden ^ {key}


def isolated(hidden: frozenset[str], key: str, group: tuple[str, ...]) -> frozenset[str]:
    """Return what is hidden after all of ``group`` but ``key`` was hidden, or shown where it was alone."""
    others = frozenset(group) - {key}
    return hidden - frozenset(group) if others <= hidden and key not in hidden else (hidden | others) - {key}
