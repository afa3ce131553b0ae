"""A chart under the hand: a crosshair that is linked to all other charts, linked steps, a legend, a menu."""

from __future__ import annotations

import html
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.canvas import AbstractPaintedView, Canvas
from ganviz.views.chart import Chart, ChartContent, Curve, lane_key
from ganviz.views.chart_annotations import chip_box, draw_chip
from ganviz.views.chart_data import isolated, text_at, toggled, visible_values
from ganviz.views.chart_margin import MarginLabel, draw_full_label
from ganviz.views.chart_menu import open_chart_menu
from ganviz.views.plot.look import Look, Range
from ganviz.views.plotting import number, translucent
from ganviz.views.read_out import ReadOut, ReadRow, draw_read_out
from ganviz.views.status_words import grouped
from ganviz.views.touch_canvas import TouchCanvas
from ganviz.views.traces import value_at

FOLLOWING = "Following ×"


class AbstractTouchedChart(AbstractPaintedView):
    """What the pointer and the keys do on a chart of values over steps; GUI thread only.

    The crosshair is shared: :attr:`cursor_moved` says at which step the pointer is, :meth:`show_cursor` draws it.
    """

    cursor_moved = Signal(object)
    """Emitted with the step (float) under the pointer, or None when it left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart, self._hidden = Chart(), frozenset[str]()
        self._trace: LossTrace | None = None
        self._cursor: float | None = None
        self._named: MarginLabel | None = None

    def make_canvas(self) -> Canvas:
        """Return a canvas that can be touched."""
        self._canvas = TouchCanvas(self)
        return self._canvas

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return the curves to draw for this run."""
        raise NotImplementedError

    def content(self) -> ChartContent | None:
        """Return what the chart shows, or None where there is nothing yet."""
        raise NotImplementedError

    def scale_key(self) -> str:
        """Return how values are laid out."""
        raise NotImplementedError

    def set_scale(self, key: str) -> None:
        """Lay values out "linear", "symlog" or "log"."""
        raise NotImplementedError

    def show_cursor(self, step: object) -> None:
        """Draw the crosshair at a step, or take it away with None."""
        self._cursor = float(step) if isinstance(step, (int, float)) else None
        self._canvas.refresh_overlay()

    def pointer_moved(self, at: QPointF | None) -> None:
        """Move the crosshair here and say so to the other charts."""
        drawn = self._chart.drawn
        labels = [] if drawn is None or at is None else drawn.labels
        named = next((one for one in labels if at is not None and one.box.contains(at)), None)
        if named != self._named:
            self._named = named
            self._canvas.refresh_overlay()
        is_inside = at is not None and drawn is not None and drawn.area.contains(at)
        step = drawn.x.value(at.x()) if at is not None and drawn is not None and is_inside else None
        if step != self._cursor:
            self.show_cursor(step)
            self.cursor_moved.emit(step)

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Paint the crosshair and the values at its step."""
        drawn = self._chart.drawn
        if drawn is None or self._trace is None:
            return
        chip = self._chip()
        if chip is not None:
            draw_chip(painter, chip, FOLLOWING, self.theme, self.fonts())
        if self._named is not None:
            draw_full_label(painter, self._named, self._lane_labels(), area, self.theme, self.fonts())
        if self._cursor is None:
            return
        at = drawn.x.pixel(self._cursor)
        if not drawn.area.left() <= at <= drawn.area.right():
            return
        painter.setPen(QPen(translucent(QColor(self.theme.text), 0.6), 1))
        painter.drawLine(QPointF(at, drawn.area.top()), QPointF(at, drawn.area.bottom()))
        for curve, _, one in drawn.tracks:
            height = drawn.y.pixel(value_at(one, self._cursor))
            if drawn.area.top() - 1 <= height <= drawn.area.bottom() + 1:
                painter.setPen(QPen(QColor(self.theme.base), 1.5))
                painter.setBrush(self.theme.line(curve.role))
                painter.drawEllipse(QPointF(at, height), 3.5, 3.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
        if drawn.tracks:
            draw_read_out(painter, drawn.area, at, self._read_out(), self.theme, self.fonts(), area)

    def _read_out(self) -> ReadOut:
        """Return the values of the visible curves at the crosshair, a column a lane."""
        drawn, step = self._chart.drawn, self._cursor
        assert drawn is not None
        assert step is not None
        labels = self._lane_labels()
        lanes = sorted({lane for _, lane, _ in drawn.tracks})
        rows: dict[str, ReadRow] = {}
        for curve, _, one in drawn.tracks:
            row = rows.setdefault(curve.column, ReadRow(curve.role, curve.symbol, ()))
            texts = (*row.values, text_at(one, step)), (*row.brief, number(value_at(one, step)))
            rows[curve.column] = replace(row, values=texts[0], brief=texts[1])
        title = f"step {grouped(max(1, round(step)))}"
        names = tuple(html.unescape(labels[lane]) for lane in lanes) if labels else ()
        return ReadOut(title, tuple(rows.values()), names)

    def place(self) -> tuple[QRectF, Range, Range] | None:
        """Return where the last picture has its plot, and its ranges as plot coordinates."""
        drawn = self._chart.drawn
        if drawn is None:
            return None
        self._canvas.set_home(*drawn.home)
        low, high = drawn.y.scale.forward(np.array([drawn.y.low, drawn.y.high])).tolist()
        return drawn.area, (drawn.x.low, drawn.x.high), (low, high)

    def looked(self, look: Look) -> None:
        """Draw another look, and the same steps in the other charts."""
        self.redraw()
        root: QWidget = self
        while (above := root.parentWidget()) is not None:
            root = above
        for other in root.findChildren(AbstractTouchedChart):
            if other is not self:
                other.show_steps(look.x, following=look.following)

    def show_steps(self, steps: Range | None, *, following: bool) -> None:
        """Show these steps, or all with None."""
        looks = self._canvas.looks
        height = None if steps is None else looks.present.y
        looks.slide(Look(steps, height, following))
        self.redraw()

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Hide, show or isolate what a legend entry stands for; stop following on its chip."""
        drawn, chip = self._chart.drawn, self._chip()
        if chip is not None and chip.contains(at):
            self._canvas.stop_following()
            return True
        entry = None if drawn is None else drawn.legend.entry_at(drawn.legend_area, at, self.fonts())
        if entry is None or self.snapshot is None:
            return False
        columns = tuple(curve.column for curve in self.curves(self.snapshot.config))
        lanes = tuple(lane_key(lane) for lane in range(len(self._lane_labels())))
        key, group = (*columns, *lanes)[entry], columns if entry < len(columns) else lanes
        alone = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        self._hidden = isolated(self._hidden, key, group) if alone else toggled(self._hidden, key)
        self.redraw()
        return True

    def open_menu(self, at: QPointF) -> None:
        """Open the context menu at a place on the canvas."""
        acts = [
            ("Show everything", "0", self._canvas.reset),
            ("Back", "Alt+←", self._canvas.back),
            ("Forward", "Alt+→", self._canvas.forward),
            ("Copy visible values (CSV)", "", self.copy_values),
        ]
        if self._hidden:
            acts.append(("Show all curves", "", self.show_all_curves))
        where = self.canvas.mapTo(self, at.toPoint())
        open_chart_menu(self, where, acts, self.scale_key(), self.set_scale)

    def show_all_curves(self) -> None:
        """Hide nothing."""
        self._hidden = frozenset()
        self.redraw()

    def copy_values(self) -> None:
        """Put the visible values on the clipboard."""
        if (content := self.content()) is not None:
            QGuiApplication.clipboard().setText(visible_values(content).csv())

    def _chip(self) -> QRectF | None:
        drawn, look = self._chart.drawn, self._canvas.looks.present
        if drawn is None or not look.following:
            return None
        return chip_box(drawn.area, FOLLOWING, self.fonts())

    def _lane_labels(self) -> tuple[str, ...]:
        if self.snapshot is None or len(self.snapshot.config.lanes) < 2:
            return ()
        config = self.snapshot.config  # a lane may be called "<b>": its name is no markup
        return tuple(html.escape(config.lane_title(lane)) for lane in range(len(config.lanes)))
