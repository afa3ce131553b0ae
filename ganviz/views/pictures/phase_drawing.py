"""How the phase portrait is drawn: references of the lanes' losses, the end of the game, and each lane's path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from ganviz.views.bases.planes import Frame, Marker, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.phase_points import FAKE, PHASE, Array, constant_d, coverage, perfect_on_parts
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, line_pen, mixed, text_width
from ganviz.views.plot.strokes import draw_curve, polygon

N_SHADES = 12
ALWAYS, WHERE_ROOM = (1, 2, 5, 8), (3, 4, 6, 7)
"""Of the points of coverage: those with a number, and those with one where it covers no other."""
WINS_BELOW = 0.35
"""The corner where D wins is in sight where L_D as small as this is: half of ln 2, about."""
WINS = "↖ D wins"
DOT_PX = 5.0
"""Half of the dot where a path is now, about."""
Columns = list[tuple[str, str]]
Pixels = tuple[Array, Array]


def draw_references(painter: QPainter, frame: Frame, mode: str, columns: Columns, theme: Theme) -> None:
    """Draw a D that says the same of all, what no D can be, and generators that are perfect on a share of the data."""
    muted, x, y, plot = QColor(theme.muted), frame.x, frame.y, frame.area
    if mode == FAKE:
        curve = constant_d()
        at = x.pixels(curve["d_fake"]), y.pixels(curve["g_non_saturating"])
        corner = np.append(at[0], [plot.left()] * 2), np.append(at[1], [plot.bottom(), plot.top()])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(theme.border), Qt.BrushStyle.BDiagPattern))
        painter.drawPolygon(polygon(*corner))
        draw_curve(painter, *at, line_pen(muted, 1.4))
    for names in columns:
        if mode == PHASE:
            curve = constant_d()
            draw_curve(painter, x.pixels(curve[names[0]]), y.pixels(curve[names[1]]), line_pen(muted, 1.0, 1))
        line = coverage(np.linspace(0.02, 1, 200))
        draw_curve(painter, x.pixels(line[names[0]]), y.pixels(line[names[1]]), line_pen(muted, 1.4))


def name_corner(
    painter: QPainter, frame: Frame, highest: float, paths: Sequence[Pixels], theme: Theme, fonts: Fonts
) -> bool:
    """Name the corner where D wins, where it is in sight: L_D nearly 0, L_G above ``highest``; say whether it is.

    The words stand beside the paths, in ``paths`` as pixels, where these reach the corner.
    """
    is_seen = frame.x.low <= WINS_BELOW <= frame.x.high and frame.y.high > highest
    if is_seen:
        height, width = line_height(fonts.tick), text_width(fonts.tick, WINS)
        box = QRectF(frame.area.left() + 6, frame.area.top() + 4, width, height)
        box.moveLeft(_beside(box, paths))
        if box.right() <= frame.area.right():
            painter.setFont(fonts.tick)
            painter.setPen(QColor(theme.muted))
            draw_text(painter, box, WINS, Qt.AlignmentFlag.AlignLeft)
    return is_seen


def _beside(box: QRectF, paths: Sequence[Pixels]) -> float:
    """Return where a box begins that stands at the right of all points of paths which it would cover."""
    left = box.left()
    for x, y in paths:
        near = x[(np.abs(y - box.center().y()) < box.height() / 2 + DOT_PX) & (x > left - DOT_PX)]
        if len(near) and near.min() < left + box.width() + DOT_PX:
            left = float(near.max()) + 2 * DOT_PX
    return left


def draw_points(
    painter: QPainter,
    frame: Frame,
    columns: Columns,
    ends: list[tuple[float, float]],
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Mark generators that are perfect on k of 8 modes, and the end of the game."""
    x, y = frame.x, frame.y
    painter.setFont(fonts.tick)
    placed: list[tuple[float, float]] = []
    for names in columns:
        dots = np.array(perfect_on_parts([names]))
        at_x, at_y = x.pixels(dots[:, 0]), y.pixels(dots[:, 1])
        draw_markers(painter, at_x, at_y, Marker(theme.real, theme.base, False, 3.2))
        painter.setPen(theme.letters("real"))
        for k in (*ALWAYS, *WHERE_ROOM):
            left = at_x[k - 1] + (6 if at_x[k - 1] + 16 < x.end else -14)  # before a point at the edge
            top = at_y[k - 1] - 5
            if k in ALWAYS or all(abs(left - px) > 11 or abs(top - py) > 12 for px, py in placed):
                placed.append((left, top))
                painter.drawText(QPointF(left, top), str(k))
    painter.setPen(QPen(QColor(theme.text), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for px, py in ends:
        painter.drawEllipse(QPointF(x.pixel(px), y.pixel(py)), 6, 6)


def draw_path(painter: QPainter, x: Array, y: Array, lane: int, role: str, theme: Theme) -> None:
    """Draw a path of pixels in shades, and a dot where it is now."""
    base, full = QColor(theme.base), theme.line(role)
    ends = np.linspace(0, len(x), min(N_SHADES, max(len(x) - 1, 1)) + 1).astype(int)
    for i, (first, last) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)):
        color = mixed(full, base, 0.3 + 0.7 * (i + 1) / (len(ends) - 1))
        piece = slice(first, last + 1)
        draw_curve(painter, x[piece], y[piece], line_pen(color, 1.6, lane))
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if known.size:
        now = known[-1:]
        draw_markers(painter, x[now], y[now], Marker(theme.generated, theme.base, False, 4.5))
