"""What the two loss charts share: which traces they ask for, smoothing and scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from itertools import chain

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QToolButton, QWidget

from ganviz.training.changes import D_STEP
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.history import ChangeMark
from ganviz.training.marks import times_of
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import small_font, toggle_button
from ganviz.views.bases.chart_ahead import ahead_words
from ganviz.views.bases.chart_content import ChartContent, lane_key
from ganviz.views.bases.chart_cursors import Cursors
from ganviz.views.bases.chart_menu import Checks, Choices
from ganviz.views.bases.finer import FinerTraces, Shown
from ganviz.views.bases.horizontal import Along
from ganviz.views.bases.seed_lines import MEDIANS
from ganviz.views.bases.smoothing_slider import SMOOTHING_STEPS, smoothing_slider
from ganviz.views.bases.tight_row import TightRow
from ganviz.views.bases.touched_chart import AbstractTouchedChart
from ganviz.views.look.outside_text import set_tip
from ganviz.views.look.theme import Theme
from ganviz.views.plot.chart_margin import ReferenceLine
from ganviz.views.plot.looks import Look
from ganviz.views.plot.scales import SCALES

SMOOTHED = "Smoothed ({:g} a step); the raw curve stays faint. "
BY_LANE = "Color by lane"
D_ALONE = (
    "D alone has made {}: the plane and Loss shape show what it has learned. "
    "Curves have one value a step, and start when G moves, too"
)


class AbstractChartView(AbstractTouchedChart):
    """A chart of history columns over steps; GUI thread only."""

    plain_needs: tuple[AbstractProbe, ...] = (LossTraceProbe(),)
    empty_text = "The curves start with the first step"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._is_by_lane = -1, False
        self._lanes: tuple[LaneConfig, ...] = ()
        self.viewed_config: RunConfig | None = None  # in force at the step that is looked at
        self._finer, self._asked = FinerTraces(), self.plain_needs
        self._add_controls()

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return the equilibrium lines of this run."""
        raise NotImplementedError

    def y_label(self, config: RunConfig) -> str:
        """Return the label of the vertical axis, with its unit."""
        raise NotImplementedError

    def caption(self, config: RunConfig) -> str:
        """Return the sentence below the chart, or nothing."""
        return ""

    def bounds(self, config: RunConfig) -> tuple[float, float]:
        """Return between which values the vertical axis stays."""
        return -math.inf, math.inf

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the thinned history, and what is finer where one looks closer or smooths."""
        probe = self._shown().probe()
        return self.plain_needs if probe is None else (*self.plain_needs, probe)

    def _shown(self) -> Shown:
        curves = () if self.snapshot is None else self.curves(self.snapshot.config)
        weight = SMOOTHING_STEPS[self._slider.value()] if curves else 0.0
        return Shown(self._look().x, tuple(curve.column for curve in curves), weight)

    def _look(self) -> Look:
        """Return what is looked at, in steps."""
        return self.along.in_steps(self._canvas.looks.present)

    def redraw(self) -> None:
        """Paint anew, and ask for what is now needed."""
        super().redraw()
        if (needs := self.needs()) != self._asked:
            self._asked = needs
            self.needs_changed.emit()

    def trace_of(self, snapshot: Snapshot) -> LossTrace | None:
        """Return the trace of the whole run that is drawn."""
        return snapshot.get(LossTrace, LossTraceProbe())

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the trace of the snapshot."""
        trace, whole = self.trace_of(snapshot), snapshot.get(LossTrace, LossTraceProbe())
        if trace is None or not len(trace.first):
            self._say_why_empty(() if trace is None else trace.marks)
            return False
        if snapshot.stamp.run != self._run:
            self._show_other_lanes(snapshot.config)
            self._chart.reset()
            self._run, self._is_whole = snapshot.stamp.run, False
            self._canvas.begin()
            self._finer.clear()
            self.cursors = Cursors()
        self._trace, self._whole, self.viewed_config = trace, whole or self._whole, snapshot.config
        self.along = Along.of(self.along.chosen, self._whole, self.along.steps)
        self._finer.take(snapshot, self._shown().probe())
        self._canvas.grow(self._newest())
        return True

    def _show_other_lanes(self, config: RunConfig) -> None:
        """Hide no lane of a run that has others than the last one."""
        if config.lanes != self._lanes:
            self._hidden -= {lane_key(lane) for lane in range(len(self._lanes))}
            self._lanes = config.lanes

    def _say_why_empty(self, marks: tuple[ChangeMark, ...]) -> None:
        """Say what there is before the first step: D may have moved, which no curve over steps shows."""
        made, usual = times_of(D_STEP, marks), type(self).empty_text
        text = D_ALONE.format("1 update" if made == 1 else f"{made} updates") if made else usual
        if text != self.empty_text:
            self.empty_text = text
            self.redraw()

    def forget(self) -> None:
        """Drop the trace."""
        self._trace = self._whole = self.viewed_config = None
        self._finer.clear()
        self._chart.reset()
        self._canvas.begin()

    def paint_figure(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the same without a background; where a sentence stands instead, there is nothing to touch."""
        if self.absence():
            self._chart.drawn = None
        super().paint_figure(painter, area, theme)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the chart."""
        if (content := self.content()) is not None:
            self.draw_chart(painter, area, content, theme)

    def set_smoothing(self, weight: float) -> None:
        """Smooth curves with this memory, 0 (not at all) … 0.999."""
        nearest = min(range(len(SMOOTHING_STEPS)), key=lambda i: abs(SMOOTHING_STEPS[i] - weight))
        self._slider.setValue(nearest)

    def set_scale(self, key: str) -> None:
        """Lay values out "linear", "symlog" or "log"."""
        self._scale_box.setCurrentIndex([scale.key for scale in SCALES].index(key))

    def _scale_changed(self) -> None:
        self._canvas.forget_heights()
        self.redraw()

    def scale_key(self) -> str:
        """Return how values are laid out."""
        return SCALES[self._scale_box.currentIndex()].key

    def choices(self) -> Choices:
        """Return vertical scales and smoothing, whose controls have no room in a narrow chart."""
        box, slider = self._scale_box, self._slider
        scales = [
            (one.title, i == box.currentIndex(), partial(box.setCurrentIndex, i))
            for i, one in enumerate(SCALES)
        ]
        weights = [
            (f"{weight:g} a step" if weight else "None", i == slider.value(), partial(slider.setValue, i))
            for i, weight in enumerate(SMOOTHING_STEPS)
        ]
        smoothing = [("Smoothing", weights)] if self._tight.has(slider) else []
        return [("Vertical scale", scales), *smoothing]

    def checks(self) -> Checks:
        """Return what the context menu switches; colors where there are several lanes."""
        several = [(BY_LANE, self._is_by_lane, self.color_by_lane)] if self._lane_labels() else []
        return [*super().checks(), *several]

    def in_force(self, config: RunConfig) -> RunConfig:
        """Return what was in force at the step looked at, which reference lines and units are of.

        It is ``config``, what is in force now, where there were other lanes at that step.
        """
        viewed = self.viewed_config or config
        return viewed if len(viewed.lanes) == len(config.lanes) else config

    def color_by_lane(self, is_on: bool) -> None:
        """Let colors tell lanes and dashes quantities, or colors quantities and dashes lanes."""
        self._is_by_lane = is_on
        self.redraw()

    def content(self) -> ChartContent | None:
        """Return what the chart shows, or None where there is nothing yet."""
        if self.snapshot is None or self._trace is None:
            return None
        config, trace = self.snapshot.config, self._trace
        in_force = self.in_force(config)
        weight = SMOOTHING_STEPS[self._slider.value()]
        return ChartContent(
            trace=trace,
            curves=self.curves(config),
            references=self.references(in_force),
            lane_labels=self._lane_labels(),
            stopped=frozenset(i for i, one in enumerate(self.lane_names()) if one.stopped is not None),
            y_label=self.y_label(in_force) + (", smoothed" if weight else ""),
            smoothing=weight,
            scale=SCALES[self._scale_box.currentIndex()],
            caption=ahead_words(trace)
            + (MEDIANS.format(trace.n_seeds) if trace.n_seeds > 1 else "")
            + (SMOOTHED.format(weight) if weight else "")
            + self.caption(config),
            look=self._look(),
            along=self.along,
            # What the legend does not name could not be shown again.
            hidden=self._hidden.intersection(chain(*self._legend_keys())),
            robust=self._is_robust,
            is_whole=self._is_whole,
            beside=self.beside,
            bounds=self.bounds(config),
            finer=self._finer.best(self._shown(), trace),
            is_by_lane=self._is_by_lane,
        )

    def add_toggle(self, title: str, tip: str, *, checked: bool, text: str = "") -> QToolButton:
        """Add an on/off button in front of the other controls."""
        button = toggle_button(title, tip, checked=checked, text=text)
        button.toggled.connect(self.redraw)
        self.controls.insertWidget(len(self._toggles), button)
        self._toggles[text or title] = button
        return button

    def offer(self, known: Mapping[str, bool]) -> None:
        """Let buttons, by what is written on them, be there only where they have something to show."""
        for text, is_known in known.items():
            self._toggles[text].setVisible(is_known)
            if not is_known:
                self._toggles[text].setChecked(False)

    def _add_controls(self) -> None:
        self._toggles: dict[str, QToolButton] = {}
        self.controls.addStretch(1)
        self._smooth_label = label = QLabel("Smooth")
        label.setFont(small_font(label.font()))
        self._slider = smoothing_slider(self.title)
        self._slider.valueChanged.connect(self.redraw)
        label.setBuddy(self._slider)
        self._scale_box = QComboBox()
        self._scale_box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scale_box.setFont(small_font(label.font()))
        self._scale_box.addItems([scale.title for scale in SCALES])
        self._scale_box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._scale_box.setAccessibleName(f"Vertical scale of {self.title.lower()}")
        self._scale_box.view().setAccessibleName("Vertical scales")
        set_tip(
            self._scale_box,
            "Linear; symlog (linear within ±0.1, logarithmic beyond, keeps negative losses); log (positive only).",
            about=self._scale_box.accessibleName(),
        )
        self._scale_box.currentIndexChanged.connect(self._scale_changed)
        for widget in (label, self._slider, self._scale_box):
            self.controls.addWidget(widget)
        # The menu of the chart has both choices, too.
        self._tight = TightRow(self, self.controls, (label, self._scale_box, self._slider))
