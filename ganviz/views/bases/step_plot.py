"""A plot over steps of what was measured while a view was seen: its frame, grid, and what its axes are called."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.views.bases.planes import Frame
from ganviz.views.look.formula import draw_vertical_words
from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import EVERYTHING, Look
from ganviz.views.plot.plotting import (
    TICK_GAP,
    Axis,
    Fonts,
    draw_grid,
    draw_text,
    line_height,
    text_width,
    y_tick_width,
)
from ganviz.views.plot.scales import LINEAR, Scale, next_round

RIGHT_PX = 16.0
LEAST_STEPS = 20.0
"""The axis of steps is at least as long, so that its labels are whole numbers."""


def step_frame(
    area: QRectF,
    steps: NDArray[np.float64],
    heights: tuple[float, float],
    fonts: Fonts,
    scale: Scale = LINEAR,
    look: Look = EVERYTHING,
) -> Frame:
    """Return the plot in ``area`` that has room for its labels; its steps begin at 0 and end at a round one.

    ``look`` is the part that is shown; its heights are positions on the scale.
    """
    if look.y is not None:
        heights = scale.backward(look.y[0]), scale.backward(look.y[1])
    y = Axis(*heights, area.bottom() - line_height(fonts.tick) - 8, area.top() + 4, scale)
    left = max(y_tick_width(y, y.start - y.end, fonts.tick), text_width(fonts.tick, "step 0"))
    left += area.left() + line_height(fonts.label) + 14
    x = Axis(*(look.x or (0.0, last_step(steps))), left, area.right() - RIGHT_PX)
    return Frame(QRectF(left, y.end, x.end - left, y.start - y.end), x, y)


def last_step(steps: NDArray[np.float64]) -> float:
    """Return the round step at which an axis of these steps ends."""
    return next_round(max(float(steps[-1]) * 1.02, LEAST_STEPS))


def draw_step_frame(
    painter: QPainter, area: QRectF, frame: Frame, words: str, theme: Theme, fonts: Fonts
) -> None:
    """Draw the grid with both axes' names: ``words`` along the vertical one."""
    plot = frame.area
    until_zero = plot.left() - text_width(fonts.tick, "0") / 2 - 5
    draw_grid(painter, plot, frame.x, frame.y, theme, fonts, begin=until_zero + TICK_GAP)
    painter.setPen(QColor(theme.muted))
    painter.setFont(fonts.label)
    draw_vertical_words(painter, area.left() + 4, plot, words)
    painter.setFont(fonts.tick)
    name = QRectF(area.left(), plot.bottom() + 3, until_zero - area.left(), line_height(fonts.tick))
    draw_text(painter, name, "step", Qt.AlignmentFlag.AlignRight)
