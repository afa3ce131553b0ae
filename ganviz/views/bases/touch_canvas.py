"""Where a chart is painted and touched: a plain canvas until it is first seen, a sheet of ``plot`` from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from ganviz.views.bases.canvas import Canvas
from ganviz.views.bases.read_aloud import put_in_order
from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import EVERYTHING, Look, Looks, Range
from ganviz.views.plot.touched import Touched

if TYPE_CHECKING:
    from ganviz.views.plot.sheet import Sheet


class TouchedView(Touched, Protocol):
    """What the canvas asks its view besides."""

    theme: Theme

    def paint_canvas(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the picture."""

    def clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Answer a click on the plot."""

    def unclicked(self) -> None:
        """Take back the last click: it was half of a double one."""

    def looked(self, look: Look) -> None:
        """Draw another look."""


class TouchCanvas(Canvas):
    """A canvas whose plot can be zoomed and moved; GUI thread only.

    The sheet, and pyqtgraph with it, is made in the turn of the event loop after the first painting.
    """

    def __init__(self, view: Any, *, equal_scales: bool = False, follows: bool = True) -> None:
        super().__init__(view)
        self._equal_scales, self._follows = equal_scales, follows
        self._touched: TouchedView = view
        self._looks_before = Looks()
        self._newest = 0.0
        self.sheet: Sheet | None = None

    @property
    def looks(self) -> Looks:
        """Return what is looked at and what was."""
        return self._looks_before if self.sheet is None else self.sheet.box.looks

    def use(self, looks: Looks) -> None:
        """Let these looks be the ones that are changed by touch: those of one of several plots."""
        self._looks_before = looks
        if self.sheet is not None:
            self.sheet.box.looks = looks

    def redraw(self) -> None:
        """Drop the picture and ask for a new one."""
        if self.sheet is None:
            super().redraw()
        else:
            self.sheet.redraw()

    def refresh_overlay(self) -> None:
        """Paint anew only what follows the pointer."""
        self.update() if self.sheet is None else self.sheet.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plain picture; the sheet covers it from the next turn on."""
        if self.sheet is None:
            super().paintEvent(event)
            QTimer.singleShot(0, self, self.make_sheet)

    def make_sheet(self) -> None:
        """Make the sheet, once."""
        if self.sheet is not None:
            return
        from ganviz.views.plot.sheet import Sheet

        sheet = Sheet(self._touched, self._paint_sheet, self)
        sheet.box.looks, sheet.box.newest = self._looks_before, self._newest
        sheet.box.equal_scales, sheet.box.follows = self._equal_scales, self._follows
        sheet.box.looked.connect(self._looked)
        sheet.box.clicked.connect(self._touched.clicked)
        sheet.box.unclicked.connect(self._touched.unclicked)
        sheet.setAccessibleName(self.accessibleName())
        self.setAccessibleName("")  # the sheet has it, and there is one plot
        sheet.resize(self.size())
        self._kept.drop()
        self.sheet = sheet
        sheet.show()
        put_in_order(self._view.controls, sheet)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the sheet fill the canvas."""
        super().resizeEvent(event)
        if self.sheet is not None:
            self.sheet.resize(self.size())

    def _looked(self, look: object) -> None:
        self._touched.looked(look if isinstance(look, Look) else EVERYTHING)

    def set_home(self, x: Range, y: Range) -> None:
        """Say what "everything" is."""
        if self.sheet is not None:
            self.sheet.box.home = (x, y)

    def begin(self) -> None:
        """Forget what was looked at, for another run."""
        self.looks.clear()
        self._newest = 0.0
        if self.sheet is not None:
            self.sheet.box.newest = 0.0

    def begin_at(self, newest: float) -> None:
        """Say how far the data go along another axis; nothing slides."""
        self._newest = newest
        if self.sheet is not None:
            self.sheet.box.newest = newest

    def grow(self, newest: float) -> None:
        """Say how far the data go."""
        self._newest = newest
        if self.sheet is not None:
            self.sheet.box.grow(newest)

    def forget_heights(self) -> None:
        """Show all values again at the same steps, for another vertical scale."""
        look = replace(self.looks.present, y=None)
        self.looks.clear()
        self.looks.slide(look)

    def choose(self, x: Range) -> None:
        """Show this part of the horizontal axis, and all that lies above it."""
        if self.sheet is not None:
            self.sheet.box.choose(x, self.sheet.box.home[1])

    def slide(self, x: Range, *, is_end: bool) -> None:
        """Show this part of the horizontal axis while a hand moves it elsewhere, and all that lies above it."""
        if self.sheet is not None:
            self.sheet.box.slide(x, self.sheet.box.home[1], is_end=is_end)

    def reset(self) -> None:
        """Show everything."""
        if self.sheet is not None:
            self.sheet.box.reset()

    def back(self) -> None:
        """Show what was shown before."""
        if self.sheet is not None:
            self.sheet.box.back()

    def forward(self) -> None:
        """Undo :meth:`back`."""
        if self.sheet is not None:
            self.sheet.box.forward()

    def stop_following(self) -> None:
        """Let the window stand where it is."""
        if self.sheet is not None:
            self.sheet.box.stop_following()

    def _paint_sheet(self, painter: QPainter, area: QRectF) -> None:
        """Paint the picture that the sheet keeps."""
        self._touched.paint_canvas(painter, area, self._touched.theme)
