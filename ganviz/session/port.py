"""The engine's end of the only way between it and a front end: frozen values come down, frozen values go up."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, final

from ganviz.session.commands import Command, Export, Look, Numbered, PutAside, SaveCheckpoint
from ganviz.session.events import Answered, AsideWritten, Event, Refused
from ganviz.training.snapshot import Snapshot

Message = Snapshot | list[Event]
Tell = Callable[[Message], None]
"""What a front end gives to hear what the engine has to say; it is called in the thread that trains or reads."""


def refusal(command: Command, reason: str) -> Event:
    """Return what tells that a command could not be done."""
    if isinstance(command, PutAside):
        return AsideWritten(False, command.path, reason=reason)
    return Refused(reason, command.path if isinstance(command, SaveCheckpoint | Export) else None)


def answered(command: Command, events: Sequence[Event]) -> list[Event]:
    """Return what a command has led to, after the ticket that it had."""
    if isinstance(command, Numbered) and command.ticket:
        return [Answered(command.ticket), *events]
    return [*events]


class Port(Protocol):
    """What the loop that trains knows of whoever it trains for."""

    def take(self, timeout_s: float | None) -> tuple[list[Command], Look | None]:
        """Return the commands that have come, in their order, and the newest look.

        Wait for one of them at most this long (None: until there is something).
        """

    def deliver(self, snapshot: Snapshot) -> None:
        """Send the answer to a look."""

    def emit(self, events: list[Event]) -> None:
        """Send events, in their order; no message where there are none."""


@final
class QueuePort:
    """Within one process: an inbox of commands and at most one look; what goes up is told at once. Thread-safe.

    Parameters
    ----------
    tell : callable
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._changed = threading.Condition()
        self._commands: deque[Command] = deque()
        self._look: Look | None = None

    def send(self, command: Command) -> None:
        """Put a command into the inbox."""
        with self._changed:
            self._commands.append(command)
            self._changed.notify()

    def ask(self, look: Look) -> None:
        """Ask to look; a newer look replaces the one that waits."""
        with self._changed:
            self._look = look
            self._changed.notify()

    def take(self, timeout_s: float | None) -> tuple[list[Command], Look | None]:
        """Return and take what is in the inbox."""
        with self._changed:
            if timeout_s is None or timeout_s > 0:
                self._changed.wait_for(lambda: self._commands or self._look is not None, timeout_s)
            commands, look = list(self._commands), self._look
            self._commands.clear()
            self._look = None
            return commands, look

    def deliver(self, snapshot: Snapshot) -> None:
        """Tell the answer to a look."""
        self._tell(snapshot)

    def emit(self, events: list[Event]) -> None:
        """Tell events."""
        if events:
            self._tell(events)
