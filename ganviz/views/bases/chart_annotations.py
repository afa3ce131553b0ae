"""What stands over a chart's curves: marks of changes, and values beyond its range."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from ganviz.training.history import ChangeMark
from ganviz.views.bases import chart_chips
from ganviz.views.bases.chart_content import Tracks
from ganviz.views.bases.chart_range import Beyond
from ganviz.views.bases.mark_labels import MarkLabel
from ganviz.views.look.formula import draw_formula, formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Axis, Fonts, draw_text, line_height, number, translucent

MarkPlaces = list[tuple[QRectF, list[ChangeMark]]]
"""Diamonds and labels in a picture, and the changes of each."""


def draw_marks(
    painter: QPainter, plot: QRectF, labels: list[MarkLabel], theme: Theme, fonts: Fonts
) -> MarkPlaces:
    """Draw a thin vertical line at each change, up to its name above the plot; return what stands where."""
    color, above = QColor(theme.muted), line_height(fonts.tick)
    painter.setPen(QPen(translucent(color, 0.8), 1))
    painter.drawLines(
        [QLineF(one.at, plot.top() - one.level * above, one.at, plot.bottom()) for one in labels]
    )
    diamonds = QPainterPath()
    for one in labels:
        diamonds.addPolygon(_DIAMOND.translated(one.at, plot.top()))
    painter.fillPath(diamonds, color)
    painter.setFont(fonts.tick)
    painter.setPen(color)
    for one in labels:
        draw_text(painter, one.box, one.text, Qt.AlignmentFlag.AlignLeft, elide=True)
    diamond = QRectF(-5, -5, 10, 10)
    found = [(diamond.translated(one.at, plot.top()), one.marks) for one in labels]
    return found + [(one.box, one.marks) for one in labels if one.text]


def draw_viewed(painter: QPainter, plot: QRectF, x: Axis, step: float, theme: Theme) -> None:
    """Draw a line at the step that is looked at, of the color that the timeline's handle has then."""
    at = round(x.pixel(step)) + 0.5
    if plot.left() <= at <= plot.right():
        painter.setPen(QPen(QColor(theme.warning), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()))


def track_names(tracks: Tracks, lane_labels: tuple[str, ...]) -> list[str]:
    """Return whose each track is, HTML: the curve's short name and, of several, the lane's."""
    names = [curve.short or curve.symbol for curve, _, _ in tracks]
    if not lane_labels:
        return names
    return [f"{name}, {lane_labels[lane]}:" for name, (_, lane, _) in zip(names, tracks, strict=True)]


def draw_beyond(
    painter: QPainter,
    plot: QRectF,
    x: Axis,
    found: list[Beyond],
    names: list[str],
    colors: list[QColor],
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Draw a small triangle at the edge beyond which a curve goes, where it goes farthest, with the outermost value.

    ``names`` (HTML) and ``colors`` are those of all tracks.

    Only the outermost of each edge has its value written: others would lie on each other.
    """
    for is_above in (True, False):
        of_edge = [one for one in found if one.is_above == is_above]
        edge, inward = (plot.top(), 1) if is_above else (plot.bottom(), -1)
        for one in of_edge:
            draw_tip(painter, x.pixel(one.step), edge, inward, colors[one.place])
        if of_edge:
            most = max(of_edge, key=lambda one: abs(one.value))
            text = f"{names[most.place]} {number(most.value)}"
            _draw_value(painter, plot, x.pixel(most.step), inward, text, theme, fonts)


def draw_tip(painter: QPainter, at: float, edge: float, inward: int, color: QColor) -> None:
    """Draw a small triangle at an edge, the upper (1) or the lower (-1) one, that points beyond it."""
    path = QPainterPath()
    corners = ((at, edge + inward), (at - 4, edge + 7 * inward), (at + 4, edge + 7 * inward))
    path.addPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    painter.fillPath(path, color)


def value_box(plot: QRectF, at: float, inward: int, text: str, fonts: Fonts) -> QRectF:
    """Return where a value stands beside a triangle at the upper (1) or lower (-1) edge: where there is room."""
    height, width = line_height(fonts.tick), formula_width(text, fonts.tick) + 4
    left = at + 6 if at + 6 + width <= plot.right() else at - 6 - width
    if inward < 0:
        return QRectF(left, plot.bottom() - height, width, height)
    return chart_chips.below(plot, QRectF(left, plot.top(), width, height), fonts)


def _draw_value(
    painter: QPainter, plot: QRectF, at: float, inward: int, text: str, theme: Theme, fonts: Fonts
) -> None:
    """Write a value beside a triangle at an edge, on the side where there is room."""
    box = value_box(plot, at, inward, text, fonts)
    painter.fillRect(box, translucent(QColor(theme.base), 0.8))
    painter.setPen(QColor(theme.text))
    draw_formula(painter, QPointF(box.left() + 2, box.top() + 0.76 * box.height()), text, fonts.tick)


_DIAMOND = QPolygonF([QPointF(*at) for at in ((0, -4), (4, 0), (0, 4), (-4, 0), (0, -4))])
