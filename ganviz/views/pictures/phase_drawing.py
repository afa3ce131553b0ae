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
FIRST_NAMED = (8, 1, 5, 2, 3, 4, 6, 7)
"""Points of coverage in the order in which they get their numbers, where these cover no other."""
BETWEEN_PX = 3.0
"""Between two numbers."""
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
    painter: QPainter,
    frame: Frame,
    highest: float,
    paths: Sequence[Pixels],
    theme: Theme,
    fonts: Fonts,
    taken: Sequence[QRectF] = (),
) -> bool:
    """Name the corner where D wins, where it is in sight: L_D nearly 0, L_G above ``highest``; say whether it is.

    The words stand beside the paths, in ``paths`` as pixels, and what is ``taken``, where these reach the corner.
    """
    is_seen = frame.x.low <= WINS_BELOW <= frame.x.high and frame.y.high > highest
    if is_seen:
        height, width = line_height(fonts.tick), text_width(fonts.tick, WINS)
        box = QRectF(frame.area.left() + 6, frame.area.top() + 4, width, height)
        ends = [(np.array([one.left(), one.right()]), np.full(2, one.center().y())) for one in taken]
        box.moveLeft(_beside(box, [*paths, *ends]))
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


def numbers_of_points(frame: Frame, columns: Columns, fonts: Fonts) -> list[tuple[str, QRectF]]:
    """Return the numbers of generators that are perfect on k of 8 modes, and where each stands on none before it."""
    width, height = text_width(fonts.tick, "8"), 0.65 * line_height(fonts.tick)
    dots = [np.array(perfect_on_parts([names])) for names in columns]
    pixels = [(frame.x.pixels(one[:, 0]).tolist(), frame.y.pixels(one[:, 1]).tolist()) for one in dots]
    placed: list[tuple[str, QRectF]] = []
    for k in FIRST_NAMED:
        for at_x, at_y in pixels:
            x, y = at_x[k - 1], at_y[k - 1]
            is_at_edge = x + 9 + width > frame.area.right()
            left = x - 6 - width if is_at_edge else x + 6
            box = QRectF(left, y - 5 - height, width, height)
            near = box.adjusted(-BETWEEN_PX, -2, BETWEEN_PX, 2)
            if frame.area.contains(box) and not any(near.intersects(one) for _, one in placed):
                placed.append((str(k), box))
    return placed


def draw_points(
    painter: QPainter,
    frame: Frame,
    columns: Columns,
    numbers: Sequence[tuple[str, QRectF]],
    ends: list[tuple[float, float]],
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Mark generators that are perfect on k of 8 modes, and the end of the game."""
    x, y = frame.x, frame.y
    painter.setFont(fonts.tick)
    for names in columns:
        dots = np.array(perfect_on_parts([names]))
        at_x, at_y = x.pixels(dots[:, 0]), y.pixels(dots[:, 1])
        draw_markers(painter, at_x, at_y, Marker(theme.real, theme.base, False, 3.2))
    painter.setPen(theme.letters("real"))
    for text, box in numbers:
        painter.drawText(box.bottomLeft(), text)
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
