"""What all charts and the timeline lay their steps along: chosen in the menu or on a chart, and kept."""

from __future__ import annotations

import html

from PySide6.QtCore import QObject

from ganviz.training.config import RunConfig
from ganviz.training.history import ChangeMark
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.horizontal import Along, horizontal
from ganviz.views.bases.linked_chart import AbstractLinkedChart
from ganviz.views.bases.traces import marks_of
from ganviz.views.controls.timeline_track import TimelineTrack
from ganviz.views.pictures.phase_path import AbstractPathView
from ganviz.views.plot.looks import Range
from ganviz.views.window.actions import Actions
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.memory import WindowMemory


class HorizontalAxis(QObject):
    """Knows the quantity, and tells whoever draws steps; GUI thread only."""

    def __init__(self, docks: ViewDocks, track: TimelineTrack, memory: WindowMemory) -> None:
        super().__init__(docks)
        self._docks, self._track, self._memory = docks, track, memory
        self._chosen = horizontal(memory.text("horizontal_axis", ""))
        self._actions: Actions | None = None
        self._trace: LossTrace | None = None
        self._marks: tuple[ChangeMark, ...] = ()
        self._marks_of: tuple[tuple[ChangeMark, ...], tuple[str, ...]] = ((), ())
        for chart in docks.charts():
            chart.horizontal_wished.connect(self.choose)
            chart.steps_looked.connect(self._show_range)
            chart.show_horizontal(self._chosen.key)
        docks.needs_changed.connect(self._show_range)
        track.shown.wished.connect(self._choose_range)
        for view in docks.views.values():
            if isinstance(view, AbstractPathView):
                view.step_wished.connect(track.look_near)

    def show_in(self, actions: Actions) -> None:
        """Show in these actions what is chosen."""
        self._actions = actions
        actions.tick("along", self._chosen.key)

    def choose(self, key: str) -> None:
        """Lay steps along another quantity everywhere."""
        self._chosen = horizontal(key)
        self._memory.keep_text("horizontal_axis", key)
        for chart in self._docks.charts():
            chart.show_horizontal(key)
        self._track.show_along(Along.of(self._chosen, self._trace))
        self._show_range()
        if self._actions is not None:
            self.show_in(self._actions)

    def show(self, snapshot: Snapshot, trace: LossTrace | None) -> None:
        """Let the timeline show where the run is, laid out as the newest trace of the whole run has it."""
        if trace is not None:
            self._trace = trace
            self._track.show_along(Along.of(self._chosen, trace))
            self._show_marks(trace, snapshot.config)
        self._track.show_run(snapshot.stamp.step, snapshot.viewed_step, self._marks)
        self._show_range()

    def _seen(self) -> AbstractLinkedChart | None:
        """Return a chart that is seen, all of which show the same steps."""
        return next((chart for chart in self._docks.charts() if chart.isVisible()), None)

    def _show_range(self) -> None:
        """Let the timeline show which steps the charts show."""
        chart = self._seen()
        self._track.shown.show(None if chart is None else chart.shown_range, chart is not None)

    def _choose_range(self, x: Range | None, is_moving: bool) -> None:
        """Show in the charts what was chosen on the timeline."""
        if (chart := self._seen()) is not None:
            chart.show_range(x, is_moving=is_moving)

    def _show_marks(self, trace: LossTrace, config: RunConfig) -> None:
        """Let marks say whose they are, as in the charts; there may be thousands, and they seldom change."""
        n = len(config.lanes)
        lanes = tuple(html.escape(config.lane_title(lane)) for lane in range(n)) if n > 1 else ()
        if (trace.marks, lanes) != self._marks_of:
            self._marks_of = trace.marks, lanes
            self._marks = tuple(marks_of(trace, lanes))
