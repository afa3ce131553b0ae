"""Saved runs' curves beside those of the run that is open: in the same colors, paler, each with a dash and its name."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.session.runs.curves import RunCurves
from ganviz.spec.frozen import dataclass
from ganviz.views.bases.horizontal import STEP, Along
from ganviz.views.bases.traces import tracks
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Axis, line_pen, mixed
from ganviz.views.plot.strokes import draw_line
from ganviz.views.plot.track import Floats, Track

if TYPE_CHECKING:
    from ganviz.views.bases.chart_content import ChartContent, Curve

DASHES = (
    (8.0, 3.0),
    (2.0, 2.0),
    (8.0, 2.5, 2.0, 2.5),
    (4.0, 1.5),
    (1.0, 3.5),
    (10.0, 2.0, 1.5, 2.0, 1.5, 2.0),
)
"""In line widths; others than those of lanes, and none is solid."""
WIDTH_PX, OPACITY = 1.4, 0.72


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One lane of a saved run.

    Attributes
    ----------
    key : str
        Another one for each run and lane; stands for it among what a chart hides.
    name : str
        What the legend calls it.
    curves : RunCurves
    lane : int
    dash : int
        Which of :data:`DASHES`, counted on and on.
    """

    key: str
    name: str
    curves: RunCurves
    lane: int
    dash: int

    def pen(self, color: QColor, base: QColor) -> QPen:
        """Return the pen of its curves of this color, on ``base``."""
        pen = line_pen(mixed(color, base, OPACITY), WIDTH_PX)
        pen.setDashPattern([length / WIDTH_PX * 1.6 for length in DASHES[self.dash % len(DASHES)]])
        return pen

    def along(self, other: Along) -> Along | None:
        """Return how its steps lie along the axis of another run; None where it does not know that quantity."""
        along = Along.of(other.shown, self.curves.history)
        return along if along.shown is other.shown else None


def lanes_beside(runs: Iterable[tuple[str, str, Sequence[str], RunCurves]]) -> tuple[Beside, ...]:
    """Return every lane of some runs, each given by its place, its name, the names of its lanes, and its curves."""
    found: list[Beside] = []
    for place, name, lanes, curves in runs:
        for lane in range(len(curves.history.mean)):
            called = f"{name} · {lanes[lane]}" if 1 < len(lanes) > lane else name
            found.append(Beside(f"beside {place} {lane}", called, curves, lane, len(found)))
    return tuple(found)


Besides = list[tuple["Curve", Beside, Track]]
"""Curve, whose it is, and what is drawn of it, in steps of the run that is open."""


def beside_tracks(content: ChartContent, width: float) -> Besides:
    """Return what is drawn of saved runs in ``width`` pixels, laid along the axis by what each knows of itself."""
    found: Besides = []
    for one in content.beside:
        along = one.along(content.along)
        if along is None or one.key in content.hidden:
            continue
        for curve in content.curves:
            trace = one.curves.of(curve.column)
            if trace is None or curve.column in content.hidden or not len(trace.first):
                continue
            (made,) = tracks(trace, one.lane, [curve.column], max(60, int(width / 1.8)))
            steps = _in_steps_of(content.along, along, made.steps)
            mean = _smoothed(made, content.smoothing)
            found.append((curve, one, Track(steps, mean, mean, mean)))
    return found


def value_beside(one: Beside, column: str, step: int | None = None) -> tuple[float, int]:
    """Return a column's value of a saved run and the step it is of; NaN and 0 where the run has none.

    It is the newest one, or the one drawn at a ``step`` that is looked at: of what was measured, the one before.
    """
    trace = one.curves.of(column)
    if trace is None or not len(trace.last):
        return math.nan, 0
    place, newest = trace.column(column), int(trace.last[-1])
    if step is None or step >= newest:
        return float(trace.current[one.lane, place]), newest
    is_measured = trace is one.curves.measured
    drawn = int(np.searchsorted(trace.last, step, side="right" if is_measured else "left")) - is_measured
    if drawn < 0:
        return math.nan, 0
    return float(trace.mean[one.lane, place, drawn]), int(trace.last[drawn]) if is_measured else step


THIS_RUN = "this run"


def read_beside(
    tracks: Sequence[tuple[Curve, int, Track]], labels: tuple[str, ...], besides: Besides
) -> tuple[Sequence[tuple[Curve, int, Track]], tuple[str, ...]]:
    """Return what is drawn of all runs, and what each is called as HTML: saved ones like lanes at the end."""
    if not besides:
        return tracks, labels
    own = labels or (THIS_RUN,)
    runs = list(dict.fromkeys(one for _, one, _ in besides))
    after = [(curve, len(own) + runs.index(one), made) for curve, one, made in besides]
    return [*tracks, *after], (*own, *(html.escape(one.name) for one in runs))


def _in_steps_of(open_run: Along, along: Along, steps: Floats) -> Floats:
    """Return the steps at which the open run is as far along the axis as a saved one is at its own."""
    if open_run.shown is STEP:
        return steps
    return open_run.steps_at(along.scale.forward(steps))


def _smoothed(one: Track, weight: float) -> Floats:
    """Return the running average of a track's means; a mean of several steps counts as often as there are steps."""
    if not weight:
        return one.mean
    average, made, share, last = 0.0, one.mean.copy(), 0.0, 0.0
    for i, (step, value) in enumerate(zip(one.steps.tolist(), one.mean.tolist(), strict=True)):
        if value != value:  # a break: what comes after is another curve
            average, share = 0.0, 0.0
            continue
        kept, last = weight ** max(step - last, 1.0), step
        average, share = kept * average + (1 - kept) * value, kept * share + 1 - kept
        made[i] = average / share
    return made


def furthest(content: ChartContent) -> float:
    """Return how far along the axis the open run or a saved one reaches."""
    last = content.trace.last
    ends = [content.along.position(float(last[-1]) if len(last) else 1.0)]
    for one in content.beside:
        along, steps = one.along(content.along), one.curves.history.last
        if along is not None and len(steps) and one.key not in content.hidden:
            ends.append(along.position(float(steps[-1])))
    return max(ends)


def draw_beside(painter: QPainter, x: Axis, y: Axis, besides: Besides, theme: Theme) -> None:
    """Draw the lines of saved runs."""
    for curve, one, made in besides:
        if not curve.stacked_on:
            pen = one.pen(theme.line(curve.role), QColor(theme.base))
            draw_line(painter, x, y, made.steps, made.mean, pen)
