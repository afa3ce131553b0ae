"""The part of a plot that is touched: wheel, box zoom, pan, double click, and where they lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal

from ganviz.views.plot.looks import EVERYTHING, Look, Looks, Range, alike, grown, within, zoomed

WHEEL_FACTOR = 1.0015
"""By how much an eighth of a degree of the wheel enlarges; a notch is 120 of them."""

SMALLEST_BOX_PX = 5
LINE_PX, UNSTEADY_PX, LONG = 10, 30, 6
"""What is thinner than the first is a line and enlarges along it alone; so is what an unsteady hand has drawn, thinner
than the second and so many times as long: a box as flat as that would mostly hold no curve."""

SMALLEST_SHARE = 1e-3
"""The smallest part of a plot with equal scales that can be looked at, along each side."""


class TouchBox(pg.ViewBox):
    """A view box with the pointer manners of all plots; GUI thread only.

    ``home`` is what "everything" means at present; :attr:`looked` tells of a look that the person chose.
    With ``equal_scales`` both axes are enlarged alike; with ``follows`` a window at the newest data slides with them.
    """

    looked = Signal(object)
    """Emitted with the :class:`Look` that was chosen by pointer or key."""
    banded = Signal(object)
    """Emitted with the rubber band (QRectF in scene pixels), or None when it is gone."""
    clicked = Signal(object, object)
    """Emitted with the place (QPointF in scene pixels) and the modifiers of a single left click."""
    unclicked = Signal()
    """Emitted when the last single click was the first half of a double one."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, border=None)
        self.disableAutoRange()
        self.looks = Looks()
        self.home: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        self.newest = 0.0
        self.only: str = ""
        self.equal_scales, self.follows = False, True
        self._pan_from: Look | None = None

    def show_ranges(self, area: QRectF, x: Range, y: Range) -> None:
        """Take a place in the scene and the ranges shown there."""
        if area != self.geometry():
            self.setGeometry(area)
        if [list(x), list(y)] != self.viewRange():
            self.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=False)
            self.updateMatrix()

    def grow(self, newest: float) -> None:
        """Follow the newest data."""
        self.looks.slide(grown(self.looks.present, self.newest, newest))
        self.newest = newest

    def choose(self, x: Range, y: Range, *, is_step: bool = True) -> None:
        """Look at these ranges, as far as there is anything."""
        if self.equal_scales:
            x, y = alike(x, y, self.home, SMALLEST_SHARE)
        at_x, at_y = within(x, self._reach()), within(y, self.home[1])
        follows = self.follows and at_x is not None and at_x[0] <= self.newest <= at_x[1]
        look = Look(at_x, at_y, follows)
        (self.looks.go if is_step else self.looks.slide)(look)
        # Further events may come before the next painting.
        self.show_ranges(self.geometry(), at_x or self.home[0], at_y or self.home[1])
        self.looked.emit(look)

    def _reach(self) -> Range:
        """Return how far one may look along x: a window that follows may stand a little beyond everything."""
        shown = self.looks.present.x
        return (
            self.home[0]
            if shown is None or not self.follows
            else (self.home[0][0], max(self.home[0][1], shown[1]))
        )

    def reset(self) -> None:
        """Show everything again."""
        self.looks.go(EVERYTHING)
        self.looked.emit(self.looks.present)

    def back(self) -> None:
        """Show what was shown before."""
        if self.looks.back():
            self.looked.emit(self.looks.present)

    def forward(self) -> None:
        """Undo :meth:`back`."""
        if self.looks.forward():
            self.looked.emit(self.looks.present)

    def stop_following(self) -> None:
        """Let the window stand where it is."""
        self.looks.slide(replace(self.looks.present, following=False))
        self.looked.emit(self.looks.present)

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zoom at the pointer; along one axis while X or Y is held."""
        self.turn(ev.scenePos(), ev.delta(), self.only)
        ev.accept()

    def turn(self, at: QPointF, delta: float, only: str) -> None:
        """Zoom by so many eighths of a degree of the wheel at a place in the scene, along one axis or both."""
        self.zoom_at(self.mapSceneToView(at), WHEEL_FACTOR ** -float(delta), only)

    def zoom_at(self, at: QPointF, factor: float, only: str = "") -> None:
        """Make the ranges ``factor`` times as wide about a point in plot coordinates, or "x" or "y" only."""
        x, y = (tuple(span) for span in self.viewRange())
        if self.equal_scales:
            whole = self.home[0][1] - self.home[0][0]
            only, factor = "", max(factor, SMALLEST_SHARE * whole / (x[1] - x[0]))
        x = x if only == "y" else zoomed(x, at.x(), factor)
        y = y if only == "x" else zoomed(y, at.y(), factor)
        self.choose(x, y)

    def zoom(self, factor: float) -> None:
        """Make the ranges ``factor`` times as wide about their middle."""
        (x_low, x_high), (y_low, y_high) = self.viewRange()
        self.zoom_at(QPointF((x_low + x_high) / 2, (y_low + y_high) / 2), factor, self.only)

    def move(self, right: float, up: float) -> None:
        """Look at what lies a share of the ranges farther."""
        (x_low, x_high), (y_low, y_high) = self.viewRange()
        dx, dy = right * (x_high - x_low), up * (y_high - y_low)
        self.choose((x_low + dx, x_high + dx), (y_low + dy, y_high + dy))

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Draw a box to zoom into with the left button; pan with the middle one or with Ctrl."""
        is_left = ev.button() == Qt.MouseButton.LeftButton
        pans = ev.button() == Qt.MouseButton.MiddleButton or (
            is_left and bool(ev.modifiers() & Qt.KeyboardModifier.ControlModifier)
        )
        if not (is_left or pans):
            ev.ignore()
            return
        ev.accept()
        if pans or self._pan_from is not None:
            self._pan(ev)
        else:
            self._box(ev)

    def _pan(self, ev: Any) -> None:
        before, now = (self.mapSceneToView(at) for at in (ev.lastScenePos(), ev.scenePos()))
        (x_low, x_high), (y_low, y_high) = self.viewRange()
        dx = 0.0 if self.only == "y" else before.x() - now.x()
        dy = 0.0 if self.only == "x" else before.y() - now.y()
        self.slide((x_low + dx, x_high + dx), (y_low + dy, y_high + dy), is_end=ev.isFinish())

    def slide(self, x: Range, y: Range, *, is_end: bool) -> None:
        """Look at these ranges while a hand moves them; all of its way is one step of the history."""
        before = self._pan_from = self._pan_from or self.looks.present
        self.choose(x, y, is_step=False)
        if is_end:
            self.looks.remember(before)
            self._pan_from = None
            self.looked.emit(self.looks.present)

    def _box(self, ev: Any) -> None:
        box = QRectF(ev.buttonDownScenePos(), ev.scenePos()).normalized()
        only = "" if self.equal_scales else self.only or _direction(box)
        if only == "x":
            box.setTop(self.geometry().top())
            box.setBottom(self.geometry().bottom())
        if only == "y":
            box.setLeft(self.geometry().left())
            box.setRight(self.geometry().right())
        box &= self.geometry()
        self.banded.emit(None if ev.isFinish() else box)
        if ev.isFinish() and min(box.width(), box.height()) >= SMALLEST_BOX_PX:
            one, other = self.mapSceneToView(box.bottomLeft()), self.mapSceneToView(box.topRight())
            self.choose((one.x(), other.x()), (one.y(), other.y()))

    def mouseClickEvent(self, ev: Any) -> None:
        """Show everything on a double click."""
        if ev.button() != Qt.MouseButton.LeftButton:
            ev.ignore()
            return
        ev.accept()
        if ev.double():
            self.unclicked.emit()
            self.reset()
        else:
            self.clicked.emit(ev.scenePos(), ev.modifiers())


def _direction(box: QRectF) -> str:
    """Return along which axis somebody has drawn who has drawn no box but a line; nothing where it is a box."""
    short, long = sorted((box.width(), box.height()))
    is_line = short < LINE_PX or (short < UNSTEADY_PX and long > LONG * short)
    if long < LINE_PX or not is_line:
        return ""
    return "x" if box.width() > box.height() else "y"
