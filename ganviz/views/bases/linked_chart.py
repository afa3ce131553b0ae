"""A chart whose steps are shown alike in all charts: crosshair, visible range, and what steps are laid along."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar
from weakref import WeakSet

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMainWindow, QWidget
from shiboken6 import isValid

from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.canvas import AbstractPaintedView, Canvas
from ganviz.views.bases.chart import Chart, widest
from ganviz.views.bases.chart_content import ChartContent
from ganviz.views.bases.horizontal import STEP, Along, horizontal
from ganviz.views.bases.touch_canvas import TouchCanvas
from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import Look, Range


class AbstractLinkedChart(AbstractPaintedView):
    """What charts of values over steps share; GUI thread only.

    The crosshair is shared: :attr:`cursor_moved` says at which step the pointer is, :meth:`show_cursor` draws it. Steps
    are steps everywhere but in what the canvas looks at, which is a range of the horizontal axis.
    """

    cursor_moved = Signal(object)
    """Emitted with the step (float) under the pointer, or None when it left."""
    horizontal_wished = Signal(str)
    """Emitted with the key of a quantity that steps are to be laid along, in all charts."""
    steps_looked = Signal()
    """Emitted when a hand has chosen which steps are shown, here and in the other charts."""

    is_of_run: ClassVar[bool] = True
    _all: ClassVar[WeakSet[AbstractLinkedChart]] = WeakSet()
    """Every one there is: to look through all the widgets of a window for them takes a tenth of a turn of the wheel."""
    along: Along
    _trace: LossTrace | None
    """What is drawn."""
    _whole: LossTrace | None
    """What knows how steps lie along the axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all.add(self)
        self._chart, self.along = Chart(), Along()
        self._trace = self._whole = None
        self._cursor: float | None = None
        self._pointer: QPointF | None = None

    def make_canvas(self) -> Canvas:
        """Return a canvas that can be touched."""
        self._canvas = TouchCanvas(self)
        return self._canvas

    def content(self) -> ChartContent | None:
        """Return what the chart shows, or None where there is nothing yet."""
        raise NotImplementedError

    def draw_chart(self, painter: QPainter, area: QRectF, content: ChartContent, theme: Theme) -> None:
        """Paint the chart; on the screen, plots that stand above each other begin and end at the same places."""
        column = self._column() if area.width() == self.canvas.width() else []
        self._chart.least = widest(one._chart.own for one in column)
        self._chart.draw(painter, area, content, theme, self.fonts())
        for one in column:
            if one._chart.drawn is not None and one._chart.sides != self._chart.sides:
                one.redraw()

    def _column(self) -> list[AbstractLinkedChart]:
        """Return the charts that stand above and below this one, and are as wide."""
        place = self.canvas.mapToGlobal(QPoint()).x(), self.canvas.width()
        return [
            one
            for one in self.others()
            if one.isVisible() and (one.canvas.mapToGlobal(QPoint()).x(), one.canvas.width()) == place
        ]

    def show_cursor(self, step: object) -> None:
        """Draw the crosshair at a step, or take it away with None."""
        self._cursor = float(step) if isinstance(step, (int, float)) else None
        self._canvas.refresh_overlay()

    def follow_pointer(self) -> None:
        """Put the crosshair under the resting pointer, or away where that is no more on the plot."""
        step = None if self._pointer is None else self._step_at(self._pointer)
        if step != self._cursor:
            self._cursor = step  # this chart is being painted
            self.cursor_moved.emit(step)

    def _step_at(self, at: QPointF) -> float | None:
        """Return the step at a place on the plot, None beside it."""
        drawn = self._chart.drawn
        return drawn.x.value(at.x()) if drawn is not None and drawn.area.contains(at) else None

    def move_crosshair(self, right: float, up: float = 0.0) -> None:
        """Move the crosshair by a share of what is visible, from the middle where there is none."""
        drawn = self._chart.drawn
        if drawn is not None:
            span = drawn.x.high - drawn.x.low
            start = drawn.x.low + span / 2 if self._cursor is None else self._cursor
            step = min(max(round(start + right * span), max(1.0, drawn.x.low)), drawn.x.high)
            self.show_cursor(step)
            self.cursor_moved.emit(step)

    def place(self) -> tuple[QRectF, Range, Range] | None:
        """Return where the last picture has its plot, and its ranges as plot coordinates."""
        drawn = self._chart.drawn
        if drawn is None:
            return None
        self._canvas.set_home(*drawn.home)
        low, high = drawn.y.scale.forward(np.array([drawn.y.low, drawn.y.high])).tolist()
        left, right = (self.along.position(step) for step in (drawn.x.low, drawn.x.high))
        return drawn.area, (left, right), (low, high)

    def looked(self, look: Look) -> None:
        """Draw another look, and the same part of the horizontal axis in the other charts."""
        self.redraw()
        for other in self.others():
            other._canvas.looks.follow(self._canvas.looks)
            other.redraw()
        self.steps_looked.emit()

    @property
    def shown_range(self) -> Range | None:
        """Return which part of the horizontal axis is shown; None where that is everything."""
        return self._canvas.looks.present.x

    def show_range(self, x: Range | None, *, is_moving: bool) -> None:
        """Show a part of the horizontal axis, None for everything; ``is_moving`` while a hand still changes it."""
        if x is None:
            self._canvas.reset()
        else:
            self._canvas.slide(x, is_end=not is_moving)

    def others(self) -> list[AbstractLinkedChart]:
        """Return the other charts of the main window, or of the log's window that this one is in."""
        root = _top(self)
        return [one for one in self._all if one is not self and isValid(one) and _top(one) is root]

    def show_horizontal(self, key: str) -> None:
        """Lay steps along another quantity; the same steps stay visible."""
        before = self.along
        self.along = Along.of(horizontal(key), self._whole, self.along.steps)
        self._canvas.looks.turn(lambda look: replace(look, x=before.moved(look.x, self.along)))
        self._canvas.begin_at(self._newest())
        self.redraw()

    def name_steps(self, word: str) -> None:
        """Call what is counted along the axis by another word than "step"."""
        self.along = replace(self.along, steps=replace(STEP, label=word))
        self.redraw()

    def _newest(self) -> float:
        trace = self._trace
        return 0.0 if trace is None or not len(trace.last) else self.along.position(float(trace.last[-1]))


def _top(widget: QWidget) -> QWidget:
    """Return the window with docks that a widget stands in; a floating dock stands in the one it was taken out of."""
    while not isinstance(widget, QMainWindow) and (above := widget.parentWidget()) is not None:
        widget = above
    return widget
