"""What the engine tells, in the window's words."""

from __future__ import annotations

from functools import partial
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
    from ganviz.views.window.main_window import MainWindow


class EventReader:
    """Reads events; GUI thread only."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._keyframes: tuple[int, ...] = ()
        self._run = -1

    def read(self, event: object) -> None:
        """Show one event."""
        window = self._window
        match event:
            case EngineReady(device, version):
                window.status.show_engine(f"Trains on the {device}; torch {version}")
            case ConfigChanged():
                self._show_config(event)
            case StateChanged(state, stamp, reason):
                window.run_bar.show_state(state)
                window.status.show_state(state)
                window.files.state_changed(state)
                window.exports.state_changed(state, stamp)
                if reason and state is RunState.DIVERGED:
                    self._offer_keyframe(reason)
            case LaneDiverged(lane, step, cause):
                title = window.config.lane_title(lane)
                self._offer_keyframe(f"{title} {LaneStatus(step, cause).sentence}.")
            case Keyframes(steps):
                self._keyframes = steps
                window.timeline.track.show_keyframes(steps)
            case Failed(kind, message, _):
                window.banner.say(
                    f"A defect stopped training ({kind}: {message}). The details are in the log.",
                    kind="warning", action="Start again",
                    does=partial(window.command_requested.emit, Restart()), of_run=True,
                )  # fmt: skip
            case _:
                self._read_answer(event)

    def _read_answer(self, event: object) -> None:
        """Show what became of what the person has asked for."""
        window = self._window
        match event:
            case FileWritten(path, step):
                if not window.exports.file_written(path):
                    window.banner.say(f"Written: {path}", is_brief=True)
                window.files.file_written(path, step)
            case Noted(message):
                window.banner.say(message, kind="warning")
            case Refused(message):
                window.banner.say(message, kind="warning", of_run=True)
                window.files.refused()
                window.settings.show_config(window.config)

    def _show_config(self, event: ConfigChanged) -> None:
        """Show the configuration; a run with another past has a timeline of its own, and is shown as it is now."""
        is_other_past, self._run = event.stamp.run != self._run, event.stamp.run
        if is_other_past:
            self._window.timeline.track.begin()
            self._window.exports.run_replaced()
            self._window.banner.run_replaced()
        if event.restarted:
            self._window.files.run_replaced(event.path, event.config, event.stamp)
        self._window.files.config_changed(event.config)
        self._window.show_config(event.config, is_new_run=event.restarted and is_other_past)

    def _offer_keyframe(self, sentence: str) -> None:
        window, action, does = self._window, "", None
        if self._keyframes:
            step = self._keyframes[-1]
            action = f"Continue from step {grouped(step)}"
            does = partial(window.command_requested.emit, ContinueFrom(step))
        window.banner.say(
            f"{sentence} The last finite picture stays. A smaller learning rate often helps.",
            kind="warning", action=action, does=does, of_run=True,
        )  # fmt: skip
