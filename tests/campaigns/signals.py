"""Every signal, no home, other languages, low limits, a lost display, a suspended machine: ends or goes on cleanly.

Run by hand, on Linux with Xvfb, from the checkout: ``python -m tests.campaigns.signals``. A line is told for each case;
it ends with a traceback where a run cannot be recovered, a process is left, or something is said that is no sentence.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from ganviz.training.checkpoint import CheckpointError, load_checkpoint
from tests.campaigns.kills import SMALL, WINDOW, Place, alive, ganviz, until

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SIGNALS = (*ENDING, signal.SIGQUIT, signal.SIGPIPE)
LANGUAGES = ("de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "ja_JP.UTF-8")
LONG = ["--steps", "100000000", "--checkpoint-every", "20", "--quiet"]
SHORT = ["train", *SMALL, "--steps", "30", "--quiet", "--out", "run"]


def tell(what: str) -> None:
    """Say what holds."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def runs(place: Place) -> list[Path]:
    """Return the runs that a window has put aside."""
    return list(place.folder.glob("home/**/windows/*/run.ganviz"))


def newest(place: Place) -> int:
    """Return the step of the newest checkpoint of a command."""
    found = [0]
    for path in place.work.rglob("*.ganviz"):
        with contextlib.suppress(CheckpointError):  # an older one that has just been removed
            found.append(load_checkpoint(path).step)
    return max(found)


def signaled(place: Place, number: signal.Signals, saved: Callable[[], list[Path]]) -> None:
    """Send a signal to a victim that has something to lose, and see that it ends, or goes on."""
    until(saved, "nothing was saved")
    time.sleep(0.3)
    os.kill(place.victim, number)
    if number is signal.SIGPIPE:
        time.sleep(1.0)
        assert not place.is_over(), "it ended"
        number = signal.SIGTERM
        os.kill(place.victim, number)
    _, status = os.waitpid(place.victim, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code == (-number if number is signal.SIGQUIT else 128 + number), code
    until(lambda: not alive(place.victim), "a process was left")
    assert saved(), "the run is lost"
    assert not list(place.temporary.iterdir()), list(place.temporary.iterdir())


def commands(source: Path) -> None:
    """Send signals to train and resume; suspend them."""
    for begin in (["train", *SMALL], ["resume", str(source)]):
        for number in SIGNALS:
            with tempfile.TemporaryDirectory() as folder:
                place = Place(Path(folder))
                place.fork([*begin, *LONG, "--out", "run"])
                signaled(place, number, lambda place=place: list(place.work.rglob("*.ganviz")))  # type: ignore[misc]
                assert newest(place) > 0
            tell(f"{begin[0]}, {number.name}: the run is kept")
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder))
            place.fork([*begin, *LONG, "--out", "run"])
            until(lambda place=place: newest(place) > 0, "no checkpoint")  # type: ignore[misc]
            suspended(place, lambda place=place: newest(place))  # type: ignore[misc]
        tell(f"{begin[0]}, suspended: goes on")


def suspended(place: Place, step: Callable[[], int]) -> None:
    """Let all processes of a victim sleep, and see that the run goes on."""
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for process in alive(place.victim):
            os.kill(process, number)
        time.sleep(1.0)
    before = step()
    until(lambda: step() > before, "it does not go on")
    place.kill()


def windows(program: Path) -> None:
    """Send signals to windows; suspend one."""
    for number in SIGNALS:
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder))
            place.start(program)
            signaled(place, number, lambda place=place: runs(place))  # type: ignore[misc]
            (run,) = runs(place)
            load_checkpoint(run)
        tell(f"window, {number.name}: the run is found")
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.start(program)
        until(lambda: runs(place), "nothing was put aside")
        suspended(place, lambda: load_checkpoint(runs(place)[0]).step)
    tell("window, suspended: goes on")


def display(program: Path) -> None:
    """Take the display away from a window."""
    if shutil.which("Xvfb") is None:
        tell("no Xvfb: the lost display was left out")
        return
    number = 4000 + os.getpid() % 1000
    null = subprocess.DEVNULL
    with subprocess.Popen(["Xvfb", f":{number}"], stdout=null, stderr=null) as server:
        try:
            until(Path(f"/tmp/.X11-unix/X{number}").exists, "no display")
            with tempfile.TemporaryDirectory() as folder:
                place = Place(Path(folder))
                place.environment |= {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}
                place.start(program)
                until(lambda: runs(place), "nothing was put aside")
                server.kill()
                os.waitpid(place.victim, 0)
                until(lambda: not alive(place.victim), "a process was left")
                load_checkpoint(runs(place)[0])
        finally:
            server.kill()
    tell("window, X server killed: the run is found")


def surroundings(program: Path) -> None:
    """Run where there is no home, in other languages, and with little."""
    said = {}
    for name, change in {
        "C": {"LC_ALL": "C"}, **{one: {"LC_ALL": one, "LANG": one} for one in LANGUAGES}, "no home": {"HOME": ""},
    }.items():  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder))
            place.environment |= change
            place.fork(SHORT)
            assert os.waitpid(place.victim, 0)[1] == 0, name
            said[name] = (
                (place.work / "run" / "history.csv").read_text().splitlines()[1].rpartition(",")[0][:60]
            )
            if name in ("no home", LANGUAGES[0]):
                place.start(program)
                signaled(place, signal.SIGTERM, lambda place=place: runs(place))  # type: ignore[misc]
        tell(f"{name}: trains")
    assert len(set(said.values())) == 1, said
    for limit, value in (
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 200),
        (resource.RLIMIT_FSIZE, 2000),
    ):
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder))
            place.fork(SHORT, lambda limit=limit, value=value: resource.setrlimit(limit, (value, value)))  # type: ignore[misc]
            code = os.waitstatus_to_exitcode(os.waitpid(place.victim, 0)[1])
            assert code in (0, 2), code
        tell(f"limit {limit} of {value}: exit {code}")
    for megabytes in (0, 1, 2, 4, 8, 16, 32, 64):
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder))
            place.fork(SHORT, partial(leave_memory, megabytes))
            code = os.waitstatus_to_exitcode(os.waitpid(place.victim, 0)[1])
            assert code in (0, 2), code
        tell(f"{megabytes} MB of memory more: exit {code}")


def leave_memory(megabytes: int) -> None:
    """Let this process have so much memory more than it has at present."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run_campaign() -> None:
    """Run the campaign."""
    torch.set_num_threads(1)
    for number in (signal.SIGINT, signal.SIGQUIT):  # which shells let programs in the background ignore
        signal.signal(number, signal.SIG_DFL)
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "source", Path(folder) / "window.py"
        assert ganviz(["train", *SMALL, "--out", str(source), "--steps", "30", "--quiet"]) == 0
        program.write_text(WINDOW)
        commands(source / "checkpoint.ganviz")
        surroundings(program)
        windows(program)
        display(program)


if __name__ == "__main__":
    run_campaign()
