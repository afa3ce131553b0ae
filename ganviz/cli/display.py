"""Whether a window can be shown here: asked before Qt, which ends the program where it cannot."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ganviz.spec import InvalidValueError, quoted

_X_LIBRARY = "libxcb-cursor.so.0"
_TIMEOUT_S = 3.0
_OTHER_PLUGINS = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


def display_problem(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return why no window can be shown, or None.

    Only Linux is asked; a ``QT_QPA_PLATFORM`` other than xcb or wayland needs no display, but has to be one of Qt's.
    """
    wanted = environment.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux"):
        return None
    names = wanted.split(";") if wanted else ["wayland", "xcb"]
    if not all(name.startswith(("xcb", "wayland")) for name in names):
        return _unknown_platform(wanted, environment)
    problems = [
        (_x_problem if name.startswith("xcb") else _wayland_problem)(environment)
        for name in dict.fromkeys(names)
    ]
    if None in problems:
        return None
    if said := " and ".join(filter(None, problems)):
        return said
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return "neither DISPLAY nor WAYLAND_DISPLAY is set"
    lacking = "DISPLAY" if wanted.startswith("xcb") else "WAYLAND_DISPLAY"
    return f"QT_QPA_PLATFORM is {quoted(wanted)}, and {lacking} is not set"


def _wayland_problem(environment: Mapping[str, str]) -> str | None:
    """Return a sentence's part where no Wayland desktop can be reached; an empty one where none is named."""
    if environment.get("WAYLAND_SOCKET"):
        return None
    is_wished = bool(environment.get("QT_QPA_PLATFORM"))
    named = environment.get("WAYLAND_DISPLAY", "")
    display = named or ("wayland-0" if is_wished else "")  # its library's own default
    # A desktop that has died leaves its socket behind.
    if display and _connects(socket.AF_UNIX, str(Path(environment.get("XDG_RUNTIME_DIR", "/"), display))):
        return None
    return f"nothing answers at WAYLAND_DISPLAY={named}" if named else ""


def _x_problem(environment: Mapping[str, str]) -> str | None:
    """Return a sentence's part where no X server can be reached, or a library for that is missing; as above."""
    display = environment.get("DISPLAY", "")
    if not display:
        return ""
    if not _answers(display):
        return f"nothing answers at DISPLAY={display}"
    is_there = _can_load(_X_LIBRARY)
    return None if is_there else f"the system library {_X_LIBRARY} (Debian: libxcb-cursor0) is missing"


def _unknown_platform(wanted: str, environment: Mapping[str, str]) -> str | None:
    """Return a sentence's part where Qt as it is installed has no such platform: it would end the program."""
    found = find_spec("PySide6")
    folder = Path(found.origin or "").parent / "Qt" / "plugins" / "platforms" if found else Path()
    known = sorted(file.stem.removeprefix("libq") for file in folder.glob("libq*.so"))
    names = [name.partition(":")[0].lower() for name in wanted.split(";")]
    has_others = any(variable in environment for variable in _OTHER_PLUGINS)
    if not known or has_others or any(name.partition("-")[0] in known for name in names):
        return None
    return f"QT_QPA_PLATFORM is {quoted(wanted)}, and Qt knows {', '.join(known)}"


def check_display() -> None:
    """Raise InvalidValueError with a sentence when no window can be shown here."""
    problem = display_problem(os.environ)
    if problem:
        raise InvalidValueError(f"No window can be shown here: {problem}; `ganviz train` works without one.")


def _answers(display: str) -> bool:
    """Return whether an X server listens where ``DISPLAY`` says."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdecimal():
        return False
    if host in ("", "unix") or host.startswith("/"):
        path = str(Path("/tmp") / ".X11-unix" / f"X{number}")
        return any(_connects(socket.AF_UNIX, address) for address in (path, f"\0{path}"))
    return _connects(socket.AF_INET, (host, 6000 + int(number)))


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(_TIMEOUT_S)
            probe.connect(address)
    except OSError:
        return False
    return True


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
