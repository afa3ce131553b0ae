"""Whether a pipe can be written to without waiting for whoever reads it."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
from multiprocessing.connection import Connection

ROOM_BYTES = 1 << 20


def make_room(pipe: Connection) -> None:
    """Let the system hold many messages, as far as it allows: macOS holds 8 KB of them by itself."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(pipe.fileno())) as end:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM_BYTES)


def has_room(pipe: Connection) -> bool:
    """Return whether a message of some KB can be written at once; on Windows it is written in any case."""
    if sys.platform == "win32":
        return True
    poll = select.poll()
    poll.register(pipe.fileno(), select.POLLOUT)
    return bool(poll.poll(0))
