"""The pipe to the process that trains: whether it can be written to without waiting, and what cannot be read."""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import select
import socket
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

from ganviz.spec import UNFIT

ROOM_BYTES = 1 << 20


class OtherVersionError(OSError):
    """What came through the pipe cannot be read: ganviz was updated after the window had been opened."""


def received(pipe: Connection) -> Any:
    """Wait for a message and return it.

    Raises
    ------
    EOFError, OSError
        When whoever writes has ended.
    OtherVersionError
        When it writes something that is made otherwise here.
    """
    try:
        return pipe.recv()
    except (*UNFIT, ImportError, pickle.UnpicklingError) as error:
        raise OtherVersionError(
            "The training process is of another version than this window, which has to be opened anew"
        ) from error


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


def awaiting(pipe: Connection, woken: socket.socket) -> Callable[[float], bool]:
    """Return what waits so many seconds for a message, infinitely many too, or for ``woken``: whether there is one.

    ``wait`` of the standard library registers both anew each time, which is most of what it takes; it is asked a
    hundred times a second. Windows waits for pipes and sockets in different ways, and has no signal that wakes.
    """
    if sys.platform == "win32":
        return lambda timeout_s: pipe in wait([pipe], None if timeout_s == math.inf else timeout_s)
    poll, number = select.poll(), pipe.fileno()
    for place in (pipe, woken):
        poll.register(place.fileno(), select.POLLIN)

    def has_message(timeout_s: float) -> bool:
        found = poll.poll(None if timeout_s == math.inf else 1000 * timeout_s)
        return any(place == number for place, _ in found)

    return has_message
