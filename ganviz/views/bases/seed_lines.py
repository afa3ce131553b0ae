"""Every seed under the pointer: thin lines of the curve that is nearest, and which seed it is."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_drawn import Drawn
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import translucent
from ganviz.views.plot.read_out import ReadRow
from ganviz.views.plot.strokes import draw_line

MEDIANS = "Medians of {} seeds; bands 5–95 %. "


@dataclass(frozen=True, slots=True)
class NearSeed:
    """The seed's line that is nearest to the pointer: its curve, its lane, which seed of it, and its value there."""

    curve: Curve
    lane: int
    number: int
    value: float


def nearest_seed(drawn: Drawn, trace: LossTrace, at: QPointF) -> NearSeed | None:
    """Return which seed's line passes nearest to a place, or None where no line has a value."""
    if trace.seeds is None or not len(trace.first):
        return None
    middles = drawn.x.pixels((trace.first + trace.last) / 2.0)
    bucket, best, found = int(np.argmin(np.abs(middles - at.x()))), np.inf, None
    for curve, lane, _ in drawn.tracks:
        values = trace.seeds[lane, :, trace.column(curve.column), bucket].astype(np.float64)
        far = np.abs(drawn.y.pixels(values) - at.y())
        if np.isfinite(far).any() and np.nanmin(far) < best:
            which, best = int(np.nanargmin(far)), float(np.nanmin(far))
            found = NearSeed(curve, lane, which, float(values[which]))
    return found


def draw_seeds(painter: QPainter, drawn: Drawn, trace: LossTrace, near: NearSeed, theme: Theme) -> None:
    """Draw all seeds of the nearest curve and lane, and the nearest one stronger."""
    assert trace.seeds is not None
    rows = trace.seeds[near.lane, :, trace.column(near.curve.column)].astype(np.float64)
    steps, color = (trace.first + trace.last) / 2.0, theme.line(near.curve.role)
    painter.save()
    painter.setClipRect(drawn.area)
    for i, values in enumerate(rows):
        pen = QPen(color, 1.6) if i == near.number else QPen(translucent(color, 0.45), 0.8)
        draw_line(painter, drawn.x, drawn.y, steps, values, pen)
    painter.restore()


def seed_row(near: NearSeed, first_seed: int, lanes: list[int]) -> ReadRow:
    """Return the line of the box of values that names the nearest seed, with its value in its lane's column."""
    values = tuple(near.curve.text(near.value) if lane == near.lane else "" for lane in lanes)
    return ReadRow(near.curve.role, f"{near.curve.symbol}, seed {first_seed + near.number}", values)
