"""What this machine has to bring: a fitting Python, Qt's shared libraries, a display. Used by ``dev.py``.

Standard library only, and in old syntax on purpose: see there.
"""

import ctypes
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
VERSIONS = ("3.13", "3.12", "3.11")

# Shared library → the Debian package that holds it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WAYLAND_LIBRARIES = {"libwayland-cursor.so.0": "libwayland-cursor0"}
WINDOW_TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}

HEADLESS_COMMANDS = ("train", "resume", "export", "render", "list")
HEADLESS_OPTIONS = ("-h", "--help", "--version")


class SetupError(Exception):
    """Something a person has to put right; its text is one sentence."""


def say(text: str) -> None:
    """Print the line of one step."""
    print("ganviz: " + text, flush=True)


def usable_pythons() -> "list[str]":
    """Return the commands here that start a Python that ganviz supports; a mere shim does not count."""
    names = [name for name in ("python" + number for number in VERSIONS) if shutil.which(name)]
    return [name for name in names if subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL) == 0]


def python_problem(version: "tuple[int, ...]") -> "str | None":
    """Return what is wrong with this version of Python, or None."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    found = usable_pythons()
    advice = (
        "start it as: {} packaging/dev.py".format(found[0])
        if found
        else "install one of them and start it with that, for example: python3.12 packaging/dev.py"
    )
    return "Python 3.11, 3.12 or 3.13 is needed, and this is Python {}.{}; {}".format(
        version[0], version[1], advice
    )


def opens_window(arguments: "list[str]") -> bool:
    """Return whether ``ganviz`` with these arguments shows a window."""
    headless_command = bool(arguments) and arguments[0] in HEADLESS_COMMANDS
    return not headless_command and not set(arguments) & set(HEADLESS_OPTIONS)


def answers(address: "str | tuple[str, int]") -> bool:
    """Return whether somebody listens at this path of a local socket, or at this host and port."""
    try:
        if not isinstance(address, str):
            socket.create_connection(address, timeout=3).close()
            return True
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(3)
            probe.connect(address)
    except OSError:
        return False
    return True


def reaches_x(display: str) -> bool:
    """Return whether the X server of ``DISPLAY`` answers."""
    host, _, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix") or host.startswith("/"):
        path = str(Path("/tmp") / ".X11-unix" / ("X" + number))
        return answers(path) or answers("\0" + path)
    return answers((host, 6000 + int(number)))


def display_problem(environment: "dict[str, str]", platform: str = sys.platform) -> "str | None":
    """Return why no window can be shown, or None; a headless ``QT_QPA_PLATFORM`` needs no display."""
    wanted = environment.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux") or (wanted and not wanted.startswith(("xcb", "wayland"))):
        return None
    display, wayland = environment.get("DISPLAY"), environment.get("WAYLAND_DISPLAY")
    if wayland and answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/"), wayland))):
        return None  # a desktop that has died leaves its socket behind
    if display and reaches_x(display):
        return None
    named = [("WAYLAND_DISPLAY", wayland), ("DISPLAY", display)]
    silent = " and ".join("{}={}".format(*one) for one in named if one[1])
    reason = "nothing answers at " + silent if silent else "DISPLAY and WAYLAND_DISPLAY are not set"
    return "no window can be shown here ({}); without one, train with `ganviz train`: {}".format(
        reason, "python3 packaging/dev.py run train --steps 2000"
    )


def missing_libraries(libraries: "dict[str, str]") -> "list[str]":
    """Return those that the dynamic linker does not find."""
    missing = []
    for name in libraries:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def apt_sentence(what: str, packages: "list[str]", has_apt: bool) -> str:
    """Return what is missing and the line that installs it."""
    if not has_apt:
        return "{}; install what holds them with this system's package manager".format(what)
    return "{}; to change that: sudo apt-get install {}".format(what, " ".join(packages))


def apt_install(what: str, packages: "list[str]") -> None:
    """Install Debian packages as root; otherwise say which line does it."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise SetupError(apt_sentence(what, packages, apt is not None))
    say("installing {}".format(" ".join(packages)))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = [apt, "install", "-y", "--no-install-recommends"]
    for command in ([apt, "update"], install + packages):
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode and command[1] == "install":
            last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise SetupError("apt-get could not install {}: {}".format(" ".join(packages), "".join(last)))


def ensure_libraries(libraries: "dict[str, str]") -> None:
    """Look for shared libraries before Qt aborts without them."""
    missing = missing_libraries(libraries) if sys.platform.startswith("linux") else []
    if missing:
        what = "shared libraries that Qt needs are missing ({})".format(", ".join(missing))
        apt_install(what, [libraries[name] for name in missing])


def offer_window_tests() -> None:
    """Install what tests in a real window need where that is possible; they are skipped elsewhere."""
    if not sys.platform.startswith("linux"):
        return
    missing = [WINDOW_LIBRARIES[name] for name in missing_libraries(WINDOW_LIBRARIES)]
    missing += [package for program, package in WINDOW_TEST_PROGRAMS.items() if not shutil.which(program)]
    if missing:
        try:
            apt_install("tests in a real window will be left out", missing)
        except SetupError as problem:
            say(str(problem))


def ensure_window() -> None:
    """Before ``ganviz`` opens a window: is there a display, and does Qt find what it needs for it."""
    problem = display_problem(dict(os.environ))
    if problem:
        raise SetupError(problem)
    if not (os.environ.get("QT_QPA_PLATFORM") or "xcb").startswith(("xcb", "wayland")):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        ensure_libraries(WAYLAND_LIBRARIES)
    ensure_libraries(WINDOW_LIBRARIES)
