"""Whether a process may have the memory and files that it needs: libraries that do not get them end the program."""

from __future__ import annotations

import sys

from ganviz.spec import InvalidValueError

NEEDED_MB = 750
"""Memory that torch and its libraries take in the address space, most of it never touched; measured on Linux."""
LEAST_FILES = 32
"""Files, pipes and sockets that a window and its engine have open; Qt was ended by a signal with 24, not with 28."""


def check_room(command: str = "") -> None:
    """Raise InvalidValueError where a limit (``ulimit -v``) leaves less than what a command needs to begin at all."""
    if sys.platform == "win32" or command == "list":
        return
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY and most < NEEDED_MB << 20:
        raise InvalidValueError(
            f"A process may use {most >> 20} MB of address space here (ulimit -v), and ganviz needs about {NEEDED_MB}."
        )


def check_files() -> None:
    """Raise InvalidValueError where a limit (``ulimit -n``) leaves fewer open files than a window needs to begin."""
    if sys.platform == "win32":
        return
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < LEAST_FILES:
        raise InvalidValueError(
            f"A process may have {most} files open here (ulimit -n), and ganviz needs {LEAST_FILES} for its window."
        )
