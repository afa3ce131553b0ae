"""What the engine tells, in the window's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    StateChanged,
)
from ganviz.session.state import RunState
from ganviz.training.snapshot import LaneStatus
from ganviz.views.status_words import grouped

if TYPE_CHECKING:
    from ganviz.views.main_window import MainWindow


class EventReader:
    """Reads events and knows what the banner's button does; GUI thread only."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._keyframes: tuple[int, ...] = ()
        self._run = -1
        self._mends = False

    def read(self, event: object) -> None:
        """Show one event."""
        window = self._window
        match event:
            case EngineReady(device, version):
                window.status.show_engine(f"Trains on the {device}; torch {version}")
            case ConfigChanged():
                self._show_config(event)
            case StateChanged(state, _, reason):
                window.run_bar.show_state(state)
                window.status.show_state(state)
                window.files.state_changed(state)
                if reason and state is RunState.DIVERGED:
                    self._offer_keyframe(reason)
            case LaneDiverged(lane, step, cause):
                title = window.config.lane_title(lane)
                self._offer_keyframe(f"{title} {LaneStatus(step, cause).sentence}.")
            case Keyframes(steps):
                self._keyframes = steps
                window.timeline.track.show_keyframes(steps)
            case Failed(kind, message, _):
                self._mends = True
                window.banner.say(
                    f"A defect stopped training ({kind}: {message}). The details are in the log.",
                    kind="warning", action="Start again",
                )  # fmt: skip
            case _:
                self._read_answer(event)

    def _read_answer(self, event: object) -> None:
        """Show what became of what the person has asked for."""
        window = self._window
        match event:
            case FileWritten(path, step):
                window.banner.say(f"Written: {path}", is_brief=True)
                window.files.file_written(path, step)
            case Noted(message):
                window.banner.say(message, kind="warning")
            case Refused(message):
                window.banner.say(message, kind="warning")
                window.files.refused()
                window.settings.show_config(window.config)

    def _show_config(self, event: ConfigChanged) -> None:
        """Show the configuration; a run with another past has a timeline of its own, and is shown as it is now."""
        is_other_past, self._run = event.stamp.run != self._run, event.stamp.run
        if is_other_past:
            self._window.timeline.track.begin()
        if event.restarted:
            self._window.files.run_replaced(event.path, event.config, event.stamp)
        self._window.files.config_changed(event.config)
        self._window.show_config(event.config, is_new_run=event.restarted and is_other_past)

    def _offer_keyframe(self, sentence: str) -> None:
        self._mends = False
        action = f"Continue from step {grouped(self._keyframes[-1])}" if self._keyframes else ""
        self._window.banner.say(
            f"{sentence} The last finite picture stays. A smaller learning rate often helps.",
            kind="warning", action=action,
        )  # fmt: skip

    def act(self) -> None:
        """Do what the banner's button says."""
        if self._mends:
            self._window.command_requested.emit(Restart())
        elif self._keyframes:
            self._window.command_requested.emit(ContinueFrom(self._keyframes[-1]))
