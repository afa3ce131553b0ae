"""The status bar: what the run is doing and who is ahead, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QStatusBar

from ganviz.session.state import RunState
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.samples import Samples
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.elided import Elided
from ganviz.views.happening import Facts, happening
from ganviz.views.outside_text import plain_label, plain_tip
from ganviz.views.status_words import WORDS, balance_words, grouped, quality_words
from ganviz.views.theme import tabular


class WindowStatus:
    """Writes into a status bar; GUI thread only."""

    def __init__(self, bar: QStatusBar) -> None:
        self._words = Elided("Starting the engine …")
        self._words.setAccessibleName("How the run is doing")
        self._words.setFont(tabular(self._words.font()))
        self._engine = plain_label()
        self._engine.setAccessibleName("Engine")
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(6, 0, 6, 0)
        bar.addWidget(self._words, 1)
        bar.addPermanentWidget(self._engine)
        self._state = "Starting the engine …"
        self._metrics: Metrics | None = None
        self._trace: LossTrace | None = None
        self._run = -1

    def show_engine(self, text: str) -> None:
        """Show where training happens."""
        self._engine.setText(text)

    def show_state(self, state: RunState) -> None:
        """Show what the run is doing."""
        self._state = WORDS[state]
        self._words.setText(self._state)

    def show(self, snapshot: Snapshot, trace: LossTrace | None, metrics: Metrics | None) -> None:
        """Show quality and balance of every lane."""
        if snapshot.stamp.run != self._run:
            self._run, self._metrics, self._trace = snapshot.stamp.run, None, None
        self._metrics, self._trace = metrics or self._metrics, trace or self._trace
        trace = self._trace
        state = self._state
        if snapshot.viewed_step < snapshot.stamp.step:
            state = f"Looking back at step {grouped(snapshot.viewed_step)}"
        parts = [state]
        n = len(snapshot.config.lanes)
        for lane in range(n):
            found = [quality_words(self._metrics, lane, snapshot.viewed_step)]
            is_present = snapshot.viewed_step >= snapshot.stamp.step
            if trace is not None and lane < len(trace.current) and is_present:
                facts = Facts(
                    snapshot.config, lane, snapshot.lanes[lane], trace, self._metrics, snapshot.get(Samples)
                )
                found.append(happening(facts) or balance_words(snapshot.config, trace, lane))
            words = " · ".join(text for text in found if text)
            parts.append(f"{snapshot.config.lane_title(lane)}: {words}" if n > 1 and words else words)
        self._words.setText(" · ".join(part for part in parts if part))
        self._words.setToolTip(plain_tip("\n".join(part for part in parts if part)))
