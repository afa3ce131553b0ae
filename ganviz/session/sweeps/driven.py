"""What a worker process does first: see to it that it ends with the process that drives it. Knows no torch.

The module is imported before the first cell is unpickled, and so before torch is, whose import takes seconds in which
no thread of Python's gets to notice that the driver has gone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection

_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
NOTED: list[ctypes.c_longlong] = []
"""Where this process notes its step, for the driver to read."""


def begin_worker(pipe: Connection, step: ctypes.c_longlong) -> None:
    """Let the driver alone hear Ctrl+C, and end this process at once when the other end of a pipe is closed.

    The system closes it, too, when the driver is killed; a process of a pool would else wait for ever. Linux ends the
    process itself, also while a library is loaded.
    """
    NOTED[:] = [step]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # of another libc
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    threading.Thread(target=_wait_for_end, args=(pipe,), name="ganviz-driver", daemon=True).start()


def _wait_for_end(pipe: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        pipe.recv_bytes()
    os._exit(1)
