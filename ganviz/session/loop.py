"""The loop that trains: commands at once, training while a run runs, looks between two slices of it."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ganviz.session.commands import (
    Command,
    Export,
    KeepAgain,
    LoadCheckpoint,
    Look,
    Pause,
    PutAside,
    Reconfigure,
    Restart,
    SaveCheckpoint,
    Stop,
)
from ganviz.session.events import EngineReady, Event, Failed, Refused
from ganviz.session.long_steps import LongSteps
from ganviz.session.port import Port, answered, refusal
from ganviz.session.rebasing import rebased
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError

if TYPE_CHECKING:
    from ganviz.session.runner import Runner

_WRITING_S = 0.02
_REVIVING = (Restart, LoadCheckpoint, Reconfigure)
_KEEPING = (SaveCheckpoint, PutAside, Export)
_HAS_FAILED = (
    "An error has interrupted the run: save it, restart it, change its settings or open a checkpoint."
)


def serve(make_runner: Callable[[], Runner], port: Port) -> None:
    """Make a runner and let it live until Stop: commands at once, training while it runs, looks between two slices.

    An exception becomes a Failed; the loop goes on and accepts Restart, Reconfigure, LoadCheckpoint and Stop. The look
    that waits, or that could not be answered, is answered after that, unless a newer one has replaced it.
    """
    loop = _Loop(make_runner, port)
    while not loop.is_over:
        try:
            loop.turn()
        except Exception as error:
            loop.fail(error)
    loop.end()


class _EndedError(Exception):
    """Leaves a step in the middle: the run ends with it."""


class _Loop:
    """The commands not yet obeyed, the look not yet answered, and the runner, where one could be made."""

    def __init__(self, make_runner: Callable[[], Runner], port: Port) -> None:
        self._make_runner, self._port = make_runner, port
        self._runner: Runner | None = None
        self._has_failed = False
        self._long = LongSteps(time.perf_counter)
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
            command = self._commands.popleft()
            if not self._is_overtaken(command):
                self._obey(command)
            self._collect(0)
        if self._runner is not None and not self._has_failed and not self.is_over:
            self._work(self._runner)

    def _open(self, make_runner: Callable[[], Runner]) -> None:
        import torch

        from ganviz.kernels.crew import give_way

        give_way()  # the front end paints
        self._collect(0)
        if any(isinstance(command, Stop) for command in self._commands):
            self.is_over = True
            return
        self._runner = runner = make_runner()
        version = str(torch.__version__)
        self._port.emit([EngineReady(runner.trainer.device, version), *runner.opening_events()])

    def _collect(self, timeout_s: float | None) -> None:
        commands, look = self._port.take(timeout_s)
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

    def _is_overtaken(self, command: Command) -> bool:
        """Return whether something that may take long, as to begin a run, would be done in vain."""
        if isinstance(command, Reconfigure) and self._commands and isinstance(self._commands[0], Reconfigure):
            return self._joins_next(command, self._commands[0])
        follows = [type(one) for one in self._commands]
        if isinstance(command, KeepAgain):  # of a key that is held: each may take seconds
            return follows[:1] == [KeepAgain]
        return (
            isinstance(command, _REVIVING) and Stop in follows and not {SaveCheckpoint, Export} & {*follows}
        )

    def _joins_next(self, command: Reconfigure, following: Reconfigure) -> bool:
        """Let the next wish for settings have what this one changes; return whether that can be."""
        if following.before is not None:
            try:
                config = rebased(following.before, following.config, command.config)
            except InvalidValueError:
                return False
            self._commands[0] = Reconfigure(config, command.before, following.ticket)
        return True

    def _obey(self, command: Command) -> None:
        if isinstance(command, Stop):
            self.is_over = True
        elif self._has_failed and isinstance(command, _KEEPING) and self._runner is not None:
            self._port.emit(self._runner.handle(command))
        elif self._has_failed and not isinstance(command, _REVIVING):
            self._port.emit(answered(command, [refusal(command, _HAS_FAILED)]))
        elif self._runner is None:
            self._has_failed = False
            self._port.emit(answered(command, []))
            self._open(lambda: self._runner_for(command))
        else:
            self._port.emit(answered(command, self._runner.handle(command)))
            self._has_failed = self._runner.state is RunState.FAILED

    def _runner_for(self, command: Command) -> Runner:
        """Return the runner that a command asks for where none could be made before."""
        from ganviz.session.runner import Runner
        from ganviz.training.checkpoint import load_checkpoint

        match command:
            case LoadCheckpoint(path, at_step):
                return Runner(trainer=load_checkpoint(path, at_step), path=path)
            case Reconfigure(config) | Restart(config=config) if config is not None:
                return Runner(config)
            case _:
                return self._make_runner()

    def _work(self, runner: Runner) -> None:
        """Answer the look that waits and train a slice; a look that nothing had happened for is tried once more.

        Commands that have come in the meantime go before that.
        """
        before = runner.stamp
        if self._look is not None:
            self._answer(runner)
            self._collect(0)
            if self._commands:
                return
        self._long.begin()
        try:
            events = runner.advance(lambda: self._serve_within(runner))
        except _EndedError:
            self.is_over = True
            return
        self._port.emit([*events, *self._long.ended(runner.trainer.step - before.step)])
        self._is_look_new |= self._look is not None and runner.stamp != before

    def _serve_within(self, runner: Runner) -> None:
        """Pause or stop in the middle of a step that takes long; all other commands wait for its end.

        What only writes the run is no reason to wait: it is written as it is after the step.
        """
        if not self._long.is_break():
            return
        training = runner.config.training
        self._port.emit(self._long.within(training.d_steps + training.g_steps))
        self._collect(0)
        for i, command in enumerate([*self._commands]):
            if isinstance(command, Stop) and not any(
                isinstance(kept, _KEEPING) for kept in [*self._commands][:i]
            ):
                raise _EndedError
            if isinstance(command, Pause):
                self._commands.remove(command)
                self._port.emit(runner.pause())
            elif not isinstance(command, _KEEPING):
                return

    def _answer(self, runner: Runner) -> None:
        if self._look is None:
            return
        self._is_look_new = False
        snapshot = runner.answer(self._look)
        if snapshot is not None:
            self._look = None
            self._port.deliver(snapshot)
        self._port.emit(runner.news())

    def end(self) -> None:
        """Let the files be finished that are being written."""
        if self._runner is not None:
            self._port.emit(self._runner.finish_writing())

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
        self._port.emit(events)

    def _pauses_for(self, error: Exception, runner: Runner) -> bool:
        """Pause where memory was refused, and say so; return whether that was it."""
        from ganviz.training.memory_need import memory_sentence

        sentence = memory_sentence(error)
        if sentence:
            try:
                self._port.emit([*runner.handle(Pause()), Refused(f"{sentence} The run is paused.")])
            except Exception:  # the run is worse than paused
                return False
        return bool(sentence)
