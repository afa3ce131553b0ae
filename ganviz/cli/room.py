"""Whether a process may have the memory that torch needs: asked before torch is loaded, which would end the program."""

from __future__ import annotations

import sys

from ganviz.spec import InvalidValueError

NEEDED_MB = 750
"""Memory that torch and its libraries take in the address space, most of it never touched; measured on Linux."""


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
