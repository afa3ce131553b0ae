"""Set ganviz up in this checkout and run it, its tests or its checks.

    python3 packaging/dev.py run [arguments of ganviz]
    python3 packaging/dev.py test [arguments of pytest]
    python3 packaging/dev.py check
    python3 packaging/dev.py setup

Everything goes into ``.venv`` beside this folder. A second start finds the stamp of the first and hands over at once.
Standard library only; the syntax is old on purpose, so that an old Python reads far enough to say that it is too old.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections import deque
from pathlib import Path

from machine import (
    QT_LIBRARIES,
    SetupError,
    apt_install,
    ensure_libraries,
    ensure_window,
    offer_window_tests,
    opens_window,
    python_problem,
    say,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "ganviz-setup.stamp"
LOG = VENV / "ganviz-setup.log"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMPED = (ROOT / "pyproject.toml", ROOT / "setup.py", CONSTRAINTS)

# All tests side by side, since each uses one thread; more than four processes with torch and Qt need much memory.
SIDE_BY_SIDE = ["-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]

CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("imports", ("lint-imports",)),
)
NETWORK_SIGNS = (
    "name resolution",
    "getaddrinfo",
    "NewConnectionError",
    "unreachable",
    "timed out",
    "Max retries",
    "from versions: none",
)


def venv_python() -> Path:
    """Return the interpreter of the virtual environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_text() -> str:
    """Return what the stamp holds when this checkout is set up for this Python."""
    parts = [str(ROOT).encode(), "{}.{}".format(*sys.version_info[:2]).encode()]
    parts += [path.read_bytes() for path in STAMPED]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_set_up() -> bool:
    """Return whether the last complete set-up still holds."""
    return venv_python().exists() and STAMP.exists() and STAMP.read_text().strip() == stamp_text()


def make_venv() -> None:
    """Create ``.venv`` unless one of this Python's version is there."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    if has_finished_venv():
        return
    if not has_venv():
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        what = "this Python cannot make virtual environments (its modules venv and ensurepip are missing)"
        apt_install(what, [package])
        importlib.invalidate_caches()
        if not has_venv():
            raise SetupError(what)
    say("making the virtual environment .venv")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise SetupError("the virtual environment .venv could not be made: {}".format("".join(last)))


def has_finished_venv() -> bool:
    """Return whether ``.venv`` is there, complete with pip and of this Python's version."""
    library = VENV / ("Lib" if os.name == "nt" else "lib/python{}.{}".format(*sys.version_info[:2]))
    pip = venv_python().with_name("pip.exe" if os.name == "nt" else "pip")
    return library.exists() and venv_python().exists() and pip.exists()


def has_venv() -> bool:
    """Return whether this Python can make a virtual environment with pip in it."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def pip_problem(lines: "list[str]") -> str:
    """Return one sentence for what pip wrote before it failed."""
    if any(sign in line for line in lines for sign in NETWORK_SIGNS):
        return "pip cannot reach its package index: connect to the network and start again (log: {})".format(
            LOG
        )
    errors = (
        [line.strip() for line in lines if line.strip().startswith("ERROR")] or lines[-1:] or ["no output"]
    )
    return "pip failed: {} (log: {})".format(errors[0].replace("ERROR: ", "").strip(), LOG)


def pip_install() -> None:
    """Install the dependencies and ganviz itself, editable; name each package as it is reached."""
    say("installing the dependencies: some minutes the first time, about 1.5 GB")
    command = [str(venv_python()), "-m", "pip", "install", "--retries", "2", "--disable-pip-version-check"]
    command += ["-c", str(CONSTRAINTS), "-e", "{}[dev]".format(ROOT)]
    seen = deque(maxlen=400)  # type: deque[str]
    pipe = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors="replace"
    )
    with LOG.open("w", encoding="utf-8") as log, pipe as pip:
        for line in pip.stdout or ():
            log.write(line)
            seen.append(line)
            if line.startswith(("Collecting", "Installing collected")):
                print("  " + " ".join(line.split()[:2]).rstrip(":"), flush=True)
    if pip.returncode:
        raise SetupError(pip_problem(list(seen)))


def try_imports() -> None:
    """Import the large libraries once: a broken one is found here, and the first start is quick."""
    say("loading Qt and torch for the first time")
    code = "import PySide6.QtWidgets, torch"
    done = subprocess.run([str(venv_python()), "-c", code], stderr=subprocess.PIPE, check=False)
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise SetupError("the libraries are installed but do not load: {}".format(lines[-1]))


def set_up() -> None:
    """Bring ``.venv`` up to date, or do nothing where the stamp says that it is."""
    ensure_libraries(QT_LIBRARIES)
    if is_set_up():
        return
    make_venv()
    if STAMP.exists():
        STAMP.unlink()
    pip_install()
    try_imports()
    STAMP.write_text(stamp_text() + "\n")
    say("set up")


def hand_over(arguments: "list[str]") -> int:
    """Become the virtual environment's Python with these arguments."""
    command = [str(venv_python())] + arguments
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


def check() -> int:
    """Run the formatter, the linter, the type checker and the import contracts."""
    failed = []
    for name, command in CHECKS:
        say("check: " + name)
        program = str(venv_python().with_name(command[0]))
        if subprocess.call([program, *command[1:]], cwd=str(ROOT)):
            failed.append(name)
    if failed:
        raise SetupError("these checks failed: {}".format(", ".join(failed)))
    say("all checks passed")
    return 0


def perform(command: str, arguments: "list[str]") -> int:
    """Do one of the four commands."""
    if command == "run" and opens_window(arguments):
        ensure_window()
    if command == "test":
        offer_window_tests()
    set_up()
    if command == "run":
        return hand_over(["-m", "ganviz"] + arguments)
    if command == "test":
        os.chdir(str(ROOT))
        return hand_over(["-m", "pytest"] + (arguments or SIDE_BY_SIDE))
    return check() if command == "check" else 0


def main(arguments: "list[str]") -> int:
    """Return the exit status; every failure is one sentence."""
    problem = python_problem(tuple(sys.version_info[:3]))
    if problem is None and (not arguments or arguments[0] not in ("run", "test", "check", "setup")):
        problem = "say what to do: python3 packaging/dev.py run, test, check or setup"
    try:
        if problem:
            raise SetupError(problem)
        return perform(arguments[0], arguments[1:])
    except (SetupError, OSError) as error:
        print("ganviz: {}.".format(str(error).rstrip(".")), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ganviz: stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
