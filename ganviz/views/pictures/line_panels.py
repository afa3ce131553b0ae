"""What the view of a game on a line is drawn of: panels that share one x, and the lines from z to x."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.bases.chart_annotations import draw_tip
from ganviz.views.bases.planes import Frame
from ganviz.views.look.theme import Theme
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.plotting import (
    Axis,
    Fonts,
    draw_grid,
    draw_text,
    draw_vertical_label,
    line_height,
    number,
    text_width,
    translucent,
    y_tick_width,
)

Floats = NDArray[np.float64]

RIGHT_PX, LONG_NUMBER = 14.0, "0.0088"
"""Right of a stack of panels, for the half of a number at the end of an axis; left is room for such a number."""
WIDE_PX, HIGH_PX, LOW_PX = 180.0, 380.0, 160.0
"""How wide and how high a lane's stack is where nothing is crowded; in a lower one latents give way to all else."""


def left_px(fonts: Fonts) -> float:
    """Return how much is left of a stack of panels: for the numbers of its axes, and their names beside them."""
    return text_width(fonts.tick, LONG_NUMBER) + line_height(fonts.label) + 12


def columns_of(n: int, width: float, height: float, left: float) -> int:
    """Return in how many columns ``n`` stacks are least crowded; rows share ``height``."""

    def room(columns: int) -> float:
        wide, high = width / columns - left - RIGHT_PX, height / math.ceil(n / columns)
        return min(wide / WIDE_PX, high / HIGH_PX)

    return max(range(1, n + 1), key=room)


@dataclass(frozen=True, slots=True)
class Panels:
    """Where one lane is drawn: D above, densities in the middle, latents at the lower edge; one x for all of them.

    In a low stack latents give way, and have no height ``z_px``.
    """

    discriminator: Frame
    densities: Frame
    z: Axis
    z_px: float | None

    @property
    def x(self) -> Axis:
        """Return the axis that they share."""
        return self.densities.x


def draw_panel(
    painter: QPainter, frame: Frame, names: tuple[str, ...], theme: Theme, fonts: Fonts, *, with_x: bool
) -> None:
    """Draw a panel's edge, its grid, and the first of its y axis's names that fits, none beside very long numbers.

    Where the panel below has the same x, its numbers stand there alone.
    """
    area, left = frame.area, left_px(fonts)
    painter.setFont(fonts.label)
    painter.setPen(QColor(theme.muted))
    if y_tick_width(frame.y, area.height(), fonts.tick) + line_height(fonts.label) + 8 < left:
        draw_vertical_label(painter, area.left() - left + 2, area, *names)
    with clipped(painter, area.adjusted(-left, -8, RIGHT_PX, 40)):
        draw_grid(painter, area, frame.x, frame.y, theme, fonts, begin=-math.inf if with_x else math.inf)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)


def draw_peak(
    painter: QPainter, frame: Frame, x: Floats, density: Floats, color: QColor, theme: Theme, fonts: Fonts
) -> None:
    """Say how high a density is that goes beyond its panel, beside a triangle where it is highest."""
    area, top = frame.area, float(np.nanmax(density, initial=0.0))
    if not max(frame.y.low, frame.y.high) < top < math.inf:
        return
    at = frame.x.pixel(float(x[np.nanargmax(density)]))
    if not area.left() <= at <= area.right():
        return
    painter.setFont(fonts.tick)
    draw_tip(painter, at, area.top(), 1, color)
    words, height = number(top, 2), line_height(fonts.tick)
    width = text_width(fonts.tick, words)
    left = at + 7 if at + 7 + width <= area.right() else at - 7 - width
    box = QRectF(left, area.top() + 1, width, height)
    painter.fillRect(box, translucent(QColor(theme.base), 0.8))
    painter.setPen(color)
    draw_text(painter, box, words, Qt.AlignmentFlag.AlignLeft)


def draw_latents(
    painter: QPainter, panels: Panels, latents: Floats, images: Floats, theme: Theme, fonts: Fonts
) -> None:
    """Draw a line from each latent at the lower edge to where G sends it, on the densities' axis."""
    area, tick = panels.densities.area, line_height(fonts.tick)
    if panels.z_px is None:
        return
    start, end = area.bottom() + tick + 6, panels.z_px
    from_z, to_x = panels.z.pixels(latents), panels.x.pixels(images)
    lines = [
        QLineF(z, end, x, start)
        for z, x in zip(from_z.tolist(), to_x.tolist(), strict=True)
        if math.isfinite(x)
    ]
    with clipped(painter, QRectF(area.left() - 1, start, area.width() + 2, end - start)):
        painter.setPen(QPen(translucent(theme.line("generated"), 0.75), 1.0))
        painter.drawLines(lines)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawLine(QPointF(area.left(), end), QPointF(area.right(), end))
    painter.drawLine(QPointF(area.left(), start), QPointF(area.right(), start))
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.muted))
    for value in panels.z.scale.ticks(panels.z.low, panels.z.high, max(2, int(area.width() / 75))):
        box = QRectF(panels.z.pixel(value) - 40, end + 3, 80, tick)
        draw_text(painter, box, panels.z.scale.text(value), Qt.AlignmentFlag.AlignHCenter)
    painter.setFont(fonts.label)
    first_number = panels.z.scale.text(panels.z.low)
    aside = max(10.0, text_width(fonts.tick, first_number) / 2 + 4)
    for words, y in (("x", start), ("z", end)):
        box = QRectF(area.left() - text_width(fonts.label, words) - aside, y - tick, 20, 2 * tick)
        draw_text(painter, box, words, Qt.AlignmentFlag.AlignLeft)
