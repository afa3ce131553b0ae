"""Shadow losses: what other losses say of the same scores, how strongly they would push G, and in which direction."""

from __future__ import annotations

import html
import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.shadow_gradients import SHADOWS, ShadowGradients, ShadowGradientsProbe
from ganviz.training.probes.shadow_trace import ShadowTrace, ShadowTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import toggle_button
from ganviz.views.bases.compared_plots import AbstractComparedPlots
from ganviz.views.bases.planes import NO_PLOT, Frame
from ganviz.views.bases.step_plot import last_step
from ganviz.views.look.formula import draw_words, formula_width, subscripted
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.loss_menu import MOST, LossMenu
from ganviz.views.pictures.shadow_table import decades_of, draw_table, pair_words
from ganviz.views.pictures.shadow_traces import (
    NormsOf,
    TracePlot,
    draw_traces,
    norms_plot,
    trace_values,
    values_plot,
)
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import line_height, number
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.values import Value, Values

CAPTION = "Bold: the trained loss; the others are not trained. L_G of the last batch, gradients at {} fixed latents."
GRADIENTS = "Gradients at {} fixed latents. Bold: the trained loss; the others are not trained."
VALUES = "L_G on the same scores, of every step. Bold: the trained loss; the others are not trained."
LEFT = Qt.AlignmentFlag.AlignLeft


class ShadowsView(AbstractComparedPlots):
    """A row a loss: its value, the norm of its gradient on a log axis, its cosines; GUI thread only."""

    key: ClassVar[str] = "shadows"
    is_of_looks: ClassVar[bool] = True
    shares_x: ClassVar[bool] = True
    place_columns: ClassVar[tuple[int, int]] = (2, 3)
    title: ClassVar[str] = "Shadow losses"
    short_title: ClassVar[str] = "Shadows"
    of_d: ClassVar[str] = "are no scores that other losses could be taken of"

    def __init__(self) -> None:
        super().__init__()
        self._found: ShadowGradients | None = None
        self._norms: NormsOf | None = None
        self._trace: ShadowTrace | None = None
        self._shown: tuple[str, ...] = SHADOWS
        self.losses = LossMenu(
            "Losses to compare",
            f"Chooses up to {MOST} losses that are compared with the trained one.",
            SHADOWS,
        )
        self.losses.keys_changed.connect(self.needs_changed)
        self.controls.addWidget(self.losses)
        self._values = toggle_button(
            "Losses over steps", "Draws every ticked loss on the scores of each step.", checked=False
        )
        self._over_steps = toggle_button(
            "Gradients over steps",
            "Draws the gradients' norms over the steps at which this was seen.",
            checked=False,
        )
        for button, other in ((self._values, self._over_steps), (self._over_steps, self._values)):
            button.toggled.connect(lambda is_on, other=other: is_on and other.setChecked(False))
            button.toggled.connect(self.forget_looks)
            button.toggled.connect(self.redraw)
            self.controls.addWidget(button)
        self._values.toggled.connect(self.needs_changed)
        self.controls.addStretch(1)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the gradients of the ticked losses, and their values over the steps where these are drawn."""
        gradients = ShadowGradientsProbe(self.losses.keys)
        return (gradients, ShadowTraceProbe(self.losses.keys)) if self._values.isChecked() else (gradients,)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the readings, and which losses they are of."""
        trace = snapshot.get(ShadowTrace)
        self._trace = self._trace if trace is None else trace
        for probe, reading in snapshot.readings:
            if isinstance(reading, ShadowGradients) and isinstance(probe, ShadowGradientsProbe):
                self._found, self._shown = reading, probe.losses
                kind, norms = (snapshot.stamp.run, probe.losses), reading.norms.copy()
                norms[[lane for lane in range(len(norms)) if snapshot.stopped_at(lane) is not None]] = np.nan
                self._norms = (
                    NormsOf.begin(kind, snapshot.viewed_step, norms)
                    if self._norms is None
                    else self._norms.grown(kind, snapshot.viewed_step, norms, snapshot.stamp.step)
                )
                return True
        return trace is not None

    def forget(self) -> None:
        """Drop the readings."""
        self._found = self._norms = self._trace = None
        self.forget_looks()

    def values(self) -> Values:
        """Return each loss's value, the norm of its gradient, its cosines with all of them; or the curves drawn."""
        others = [ADVERSARIAL_LOSSES[key].title for key in self._shown]
        if self._values.isChecked() and (trace := self._fitting_trace) is not None:
            return trace_values(trace, self.lane_titles(len(trace.now)), ("trained", *others), self.look(0).x)
        rows: list[tuple[Value, ...]] = []
        if (found := self._found) is not None:
            for lane, title in enumerate(self.lane_titles(len(found.norms))):
                columns = (found.values[lane], found.norms[lane], found.cosines[lane])
                rows += [
                    (title, name, float(value), float(norm), *cosines.tolist())
                    for name, value, norm, cosines in zip(("trained", *others), *columns, strict=True)
                ]
        cosines_with = (f"cosine with {name}" for name in ("the trained one", *others))
        return Values(("lane", "loss", "L_G", "gradient norm", *cosines_with), rows)

    def frames(self, area: QRectF) -> list[Frame]:
        """Return each lane's plot over the steps, without room where there is none; none of tables."""
        boxes = self._boxes(area)
        plots = [self._plot(lane) for lane in range(len(boxes))]
        if not any(plots):
            return []
        return [
            NO_PLOT if plot is None else plot.frame(box, self.fonts(), self.look(lane))
            for lane, (plot, box) in enumerate(zip(plots, boxes, strict=True))
        ]

    def home(self, index: int) -> tuple[Range, Range]:
        """Return all steps and all heights."""
        plot = self._plot(index)
        if plot is None:
            return (0.0, 1.0), (0.0, 1.0)
        low, high = plot.scale.forward(np.array(plot.heights)).tolist()
        return (0.0, last_step(plot.steps)), (low, high)

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return each curve's value at the known step that is nearest."""
        plot = self._plot(index)
        if plot is None:
            return None
        step, found = plot.at(x)
        rows = (
            ReadRow("muted" if i else "g_loss", html.escape(title), (number(value),), figures=(value,))
            for i, title, value in found
        )
        return ReadOut(f"step {grouped(int(step))}", tuple(rows))

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint each lane's rows, or its curves."""
        found, snapshot = self._found, self.snapshot
        if found is None or snapshot is None or not self._boxes(area):
            return
        fonts, frames = self.fonts(), self.frames(area)
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        room = QRectF(area.left() + 12, area.top() + 3, area.width() - 24, line_height(fonts.tick))
        caption = self._caption.format(found.n)
        is_fitting = formula_width(subscripted(caption), fonts.tick) <= room.width()
        draw_words(painter, room, caption if is_fitting else caption.split(". ")[0], LEFT)
        for lane, box in enumerate(self._boxes(area)):
            if words := self.absence(lane):
                self.say(painter, box, words, theme)
            elif not self._is_over_steps:
                of = lane, self.lane_names()[lane], self._rows(lane)
                decades = decades_of(found.norms[snapshot.alive()])
                words_below = pair_words(snapshot.config, found, lane)
                draw_table(painter, box, found, of, words_below, decades, theme, fonts)
            elif (plot := self._plot(lane)) is not None:
                is_past = self._values.isChecked() and snapshot.viewed_step < snapshot.stamp.step
                viewed = snapshot.viewed_step if is_past else None
                draw_traces(painter, box, plot, frames[lane], theme, fonts, viewed)

    def _boxes(self, area: QRectF) -> list[QRectF]:
        """Return each lane's room; none where what is known is of other lanes."""
        if self._found is None or self.snapshot is None:
            return []
        n = len(self._found.norms)
        if n != len(self.snapshot.config.lanes):
            return []
        line = line_height(self.fonts().tick)
        columns = 2 if n > 1 and area.width() > 900 else 1
        width, height = area.width() / columns, (area.height() - line - 4) / math.ceil(n / columns)
        cell = QRectF(area.left(), area.top() + line + 4, width, height).adjusted(12, 2, -12, -2)
        return [cell.translated(lane % columns * width, lane // columns * height) for lane in range(n)]

    def _plot(self, lane: int) -> TracePlot | None:
        """Return a lane's curves, where there are any and they are to be drawn."""
        return self.once(("plot", lane), lambda: self._made_plot(lane))

    def _made_plot(self, lane: int) -> TracePlot | None:
        assert self.snapshot is not None
        if not self._is_over_steps or self.absence(lane):
            return None
        rows, fonts = self._rows(lane), self.fonts()
        if self._values.isChecked():
            trace = self._fitting_trace
            return None if trace is None else values_plot(trace, lane, rows, fonts)
        seen = None if self._norms is None else self._norms.up_to(self.snapshot.viewed_step)
        return norms_plot(seen, lane, rows, fonts) if seen is not None and len(seen.steps) else None

    @property
    def _is_over_steps(self) -> bool:
        return self._values.isChecked() or self._over_steps.isChecked()

    @property
    def _caption(self) -> str:
        return VALUES if self._values.isChecked() else GRADIENTS if self._over_steps.isChecked() else CAPTION

    @property
    def _fitting_trace(self) -> ShadowTrace | None:
        """Return the curves, where they are of the losses that are ticked and of the lanes there are."""
        trace, found = self._trace, self._found
        if trace is None or found is None or trace.losses != self._shown:
            return None
        return trace if len(trace.now) == len(found.norms) else None

    def _rows(self, lane: int) -> list[tuple[int, str]]:
        """Return place and name of the trained loss, called as its lane, and of the ticked ones that differ from it."""
        assert self.snapshot is not None
        config = self.snapshot.config
        others = ((i, ADVERSARIAL_LOSSES[key]()) for i, key in enumerate(self._shown, 1))
        trained = config.lanes[lane].formulation.loss
        return [
            (0, self.lane_names()[lane].brief),
            *((i, loss.title) for i, loss in others if loss != trained),
        ]
