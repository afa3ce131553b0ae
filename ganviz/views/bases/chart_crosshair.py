"""The crosshair of a chart: a line at a step, and a dot where it meets each curve."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.views.bases.chart_drawn import Drawn
from ganviz.views.bases.chart_legend import curve_color
from ganviz.views.bases.chart_stack import GROUND
from ganviz.views.bases.traces import value_at
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import translucent


def draw_crosshair(painter: QPainter, drawn: Drawn, step: float, theme: Theme) -> bool:
    """Draw the line and the dots of all curves that are not stacked; return whether there are curves."""
    at, area = drawn.x.pixel(step), drawn.area
    painter.setPen(QPen(translucent(QColor(theme.text), 0.6), 1))
    painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
    lines = [(*item, curve_color(drawn.by_lane, item[0], item[1], theme)) for item in drawn.tracks]
    besides = [item for item in drawn.besides if not item[0].stacked_on]
    lines += [(curve, 0, one, theme.line(curve.role)) for curve, _, one in besides]
    for curve, _, one, color in lines:
        height = drawn.y.pixel(value_at(one, step))
        if curve.stacked_on in ("", GROUND) and area.top() - 1 <= height <= area.bottom() + 1:
            painter.setPen(QPen(QColor(theme.base), 1.5))
            painter.setBrush(color)
            painter.drawEllipse(QPointF(at, height), 3.5, 3.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
    return bool(lines)
