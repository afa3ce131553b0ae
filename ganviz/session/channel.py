"""The only way between a front end and the thread that trains: frozen values down, frozen values up."""

from __future__ import annotations

import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ganviz.session.commands import (
    Command,
    Export,
    LoadCheckpoint,
    Look,
    Pause,
    PutAside,
    Reconfigure,
    Restart,
    SaveCheckpoint,
    Stop,
)
from ganviz.session.events import AsideWritten, EngineReady, Event, Failed, Refused
from ganviz.session.state import RunState
from ganviz.training.snapshot import Snapshot

if TYPE_CHECKING:
    from ganviz.session.runner import Runner

_WRITING_S = 0.02
_REVIVING = (Restart, LoadCheckpoint, Reconfigure)
_KEEPING = (SaveCheckpoint, PutAside, Export)
_HAS_FAILED = Refused(
    "An error has interrupted the run: save it, restart it, change its settings or open a checkpoint."
)


class Channel:
    """An inbox of commands and at most one look, an outbox of events and at most one snapshot; thread-safe.

    Parameters
    ----------
    told : callable, optional
        Called, in the thread that trains, when something has been put into the outbox.
    """

    def __init__(self, told: Callable[[], None] | None = None) -> None:
        self._told = told
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
        self._tell()

    def emit(self, events: list[Event]) -> None:
        """Put events into the outbox."""
        with self._changed:
            self._events.extend(events)
        if events:
            self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            self._told()

    @property
    def has_output(self) -> bool:
        """Return whether :meth:`receive` would give something."""
        with self._changed:
            return bool(self._events) or self._snapshot is not None

    def receive(self) -> tuple[list[Event], Snapshot | None]:
        """Return and take what is in the outbox."""
        with self._changed:
            events, snapshot = list(self._events), self._snapshot
            self._events.clear()
            self._snapshot = None
            return events, snapshot


def serve(make_runner: Callable[[], Runner], channel: Channel) -> None:
    """Make a runner and let it live until Stop: commands at once, training while it runs, looks between two slices.

    An exception becomes a Failed; the loop goes on and accepts Restart, Reconfigure, LoadCheckpoint and Stop. The look
    that waits, or that could not be answered, is answered after that, unless a newer one has replaced it.
    """
    loop = _Loop(make_runner, channel)
    while not loop.is_over:
        try:
            loop.turn()
        except Exception as error:
            loop.fail(error)
    loop.end()


class _Loop:
    """The commands not yet obeyed, the look not yet answered, and the runner, where one could be made."""

    def __init__(self, make_runner: Callable[[], Runner], channel: Channel) -> None:
        self._make_runner, self._channel = make_runner, channel
        self._runner: Runner | None = None
        self._has_failed = False
        self._commands: deque[Command] = deque()
        self._look: Look | None = None
        self._is_look_new = False
        self.is_over = False

    def turn(self) -> None:
        """Go round once."""
        if self._runner is None and not self._has_failed:
            self._open(self._make_runner)
        self._collect(self._patience())
        while self._commands and not self.is_over:
            self._obey(self._commands.popleft())
        if self._runner is not None and not self._has_failed and not self.is_over:
            self._work(self._runner)

    def _open(self, make_runner: Callable[[], Runner]) -> None:
        import torch

        self._collect(0)
        if any(isinstance(command, Stop) for command in self._commands):
            self.is_over = True
            return
        self._runner = runner = make_runner()
        version = str(torch.__version__)
        self._channel.emit([EngineReady(runner.trainer.device, version), *runner.opening_events()])

    def _collect(self, timeout_s: float | None) -> None:
        commands, look = self._channel.take(timeout_s)
        self._commands.extend(commands)
        if look is not None:
            self._look, self._is_look_new = look, True

    def _patience(self) -> float | None:
        """Return how long the inbox may be waited for: not at all while there is something to do."""
        if self._commands or self.is_over:
            return 0
        if self._runner is None or self._has_failed:
            return None
        if self._is_look_new:
            return 0
        if self._runner.is_running:
            return self._runner.due_in_s()
        return _WRITING_S if self._runner.is_writing else None

    def _obey(self, command: Command) -> None:
        if isinstance(command, Stop):
            self.is_over = True
        elif self._has_failed and isinstance(command, _KEEPING) and self._runner is not None:
            self._channel.emit(self._runner.handle(command))
        elif self._has_failed and not isinstance(command, _REVIVING):
            self._channel.emit([AsideWritten(False) if isinstance(command, PutAside) else _HAS_FAILED])
        elif self._runner is None:
            self._has_failed = False
            self._open(lambda: self._runner_for(command))
        else:
            self._channel.emit(self._runner.handle(command))
            self._has_failed = self._runner.state is RunState.FAILED

    def _runner_for(self, command: Command) -> Runner:
        """Return the runner that a command asks for where none could be made before."""
        from ganviz.session.runner import Runner
        from ganviz.training.checkpoint import load_checkpoint

        match command:
            case LoadCheckpoint(path):
                return Runner(trainer=load_checkpoint(path), path=path)
            case Reconfigure(config):
                return Runner(config)
            case _:
                return self._make_runner()

    def _work(self, runner: Runner) -> None:
        """Answer the look that waits and train a slice; a look that nothing had happened for is tried once more."""
        self._answer(runner)
        self._channel.emit(runner.advance())
        self._answer(runner)

    def _answer(self, runner: Runner) -> None:
        if self._look is None:
            return
        self._is_look_new = False
        snapshot = runner.answer(self._look)
        if snapshot is not None:
            self._look = None
            self._channel.deliver(snapshot)
        self._channel.emit(runner.news())

    def end(self) -> None:
        """Let the files be finished that are being written."""
        if self._runner is not None:
            self._channel.emit(self._runner.finish_writing())

    def fail(self, error: Exception) -> None:
        """Tell of a defect and wait for a command that can mend it; where memory was refused, the run only pauses."""
        if self._runner is not None and self._pauses_for(error, self._runner):
            return
        self._has_failed = True
        kind, details = type(error).__name__, "".join(traceback.format_exception(error))
        message = str(error) or kind
        events: list[Event] = [Failed(kind, message, details)]
        if self._runner is not None:
            events += [*self._runner.fail(message), *self._runner.finish_writing()]
        self._channel.emit(events)

    def _pauses_for(self, error: Exception, runner: Runner) -> bool:
        """Pause where memory was refused, and say so; return whether that was it."""
        from ganviz.training.memory_need import memory_sentence

        sentence = memory_sentence(error)
        if sentence:
            try:
                self._channel.emit([*runner.handle(Pause()), Refused(f"{sentence} The run is paused.")])
            except Exception:  # the run is worse than paused
                return False
        return bool(sentence)
