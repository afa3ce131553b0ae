"""What stands over a chart's curves: marks of changes, and values beyond its range."""

from __future__ import annotations

import re

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from ganviz.training.history import ChangeMark
from ganviz.views.bases import chart_chips
from ganviz.views.bases.chart_content import Tracks
from ganviz.views.bases.chart_range import Beyond
from ganviz.views.bases.mark_words import by_place, with_others
from ganviz.views.look.formula import draw_formula, formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Axis, Fonts, draw_text, line_height, number, text_width, translucent

MarkPlaces = list[tuple[QRectF, list[ChangeMark]]]
"""Diamonds and labels in a picture, and the changes of each."""


def draw_marks(
    painter: QPainter, plot: QRectF, x: Axis, marks: list[ChangeMark], theme: Theme, fonts: Fonts
) -> MarkPlaces:
    """Draw a thin vertical line at each change, with a label above the plot; return what stands where.

    Of several at one place, the newest is named, and the others are counted.
    """
    color = QColor(theme.muted)
    pixels = np.round(x.pixels(np.array([mark.step + 0.5 for mark in marks]))) + 0.5
    known = by_place(marks, pixels.tolist())
    made = {at: of for at, of in known.items() if plot.left() <= at <= plot.right()}
    painter.setPen(QPen(translucent(color, 0.8), 1))
    painter.drawLines([QLineF(at, plot.top(), at, plot.bottom()) for at in made])
    diamonds = QPainterPath()
    for at in made:
        diamonds.addPolygon(_DIAMOND.translated(at, plot.top()))
    painter.fillPath(diamonds, color)
    painter.setFont(fonts.tick)
    painter.setPen(color)
    above, taken, found = line_height(fonts.tick), plot.left(), MarkPlaces()
    for (at, of), following in zip(made.items(), [*made, plot.right() + 2][1:], strict=True):
        found.append((QRectF(at - 5, plot.top() - 5, 10, 10), of))
        room = QRectF(at + 6, plot.top() - above, following - at - 11, above)
        text, box = _label(of, at, room, taken, fonts)
        width = text_width(fonts.tick, text) + 2
        if box.width() >= min(40.0, width):
            draw_text(painter, box, text, Qt.AlignmentFlag.AlignLeft, elide=True)
            taken = min(box.right(), box.left() + width) + 6
            found.append((QRectF(box.left(), box.top(), min(box.width(), width), above), of))
    return found


def _label(
    marks: list[ChangeMark], at: float, room: QRectF, taken: float, fonts: Fonts
) -> tuple[str, QRectF]:
    """Return what is written of the marks at a line, and where.

    That is right of the line, left of it where it would be cut and that is not taken, and else right of it, cut.
    """
    label = with_others(marks[-1].label, marks)
    width = text_width(fonts.tick, label) + 2
    if width > room.width() and (brief := _WHO.match(label)):
        # It names what follows the line, and would name what precedes it on the other side.
        return with_others(brief[0], marks), room
    if width > room.width() and at - 6 - width <= taken and (after := _AFTER.match(marks[-1].label)):
        label = with_others(f"→ {after[1]}", marks)  # rather than the beginning of what was before
        width = text_width(fonts.tick, label) + 2
    if width > room.width() and at - 6 - width > taken:
        return label, QRectF(at - 6 - width, room.top(), width, room.height())
    return label, room


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
            at = x.pixel(one.step)
            tip = QPolygonF(
                [
                    QPointF(at, edge + inward),
                    QPointF(at - 4, edge + 7 * inward),
                    QPointF(at + 4, edge + 7 * inward),
                ]
            )
            path = QPainterPath()
            path.addPolygon(tip)
            painter.fillPath(path, colors[one.place])
        if of_edge:
            most = max(of_edge, key=lambda one: abs(one.value))
            text = f"{names[most.place]} {number(most.value)}"
            _draw_value(painter, plot, x.pixel(most.step), inward, text, theme, fonts)


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


_WHO = re.compile(r".*? (learns|stands still)(?=: )")
"""What is kept of a label that tells who learns, where there is no room for the numbers."""
_AFTER = re.compile(r"[^→]* → ([^→,·\d][^→,·]*?)(?: ·.*|,.*)?$")
"""What is kept of a label that names two formulations: the one that begins."""


_DIAMOND = QPolygonF([QPointF(*at) for at in ((0, -4), (4, 0), (0, 4), (-4, 0), (0, -4))])
