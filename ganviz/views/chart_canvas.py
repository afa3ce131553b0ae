"""What the two loss charts share: smoothing, scale, and a crosshair that is linked to all other charts."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.canvas import AbstractPaintedView, Canvas, small_font, toggle_button
from ganviz.views.chart import Chart, ChartContent, Curve, lane_key
from ganviz.views.chart_annotations import ReferenceLine, chip_box, draw_chip, draw_read_out
from ganviz.views.chart_data import isolated, text_at, toggled, visible_csv
from ganviz.views.chart_menu import open_chart_menu
from ganviz.views.finer import FinerTraces, Shown
from ganviz.views.plot.look import Look, Range
from ganviz.views.plotting import SCALES, translucent
from ganviz.views.smoothing_slider import SMOOTHING_STEPS, smoothing_slider
from ganviz.views.status_words import grouped
from ganviz.views.theme import Theme
from ganviz.views.touch_canvas import TouchCanvas
from ganviz.views.traces import value_at

FOLLOWING = "Following ×"
SMOOTHED = "Smoothed ({:g} a step); the raw curve stays faint. "


class AbstractChartView(AbstractPaintedView):
    """A chart of history columns over steps; GUI thread only.

    The crosshair is shared: :attr:`cursor_moved` says at which step the pointer is, :meth:`show_cursor` draws it.
    """

    cursor_moved = Signal(object)
    """Emitted with the step (float) under the pointer, or None when it left."""

    plain_needs: tuple[AbstractProbe, ...] = (LossTraceProbe(),)
    empty_text = "The curves start with the first step"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart, self._hidden = Chart(), frozenset[str]()
        self._trace: LossTrace | None = None
        self._run = -1
        self._finer, self._asked = FinerTraces(), self.plain_needs
        self._cursor: float | None = None
        self._add_controls()

    def make_canvas(self) -> Canvas:
        """Return a canvas that can be touched."""
        self._canvas = TouchCanvas(self)
        return self._canvas

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return the curves to draw for this run."""
        raise NotImplementedError

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return the equilibrium lines of this run."""
        raise NotImplementedError

    def y_label(self, config: RunConfig) -> str:
        """Return the label of the vertical axis, with its unit."""
        raise NotImplementedError

    def caption(self, config: RunConfig) -> str:
        """Return the sentence below the chart, or nothing."""
        return ""

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the thinned history, and what is finer where one looks closer or smooths."""
        probe = self._shown().probe()
        return self.plain_needs if probe is None else (*self.plain_needs, probe)

    def _shown(self) -> Shown:
        curves = () if self.snapshot is None else self.curves(self.snapshot.config)
        weight = SMOOTHING_STEPS[self._slider.value()] if curves else 0.0
        return Shown(self._canvas.looks.present.x, tuple(curve.column for curve in curves), weight)

    def redraw(self) -> None:
        """Paint anew, and ask for what is now needed."""
        super().redraw()
        if (needs := self.needs()) != self._asked:
            self._asked = needs
            self.needs_changed.emit()

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the trace of the snapshot."""
        trace = snapshot.get(LossTrace, LossTraceProbe())
        if trace is None or not len(trace.first):
            return False
        if snapshot.stamp.run != self._run:
            self._chart.reset()
            self._run = snapshot.stamp.run
            self._canvas.begin()
            self._finer.clear()
        self._trace = trace
        self._finer.take(snapshot, self._shown().probe())
        self._canvas.grow(float(trace.last[-1]))
        return True

    def forget(self) -> None:
        """Drop the trace."""
        self._trace = None
        self._finer.clear()
        self._chart.reset()
        self._canvas.begin()

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the chart."""
        if self.snapshot is not None and self._trace is not None:
            self._chart.draw(
                painter, area, self._content(self.snapshot.config, self._trace), theme, self.fonts()
            )

    def set_smoothing(self, weight: float) -> None:
        """Smooth curves with this memory, 0 (not at all) … 0.999."""
        nearest = min(range(len(SMOOTHING_STEPS)), key=lambda i: abs(SMOOTHING_STEPS[i] - weight))
        self._slider.setValue(nearest)

    def set_scale(self, key: str) -> None:
        """Lay values out "linear", "symlog" or "log"."""
        self._scale_box.setCurrentIndex([scale.key for scale in SCALES].index(key))

    def show_cursor(self, step: object) -> None:
        """Draw the crosshair at a step, or take it away with None."""
        self._cursor = float(step) if isinstance(step, (int, float)) else None
        self._canvas.refresh_overlay()

    def pointer_moved(self, at: QPointF | None) -> None:
        """Move the crosshair here and say so to the other charts."""
        drawn = self._chart.drawn
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
        if self._cursor is None:
            return
        at = drawn.x.pixel(self._cursor)
        if not drawn.area.left() <= at <= drawn.area.right():
            return
        painter.setPen(QPen(translucent(QColor(self.theme.text), 0.6), 1))
        painter.drawLine(QPointF(at, drawn.area.top()), QPointF(at, drawn.area.bottom()))
        rows = []
        for curve, lane, one in drawn.tracks:
            value = value_at(one, self._cursor)
            height = drawn.y.pixel(value)
            if drawn.area.top() - 1 <= height <= drawn.area.bottom() + 1:
                painter.setPen(QPen(QColor(self.theme.base), 1.5))
                painter.setBrush(self.theme.line(curve.role))
                painter.drawEllipse(QPointF(at, height), 3.5, 3.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            lane_text = f" {self._lane_labels()[lane]}" if self._lane_labels() else ""
            rows.append((curve.role, f"{curve.symbol}{lane_text}", text_at(one, self._cursor)))
        if rows:
            step = f"step {grouped(max(1, round(self._cursor)))}"
            draw_read_out(painter, drawn.area, at, step, rows, self.theme, self.fonts(), area)

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
        for other in root.findChildren(AbstractChartView):
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
        open_chart_menu(self, where, acts, SCALES[self._scale_box.currentIndex()].key, self.set_scale)

    def show_all_curves(self) -> None:
        """Hide nothing."""
        self._hidden = frozenset()
        self.redraw()

    def copy_values(self) -> None:
        """Put the visible values on the clipboard."""
        if self.snapshot is not None and self._trace is not None:
            content = self._content(self.snapshot.config, self._trace)
            QGuiApplication.clipboard().setText(visible_csv(content))

    def _scale_changed(self) -> None:
        self._canvas.forget_heights()
        self.redraw()

    def _chip(self) -> QRectF | None:
        drawn, look = self._chart.drawn, self._canvas.looks.present
        if drawn is None or not look.following:
            return None
        return chip_box(drawn.area, FOLLOWING, self.fonts())

    def _content(self, config: RunConfig, trace: LossTrace) -> ChartContent:
        weight = SMOOTHING_STEPS[self._slider.value()]
        return ChartContent(
            trace=trace,
            curves=self.curves(config),
            references=self.references(config),
            lane_labels=self._lane_labels(),
            y_label=self.y_label(config) + (", smoothed" if weight else ""),
            smoothing=weight,
            scale=SCALES[self._scale_box.currentIndex()],
            caption=(SMOOTHED.format(weight) if weight else "") + self.caption(config),
            look=self._canvas.looks.present,
            hidden=self._hidden,
            finer=self._finer.best(self._shown(), trace),
        )

    def _lane_labels(self) -> tuple[str, ...]:
        if self.snapshot is None or len(self.snapshot.config.lanes) < 2:
            return ()
        config = self.snapshot.config  # a lane may be called "<b>": its name is no markup
        return tuple(html.escape(config.lane_title(lane)) for lane in range(len(config.lanes)))

    def add_toggle(self, title: str, tip: str, *, checked: bool, text: str = "") -> QToolButton:
        """Add an on/off button in front of the other controls."""
        button = toggle_button(title, tip, checked=checked, text=text)
        button.toggled.connect(self.redraw)
        self.controls.insertWidget(self._n_toggles, button)
        self._n_toggles += 1
        return button

    def _add_controls(self) -> None:
        self._n_toggles = 0
        self.controls.addStretch(1)
        label = QLabel("Smooth")
        label.setFont(small_font(label.font()))
        self._slider = smoothing_slider(self.title)
        self._slider.valueChanged.connect(self.redraw)
        label.setBuddy(self._slider)
        self._scale_box = QComboBox()
        self._scale_box.setFont(small_font(label.font()))
        self._scale_box.addItems([scale.title for scale in SCALES])
        self._scale_box.setAccessibleName(f"Vertical scale of {self.title.lower()}")
        self._scale_box.view().setAccessibleName("Vertical scales")
        self._scale_box.setToolTip(
            "Linear; symlog (linear within ±0.1, logarithmic beyond, keeps negative losses); log (positive only)."
        )
        self._scale_box.currentIndexChanged.connect(self._scale_changed)
        for widget in (label, self._slider, self._scale_box):
            self.controls.addWidget(widget)
