"""Memory that nobody uses any more: given back to the system, and not looked for while the program loads."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

EVERY_MS = 60_000


def begin_loading() -> None:
    """Put off looking for cycles of dead objects.

    What is loaded lives on. Whenever there is a quarter more of it, Python would look through all of it in vain: the
    first step was seen 0.3 s later.
    """
    gc.disable()


def end_loading() -> None:
    """Look for dead cycles again, but never in what has been loaded: a hundred thousand objects, 36 ms each time."""
    gc.freeze()
    gc.enable()


def collect_between_events() -> None:
    """Look for dead cycles from now on, as :func:`end_loading`, but only in the GUI thread, before it waits for events.

    By itself Python looks in whatever thread makes one object too many, as the one that reads what the engine tells.
    What it finds there may hold objects of Qt: a timer that ends in another thread stays in the clock of its own, which
    rings for it in vain and ends the program; and widgets end amid whatever the GUI thread is doing.
    """
    from PySide6.QtCore import QAbstractEventDispatcher  # a process that trains has no Qt

    gc.disable()
    gc.freeze()
    QAbstractEventDispatcher.instance().aboutToBlock.connect(collect_due)


def collect_due() -> None:
    """Look for dead cycles where Python itself would: so many objects were made since it was done last."""
    for generation in (2, 1, 0):
        most = gc.get_threshold()[generation]
        if most and gc.get_count()[generation] > most:
            gc.collect(generation)
            return


def give_back() -> None:
    """Give back what the heap keeps; without an allocator that can be asked, nothing is done.

    A window draws pictures of all sizes for days. What each leaves free lies between what is still in use, and glibc
    gives back by itself only what lies at the end: without this, a run of a million steps kept 220 MB that it had
    no use for.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # of another libc
            ctypes.CDLL(None).malloc_trim(0)
