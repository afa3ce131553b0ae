"""Files that a process was asked to write, and has told nothing of when it dies."""

from __future__ import annotations

from pathlib import Path

from ganviz.session.commands import Command, Export, SaveCheckpoint
from ganviz.session.events import Event, FileWritten, Refused


class AwaitedFiles:
    """What a person waits for; the GUI thread tells what is sent, the thread that supervises what is heard."""

    def __init__(self) -> None:
        self._paths: dict[Path, None] = {}

    def sent(self, command: Command) -> None:
        """Take note of a command."""
        if isinstance(command, SaveCheckpoint | Export):
            self._paths[command.path] = None

    def heard(self, event: Event) -> None:
        """Take note of what the process tells."""
        if isinstance(event, FileWritten | Refused) and event.path is not None:
            self._paths.pop(event.path, None)

    def refusals(self, sentence: str) -> list[Refused]:
        """Return what is to be told when the process has died, for nothing is heard of its files any more."""
        paths: list[Path | None] = list(self._paths)
        self._paths.clear()
        if len(paths) > 1:
            sentence += f" {len(paths)} files may not have been written, {str(paths[0])!r} first."
        elif paths:
            sentence += f" {str(paths[0])!r} may not have been written."
        return [Refused(sentence, path) for path in paths or [None]]
