"""The shape of the generator's loss: its value and its slope against the score, with the live batch on it."""

from __future__ import annotations

import html
import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_shape import LossShape, LossShapeProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.clipping import clipped
from ganviz.views.legend import Legend, LegendEntry
from ganviz.views.planes import Marker, draw_markers
from ganviz.views.plotting import (
    Axis,
    draw_grid,
    draw_text,
    draw_vertical_label,
    first_fitting,
    line_height,
    line_pen,
    number,
    tick_step,
    translucent,
    y_tick_width,
)
from ganviz.views.strokes import draw_curve
from ganviz.views.theme import Theme

MAIN_REACH = 6.0
FARTHEST = 10.0


class LossShapeView(AbstractPaintedView):
    """L_G(t) and dL_G/dt over scores, and where this batch's scores lie; GUI thread only."""

    key: ClassVar[str] = "loss_shape"
    title: ClassVar[str] = "Loss shape"

    def __init__(self) -> None:
        super().__init__()
        self._shape: LossShape | None = None
        self._reach = MAIN_REACH
        self.controls.setContentsMargins(0, 0, 0, 0)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the curve and the batch."""
        return (LossShapeProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading."""
        shape = snapshot.get(LossShape)
        if shape is None:
            return False
        self._shape = shape
        known = shape.places[np.isfinite(shape.places)]
        far = float(np.abs(known).max()) if known.size else 0.0
        if not 0.5 * self._reach < max(far, MAIN_REACH) <= self._reach:
            self._reach = min(FARTHEST, max(MAIN_REACH, math.ceil(far)))
        return True

    def forget(self) -> None:
        """Drop the reading."""
        self._shape, self._reach = None, MAIN_REACH

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint both curves, the batch and the legend."""
        shape = self._shape
        if shape is None or self.snapshot is None or len(shape.g_loss) != len(self.snapshot.config.lanes):
            return
        fonts = self.fonts()
        legend = Legend.fit(
            self._entries(shape, theme), area.width() - 16, 3 if area.height() > 190 else 2, fonts
        )
        plot, x, y = self._axes(area, shape, legend.height)
        legend.draw(
            painter, QRectF(area.left() + 10, area.top() + 4, area.width() - 16, legend.height), theme, fonts
        )
        draw_grid(painter, plot, x, y, theme, fonts)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        draw_vertical_label(painter, area.left() + 4, plot, "loss, slope")
        below = QRectF(
            plot.left(), plot.bottom() + line_height(fonts.tick) + 2, plot.width(), line_height(fonts.label)
        )
        text = first_fitting(fonts.label, below.width(), *_axis_words(self.snapshot.config))
        draw_text(painter, below, text, Qt.AlignmentFlag.AlignHCenter)
        with clipped(painter, plot):
            self._draw_zero(painter, plot, x, y, theme)
            for lane in range(len(shape.g_loss)):
                self._draw_lane(painter, shape, lane, x, y, theme)

    def _axes(self, area: QRectF, shape: LossShape, legend: float) -> tuple[QRectF, Axis, Axis]:
        fonts = self.fonts()
        inner = np.abs(shape.axis) <= 0.7 * self._reach
        values = np.concatenate([shape.g_loss[:, inner].ravel(), shape.g_slope[:, inner].ravel(), [0.0]])
        values = values[np.isfinite(values)]
        low, high = float(values.min()), max(float(values.max()), float(values.min()) + 1e-3)
        step = tick_step(low, high, 6)
        low, high = math.floor(low / step) * step, math.ceil(high / step) * step
        top = area.top() + legend + 12
        bottom = area.bottom() - line_height(fonts.tick) - line_height(fonts.label) - 8
        y = Axis(low, high, bottom, top)
        left = area.left() + y_tick_width(y, bottom - top, fonts.tick) + line_height(fonts.label) + 14
        plot = QRectF(left, top, area.right() - 14 - left, bottom - top)
        return plot, Axis(-self._reach, self._reach, plot.left(), plot.right()), y

    def _draw_zero(self, painter: QPainter, plot: QRectF, x: Axis, y: Axis, theme: Theme) -> None:
        painter.setPen(QPen(QColor(theme.border), 1.2))
        if y.low < 0 < y.high:
            painter.drawLine(QPointF(plot.left(), y.pixel(0)), QPointF(plot.right(), y.pixel(0)))
        painter.drawLine(QPointF(x.pixel(0), plot.top()), QPointF(x.pixel(0), plot.bottom()))

    def _draw_lane(
        self, painter: QPainter, shape: LossShape, lane: int, x: Axis, y: Axis, theme: Theme
    ) -> None:
        shown = np.abs(shape.axis) <= self._reach
        at_x = x.pixels(shape.axis[shown])
        muted, own = line_pen(QColor(theme.muted), 1.4, lane), line_pen(theme.line("g_loss"), 2.2, lane)
        draw_curve(painter, at_x, y.pixels(shape.g_slope[lane, shown]), muted)
        draw_curve(painter, at_x, y.pixels(shape.g_loss[lane, shown]), own)
        known = shape.places[lane][np.isfinite(shape.places[lane])]
        scores = np.clip(known, -self._reach, self._reach)
        if not scores.size:
            return
        mark_x = x.pixels(scores)
        mark_y = y.pixels(np.interp(scores, shape.axis, shape.g_loss[lane]))
        draw_markers(painter, mark_x, mark_y, Marker(theme.generated, theme.base, False, 2.4))
        bottom = y.start
        painter.setPen(QPen(translucent(theme.line("generated"), 0.35), 1))
        for at in np.unique(np.round(mark_x)).tolist():
            painter.drawLine(QPointF(at, bottom - 6), QPointF(at, bottom))

    def _entries(self, shape: LossShape, theme: Theme) -> list[LegendEntry]:
        assert self.snapshot is not None
        config, muted = self.snapshot.config, QColor(theme.muted)
        letters = theme.letters("g_loss")
        if len(config.lanes) == 1:
            formula = config.lanes[0].formulation.loss.g_formula
            mean = number(float(shape.mean_slope[0]))
            return [
                LegendEntry(line_pen(theme.line("g_loss"), 2.2), "L<sub>G</sub>", letters, formula),
                LegendEntry(
                    line_pen(muted, 1.4),
                    f"slope dL<sub>G</sub>/dt, mean |slope| {mean}",
                    muted,
                    short="slope",
                ),
            ]
        lanes = []
        for lane, mean_slope in enumerate(shape.mean_slope.tolist()):
            name = html.escape(config.lane_title(lane))
            text = f"{name}, mean |slope| {number(mean_slope)}"
            lanes.append(LegendEntry(line_pen(theme.line("g_loss"), 2.2, lane), text, letters, short=name))
        return [*lanes, LegendEntry(line_pen(muted, 1.4), "slopes", muted)]


def _axis_words(config: RunConfig) -> tuple[str, ...]:
    """Return what the axis is, in ever fewer words."""
    arguments = {
        lane.formulation.loss.g_argument: lane.formulation.loss.generator_sees_real for lane in config.lanes
    }
    if len(arguments) > 1:
        mixed = "score, or lead over real samples, of a generated one"
        return mixed, "score, or lead over real", "score or lead"
    ((argument, is_lead),) = arguments.items()
    if is_lead:
        return f"← behind      {argument}      ahead →", argument, "lead over real samples", "lead"
    return f"← rejected by D      {argument}      taken for real →", argument, "score t"
