"""What the pointer is at, on a chart: the role of a curve, which stands out there and in every other view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from ganviz.views.bases.chart_drawn import Drawn
from ganviz.views.bases.chart_legend import curve_pen
from ganviz.views.bases.chart_stack import GROUND, draw_stacks
from ganviz.views.bases.traces import value_at
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import translucent
from ganviz.views.plot.strokes import draw_line

NEAR_PX = 5.0
VEIL = 0.62
"""How much of everything else a lit curve hides."""
WIDER = 1.6


def role_at(drawn: Drawn, places: dict[str, QRectF], at: QPointF) -> str:
    """Return the role of the legend entry or of the curve at a place on the canvas; nothing where there is neither."""
    roles = {curve.column: curve.role for curve, _, _ in drawn.tracks}
    for column, box in places.items():
        if box.contains(at):
            return roles.get(column, "")
    if not drawn.area.contains(at):
        return ""
    step, role, best = drawn.x.value(at.x()), "", NEAR_PX
    for curve, _, one in drawn.tracks:
        far = abs(drawn.y.pixel(value_at(one, step)) - at.y())
        if curve.stacked_on in ("", GROUND) and far < best:
            role, best = curve.role, far
    return role


def draw_lit(painter: QPainter, drawn: Drawn, role: str, pointer: QPointF | None, theme: Theme) -> None:
    """Draw the curves of a role once more; above a veil over all others, unless the pointer is at them itself.

    There the veil would come and go with every curve that the pointer passes.
    """
    lit = [item for item in drawn.tracks if item[0].role == role]
    if not lit:
        return
    painter.save()
    painter.setClipRect(drawn.area)
    if pointer is None or not drawn.area.contains(pointer):
        painter.fillRect(drawn.area, translucent(QColor(theme.base), VEIL))
    draw_stacks(painter, drawn.x, drawn.y, drawn.tracks, theme, role)
    for curve, lane, one in lit:
        if curve.stacked_on in ("", GROUND) and not curve.underlay:
            pen = curve_pen(drawn.by_lane, curve, lane, WIDER * curve.width, theme)
            draw_line(painter, drawn.x, drawn.y, one.steps, one.mean, pen)
    painter.restore()
