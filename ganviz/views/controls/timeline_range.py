"""The steps that charts show, as a bar above the timeline that is taken by its ends, or moved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import Range, zoomed
from ganviz.views.plot.plotting import translucent

TOP, HEIGHT = 1.0, 4.0
REACH = 7.0
"""How far down the pointer finds the bar; the handle and the marks of the track begin there."""
GRIP_PX = 6.0
FAINT = 0.2
WHEEL_FACTOR = 1.0015
"""By how much an eighth of a degree of the wheel enlarges, as on charts."""
_TURNS: dict[int, int] = {Qt.Key.Key_Plus: 120, Qt.Key.Key_Minus: -120}
"""A key is worth a notch of the wheel."""


class ShownRange(QObject):
    """Which part of a run the charts show, along their axis, and how a hand changes it; GUI thread only.

    Attributes
    ----------
    whole : (float, float)
        What there is of the run.
    """

    wished = Signal(object, bool)
    """Emitted with the part of the axis that charts are to show, None for everything; whether a hand still moves it."""

    def __init__(self, track: QWidget) -> None:
        super().__init__(track)
        self.whole: Range = (0.0, 0.0)
        self._track, self._is_there = track, False
        self._x: Range | None = None
        self._held: Callable[[float], Range] | None = None
        self._is_moved = False

    @property
    def is_part(self) -> bool:
        """Return whether the charts show less than everything."""
        return self._is_there and self._x is not None

    @property
    def is_held(self) -> bool:
        """Return whether a hand has it."""
        return self._held is not None

    @property
    def x(self) -> Range:
        """Return what the charts show, as far as there is anything."""
        low, high = self.whole if self._x is None else self._x
        return max(low, self.whole[0]), max(min(high, self.whole[1]), self.whole[0])

    def show(self, x: Range | None, is_there: bool) -> None:
        """Take what the charts show, None for everything; nothing is painted where no chart is seen."""
        if (x, is_there) != (self._x, self._is_there):
            self._x, self._is_there = x, is_there
            self._track.update()

    def shape_at(self, at: float, px: float) -> Qt.CursorShape | None:
        """Return what the pointer is like at a place on the bar, where a pixel is ``px`` along the axis."""
        low, high = self.x
        if not self._is_there:
            return None
        if min(abs(at - low), abs(at - high)) <= GRIP_PX * px:
            return Qt.CursorShape.SizeHorCursor
        return Qt.CursorShape.OpenHandCursor if self.is_part and low < at < high else None

    def take(self, at: float, px: float) -> bool:
        """Take the bar at a place: one of its ends, or all of it; say whether there is anything to take."""
        shape, (low, high) = self.shape_at(at, px), self.x
        if shape == Qt.CursorShape.OpenHandCursor:
            self._held = lambda now: (low + now - at, high + now - at)
        elif shape is not None:
            stays = high if abs(at - low) < abs(at - high) else low
            self._held = lambda now: (min(now, stays), max(now, stays))
        self._is_moved = False
        return shape is not None

    def drag(self, at: float) -> None:
        """Show what a hand that is at this place wants."""
        if self._held is not None:
            self._is_moved = True
            self.wished.emit(self._held(at), True)

    def let_go(self, at: float) -> None:
        """Show what a hand that lets go here wanted; a mere click is no wish."""
        held, self._held = self._held, None
        if held is not None and self._is_moved:
            self.wished.emit(held(at), False)

    def turn(self, at: float, delta: float) -> None:
        """Enlarge about a place, by so many eighths of a degree of the wheel."""
        if self._is_there:
            self.wished.emit(zoomed(self.x, at, WHEEL_FACTOR**-delta), False)

    def key(self, key: int, at: float) -> bool:
        """Do what a key does on charts, about a place; say whether it is one of those."""
        if key == Qt.Key.Key_0:
            self.wished.emit(None, False)
        elif key in _TURNS:
            self.turn(at, _TURNS[key])
        return key == Qt.Key.Key_0 or key in _TURNS

    def draw(self, painter: QPainter, pixel: Callable[[float], float], theme: Theme) -> None:
        """Paint the bar in its groove, faint where everything is shown; ``pixel`` gives the place of a value."""
        painter.setPen(Qt.PenStyle.NoPen)
        parts = (self.whole, FAINT), (self.x, 1.0 if self.is_part else FAINT)
        for (low, high), opacity in parts if self._is_there else ():
            painter.setBrush(translucent(QColor(theme.muted), opacity))
            width = max(pixel(high) - pixel(low), HEIGHT)
            painter.drawRoundedRect(QRectF(pixel(low), TOP, width, HEIGHT), HEIGHT / 2, HEIGHT / 2)
