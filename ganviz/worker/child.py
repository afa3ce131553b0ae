"""The process that trains: what it does with its end of the pipe, and what it does when the window's has gone."""

from __future__ import annotations

import contextlib
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from ganviz.session.channel import Channel, serve
from ganviz.session.commands import Command, Look, PutAside, Stop
from ganviz.session.events import Event
from ganviz.training.claims import Claim, claim
from ganviz.training.snapshot import Snapshot
from ganviz.worker.crash_logs import begin_crash_log
from ganviz.worker.opening import Opening
from ganviz.worker.window_folder import ENGINE_LOCK

LONGEST_WAIT_S = 0.5
"""A signal that asks for the end is noticed within this time."""


class _PipeChannel(Channel):
    """The child's channel: both directions are the pipe itself.

    It is read between two slices of training: a thread that reads would have to wait for the interpreter lock several
    times a message. When the parent has gone, or a signal asks for the end, the run is put aside where it was put
    aside before, as it is then, and the child ends.
    """

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self._pipe = pipe
        self._aside: Path | None = None
        self._claim: Claim | None = None
        self._is_orphan = False
        self.is_ending = False

    def deliver(self, snapshot: Snapshot) -> None:
        self._send(snapshot)

    def emit(self, events: list[Event]) -> None:
        if events:
            self._send(events)

    def _send(self, message: Snapshot | list[Event]) -> None:
        if self._is_orphan:
            return
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionResetError):
            self._is_orphan = True  # the end of the pipe is read next, and the last wish done in peace

    def take(self, timeout_s: float | None) -> tuple[list[Command], Look | None]:
        """Return what has come through the pipe; when that has an end, what has to be done last."""
        taken: list[Command] = []
        newest: Look | None = None
        try:
            while self._has_message(timeout_s):
                commands, look = self._pipe.recv()
                taken += commands
                newest = look or newest
                timeout_s = 0
        except (EOFError, OSError):
            self._is_orphan = self.is_ending = True
        for command in taken:
            if isinstance(command, PutAside):
                self._remember(command.path)
        if self.is_ending:
            taken += [Stop()] if self._aside is None else [PutAside(self._aside), Stop()]
        return taken, newest

    def _has_message(self, timeout_s: float | None) -> bool:
        """Wait for a message in short stretches: Python serves signals between them."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while not self.is_ending:
            left = LONGEST_WAIT_S if end is None else min(LONGEST_WAIT_S, max(0.0, end - time.monotonic()))
            if self._pipe.poll(left):
                return True
            if end is not None and time.monotonic() >= end:
                return False
        return False

    def _remember(self, path: Path) -> None:
        """Hold the folder as long as this process may write to it."""
        if self._aside is None:
            with contextlib.suppress(OSError):
                self._claim = claim(path.with_name(ENGINE_LOCK))
        self._aside = path

    def end(self) -> None:
        """Let the folder go."""
        if self._claim is not None:
            self._claim.give_up()


def child_main(pipe: Connection, opening: Opening, crash_log: Path) -> None:
    """Serve until Stop, until the parent is gone or until SIGTERM; Ctrl+C and hanging up are the parent's business."""
    begin_crash_log(crash_log)
    channel = _PipeChannel(pipe)

    def end(number: int, frame: object) -> None:
        channel.is_ending = True

    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    serve(opening, channel)
    channel.end()
