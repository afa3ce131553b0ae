"""Looks through the folder of runs in a program of its own: ``ganviz runs``, which reads what is new into the index.

The window reads the index alone, so that a thousand runs, or one that is damaged, hold up neither it nor training.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ganviz.subprogram import Subprogram


class RunScan(QObject):
    """Looks through one folder at a time; a wish that comes meanwhile is done afterwards. GUI thread only."""

    progressed = Signal(str)
    """Carries how many of how many new runs have been read, as "3 of 12"."""
    ended = Signal(str)
    """Carries why the folder could not be looked through, or nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._program = Subprogram(self)
        self._program.told.connect(self._tell)
        self._program.ended.connect(self._ended)
        self._folder: Path | None = None
        self._next: Path | None = None

    @Slot(object)
    def begin(self, folder: Path) -> None:
        """Look through a folder; what is left of another one is not looked at any more."""
        if not self._program.is_running:
            self._start(folder)
            return
        self._next = folder
        if folder != self._folder:
            self._program.kill()

    def _start(self, folder: Path) -> None:
        self._folder, self._next = folder, None
        self._program.begin(["runs", str(folder.absolute()), "--background"])

    def _tell(self, line: str) -> None:
        if line and not line.endswith(" of 0"):
            self.progressed.emit(line)

    def _ended(self, code: int, said: str) -> None:
        if self._next is not None:
            self._start(self._next)
        else:
            self.ended.emit("" if code == 0 else said or "The look has ended early.")

    def shut_down(self) -> None:
        """End what is being looked at; the window is closing."""
        self._program.end()
