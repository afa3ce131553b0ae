"""Where planes stand on a canvas, and what their edges say of samples out of sight."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.views.look.theme import Theme
from ganviz.views.pictures.plane_values import NOBODY, Outside
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    first_fitting,
    line_height,
    text_width,
    translucent,
    wrapped,
)

MOST_LINES = 4
"""Lines that words at the foot of a plane have at most."""


def squares(
    body: QRectF, n: int, bar: float, is_shared: bool, fonts: Fonts, *, is_named: bool
) -> tuple[list[tuple[QRectF, bool]], bool]:
    """Return each plane's square and whether a color bar stands beside it, and whether axes have room."""
    with_axes = min(body.width(), body.height()) > 240
    title = line_height(fonts.label) + 8 if is_named else 0.0
    tick = line_height(fonts.tick) + 6 if with_axes else 2.0
    side_room = text_width(fonts.tick, "−0.5") + 10 if with_axes else 2.0

    def room(k: int) -> float:
        width = (body.width() - bar * (1 if is_shared else k)) / k - side_room - 8
        return min(width, body.height() / math.ceil(n / k) - title - tick)

    # Side by side is easier to compare, so planes may be somewhat smaller for it.
    columns = max(range(1, n + 1), key=lambda k: room(k) * (1 + 0.25 * min(k, 2)))
    side = max(20.0, math.floor(room(columns)))
    rows = math.ceil(n / columns)
    own = 0.0 if is_shared else bar
    step_x, step_y = side + side_room + 8 + own, side + title + tick
    left = body.left() + max(0.0, (body.width() - columns * step_x - (bar if is_shared else 0.0)) / 2)
    top = body.top() + max(0.0, (body.height() - rows * step_y) / 2)
    cells = []
    for i in range(n):
        row, column = divmod(i, columns)
        x, y = left + column * step_x + side_room, top + row * step_y + title
        is_last = column == min(columns, n - row * columns) - 1
        cells.append((QRectF(round(x), round(y), side, side), is_last or not is_shared))
    return cells, with_axes


def draw_foot(painter: QPainter, area: QRectF, words: str, theme: Theme, fonts: Fonts) -> None:
    """Write words near the lower edge of a plane, above what is said of samples beyond it; nothing for no words.

    They stand on as many lines as they need, over a ground on which they can be read above the samples.
    """
    if not words:
        return
    painter.setFont(fonts.tick)
    height, width = line_height(fonts.tick), area.width() - 18
    lines = wrapped(fonts.tick, width, words, MOST_LINES)
    widest = min(width, max(text_width(fonts.tick, line) for line in lines))
    top = area.bottom() - (len(lines) + 1) * height - 6
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(QColor(theme.base), 0.9))
    painter.drawRoundedRect(QRectF(area.left() + 5, top, widest + 8, len(lines) * height), 3, 3)
    painter.setPen(QColor(theme.muted))
    for i, line in enumerate(lines):
        row = QRectF(area.left() + 9, top + i * height, width, height)
        draw_text(painter, row, line, Qt.AlignmentFlag.AlignLeft, elide=True)


def draw_outside(painter: QPainter, area: QRectF, counts: Outside, theme: Theme, fonts: Fonts) -> None:
    """Say at each edge of a plane how many samples lie beyond it; upright edges are written upwards."""
    if counts == NOBODY:
        return
    painter.setFont(fonts.tick)
    height = line_height(fonts.tick)
    upright = QRectF(-area.height() / 2, -area.width() / 2, area.height(), area.width())
    level = QRectF(-area.width() / 2, -area.height() / 2, area.width(), area.height())
    # Turned with their text, arrows that point up and down point left and right.
    for count, arrow, row, is_end in (
        (counts.left, "↑", upright, False),
        (counts.right, "↓", upright, True),
        (counts.above, "↑", level, False),
        (counts.below, "↓", level, True),
    ):
        noun = "sample" if count == 1 else "samples"
        texts = (f"{count} {noun} outside {arrow}", f"{count} {arrow}")
        text = first_fitting(fonts.tick, row.width() * 0.6, *texts) if count else ""
        if not text:
            continue
        width = text_width(fonts.tick, text) + 10
        top = row.bottom() - height - 3 if is_end else row.top() + 3
        box = QRectF(-width / 2, top, width, height)
        painter.save()
        painter.translate(area.center())
        if row is upright:
            painter.rotate(-90)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(translucent(QColor(theme.base), 0.8))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(theme.text))
        draw_text(painter, box, text, Qt.AlignmentFlag.AlignHCenter)
        painter.restore()
