"""How direction and range are drawn: a table, and below it what one generated sample adds to either number."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.views.look.formula import draw_formula, formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.direction_rows import HEADS, DirectionRow, OwnTerms
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend, LegendEntry
from ganviz.views.plot.plotting import (
    Axis,
    Fonts,
    draw_grid,
    draw_text,
    line_height,
    line_pen,
    y_tick_width,
)
from ganviz.views.plot.scales import tick_step
from ganviz.views.plot.strokes import draw_curve

GIVE_WAY = (3, 4, 0, 2)
"""Columns that are left out where there is no room, in this order; direction and present values stay."""
LEAST_PX, NAMED_PX, MOST_PX = 44.0, 100.0, 240.0
"""Of the plot's height: it is left out where there is less, has no names below the second, and is never higher."""
BESIDE_SHARE, BESIDE_PX = 0.31, 285.0
"""Of the width, for a plot beside the table of a cell that is at least as wide and too low for one below."""
OWN = "what one generated sample adds"


def draw_table(
    painter: QPainter, head: QRectF, rows: list[DirectionRow], axis: str, theme: Theme, fonts: Fonts
) -> None:
    """Draw a heading and rows of its height below it; columns that find no room are left out."""
    columns = [[HEADS[i].format(axis), *(row.texts[i - 1] for row in rows)] for i in range(1, len(HEADS))]
    widths = [max(formula_width(text, fonts.label) for text in column) + 11 for column in columns]
    left = max(formula_width(row.symbol, fonts.label) for row in rows) + 11
    shown = list(range(len(columns)))
    for dropped in GIVE_WAY:
        if left + sum(widths[i] for i in shown) > head.width():
            shown.remove(dropped)
    gap = max(0.0, head.width() - left - sum(widths[i] for i in shown)) / max(len(shown), 1)
    x = head.left() + left
    for i in shown:
        box = QRectF(x, head.top(), widths[i] + gap, head.height())
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        draw_text(painter, box, columns[i][0], Qt.AlignmentFlag.AlignLeft)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.text))
        for k, text in enumerate(columns[i][1:], start=1):
            draw_text(painter, box.translated(0, k * head.height()), text, Qt.AlignmentFlag.AlignLeft)
        x += widths[i] + gap
    for k, row in enumerate(rows, start=1):
        y = head.top() + k * head.height()
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(head.left(), round(y) + 0.5), QPointF(head.right(), round(y) + 0.5))
        painter.setPen(theme.letters(row.role))
        baseline = y + head.height() / 2 + line_height(fonts.label) * 0.28
        draw_formula(painter, QPointF(head.left(), baseline), row.symbol, fonts.label)


def draw_terms(
    painter: QPainter, box: QRectF, rows: list[DirectionRow], own: OwnTerms, theme: Theme, fonts: Fonts
) -> None:
    """Draw both terms and their sum in the colors of their rows; nothing where there is no room or no sum."""
    total, line = own.total, line_height(fonts.tick)
    if total is None or box.height() < LEAST_PX:
        return
    pens = [line_pen(theme.line(row.role), 1.8 + 1.2 * (row is rows[-1])) for row in rows]
    if np.allclose(own.of_d, own.of_g):
        pens[1].setDashPattern([4.0, 4.0])  # so that both are seen
    top, bottom = box.top() + 2, box.bottom() - line - 2
    if is_named := min(box.height(), 0.4 * box.width()) >= NAMED_PX:
        words = ("", "", OWN)
        entries = [
            LegendEntry(pen, row.symbol, theme.letters(row.role), text)
            for pen, row, text in zip(pens, rows, words, strict=True)
        ]
        legend = Legend.fit(entries, box.width(), 1, fonts)
        legend.draw(painter, QRectF(box.left(), top, box.width(), legend.height), theme, fonts)
        top, bottom = top + legend.height + 6, bottom - line - 3
    values = (own.of_d, own.of_g, total)
    known = np.concatenate([*values, np.zeros(1)])
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    step = tick_step(low, high, 4)
    low, high = np.floor(low / step), np.ceil(high / step)
    y = Axis(low * step, max(high, low + 1) * step, bottom, top)
    left = box.left() + y_tick_width(y, y.start - y.end, fonts.tick) + 8
    x = Axis(float(np.floor(own.x[0])), float(np.ceil(own.x[-1])), left, box.right() - 8)
    plot = QRectF(left, y.end, x.end - left, y.start - y.end)
    draw_grid(painter, plot, x, y, theme, fonts)
    with clipped(painter, plot.adjusted(0, -2, 0, 2)):
        painter.setPen(QPen(QColor(theme.border), 1.2))
        painter.drawLine(QPointF(plot.left(), y.pixel(0)), QPointF(plot.right(), y.pixel(0)))
        for heights, pen in (*zip(values[2:], pens[2:], strict=True), *zip(values, pens[:2], strict=False)):
            draw_curve(painter, x.pixels(own.x), y.pixels(heights), pen)
    if is_named:
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        below = QRectF(plot.left(), box.bottom() - line, plot.width(), line)
        draw_text(painter, below, own.name.removeprefix("the "), Qt.AlignmentFlag.AlignHCenter)
