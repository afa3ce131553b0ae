"""Looks at any step of a run: at a keyframe at once, at another when the engine has made it anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from ganviz.session.commands import KeepAgain
from ganviz.spec.words import grouped
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.controls.timeline_track import TimelineTrack
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.presenter import Presenter

SAID_AFTER_MS = 400
"""What takes no longer is not worth a word."""


class ExactSteps(QObject):
    """Goes to steps that need not be keyframes; GUI thread only.

    Parameters
    ----------
    parent : QWidget
        Over which the step is asked for.
    track : TimelineTrack
    told : Presenter
        Tells of keyframes, and of what could not be done.
    banner : StatusBanner
        Says that one has to wait.
    views : ViewDocks
        The menus of its charts look at the step under the pointer.
    """

    command_requested = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        track: TimelineTrack,
        told: Presenter,
        banner: StatusBanner,
        views: ViewDocks,
    ) -> None:
        super().__init__(parent)
        self._parent, self._track, self._banner = parent, track, banner
        self.keyframes: tuple[int, ...] = ()
        self._wished: int | None = None
        self._said = ""
        self._timer = QTimer(self, singleShot=True, interval=SAID_AFTER_MS)
        self._timer.timeout.connect(self._say)
        told.keyframes_arrived.connect(self._take_keyframes)
        told.past_replaced.connect(self._forget)
        told.refused.connect(self._forget)
        for chart in views.charts():
            chart.look_at = self.look_at

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what the actions do that look at single steps."""
        return {
            "look_at_step": self.ask,
            "step_before": lambda: self._go(-1),
            "step_after": lambda: self._go(1),
        }

    def ask(self) -> None:
        """Ask for a step, and look at it."""
        now, viewed = self._track.place
        step, is_given = QInputDialog.getInt(
            self._parent, "Look at a step", f"Step, from 0 to {grouped(now)}:", viewed, 0, now
        )
        if is_given:
            self.look_at(step)

    def _go(self, by: int) -> None:
        """Go on from the step that is waited for, or seen: a key may be held."""
        self.look_at((self._track.place[1] if self._wished is None else self._wished) + by)

    def look_at(self, step: int) -> None:
        """Look at a step as soon as it can be seen; before the first one there is none, after the last one is now."""
        step = max(0, step)
        self._forget()
        if step >= self._track.place[0]:
            self._track.look_at(None)
        elif step in self.keyframes:
            self._track.look_at(step)
        else:
            self._wished = step
            self._timer.start()
            self.command_requested.emit(KeepAgain(step))

    def _take_keyframes(self, steps: tuple[int, ...]) -> None:
        self.keyframes = steps
        if self._wished in steps:
            wished = self._wished
            self._forget()
            self._track.look_at(wished)

    def _say(self) -> None:
        if self._wished is not None:
            self._said = f"Step {grouped(self._wished)} is made anew …"
            self._banner.say(self._said, of_run=True)

    def _forget(self, *_: object) -> None:
        """Wait for no step any more."""
        self._wished = None
        self._timer.stop()
        if self._said:
            self._banner.take_away(self._said)
        self._said = ""
