"""The program once more, as another process whose lines are read: what takes long goes on beside the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

STOP_MS, KILLED_MS = 8000, 3000
"""How long it may take to write what it has once it is asked to end, and to be gone once it is killed."""
LONGEST_ERROR = 2000


def command() -> list[str]:
    """Return how this program is called as another process."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "ganviz"]  # -P: files of the present folder are no modules


class Subprogram(QObject):
    """Runs this program with other arguments, one process at a time, and tells what it prints; GUI thread only."""

    told = Signal(str)
    """Emitted with every line of its standard output."""
    ended = Signal(int, str)
    """Emitted with the exit code, negative where it was killed or not started, and the last line of its errors."""

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

    def begin(self, arguments: Sequence[str]) -> None:
        """Begin with these arguments."""
        program, *first = command()
        self._process.start(program, [*first, *arguments])

    def stop(self) -> None:
        """Ask it to end, and kill it where that takes long."""
        if self.is_running:
            self._process.terminate()
            self._patience.start()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self, patience_ms: int = 0) -> None:
        """End it, at once or by asking first, and wait for it; nothing is told any more."""
        self._process.blockSignals(True)
        if self.is_running and patience_ms:
            self._process.terminate()
            self._process.waitForFinished(patience_ms)
        if self.is_running:
            self._process.kill()
            self._process.waitForFinished(KILLED_MS)

    def _read(self) -> None:
        while self._process.canReadLine():
            self.told.emit(_text(self._process.readLine().data()))

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._patience.stop()
        last = _text(self._process.readAllStandardError().data())[-LONGEST_ERROR:].rpartition("\n")[2]
        is_killed = status is QProcess.ExitStatus.CrashExit
        self.ended.emit(-1 if is_killed else code, last.removeprefix("ganviz: "))

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.ended.emit(-1, f"No process can be started: {self._process.errorString()}.")


def _text(content: bytes | bytearray | memoryview) -> str:
    return bytes(content).decode("utf-8", "replace").strip()
