"""What the two loss charts share: smoothing, scale, and a crosshair that is linked to all other charts."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QToolButton, QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.canvas import AbstractPaintedView, small_font, toggle_button
from ganviz.views.chart import Chart, ChartContent, Curve
from ganviz.views.chart_annotations import ReferenceLine
from ganviz.views.formula import draw_formula, formula_width
from ganviz.views.plotting import SCALES, line_height, number, text_width, translucent
from ganviz.views.status_words import grouped
from ganviz.views.theme import Theme
from ganviz.views.traces import value_at

SMOOTHING_STEPS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)


class AbstractChartView(AbstractPaintedView):
    """A chart of history columns over steps; GUI thread only.

    The crosshair is shared: :attr:`cursor_moved` says at which step the pointer is, :meth:`show_cursor` draws it.
    """

    cursor_moved = Signal(object)
    """Emitted with the step (float) under the pointer, or None when it left."""

    empty_text = "The curves start with the first step"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = Chart()
        self._trace: LossTrace | None = None
        self._run = -1
        self._cursor: float | None = None
        self._add_controls()

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
        """Return the thinned history."""
        return (LossTraceProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the trace of the snapshot."""
        trace = snapshot.get(LossTrace)
        if trace is None or not len(trace.first):
            return False
        if snapshot.stamp.run != self._run:
            self._chart.reset()
            self._run = snapshot.stamp.run
        self._trace = trace
        return True

    def forget(self) -> None:
        """Drop the trace."""
        self._trace = None
        self._chart.reset()

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the chart."""
        if self.snapshot is not None and self._trace is not None:
            self._chart.draw(
                painter, area, self._content(self.snapshot.config, self._trace), theme, self.fonts()
            )

    def set_smoothing(self, weight: float) -> None:
        """Smooth curves with this memory, 0 (not at all) … 0.99."""
        nearest = min(range(len(SMOOTHING_STEPS)), key=lambda i: abs(SMOOTHING_STEPS[i] - weight))
        self._slider.setValue(nearest)

    def set_scale(self, key: str) -> None:
        """Lay values out "linear", "symlog" or "log"."""
        self._scale_box.setCurrentIndex([scale.key for scale in SCALES].index(key))

    def show_cursor(self, step: object) -> None:
        """Draw the crosshair at a step, or take it away with None."""
        self._cursor = float(step) if isinstance(step, (int, float)) else None
        self.canvas.update()

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
        if self._cursor is None or drawn is None or self._trace is None:
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
            if math.isfinite(height):
                painter.setPen(QPen(QColor(self.theme.base), 1.5))
                painter.setBrush(self.theme.line(curve.role))
                painter.drawEllipse(QPointF(at, height), 3.5, 3.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            lane_text = f" {self._lane_labels()[lane]}" if self._lane_labels() else ""
            rows.append((curve, f"{curve.symbol}{lane_text}", number(value)))
        self._draw_box(painter, drawn.area, at, rows)

    def _draw_box(
        self, painter: QPainter, plot: QRectF, at: float, rows: list[tuple[Curve, str, str]]
    ) -> None:
        fonts = self.fonts()
        height = line_height(fonts.tick) + 1
        step = f"step {grouped(max(1, round(self._cursor or 0)))}"
        names = max(formula_width(name, fonts.tick) for _, name, _ in rows)
        values = max(text_width(fonts.tick, value) for _, _, value in rows)
        width = max(names + values + 12, text_width(fonts.tick, step)) + 14
        left = at + 10 if at + 10 + width < plot.right() else at - 10 - width
        box = QRectF(left, plot.top() + 6, width, height * (len(rows) + 1) + 8)
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.setBrush(translucent(QColor(self.theme.raised), 0.95))
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self.theme.muted))
        painter.setFont(fonts.tick)
        baseline = box.top() + height
        painter.drawText(QPointF(left + 7, baseline), step)
        for curve, name, value in rows:
            baseline += height
            painter.setPen(self.theme.letters(curve.role))
            draw_formula(painter, QPointF(left + 7, baseline), name, fonts.tick)
            painter.setPen(QColor(self.theme.text))
            painter.setFont(fonts.tick)
            painter.drawText(QPointF(box.right() - 7 - text_width(fonts.tick, value), baseline), value)

    def _content(self, config: RunConfig, trace: LossTrace) -> ChartContent:
        weight = SMOOTHING_STEPS[self._slider.value()]
        note = f"Smoothed ({weight:g}); the raw curve stays faint. " if weight else ""
        label = self.y_label(config) + (", smoothed" if weight else "")
        return ChartContent(
            trace=trace,
            curves=self.curves(config),
            references=self.references(config),
            lane_labels=self._lane_labels(),
            y_label=label,
            smoothing=weight,
            scale=SCALES[self._scale_box.currentIndex()],
            caption=note + self.caption(config),
        )

    def _lane_labels(self) -> tuple[str, ...]:
        if self.snapshot is None or len(self.snapshot.config.lanes) < 2:
            return ()
        return tuple(self.snapshot.config.lane_title(lane) for lane in range(len(self.snapshot.config.lanes)))

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
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, len(SMOOTHING_STEPS) - 1)
        self._slider.setPageStep(1)
        self._slider.setMinimumWidth(40)
        self._slider.setMaximumWidth(90)
        self._slider.setAccessibleName(f"Smoothing of {self.title.lower()}")
        self._slider.setToolTip(
            "Averages the curves over time; the raw curve stays faint, and exports say so."
        )
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
        self._scale_box.currentIndexChanged.connect(self.redraw)
        for widget in (label, self._slider, self._scale_box):
            self.controls.addWidget(widget)
