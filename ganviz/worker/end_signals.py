"""Signals that end the program, as events of Qt's loop.

Python's own answer to Ctrl+C is an exception in whatever code is running, in a window mostly a paint event. Here a
handler of Python only takes note; Qt is woken by what the system writes to a socket.
"""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class EndSignals(QObject):
    """Tells once, in the GUI thread, that a signal asks for the end; a second signal ends the program by itself."""

    arrived = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = 0
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._tell)
        self._numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
        self._before = {number: signal.signal(number, self._note) for number in self._numbers}
        self._wakes = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)

    def _note(self, number: int, frame: object) -> None:
        self.number = number
        for other in self._numbers:
            signal.signal(other, signal.SIG_DFL)

    @Slot()
    def _tell(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._read.recv(64)
        if self.number:
            self.arrived.emit(self.number)

    def stop(self) -> None:
        """Let signals do what they did before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakes)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()
