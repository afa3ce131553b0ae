"""What the engine tells, in the window's words: events become sentences and signals."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ganviz.session.commands import ContinueFrom, Restart
from ganviz.session.events import (
    ConfigChanged,
    EngineReady,
    Failed,
    FileWritten,
    Keyframes,
    LaneDiverged,
    Noted,
    Refused,
    Relaunched,
    StateChanged,
    StepTakes,
)
from ganviz.session.state import RunState
from ganviz.spec.words import grouped, regrouped
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import LaneStatus
from ganviz.views.controls.banner import StatusBanner


class Presenter(QObject):
    """Reads events, says in the banner what has to be said, and emits the rest; GUI thread only."""

    command_requested = Signal(object)
    """Emitted by the button of a sentence."""
    engine_arrived = Signal(str)
    state_arrived = Signal(object, object)
    """Emitted with the :class:`RunState` and the :class:`Stamp` since when."""
    step_timed = Signal(float)
    """Emitted with about how many seconds a step takes, where that is long; else with 0."""
    keyframes_arrived = Signal(object)
    past_replaced = Signal()
    """Emitted when the run has another past than the one that was shown."""
    run_begun = Signal(object, object, object, bool)
    """Emitted with path or None, configuration and stamp of a run that has begun or been read, and whether it is the
    same run in another process."""
    config_arrived = Signal(object, bool)
    """Emitted with the configuration in force, and whether it is a new run's."""
    file_written = Signal(object, object)
    """Emitted with the path and the step it is of, or None."""
    refused = Signal(object, str)
    """Emitted with the file that could not be written, or None, and why."""

    def __init__(self, banner: StatusBanner, config: RunConfig) -> None:
        super().__init__(banner)
        self._banner, self._config = banner, config
        self._keyframes: tuple[int, ...] = ()
        self._run = -1
        self._is_relaunched = False

    @Slot(object)
    def read(self, event: object) -> None:
        """Show one event."""
        match event:
            case EngineReady(device, version):
                self.engine_arrived.emit(f"Trains on the {device}; torch {version}")
            case ConfigChanged():
                self._show_config(event)
            case StateChanged(state, stamp, reason):
                self.state_arrived.emit(state, stamp)
                if reason and state is RunState.DIVERGED:
                    self._offer_keyframe(regrouped(reason))
            case StepTakes(seconds):
                self.step_timed.emit(seconds)
            case LaneDiverged(lane, step, cause):
                title = self._config.row_title(lane)
                self._offer_keyframe(f"{title} {regrouped(LaneStatus(step, cause).sentence)}.")
            case Keyframes(steps):
                self._keyframes = steps
                self.keyframes_arrived.emit(steps)
            case Failed(kind, message, _):
                self._banner.say(
                    f"A defect stopped training ({kind}: {message}). The details are in the log.",
                    kind="warning", action="Start again",
                    does=partial(self.command_requested.emit, Restart()), of_run=True,
                )  # fmt: skip
            case _:
                self._read_answer(event)

    def _read_answer(self, event: object) -> None:
        """Show what became of what the person has asked for."""
        match event:
            case FileWritten(path, step):
                self.file_written.emit(path, step)
            case Noted(message):
                self._banner.say(message, kind="warning")
            case Relaunched():
                self._is_relaunched = True
            case Refused(message, path):
                self._banner.say(message, kind="warning", of_run=True)
                self.refused.emit(path, message)

    def say_written(self, path: Path) -> None:
        """Say that a file has been written."""
        self._banner.say(f"Written: {path}", is_brief=True)

    def _show_config(self, event: ConfigChanged) -> None:
        """Show the configuration; a run with another past has a timeline of its own, and is shown as it is now."""
        is_other_past, self._run = event.stamp.run != self._run, event.stamp.run
        self._config = event.config
        if is_other_past:
            self._banner.run_replaced()
            self.past_replaced.emit()
        if event.restarted:
            # one that could not be kept starts again at step 0
            is_same = self._is_relaunched and event.path is None and event.stamp.step > 0
            self._is_relaunched = False
            self.run_begun.emit(event.path, event.config, event.stamp, is_same)
        self.config_arrived.emit(event.config, event.restarted and is_other_past)

    def _offer_keyframe(self, sentence: str) -> None:
        action, does = "", None
        if self._keyframes:
            step = self._keyframes[-1]
            action = f"Continue from step {grouped(step)}"
            does = partial(self.command_requested.emit, ContinueFrom(step))
        self._banner.say(
            f"{sentence} The last finite picture stays. A smaller learning rate often helps.",
            kind="warning", action=action, does=does, of_run=True,
        )  # fmt: skip
