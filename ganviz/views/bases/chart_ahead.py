"""What D has learned by hand since the last step: no step, so no piece of a curve, but a stroke at the newest one."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.changes import D_STEP
from ganviz.training.marks import times_of
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.chart_content import ChartContent, Curve
from ganviz.views.bases.chart_legend import curve_color, curve_pen
from ganviz.views.bases.chart_stack import GROUND
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Axis

DOT_PX = 4.0
AHEAD = "{} of D by hand: dots. Losses may jump when G goes on. "


def ahead_words(trace: LossTrace) -> str:
    """Return what the dots at the newest step are; nothing where D was not moved by hand since."""
    if trace.ahead is None or not len(trace.last):
        return ""
    made = times_of(D_STEP, [mark for mark in trace.marks if mark.step == trace.last[-1]])
    return AHEAD.format("1 update" if made == 1 else f"{made} updates") if made else ""


def ahead_ends(content: ChartContent) -> list[tuple[Curve, int, float, float]]:
    """Return each shown curve and lane with its value of the last step and of D's last update by hand."""
    trace, found = content.trace, list[tuple[Curve, int, float, float]]()
    if trace.ahead is None:
        return found
    for curve in content.curves:
        if curve.stacked_on not in ("", GROUND):
            continue  # its line would lie where its sum with others does not
        place = trace.column(curve.column)
        for lane in range(len(trace.ahead)):
            was, now = float(trace.current[lane, place]), float(trace.ahead[lane, place])
            if math.isfinite(now) and content.shows(curve, lane):
                found.append((curve, lane, was, now))
    return found


def draw_ahead(painter: QPainter, x: Axis, y: Axis, content: ChartContent, theme: Theme) -> None:
    """Draw a stroke from each curve's end to what D's last update by hand says, with a dot there."""
    if not len(content.trace.last):
        return
    at = x.pixel(float(content.trace.last[-1]))
    for curve, lane, was, now in ahead_ends(content):
        pen = curve_pen(content.by_lane, curve, lane, theme.width(curve.width), theme)
        begin, end = QPointF(at, y.pixel(was)), QPointF(at, y.pixel(now))
        if not math.isfinite(end.y()):
            continue  # no place on a logarithmic axis
        if math.isfinite(begin.y()):
            painter.setPen(pen)
            painter.drawLine(begin, end)
        painter.setPen(QPen(QColor(theme.base), 1.2))
        painter.setBrush(curve_color(content.by_lane, curve, lane, theme))
        painter.drawEllipse(end, DOT_PX, DOT_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
