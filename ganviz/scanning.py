"""Looks through the folder of runs in a program of its own: ``ganviz runs``, which reads what is new into the index.

The window reads the index alone, so that a thousand runs, or one that is damaged, hold up neither it nor training.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from ganviz.animation import program

KILLED_MS = 3000


class RunScan(QObject):
    """Looks through one folder at a time; a wish that comes meanwhile is done afterwards. GUI thread only."""

    progressed = Signal(str)
    """Carries how many of how many new runs have been read, as "3 of 12"."""
    ended = Signal(str)
    """Carries why the folder could not be looked through, or nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: Path | None = None
        self._next: Path | None = None

    @Slot(object)
    def begin(self, folder: Path) -> None:
        """Look through a folder; what is left of another one is not looked at any more."""
        if self._process is None:
            self._start(folder)
            return
        self._next = folder
        if folder != self._folder:
            self._process.kill()

    def _start(self, folder: Path) -> None:
        self._folder, self._next = folder, None
        self._process = process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read_progress)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        command = [*program(), "runs", str(folder.absolute()), "--background"]
        process.start(command[0], command[1:])

    @Slot()
    def _read_progress(self) -> None:
        line = ""
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace").strip()
        if line and not line.endswith(" of 0"):
            self.progressed.emit(line)

    @Slot()
    def _finished(self) -> None:
        assert self._process is not None
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        is_well = (
            self._process.exitStatus() is QProcess.ExitStatus.NormalExit and self._process.exitCode() == 0
        )
        self._end(
            ""
            if is_well
            else said.rpartition("\n")[2].removeprefix("ganviz: ") or "The look has ended early."
        )

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end("The program that looks through the folder cannot be started.")

    def _end(self, problem: str) -> None:
        assert self._process is not None
        self._process.deleteLater()
        self._process = None
        if self._next is not None:
            self._start(self._next)
        else:
            self.ended.emit(problem)

    def shut_down(self) -> None:
        """End what is being looked at; the window is closing."""
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.kill()
            self._process.waitForFinished(KILLED_MS)
            self._process = None
