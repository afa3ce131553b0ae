"""The status bar: what the run is doing and who is ahead, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStatusBar

from ganviz.losses.presets import plain_title_of
from ganviz.session.happening import OF_LAST_BATCH, Facts, happening
from ganviz.session.state import RunState
from ganviz.spec.words import grouped, regrouped
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.samples import Samples
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.elided import Elided
from ganviz.views.controls.lane_list import LaneList
from ganviz.views.controls.reasons import Reasons
from ganviz.views.look.aloud import Voice
from ganviz.views.look.outside_text import plain_tip
from ganviz.views.look.status_words import WORDS, balance_words, quality_words
from ganviz.views.look.theme import tabular
from ganviz.views.window.engine_label import EngineLabel
from ganviz.views.window.explanation import explained

HOW_TO_END, SAID_MS = "Esc ends the presentation", 6000
"""What is said for a while: the menu that a presentation was begun with is gone."""


class WindowStatus:
    """Writes into a status bar; GUI thread only."""

    def __init__(self, bar: QStatusBar) -> None:
        self._words = Elided("Starting the engine …")
        self._words.setAccessibleName("How the run is doing")
        self._voice, self._gist = Voice(self._words), ""
        self._words.setFont(tabular(self._words.font()))
        self._engine = EngineLabel(bar)
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(6, 0, 6, 0)
        self._lanes = LaneList()
        self._lanes.hide()
        bar.addWidget(self._lanes)
        bar.addWidget(self._words, 1)
        self._why = Reasons()
        self._why.hide()
        bar.addWidget(self._why)
        self._words.clicked.connect(self._why.click)
        bar.addPermanentWidget(self._engine.label)
        self._state = "Starting the engine …"
        self._of_time = self._of_pace = self._how_to_end = ""
        self._timer = QTimer(bar, singleShot=True, interval=SAID_MS)
        self._timer.timeout.connect(lambda: self.show_presenting(False))
        self._metrics: Metrics | None = None
        self._trace: LossTrace | None = None
        self._shape: LossShape | None = None
        self._run = -1
        self._config: RunConfig | None = None  # in force now
        self._shown: tuple[object, ...] | None = None
        self._back, self._told = "", [list[str]()]  # that it looks back; what is said of lanes, ever shorter

    def show_engine(self, text: str) -> None:
        """Show where training happens."""
        self._engine.say(text)

    def show_state(self, state: RunState) -> None:
        """Show what the run is doing."""
        if self._state != WORDS[state]:
            self._state, self._shown = WORDS[state], None
            self._back, self._told, self._gist = "", [[]], ""
            self._say()

    def show_step_time(self, seconds: float) -> None:
        """Show how long a step takes; 0 where that is not worth a word."""
        self._of_time = f"a step takes about {seconds:.0f} s" if seconds else ""
        self._say()

    def show_pace(self, words: str) -> None:
        """Show why the run is slower than was chosen; nothing where it is not."""
        self._of_pace = words
        self._say()

    def show_presenting(self, is_presenting: bool) -> None:
        """Show for a while how a presentation ends that has begun."""
        self._how_to_end = HOW_TO_END if is_presenting else ""
        self._timer.start() if is_presenting else self._timer.stop()
        self._say()

    def _doing(self) -> str:
        is_running = self._state == WORDS[RunState.RUNNING]
        return _joined((self._state, *((self._of_time, self._of_pace) if is_running else ())))

    def _say(self) -> None:
        """Write what the run does before what is known of its lanes."""
        head = _joined((self._how_to_end, self._back or self._doing()))
        lines = [_begun(head, one) for one in self._told]
        self._words.say(*map(_joined, lines))
        self._voice.tell(self._back or self._state, self._gist, _joined(lines[0]))
        self._words.setToolTip(plain_tip("\n".join(lines[0])))

    def show(self, snapshot: Snapshot, trace: LossTrace | None, metrics: Metrics | None) -> None:
        """Show quality and balance of every lane; anew where there are new figures, or others than before."""
        if snapshot.stamp.run != self._run:
            self._config = None
            self._run, self._metrics, self._trace, self._shape = snapshot.stamp.run, None, None, None
        self._metrics, self._trace = metrics or self._metrics, trace or self._trace
        self._shape = snapshot.get(LossShape) or self._shape
        behind = snapshot.stamp.step - snapshot.viewed_step
        shown = (self._run, snapshot.stamp.revision, behind and snapshot.viewed_step, snapshot.lanes)
        if trace is None and metrics is None and shown == self._shown:
            return
        self._shown = shown
        self._back = self._looking_back(snapshot) if behind else ""
        if not behind:
            self._config = snapshot.config
        titles = [snapshot.config.shown_title(lane) for lane in range(len(snapshot.config.lanes))]
        found = [self._of_lane(snapshot, lane) for lane in range(len(titles))]
        said = [_joined(parts) for parts in found]
        self._lanes.show_lanes(
            [(title, words or "nothing to say yet") for title, words in zip(titles, said, strict=True)]
        )
        self._why.show_reasons(
            lambda: [(title, self._reason(snapshot, lane)) for lane, title in enumerate(titles)]
        )
        heads = (
            [f"{title}: " for title in titles] if snapshot.config.training.seeds * len(titles) > 1 else [""]
        )
        verdicts = [(quality, _verdict(words)) for quality, words in found]
        short, shorter = (
            [_joined(both) for both in verdicts],
            [words or quality for quality, words in verdicts],
        )
        self._gist = _joined(words for _, words in verdicts)
        shortest = [words.removesuffix(f" {OF_LAST_BATCH}") for words in shorter]
        self._told = [_headed(heads, one) for one in (said, short, shorter, shortest)]
        self._say()

    def _looking_back(self, snapshot: Snapshot) -> str:
        """Return which step is seen, under what, and that nothing but views goes back."""
        at = f"Looking back at step {grouped(snapshot.viewed_step)}"
        lanes = snapshot.config.lanes
        if self._config is None or self._config == snapshot.config:
            return at
        known = [one.formulation for one in self._config.lanes]
        others = [one.formulation for one in lanes if one.formulation not in known]
        then = f": {', '.join(map(plain_title_of, others))} then" if others else ""
        return f"{at}{then} · settings and buttons are of now"

    def _reason(self, snapshot: Snapshot, lane: int) -> str:
        """Return why a lane is said to do what it does."""
        trace = self._trace
        if trace is None or lane >= len(trace.current):
            return "Nothing is measured yet."
        if snapshot.viewed_step < snapshot.stamp.step:
            return "Rules are of the present; this looks back."
        status, samples = snapshot.lanes[lane], snapshot.get(Samples)
        return explained(Facts(snapshot.config, lane, status, trace, self._metrics, samples, self._shape))

    def _of_lane(self, snapshot: Snapshot, lane: int) -> tuple[str, str]:
        """Return a lane's quality and a sentence on it; figures of another step than the one that is shown say so."""
        at, status, trace = snapshot.viewed_step, snapshot.lanes[lane], self._trace
        if status.diverged_at is not None and status.diverged_at <= at:
            return "", regrouped(happening(Facts(snapshot.config, lane, status, None, None, None)))
        said = ""
        if trace is not None and lane < len(trace.current) and at >= snapshot.stamp.step:
            samples = snapshot.get(Samples)
            facts = Facts(snapshot.config, lane, status, trace, self._metrics, samples, self._shape)
            words = regrouped(happening(facts)) or balance_words(snapshot.config, trace, lane)
            # Curves are measured ten times a second: while it trains, being behind by that is not worth a word.
            is_late = self._state != WORDS[RunState.RUNNING] and len(trace.last) and trace.last[-1] < at
            said = f"{words} (at step {grouped(trace.last[-1])})" if words and is_late else words
        return quality_words(self._metrics, lane, at), said


def _begun(head: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines after what the run does, which a single lane that has diverged begins with, too."""
    if head == WORDS[RunState.DIVERGED] and lines and lines[0].startswith(head.lower()):
        return head + lines[0][len(head) :], *lines[1:]
    return head, *lines


def _verdict(words: str) -> str:
    """Return a sentence without its figures, which still says of which scores it is."""
    verdict = words.partition(": ")[0]
    return f"{verdict} {OF_LAST_BATCH}" if OF_LAST_BATCH in words else verdict


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(text for text in texts if text)


def _headed(heads: Sequence[str], words: Sequence[str]) -> list[str]:
    return [head + one for head, one in zip(heads, words, strict=True) if one]
