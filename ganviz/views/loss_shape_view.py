"""The shape of the generator's loss: its value and its slope against the score, with the live batch on it."""

from __future__ import annotations

import html
import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, FloatArray
from ganviz.training.probes.loss_shape import LossShape, LossShapeProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.clipping import clipped
from ganviz.views.legend import Legend, LegendEntry
from ganviz.views.planes import Frame, Marker, draw_markers
from ganviz.views.plot.look import Range
from ganviz.views.plotting import (
    Axis,
    draw_grid,
    draw_text,
    draw_vertical_label,
    first_fitting,
    line_height,
    line_pen,
    number,
    text_width,
    tick_step,
    translucent,
    y_tick_width,
)
from ganviz.views.read_out import ReadOut, ReadRow
from ganviz.views.strokes import draw_curve
from ganviz.views.theme import Theme
from ganviz.views.touched_plots import AbstractTouchedPlots
from ganviz.views.values import Values

MAIN_REACH = 6.0
FARTHEST = 10.0


class LossShapeView(AbstractTouchedPlots):
    """L_G(t) and dL_G/dt over scores, and where this batch's scores lie; GUI thread only."""

    key: ClassVar[str] = "loss_shape"
    title: ClassVar[str] = "Loss shape"

    def __init__(self) -> None:
        super().__init__()
        self._shape: LossShape | None = None
        self._reach = MAIN_REACH
        self._kinds: tuple[str, ...] = ()
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
        kinds = tuple(lane.formulation.loss.g_argument for lane in snapshot.config.lanes)
        if kinds != self._kinds:
            self._kinds = kinds
            self.forget_looks()
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
        if shape is None or not self._is_complete():
            return
        assert self.snapshot is not None
        fonts, legend = self.fonts(), self._legend(area, theme)
        (frame,) = self.frames(area)
        plot, x, y = frame.area, frame.x, frame.y
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

    def _is_complete(self) -> bool:
        return (
            self._shape is not None
            and self.snapshot is not None
            and len(self._shape.g_loss) == len(self.snapshot.config.lanes)
        )

    def _legend(self, area: QRectF, theme: Theme) -> Legend:
        assert self._shape is not None
        rows = 3 if area.height() > 190 else 2
        return Legend.fit(self._entries(self._shape, theme), area.width() - 16, rows, self.fonts())

    def frames(self, area: QRectF) -> list[Frame]:
        """Return the plot where the view is painted into ``area``."""
        if not self._is_complete():
            return []
        fonts, look = self.fonts(), self.look(0)
        home_x, home_y = self.home(0)
        top = area.top() + self._legend(area, self.theme).height + 12
        bottom = area.bottom() - line_height(fonts.tick) - line_height(fonts.label) - 8
        y = Axis(*(look.y or home_y), bottom, top)
        ticks = max(y_tick_width(y, bottom - top, fonts.tick), text_width(fonts.tick, "−0.25"))
        left = area.left() + ticks + line_height(fonts.label) + 14
        plot = QRectF(left, top, area.right() - 14 - left, bottom - top)
        return [Frame(plot, Axis(*(look.x or home_x), plot.left(), plot.right()), y)]

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the scores of interest and what the loss and its slope are there."""
        assert self._shape is not None
        shape = self._shape
        inner = np.abs(shape.axis) <= 0.7 * self._reach
        values = np.concatenate([shape.g_loss[:, inner].ravel(), shape.g_slope[:, inner].ravel(), [0.0]])
        values = values[np.isfinite(values)]
        low, high = float(values.min()), max(float(values.max()), float(values.min()) + 1e-3)
        step = tick_step(low, high, 6)
        heights = (math.floor(low / step) * step, math.ceil(high / step) * step)
        return (-self._reach, self._reach), heights

    def read_out(self, index: int, x: float, y: float) -> ReadOut:
        """Return loss and slope at a score, a column a lane."""
        assert self._shape is not None
        assert self.snapshot is not None
        shape, config = self._shape, self.snapshot.config
        titles = tuple(config.lane_title(lane) for lane in range(len(config.lanes)))
        rows = (
            ReadRow("g_loss", "L<sub>G</sub>", _texts_at(shape, shape.g_loss, x)),
            ReadRow("muted", "slope", _texts_at(shape, shape.g_slope, x)),
        )
        title = f"{_axis_words(config)[-1]} = {number(x, 2)}"
        return ReadOut(title, rows, titles if len(titles) > 1 else ())

    def values(self) -> Values:
        """Return loss and slope at every known score in sight."""
        if self._shape is None or not self._is_complete():
            return Values(("t",), ())
        shape, (low, high) = self._shape, self.look(0).x or self.home(0)[0]
        n = len(shape.g_loss)
        names = [
            f"{name} (lane {lane + 1})" if n > 1 else name for lane in range(n) for name in ("L_G", "slope")
        ]
        kept = (shape.axis >= low) & (shape.axis <= high)
        columns = [part[lane, kept] for lane in range(n) for part in (shape.g_loss, shape.g_slope)]
        return Values(
            ("t", *names), list(map(tuple, np.stack([shape.axis[kept], *columns], axis=1).tolist()))
        )

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


def _texts_at(shape: LossShape, values: FloatArray, x: float) -> tuple[str, ...]:
    return tuple(number(float(np.interp(x, shape.axis, one))) for one in values)


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
