"""What planes share under the hand: one look at all of them, a pointer that reads values, a menu."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.views.canvas import AbstractPaintedView, Canvas
from ganviz.views.chart_menu import open_chart_menu
from ganviz.views.planes import Frame
from ganviz.views.plot.look import Look, Range
from ganviz.views.plotting import number, translucent
from ganviz.views.read_out import ReadOut, ReadRow, draw_read_out
from ganviz.views.touch_canvas import TouchCanvas

Rows = list[tuple[str, str, str]]
"""Role (for its color), name (HTML) and value of each line of a read-out."""

CROSS_PX = 7.0
EDGE_PX = 16.0
"""Height that is left free at the upper edge of a plane, where samples beyond it are counted."""


class AbstractTouchedPlanes(AbstractPaintedView):
    """One plane a lane, all of which show the same part; GUI thread only.

    The box that is touched lies over the plane that was pressed last or over which the wheel was turned last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aimed = 0
        self._pointed: tuple[int, float, float] | None = None

    def make_canvas(self) -> Canvas:
        """Return a canvas that can be touched."""
        self._canvas = TouchCanvas(self, equal_scales=True)
        return self._canvas

    def frames(self, area: QRectF) -> list[Frame]:
        """Return each lane's plane where the view is painted into ``area``; none before there is a run."""
        raise NotImplementedError

    def home(self) -> tuple[Range, Range]:
        """Return the ranges of the whole plane."""
        raise NotImplementedError

    def values_at(self, lane: int, x: float, y: float) -> Rows:
        """Return what is known of a place in a lane's plane."""
        raise NotImplementedError

    def _frames_here(self) -> list[Frame]:
        return self.frames(QRectF(0, 0, self.canvas.width(), self.canvas.height()))

    def aim(self, at: QPointF) -> bool:
        """Let the plane at a place on the canvas be the one that is touched; say whether there is one."""
        for lane, frame in enumerate(self._frames_here()):
            if frame.area.contains(at):
                self._aimed = lane
                return True
        return False

    def place(self) -> tuple[QRectF, Range, Range] | None:
        """Return where the plane that is touched lies, and its ranges."""
        frames = self._frames_here()
        if not frames:
            return None
        self._canvas.set_home(*self.home())
        frame = frames[min(self._aimed, len(frames) - 1)]
        return frame.area, (frame.x.low, frame.x.high), (frame.y.low, frame.y.high)

    def looked(self, look: Look) -> None:
        """Draw another part."""
        self.redraw()

    def press(self, at: QPointF, modifiers: object) -> bool:
        """Answer no press: all of them are for the plane."""
        return False

    def pointer_moved(self, at: QPointF | None) -> None:
        """Read values at the pointer."""
        pointed = None
        for lane, frame in enumerate(self._frames_here() if at is not None else ()):
            if at is not None and frame.area.contains(at):
                pointed = (lane, frame.x.value(at.x()), frame.y.value(at.y()))
        if pointed != self._pointed:
            self._pointed = pointed
            self._canvas.refresh_overlay()

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Mark the place under the pointer in every plane, and say what is known of it in its own."""
        frames = self._frames_here()
        if self._pointed is None or self._pointed[0] >= len(frames):
            return
        lane, x, y = self._pointed
        for frame in frames:
            self._draw_cross(painter, frame.x.pixel(x), frame.y.pixel(y))
        title = f"x = ({number(x, 2)}, {number(y, 2)})"
        rows, frame = [ReadRow(*row[:2], row[2:]) for row in self.values_at(lane, x, y)], frames[lane]
        below_counts = frame.area.adjusted(0, EDGE_PX, 0, 0)
        shown = ReadOut(title, tuple(rows))
        draw_read_out(painter, below_counts, frame.x.pixel(x), shown, self.theme, self.fonts(), area)

    def _draw_cross(self, painter: QPainter, x: float, y: float) -> None:
        for color, width in (
            (translucent(QColor(self.theme.base), 0.7), 3.0),
            (QColor(self.theme.text), 1.0),
        ):
            painter.setPen(QPen(color, width))
            painter.drawLine(QPointF(x - CROSS_PX, y), QPointF(x + CROSS_PX, y))
            painter.drawLine(QPointF(x, y - CROSS_PX), QPointF(x, y + CROSS_PX))

    def open_menu(self, at: QPointF) -> None:
        """Open the context menu at a place on the canvas."""
        acts = (
            ("Show everything", "0", self._canvas.reset),
            ("Back", "Alt+←", self._canvas.back),
            ("Forward", "Alt+→", self._canvas.forward),
        )
        open_chart_menu(self, self.canvas.mapTo(self, at.toPoint()), acts)
