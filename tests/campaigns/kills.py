"""kill −9 at random moments: of runs and exports on the command line, of windows, of their engines, of both.

Run by hand, on Linux: ``python tests/campaigns/kills.py --commands 800 --windows 40 --seed 1``. After each kill the
last checkpoint has to open, no half file may stand under a final name, no process may be left, and nothing in the
temporary folder; the run of a window has to be there. It ends with a traceback where that does not hold.

Commands are forked from this process, which has loaded torch, so that a victim lives within milliseconds: most kills
fall into a run that writes and not into one that starts. Windows are processes of their own, with their engines.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from ganviz.__main__ import main
from ganviz.session.run_folder import OutputFolder
from ganviz.training.checkpoint import load_checkpoint

SMALL = ["--set", "architecture.width=8", "--set", "training.batch_size=16", "--device", "cpu"]
PATIENCE_S = 60.0
WINDOW = """
import sys
from ganviz.app import run_window
from ganviz.worker import aside
aside.EVERY_S = 0.5
if __name__ == "__main__":
    sys.exit(run_window(None))
"""


def ganviz(arguments: list[str]) -> int:
    """Do in this process what the command line says, and return the exit code."""
    sys.argv = ["ganviz", *arguments]
    return main()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def alive(session: int) -> list[int]:
    """Return the numbers of the processes of a session that have not ended."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, _, of, *_ = (place / "stat").read_text().rpartition(")")[2].split()
            if int(of) == session and state != "Z":
                found.append(int(place.name))
    return found


class Place:
    """A folder for one victim, with folders of its own for everything that is written."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.temporary, self.work = folder, folder / "tmp", folder / "work"
        self.temporary.mkdir()
        self.work.mkdir()
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME")
        self.environment = os.environ | dict.fromkeys(names, str(folder / "home")) | {
            "TMPDIR": str(self.temporary), "QT_QPA_PLATFORM": "offscreen",
        }  # fmt: skip
        self.victim = 0

    def fork(self, arguments: list[str], prepare: Callable[[], object] = bool) -> None:
        """Let a copy of this process do what the command line says, in a session of its own."""
        self.victim = os.fork()
        if self.victim:
            return
        os.setsid()
        os.chdir(self.work)
        os.environ.update(self.environment)
        tempfile.tempdir = str(self.temporary)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        prepare()
        os._exit(ganviz(arguments))

    def start(self, program: Path) -> None:
        """Start a program in a session of its own."""
        null, command = subprocess.DEVNULL, [sys.executable, str(program)]
        self.victim = subprocess.Popen(
            command, cwd=self.work, env=self.environment, stdout=null, stderr=null, start_new_session=True
        ).pid

    def is_over(self) -> bool:
        """Return whether the victim has ended by itself."""
        return self.victim not in alive(self.victim)

    def kill(self) -> None:
        """Kill the victim, and see that every process ends that it has started."""
        os.kill(self.victim, signal.SIGKILL)
        os.waitpid(self.victim, 0)
        until(lambda: not alive(self.victim), "a process was left")

    def clear(self) -> None:
        """End what a victim has left, before anything else is said."""
        for number in alive(self.victim) if self.victim else []:
            os.kill(number, signal.SIGKILL)


def kill_train(place: Place, chance: random.Random, source: Path) -> int:
    """Kill a run, or one that goes on with another; return the step of what is left."""
    begin = ["train", *SMALL] if chance.random() < 0.5 else ["resume", str(source)]
    out = ["--out", "run", "--force"] if chance.random() < 0.7 else []
    steps = str(chance.choice((200, 1000, 100_000_000)))
    place.fork([*begin, "--steps", steps, "--checkpoint-every", "20", "--quiet", *out])
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0, 2))
    else:  # when there is something to be lost
        until(lambda: list(place.work.rglob("*.ganviz")) or place.is_over(), "no checkpoint")
        time.sleep(chance.uniform(0, 0.5))
    place.kill()
    return check_files(place)


def kill_export(place: Place, chance: random.Random, source: Path) -> int:
    """Kill an export."""
    place.fork(["export", str(source), "--out", "run", "--force"])
    until(lambda: list(place.work.glob("run/.*")) or place.is_over(), "nothing was written")
    time.sleep(chance.uniform(0, 0.1))
    place.kill()
    return check_files(place)


def check_files(place: Place) -> int:
    """See that what stands under a final name is whole, and that the next writer leaves only that."""
    step = 0
    for file in place.work.rglob("*.ganviz"):
        if not any(part.startswith(".") for part in file.relative_to(place.work).parts):
            step = max(step, load_checkpoint(file).step)
    folder = place.work / "run"
    if folder.is_dir():
        OutputFolder(folder, ("another",)).give_up()
        assert not [path for path in folder.iterdir() if path.is_dir()], "a leftover"
    return step


def kill_window(place: Place, chance: random.Random, program: Path) -> int:
    """Kill a window, its engine, or both; return the step of the run that is found."""
    place.start(program)

    def put_aside() -> bool:
        notes = place.folder.glob("home/**/windows/*/run.json")
        return any(json.loads(note.read_bytes())["step"] for note in notes)

    until(put_aside, "no run was put aside")
    time.sleep(chance.uniform(0, 3))
    others = [number for number in alive(place.victim) if number != place.victim]
    what = chance.choice(("window", "engine", "both"))
    if what != "window":
        for number in others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
    if what == "engine":
        time.sleep(chance.uniform(0, 4))
    place.kill()
    (run,) = place.folder.glob("home/**/windows/*/run.ganviz")
    step = load_checkpoint(run).step
    assert step > 0
    left_in_temporary = list(place.temporary.iterdir())
    assert not left_in_temporary, left_in_temporary
    return step


def repeat(
    what: str, n: int, victim: Callable[[Place, random.Random, Path], int], path: Path, seed: int
) -> None:
    """Kill so many victims, and say how much was kept."""
    steps, start = [], time.perf_counter()
    for i in range(n):
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder))
            try:
                steps.append(victim(place, random.Random(f"{what} {seed} {i}"), path))
            finally:
                place.clear()
        if not (i + 1) % 50 and i + 1 < n:
            sys.stdout.write(f"{what}: {i + 1}, {time.perf_counter() - start:.0f} s\n")
            sys.stdout.flush()
    kept = sum(step > 0 for step in steps)
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{what}: {n} killed, {kept} of them left a checkpoint, all files whole, {seconds:.0f} s\n"
    )
    sys.stdout.flush()


def run_campaign() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("commands", 800), ("windows", 40), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    torch.set_num_threads(1)  # a process with more threads could not be forked
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "source"), "--steps", "300", "--quiet"]
        assert ganviz(["train", *SMALL, *out]) == 0
        source = Path(folder) / "source" / "checkpoint.ganviz"
        program = Path(folder) / "window.py"
        program.write_text(WINDOW)
        repeat("train and resume", options.commands, kill_train, source, options.seed)
        repeat("export", options.commands // 4, kill_export, source, options.seed)
        repeat("windows and engines", options.windows, kill_window, program, options.seed)


if __name__ == "__main__":
    run_campaign()
