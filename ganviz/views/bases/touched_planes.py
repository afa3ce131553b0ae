"""Planes under the hand: equal scales, one look for all lanes, a cross at the same place in each."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from ganviz.views.bases.planes import Frame
from ganviz.views.bases.touched_plots import AbstractTouchedPlots, draw_cross


class AbstractTouchedPlanes(AbstractTouchedPlots):
    """One plane a lane, all of which show the same part; GUI thread only."""

    equal_scales: ClassVar[bool] = True
    top_px: ClassVar[float] = 16.0

    def draw_pointer(self, painter: QPainter, frames: list[Frame], index: int, x: float, y: float) -> None:
        """Mark the place in every plane."""
        for frame in frames:
            draw_cross(painter, QPointF(frame.x.pixel(x), frame.y.pixel(y)), self.theme)
