"""The only way between a front end and the thread that trains: frozen values down, frozen values up."""

from __future__ import annotations

import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ganviz.session.commands import Command, LoadCheckpoint, Look, Reconfigure, Restart, Stop
from ganviz.session.events import EngineReady, Event, Failed, StateChanged
from ganviz.session.state import RunState
from ganviz.training.snapshot import Snapshot

if TYPE_CHECKING:
    from ganviz.session.runner import Runner

_REVIVING = (Restart, LoadCheckpoint, Reconfigure)


class Channel:
    """An inbox of commands and at most one look, an outbox of events and at most one snapshot; thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._commands: deque[Command] = deque()
        self._look: Look | None = None
        self._events: deque[Event] = deque()
        self._snapshot: Snapshot | None = None

    def send(self, command: Command) -> None:
        """Put a command into the inbox."""
        with self._changed:
            self._commands.append(command)
            self._changed.notify()

    def request(self, look: Look) -> None:
        """Ask to look; a newer look replaces the one that waits."""
        with self._changed:
            self._look = look
            self._changed.notify()

    def take(self, timeout_s: float | None) -> tuple[list[Command], Look | None]:
        """Return what is in the inbox; wait for it at most this long (None: until there is something)."""
        with self._changed:
            if timeout_s is None or timeout_s > 0:
                self._changed.wait_for(lambda: self._commands or self._look is not None, timeout_s)
            commands, look = list(self._commands), self._look
            self._commands.clear()
            self._look = None
            return commands, look

    def deliver(self, snapshot: Snapshot) -> None:
        """Put the answer to a look into the outbox, in place of an older one."""
        with self._changed:
            self._snapshot = snapshot

    def emit(self, events: list[Event]) -> None:
        """Put events into the outbox."""
        with self._changed:
            self._events.extend(events)

    def receive(self) -> tuple[list[Event], Snapshot | None]:
        """Return and take what is in the outbox."""
        with self._changed:
            events, snapshot = list(self._events), self._snapshot
            self._events.clear()
            self._snapshot = None
            return events, snapshot


def serve(make_runner: Callable[[], Runner], channel: Channel) -> None:
    """Make a runner and let it live until Stop: commands at once, training while it runs, looks between two slices.

    An exception becomes a Failed; the loop goes on and accepts Restart, Reconfigure, LoadCheckpoint and Stop.
    """
    loop = _Loop(make_runner, channel)
    while not loop.is_over:
        try:
            loop.turn()
        except Exception as error:
            loop.fail(error)


class _Loop:
    def __init__(self, make_runner: Callable[[], Runner], channel: Channel) -> None:
        self._make_runner, self._channel = make_runner, channel
        self._runner: Runner | None = None
        self._has_failed = False
        self._waiting: Look | None = None
        self.is_over = False

    def turn(self) -> None:
        """Go round once."""
        if self._runner is None and not self._has_failed:
            self._open()
        commands, look = self._channel.take(self._patience())
        self._waiting = look or self._waiting
        for command in commands:
            self._obey(command)
            if self.is_over:
                return
        if self._runner is None or self._has_failed:
            return
        self._channel.emit(self._runner.advance())
        if self._waiting is not None:
            snapshot = self._runner.answer(self._waiting)
            if snapshot is not None:
                self._waiting = None
                self._channel.deliver(snapshot)

    def _open(self) -> None:
        import torch

        self._runner = self._make_runner()
        version = str(torch.__version__)
        self._channel.emit(
            [EngineReady(self._runner.trainer.device, version), *self._runner.opening_events()]
        )

    def _patience(self) -> float | None:
        """Return how long the inbox may be waited for: not at all while there is a step to make."""
        if self._runner is None or self._has_failed or not self._runner.is_running:
            return None
        return self._runner.due_in_s()

    def _obey(self, command: Command) -> None:
        if isinstance(command, Stop):
            self.is_over = True
            return
        if self._has_failed and not isinstance(command, _REVIVING):
            return
        self._has_failed = False
        if self._runner is None:
            self._open()
        assert self._runner is not None
        self._channel.emit(self._runner.handle(command))

    def fail(self, error: Exception) -> None:
        """Tell of a defect and wait for a command that can mend it."""
        self._has_failed = True
        kind, text = type(error).__name__, "".join(traceback.format_exception(error))
        events: list[Event] = [Failed(kind, str(error) or kind, text)]
        if self._runner is not None:
            self._runner.state = RunState.FAILED
            events.append(StateChanged(RunState.FAILED, self._runner.stamp, str(error) or kind))
        self._channel.emit(events)
