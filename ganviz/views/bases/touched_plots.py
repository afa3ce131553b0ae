"""What plots that are no charts of steps share under the hand: looks, a pointer that reads values, a menu."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, TypeVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.views.bases.canvas import AbstractPaintedView, Canvas
from ganviz.views.bases.chart_menu import Act, Choices, open_chart_menu
from ganviz.views.bases.copying import copy_values
from ganviz.views.bases.planes import Frame
from ganviz.views.bases.read_aloud import words_of
from ganviz.views.bases.touch_canvas import TouchCanvas
from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import Look, Looks, Range
from ganviz.views.plot.plotting import Axis, Fonts, translucent
from ganviz.views.plot.read_box import draw_read_out
from ganviz.views.plot.read_out import ReadOut
from ganviz.views.plot.values import Values

CROSS_PX = 7.0

T = TypeVar("T")


class AbstractTouchedPlots(AbstractPaintedView):
    """One plot or several, each of which can be zoomed, moved and read; GUI thread only.

    Plots of one :meth:`group` show the same part. The box that is touched lies over the plot that was pressed last or
    over which the wheel was turned last.
    """

    equal_scales: ClassVar[bool] = False
    """Whether a plot is a plane, in which places are read; of others, what stands at a place of the axis."""
    shares_x: ClassVar[bool] = False
    """Whether plots, a group each, have heights of their own and one range of x, whose history is that of all."""
    top_px: ClassVar[float] = 0.0
    """Height that read-outs leave free at the upper edge of a plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._aimed = 0
        self._looks: dict[int, Looks] = {}
        self._made: dict[Hashable, Any] = {}
        self._made_in: Fonts | None = None
        self._pointed: tuple[int, float, float] | None = None
        super().__init__(parent)

    def make_canvas(self) -> Canvas:
        """Return a canvas that can be touched."""
        self._canvas = TouchCanvas(self, equal_scales=self.equal_scales, follows=False)
        self._canvas.use(self._looks_of(0))
        return self._canvas

    def frames(self, area: QRectF) -> list[Frame]:
        """Return each plot where the view is painted into ``area``; none before there is a run."""
        raise NotImplementedError

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the ranges of all that a plot can show; heights are positions on its scale."""
        raise NotImplementedError

    def group(self, index: int) -> int:
        """Return which plots show the same part as this one."""
        return index if self.shares_x else 0

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return what is known of a place in a plot."""
        raise NotImplementedError

    def read_here(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return what is said of the place that is pointed at."""
        return self.read_out(index, x, y)

    def values(self) -> Values:
        """Return the values that are visible."""
        raise NotImplementedError

    def look(self, index: int) -> Look:
        """Return what a plot shows."""
        return self._looks_of(self.group(index)).present

    def forget_looks(self) -> None:
        """Show everything, for other data."""
        for looks in self._looks.values():
            looks.clear()

    def _looks_of(self, group: int) -> Looks:
        if group not in self._looks:
            made, others = Looks(), list(self._looks.values())
            if self.shares_x and others:  # a lane that comes later
                made.follow(others[0])
            self._looks[group] = made
        return self._looks[group]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for this picture, or make it: painting and reading ask for the same several times."""
        if self._made_in is not self.fonts():
            self._made, self._made_in = {}, self.fonts()
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def redraw(self) -> None:
        """Paint anew, with everything found out again."""
        self._made = {}
        super().redraw()

    def _frames_here(self) -> list[Frame]:
        """Return the plots on the canvas; none where a sentence stands in their place."""
        if self.absence():
            return []
        return self.frames(QRectF(0, 0, self.canvas.width(), self.canvas.height()))

    def aim(self, at: QPointF) -> bool:
        """Let the plot at a place on the canvas be the one that is touched; say whether there is one."""
        for index, frame in enumerate(self._frames_here()):
            if frame.area.contains(at):
                self._aimed = index
                self._canvas.use(self._looks_of(self.group(index)))
                return True
        return False

    def place(self) -> tuple[QRectF, Range, Range] | None:
        """Return where the plot that is touched lies, and its ranges; None where there is none."""
        frames = self._frames_here()
        self._aimed = max(min(self._aimed, len(frames) - 1), 0)
        if not frames or frames[self._aimed].area.isEmpty():
            return None
        self._canvas.use(self._looks_of(self.group(self._aimed)))
        self._canvas.set_home(*self.home(self._aimed))
        frame = frames[self._aimed]
        low, high = frame.y.scale.forward(np.array([frame.y.low, frame.y.high])).tolist()
        return frame.area, (frame.x.low, frame.x.high), (low, high)

    def looked(self, look: Look) -> None:
        """Draw another part, the same x in all plots where they share it."""
        if self.shares_x:
            touched = self._looks_of(self._aimed)
            for looks in self._looks.values():
                if looks is not touched:
                    looks.follow(touched)
        self.redraw()

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Answer no press: all of them are for the plots."""
        return False

    def release(self) -> None:
        """Answer no end of a press."""

    def clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Answer no click."""

    def unclicked(self) -> None:
        """Take back no click."""

    def act_of(self, key: int) -> Callable[[], object] | None:
        """Return what a key does here: T opens the table."""
        return self.open_table if key == Qt.Key.Key_T else None

    def move_crosshair(self, right: float, up: float = 0.0) -> None:
        """Move the place that is read, from the middle of the first plot where there is none."""
        frames = self._frames_here()
        if not frames:
            return
        index, x, y = self._pointed or (0, *_middle(frames[0]))
        frame = frames[index]
        x, y = _moved(frame.x, x, right), _moved(frame.y, y, up if self.equal_scales else 0.0)
        self._pointed = (index, x, y)
        self._canvas.refresh_overlay()

    def aloud(self) -> str:
        """Return what is read at the place that is pointed at, or in the middle of the first plot."""
        frames = self._frames_here()
        if not frames:
            return self.absence()
        index, x, y = self._pointed or (0, *_middle(frames[0]))
        read = self.read_here(min(index, len(frames) - 1), x, y)
        return words_of(read) if read is not None else ""

    def pointer_moved(self, at: QPointF | None) -> None:
        """Read values at the pointer."""
        pointed = None
        for index, frame in enumerate(self._frames_here() if at is not None else ()):
            if at is not None and frame.area.contains(at):
                pointed = (index, frame.x.value(at.x()), frame.y.value(at.y()))
        if pointed != self._pointed:
            self._pointed = pointed
            self._canvas.refresh_overlay()

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Mark the place under the pointer, and say what is known of it."""
        frames = [] if self._pointed is None else self._frames_here()
        if self._pointed is None or self._pointed[0] >= len(frames):
            return
        index, x, y = self._pointed
        self.draw_pointer(painter, frames, index, x, y)
        if (shown := self.read_here(index, x, y)) is not None:
            free = frames[index].area.adjusted(0, self.top_px, 0, 0)
            at = frames[index].x.pixel(x)
            draw_read_out(painter, free, at, shown, self.theme, self.fonts(), area)

    def draw_pointer(self, painter: QPainter, frames: list[Frame], index: int, x: float, y: float) -> None:
        """Mark the place in the plot itself: a cross in a plane, else a line upright."""
        frame = frames[index]
        if self.equal_scales:
            draw_cross(painter, QPointF(frame.x.pixel(x), frame.y.pixel(y)), self.theme)
            return
        painter.setPen(QPen(translucent(QColor(self.theme.text), 0.6), 1))
        at = frame.x.pixel(x)
        painter.drawLine(QPointF(at, frame.area.top()), QPointF(at, frame.area.bottom()))

    def copy_values(self) -> None:
        """Put the visible values on the clipboard."""
        copy_values(self, self.values())

    def acts(self) -> list[Act]:
        """Return what the menu offers."""
        return [
            ("Show everything", "0", self._canvas.reset),
            ("Back", "Alt+←", self._canvas.back),
            ("Forward", "Alt+→", self._canvas.forward),
            ("Copy visible values (CSV)", "", self.copy_values),
            ("Table of values …", "T", self.open_table),
        ]

    def choices(self) -> Choices:
        """Return what the menu offers besides, as menus in it."""
        return ()

    def open_menu(self, at: QPointF) -> None:
        """Open the context menu at a place on the canvas."""
        open_chart_menu(self, self.canvas.mapTo(self, at.toPoint()), self.acts(), self.choices())


def draw_cross(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """Mark a place with a small cross that stands out from what is around it."""
    for color, width in ((translucent(QColor(theme.base), 0.7), 3.0), (QColor(theme.text), 1.0)):
        painter.setPen(QPen(color, width))
        painter.drawLine(at - QPointF(CROSS_PX, 0), at + QPointF(CROSS_PX, 0))
        painter.drawLine(at - QPointF(0, CROSS_PX), at + QPointF(0, CROSS_PX))


def _moved(axis: Axis, value: float, share: float) -> float:
    """Return a value moved by a share of what is visible, at most to its end."""
    low, high = sorted((axis.low, axis.high))
    return min(max(value + share * (axis.high - axis.low), low), high)


def _middle(frame: Frame) -> tuple[float, float]:
    return (frame.x.low + frame.x.high) / 2, (frame.y.low + frame.y.high) / 2
