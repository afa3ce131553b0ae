"""What a file was when this window read or wrote it last: two windows may have the same file open."""

from __future__ import annotations

from pathlib import Path

CHANGED = "was changed by another window or program"


class KnownFile:
    """Tells whether somebody else has written to the run's file in the meantime."""

    def __init__(self) -> None:
        self._state: tuple[int, ...] | None = None

    def note(self, path: Path | None) -> None:
        """Take note of a file as it is now; without one nothing is known until the next."""
        self._state = None if path is None else _state_of(path)

    def is_changed(self, path: Path) -> bool:
        """Return whether the file is there, and not as it was noted."""
        return self._state is not None and _state_of(path) not in (None, self._state)


def _state_of(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
