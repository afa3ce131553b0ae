"""The engine as a thread of the window's own process, where another process cannot be had."""

from __future__ import annotations

import gc
import time
from typing import final

from ganviz.session.commands import Command, Look
from ganviz.session.loop import serve
from ganviz.session.opening import Opening
from ganviz.session.port import QueuePort, Tell

GARBAGE_S = 5.0


@final
class EngineInProcess:
    """Trains in the thread that calls :meth:`run`; nothing is put aside.

    Garbage is collected in the GUI thread meanwhile: what is collected may hold widgets, and those that are destroyed
    in another thread end the program.

    Parameters
    ----------
    opening : Opening
    """

    pid: int | None = None
    keeps_run = is_writing = False

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._port = QueuePort(lambda message: self._tell(message))
        self._tell: Tell
        self._collected_at = time.monotonic()

    def run(self, tell: Tell) -> None:
        """Train until Stop, and tell what there is to tell."""
        self._tell = tell
        gc.disable()
        try:
            serve(self._opening, self._port)
        finally:
            gc.enable()

    def send(self, command: Command) -> None:
        """Send a command."""
        self._port.send(command)

    def ask(self, look: Look) -> None:
        """Ask to look; a newer look replaces the one that waits."""
        if not gc.isenabled() and time.monotonic() > self._collected_at + GARBAGE_S:
            gc.collect()
            self._collected_at = time.monotonic()
        self._port.ask(look)

    def flush(self) -> bool:
        """Return that nothing is left to be sent."""
        return True

    def kill(self) -> None:
        """Do nothing: a thread cannot be ended from outside."""
