"""A sweep in a process of its own: the command line's, whose lines are read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

STOP_MS = 8000
"""How long a sweep may take to write what it has, before it is killed: what is complete stays all the same."""
LONGEST_ERROR = 2000


def command() -> tuple[str, list[str]]:
    """Return the program that this is, and its first arguments."""
    is_bundle = getattr(sys, "frozen", False)
    return sys.executable, [] if is_bundle else ["-m", "ganviz"]


class SweepProcess(QObject):
    """Runs ``ganviz sweep`` and tells what it prints; GUI thread only."""

    told = Signal(object)
    """Emitted with every line of ``--progress-json``, a dict."""
    ended = Signal(int, str)
    """Emitted with the exit code, which is negative where it was killed, and the last sentence of what it said."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._not_started)
        self._patience = QTimer(self, singleShot=True, interval=STOP_MS)
        self._patience.timeout.connect(self._process.kill)

    @property
    def is_running(self) -> bool:
        """Return whether there is a process."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def begin(self, options: Sequence[str]) -> None:
        """Begin a sweep with these options."""
        program, first = command()
        self._process.start(program, [*first, "sweep", *options, "--quiet", "--progress-json"])

    def stop(self) -> None:
        """Ask the sweep to end; it keeps what it has."""
        if self.is_running:
            self._process.terminate()
            self._patience.start()

    def end(self) -> None:
        """Stop the sweep and wait for it."""
        self._process.blockSignals(True)
        if self.is_running:
            self._process.terminate()
            if not self._process.waitForFinished(STOP_MS):
                self._process.kill()
                self._process.waitForFinished(STOP_MS)

    def _read(self) -> None:
        while self._process.canReadLine():
            text = bytes(self._process.readLine().data())
            if text.startswith(b'{"event"'):  # a library may print something, too
                self.told.emit(json.loads(text))

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._patience.stop()
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        last = said[-LONGEST_ERROR:].splitlines()[-1:] or [""]
        is_killed = status is QProcess.ExitStatus.CrashExit
        self.ended.emit(-1 if is_killed else code, last[0].removeprefix("ganviz: "))

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.ended.emit(-1, f"No process can be started: {self._process.errorString()}.")
