"""Which process a folder belongs to: a claim ends with its process, however that ends."""

from __future__ import annotations

import contextlib
import os
import sys
import weakref
from collections.abc import Callable
from pathlib import Path


class Claim:
    """A file that this process alone holds, until it gives it up or ends.

    The system forgets a lock when the process has gone, also after kill −9; a number of a process in a file would
    have to be believed. Where a file system knows no locks every claim succeeds.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = (
            handle  # a plain number: a file object that is forgotten would be closed, and with it the claim
        )

    def give_up(self) -> None:
        """Let others claim it; the file goes."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)  # while it is held: nobody else can have claimed this very file
        os.close(self._handle)
        with contextlib.suppress(OSError):  # Windows removes no file that is open
            self.path.unlink(missing_ok=True)


def claim(path: Path) -> Claim | None:
    """Return the claim to a file, which is made; None where another process, or this one, holds it.

    Raises
    ------
    OSError
        When the file cannot be made.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _lock(handle):
            os.close(handle)
            return None
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return Claim(path, handle)
        os.close(handle)  # it was given up, and removed, in between


def _lock(handle: int) -> bool:
    """Return whether nobody else holds the file."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


LOCKS_FOLDERS = sys.platform != "win32"
FOLDER_LOCK = ".ganviz-lock"
"""Is put into a folder where the system locks only files."""


class FolderClaim:
    """A folder that this process alone writes to, until it gives it up or ends."""

    def __init__(self, let_go: Callable[[], object]) -> None:
        self._end = weakref.finalize(self, let_go)

    def give_up(self) -> None:
        """Let others claim it."""
        self._end()


def claim_folder(path: Path) -> FolderClaim | None:
    """Return the claim to a folder; None where somebody holds it.

    The folder itself is locked, not its name, which may be written in several ways.

    Raises
    ------
    OSError
        When there is no such folder.
    """
    if not LOCKS_FOLDERS:
        held = claim(path / FOLDER_LOCK)
        return None if held is None else FolderClaim(held.give_up)
    handle = os.open(path, os.O_RDONLY)
    if _lock(handle):
        return FolderClaim(lambda: os.close(handle))
    os.close(handle)
    return None
