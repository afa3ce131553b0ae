"""What a file was when this window read or wrote it last: two windows may have the same file open."""

from __future__ import annotations

from pathlib import Path

CHANGED = "was changed by another window or program"


class KnownFile:
    """Tells whether somebody else has written to the run's file in the meantime."""

    def __init__(self) -> None:
        self._state: tuple[int, ...] | None = None
        self.is_being_written = False
        """Whether it will change by this window's own wish; no longer, once it is noted again."""

    def note(self, path: Path | None) -> None:
        """Take note of a file as it is now; without one nothing is known until the next."""
        self._state, self.is_being_written = None if path is None else _state_of(path), False

    def is_changed(self, path: Path) -> bool:
        """Return whether the file is there, and not as it was noted."""
        is_known = self._state is not None and not self.is_being_written
        return is_known and _state_of(path) not in (None, self._state)


def _state_of(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
