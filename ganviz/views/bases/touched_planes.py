"""Planes under the hand: equal scales, one look for all lanes, a cross at the same place in each."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.views.bases.planes import Frame
from ganviz.views.bases.touched_plots import AbstractTouchedPlots
from ganviz.views.plot.plotting import translucent

CROSS_PX = 7.0


class AbstractTouchedPlanes(AbstractTouchedPlots):
    """One plane a lane, all of which show the same part; GUI thread only."""

    equal_scales: ClassVar[bool] = True
    top_px: ClassVar[float] = 16.0

    def draw_pointer(self, painter: QPainter, frames: list[Frame], index: int, x: float, y: float) -> None:
        """Mark the place in every plane."""
        for frame in frames:
            at_x, at_y = frame.x.pixel(x), frame.y.pixel(y)
            for color, width in (
                (translucent(QColor(self.theme.base), 0.7), 3.0),
                (QColor(self.theme.text), 1.0),
            ):
                painter.setPen(QPen(color, width))
                painter.drawLine(QPointF(at_x - CROSS_PX, at_y), QPointF(at_x + CROSS_PX, at_y))
                painter.drawLine(QPointF(at_x, at_y - CROSS_PX), QPointF(at_x, at_y + CROSS_PX))
