"""The same loop in a child process: training and painting do not share an interpreter lock.

Measured on two cores with the default docks open, training in a thread of the window's process keeps a small part of
its speed, because each of Qt's calls gives the lock away and waits for it again. The child runs the very same
``serve(runner, channel)``; frozen values pass through a pipe in both directions. When the child dies, it is reported
and the run goes on from the last state that the child has put aside.
"""

from __future__ import annotations

import dataclasses
import logging
import multiprocessing
import shutil
import threading
import time
from pathlib import Path

from ganviz.session.channel import Channel
from ganviz.session.commands import (
    Command,
    LoadCheckpoint,
    Look,
    PutAside,
    Reconfigure,
    Restart,
    Run,
    SaveCheckpoint,
    SetPace,
    Stop,
)
from ganviz.session.events import AsideWritten, ConfigChanged, Event, FileWritten, Refused, StateChanged
from ganviz.session.state import RunState
from ganviz.training.atomic import atomic_path
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.worker.aside import Aside
from ganviz.worker.child import child_main
from ganviz.worker.crash_logs import tail_of
from ganviz.worker.opening import Opening
from ganviz.worker.window_folder import ENGINE_CRASH

log = logging.getLogger("ganviz")

STOP_S = 3.0
KEEP_S = 20.0
"""How long a run may take to be put aside for the last time."""
MOST_DEATHS = 5
FORGOTTEN_AFTER_S = 600.0
"""Deaths longer ago than this do not count: what happens once a day is no reason to give up."""

_REVIVING = (Restart, Reconfigure, LoadCheckpoint)
_HOW_TO_GO_ON = "start again, change a setting or open a checkpoint"


class EngineProcess:
    """A child process behind a channel; :meth:`launch` may be called long before :meth:`serve`.

    Parameters
    ----------
    opening : Opening
    folder : Path, optional
        Where the run is put aside.

    Attributes
    ----------
    keeps_run : bool
        Whether the run stays put aside, as it is at the end, when the window closes.
    """

    def __init__(self, opening: Opening, folder: Path | None = None) -> None:
        self._opening = opening
        self._context = multiprocessing.get_context("spawn")
        self._aside = Aside(folder=folder)
        self._crash_log = self._aside.path.with_name(ENGINE_CRASH)
        self.keeps_run = False
        self._run = 0
        self._state, self._stamp = RunState.PAUSED, Stamp(0, 0, 0)
        self._is_stopping = False
        self._deaths: list[float] = []
        self._has_given_up = False
        self._unanswered: Look | None = None
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def pid(self) -> int | None:
        """Return the child's process number."""
        return self._process.pid if self._process else None

    def launch(self) -> None:
        """Start the child, which begins to load torch."""
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=child_main,
            args=(theirs, self._opening, self._crash_log),
            name="ganviz-engine",
            daemon=True,
        )
        self._process.start()
        theirs.close()

    def serve(self, channel: Channel) -> None:
        """Pass everything between ``channel`` and the child until Stop."""
        if self._process is None:
            self.launch()
        self._start_listener(channel)
        while not self._is_stopping:
            commands, look = channel.take(1.0)
            self._is_stopping = any(isinstance(command, Stop) for command in commands)
            self._remember(commands)
            if self._has_given_up:
                commands = self._without_child(commands, channel)
            elif self._is_stopping and self.keeps_run and self._aside.has_begun:
                commands = [PutAside(self._aside.path), *commands]
            elif self._aside.is_due(self._stamp, is_running=self._state is RunState.RUNNING):
                commands = [*commands, PutAside(self._aside.path)]
            if commands or look is not None:
                self._unanswered = look or self._unanswered
                self._send(commands, look)
        self._end()

    def _without_child(self, commands: list[Command], channel: Channel) -> list[Command]:
        """Do what can be done without a child; return what is left for the one that is started where one is wished."""
        for i, command in enumerate(commands):
            if isinstance(command, _REVIVING):
                self._begin_anew(command, channel)
                return [given for given in commands[i:] if not isinstance(given, Restart | Reconfigure)]
            if isinstance(command, SaveCheckpoint) and self._aside.is_usable:
                channel.emit([_copied(self._aside.path, command.path)])
            elif not isinstance(command, SetPace | Stop):
                channel.emit([Refused(f"The training process has ended: {_HOW_TO_GO_ON}.")])
        return []

    def _begin_anew(self, command: Command, channel: Channel) -> None:
        self._has_given_up, self._deaths = False, []
        if isinstance(command, Reconfigure):
            self._opening = dataclasses.replace(self._opening, config=command.config)
        self._opening = dataclasses.replace(self._opening, is_running=not isinstance(command, LoadCheckpoint))
        self._run = 0
        self._aside.begin()
        self._listener.join()
        self.launch()
        self._start_listener(channel)
        if self._unanswered is not None:
            self._send([], dataclasses.replace(self._unanswered, after=None))

    def _remember(self, commands: list[Command]) -> None:
        for command in commands:
            if isinstance(command, SetPace):
                self._opening = dataclasses.replace(self._opening, pace=command.steps_per_second)

    def _start_listener(self, channel: Channel) -> None:
        self._listener = threading.Thread(target=self._listen, args=(channel,), daemon=True)
        self._listener.start()

    def _send(self, commands: list[Command], look: Look | None) -> None:
        try:
            self._pipe.send((commands, look))
        except (BrokenPipeError, OSError):
            time.sleep(0.05)  # the child died, which the listener is about to notice

    def _listen(self, channel: Channel) -> None:
        while not self._is_stopping:
            try:
                message = self._pipe.recv()
            except (EOFError, OSError):
                if not self._revive(channel):
                    return
                continue
            if isinstance(message, Snapshot):
                self._stamp = message.stamp
                for _, reading in message.readings:
                    reading.__post_init__()  # arrays that came through a pipe can be written
                if self._unanswered is not None and message.ticket == self._unanswered.ticket:
                    self._unanswered = None
                channel.deliver(message)
            else:
                channel.emit(self._without_own(message))

    def _without_own(self, events: list[Event]) -> list[Event]:
        return [self._as_wished(event) for event in events if not self._is_own(event)]

    def _as_wished(self, event: Event) -> Event:
        """Return an event without the path of what was put aside: nobody has opened that."""
        if isinstance(event, ConfigChanged) and event.path == self._aside.path:
            return dataclasses.replace(event, path=None)
        return event

    def _is_own(self, event: Event) -> bool:
        """Take note of an event; return whether it answers what the person has not asked for."""
        match event:
            case StateChanged(state, stamp):
                self._state, self._stamp = state, stamp
            case ConfigChanged(config, stamp):
                self._opening = dataclasses.replace(self._opening, config=config)
                if stamp.run > self._run:
                    self._run = stamp.run
                    self._aside.begin()
                if event.restarted and self._aside.is_of_person(event.path):
                    self._aside.saved(stamp.step)
            case FileWritten(path, step) if step is not None and self._aside.is_of_person(path):
                self._aside.saved(step)
            case AsideWritten(is_well):
                self._aside.ended(well=is_well)
                return True
        return False

    def _revive(self, channel: Channel) -> bool:
        """Start another child from the state put aside; return False when it is not wanted or died too often."""
        if self._is_stopping:
            return False
        assert self._process is not None
        self._process.join(STOP_S)
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < FORGOTTEN_AFTER_S] + [now]
        code, was_running = self._process.exitcode, self._state is RunState.RUNNING
        message = f"The training process ended unexpectedly (exit code {code})"
        if len(self._deaths) > MOST_DEATHS:
            self._give_up(message, channel)
            return False
        has_state = self._aside.is_usable
        how = f"goes on from its state of {self._aside.age_s:.0f} s ago" if has_state else "starts again"
        details = tail_of(self._crash_log).decode("utf-8", "replace")
        log.warning("%s; the run %s\n%s", message, how, details)
        channel.emit([Refused(f"{message}; the run {how}.")])
        self._opening = dataclasses.replace(self._opening, is_running=was_running and not has_state)
        self.launch()
        self._run = int(has_state)
        self._aside.rest()
        commands: list[Command] = [LoadCheckpoint(self._aside.path)] if has_state else []
        look = dataclasses.replace(self._unanswered, after=None) if self._unanswered else None
        self._send([*commands, *([Run()] if was_running and has_state else [])], look)
        return True

    def _give_up(self, message: str, channel: Channel) -> None:
        self._has_given_up, self._state = True, RunState.FAILED
        often = f"{message}, {len(self._deaths)} times within {FORGOTTEN_AFTER_S / 60:.0f} minutes, and waits"
        kept = f"; saving keeps its state of {self._aside.age_s:.0f} s ago" if self._aside.is_usable else ""
        reason = f"{often}: {_HOW_TO_GO_ON}{kept}."
        stamp = dataclasses.replace(self._stamp, revision=self._stamp.revision + 1)
        channel.emit([StateChanged(RunState.FAILED, stamp, reason), Refused(reason)])

    def _end(self) -> None:
        assert self._process is not None
        self._process.join(KEEP_S if self.keeps_run else STOP_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(STOP_S)
        self._pipe.close()
        if not self.keeps_run:
            self._aside.remove()


def _copied(source: Path, target: Path) -> Event:
    try:
        with atomic_path(target) as temporary:
            shutil.copyfile(source, temporary)
    except OSError as error:
        return Refused(str(error))
    return FileWritten(target)
