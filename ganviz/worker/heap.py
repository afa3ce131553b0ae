"""Memory that nobody uses any more, given back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import sys

EVERY_MS = 60_000


def give_back() -> None:
    """Give back what the heap keeps; without an allocator that can be asked, nothing is done.

    A window draws pictures of all sizes for days. What each leaves free lies between what is still in use, and glibc
    gives back by itself only what lies at the end: without this, a run of a million steps kept 220 MB that it had
    no use for.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # of another libc
            ctypes.CDLL(None).malloc_trim(0)
