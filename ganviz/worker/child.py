"""The process that trains: what it does with its end of the pipe, and what it does when the window's has gone."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import math
import os
import signal
import socket
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import final

from ganviz.session.commands import Command, Look, PutAside, Stop
from ganviz.session.events import AsideWritten, ConfigChanged, Event, FileWritten, StateChanged
from ganviz.session.loop import serve
from ganviz.session.opening import Opening
from ganviz.session.port import Message
from ganviz.session.state import RunState
from ganviz.spec.frozen import dataclass
from ganviz.training.claims import Claim, claim
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.worker.aside import RUN, Aside
from ganviz.worker.crash_logs import begin_crash_log
from ganviz.worker.pipe import awaiting
from ganviz.worker.window_folder import ENGINE_CRASH, ENGINE_LOCK


@dataclass(frozen=True, slots=True)
class Birth:
    """What a child is born with: how the run is opened, the window's folder, how often the run is put aside."""

    opening: Opening
    folder: Path
    every_s: float


@final
class PipePort:
    """Between two processes: both directions are the pipe itself, and the run is put aside on the way.

    It is read between two slices of training: a thread that reads would have to wait for the interpreter lock several
    times a message. When the parent has gone, or a signal asks for the end, the run is put aside once more, as it is
    then, and the child ends.
    """

    def __init__(self, pipe: Connection, birth: Birth) -> None:
        self._pipe = pipe
        self._source = birth.opening.path
        is_aside = self._source == birth.folder / RUN
        self._aside = Aside(birth.folder, every_s=birth.every_s, is_usable=is_aside)
        self._was_put_aside = self._aside.is_usable
        self._claim: Claim | None = None
        self._state, self._stamp = RunState.PAUSED, Stamp(birth.opening.run, 0, 0)
        self._is_orphan = self._is_ending = False
        self._woken, self._wakes = socket.socketpair()
        self._awaits = awaiting(pipe, self._woken)

    def deliver(self, snapshot: Snapshot) -> None:
        """Send the answer to a look."""
        self._stamp = snapshot.stamp
        self._send(snapshot)

    def emit(self, events: list[Event]) -> None:
        """Send events."""
        if events:
            self._send([self._noted(event) for event in events])

    def _send(self, message: Message) -> None:
        if self._is_orphan:
            return
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionResetError):
            self._is_orphan = True  # the end of the pipe is read next, and the last wish done in peace

    def _noted(self, event: Event) -> Event:
        """Take note of what an event says of the run."""
        match event:
            case StateChanged(state, stamp):
                self._state, self._stamp = state, stamp
            case ConfigChanged(_, stamp):
                if stamp.run > self._stamp.run:
                    self._aside.begin()
                self._stamp = stamp
                path, self._source = event.path or self._source, None
                if event.restarted and self._aside.is_of_person(path):
                    self._aside.saved(stamp.step)
            case FileWritten(path, step) if step is not None and self._aside.is_of_person(path):
                self._aside.saved(step)
            case AsideWritten(is_well, path) if path == self._aside.path:
                age_s = self._aside.age_s
                self._aside.ended(well=is_well)
                return dataclasses.replace(event, is_well=is_well and self._aside.is_usable, age_s=age_s)
        return event

    def take(self, timeout_s: float | None) -> tuple[list[Command], Look | None]:
        """Return what has come through the pipe, and what has to be done for the case that the process dies."""
        commands, newest = self._read(min(math.inf if timeout_s is None else timeout_s, self._due_in_s()))
        stop = next((command for command in commands if isinstance(command, Stop)), None)
        if self._is_ending:
            stop = Stop(keeps_run=True)
            commands.append(stop)
        if stop is not None:
            if stop.keeps_run and self._was_put_aside:
                commands.insert(commands.index(stop), self._put_aside())
        elif self._due_in_s() == 0:
            commands.append(self._put_aside())
        return commands, newest

    def _due_in_s(self) -> float:
        return self._aside.due_in_s(self._stamp, is_running=self._state is RunState.RUNNING)

    def _put_aside(self) -> Command:
        """Hold the folder as long as this process may write to it."""
        if self._claim is None:
            with contextlib.suppress(OSError):
                self._claim = claim(self._aside.path.with_name(ENGINE_LOCK))
        self._was_put_aside = True
        self._aside.asked(self._stamp.step)
        return PutAside(self._aside.path)

    def _read(self, timeout_s: float) -> tuple[list[Command], Look | None]:
        taken: list[Command] = []
        newest: Look | None = None
        try:
            while self._has_message(timeout_s):
                commands, look = self._pipe.recv()
                taken += commands
                newest = look or newest
                timeout_s = 0
        except (EOFError, OSError):
            self._is_orphan = self._is_ending = True
        return taken, newest

    def _has_message(self, timeout_s: float) -> bool:
        """Wait for a message, or for a signal: Python goes on to wait after having served one."""
        if self._is_ending:
            return False
        return self._awaits(timeout_s) and not self._is_ending

    def end_on(self, number: int) -> None:
        """Let a signal ask for the end."""

        def end(number: int, frame: object) -> None:
            self._is_ending = True

        for place in (self._woken, self._wakes):
            place.setblocking(False)
        signal.signal(number, end)
        signal.set_wakeup_fd(self._wakes.fileno())

    def close(self) -> None:
        """Let the folder and the waking sockets go; a signal that arrives from now on wakes nothing."""
        signal.set_wakeup_fd(-1)
        for place in (self._woken, self._wakes):
            place.close()
        if self._claim is not None:
            self._claim.give_up()


def child_main(pipe: Connection, birth: Birth) -> None:
    """Serve until Stop, until the parent is gone or until SIGTERM; Ctrl+C and hanging up are the parent's business."""
    has_served = threading.Event()
    # Registered first, so done last: the interpreter is not taken apart. Threads of torch's and Qt's libraries are
    # still there, and now and then one of them aborts, which looks like a crash to the next start.
    atexit.register(lambda: os._exit(0) if has_served.is_set() else None)
    begin_crash_log(birth.folder / ENGINE_CRASH)
    port = PipePort(pipe, birth)
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    port.end_on(signal.SIGTERM)
    serve(birth.opening, port)
    port.close()
    has_served.set()
