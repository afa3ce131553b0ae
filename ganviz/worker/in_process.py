"""The engine as a thread of the window's own process, where another process cannot be had."""

from __future__ import annotations

from typing import final

from ganviz.session.commands import Command, Look
from ganviz.session.loop import serve
from ganviz.session.opening import Opening
from ganviz.session.port import QueuePort, Tell


@final
class EngineInProcess:
    """Trains in the thread that calls :meth:`run`; nothing is put aside.

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

    def run(self, tell: Tell) -> None:
        """Train until Stop, and tell what there is to tell."""
        self._tell = tell
        serve(self._opening, self._port)

    def send(self, command: Command) -> None:
        """Send a command."""
        self._port.send(command)

    def ask(self, look: Look) -> None:
        """Ask to look; a newer look replaces the one that waits."""
        self._port.ask(look)

    def flush(self) -> bool:
        """Return that nothing is left to be sent."""
        return True

    def kill(self) -> None:
        """Do nothing: a thread cannot be ended from outside."""
