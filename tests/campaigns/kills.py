"""kill −9 at random moments: of runs and exports on the command line, of windows, of their engines, of both.

Run by hand, on Linux: ``python tests/campaigns/kills.py --commands 200 --windows 20 --seed 1``. After each kill the
last checkpoint has to open, no half file may stand under a final name, no process may be left, and nothing in the
temporary folder; the run of a window has to be there. It ends with a traceback where that does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ganviz.session.run_folder import OutputFolder
from ganviz.training.checkpoint import load_checkpoint

ENTRY = [sys.executable, "-m", "ganviz"]
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


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def alive(mark: str) -> list[int]:
    """Return the numbers of the processes that have a text in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                mark.encode() in (place / "environ").read_bytes()
                and (place / "stat").read_text().split()[2] != "Z"
            ):
                found.append(int(place.name))
    return found


class Place:
    """A folder for one victim, with folders of its own for everything that is written."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.temporary, self.work = folder, folder / "tmp", folder / "work"
        self.temporary.mkdir()
        self.work.mkdir()
        self.mark = f"GANVIZ_CAMPAIGN={folder}"
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME")
        self.environment = os.environ | dict.fromkeys(names, str(folder / "home")) | {
            "TMPDIR": str(self.temporary), "QT_QPA_PLATFORM": "offscreen", "GANVIZ_CAMPAIGN": str(folder),
        }  # fmt: skip

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a program here."""
        null = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.work, env=self.environment, stdout=null, stderr=null)

    def check_gone(self) -> None:
        """See that every process ends."""
        until(lambda: not alive(self.mark), "a process was left")


def kill_train(place: Place, chance: random.Random, source: Path) -> int:
    """Kill a run, or one that goes on with another; return the step of what is left."""
    begin = ["train", *SMALL] if chance.random() < 0.5 else ["resume", str(source)]
    out = ["--out", "run", "--force"] if chance.random() < 0.7 else []
    steps = str(chance.choice((200, 1000, 100_000_000)))
    run = place.start([*ENTRY, *begin, "--steps", steps, "--checkpoint-every", "20", "--quiet", *out])
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0, 4))
    else:  # when there is something to be lost
        until(lambda: list(place.work.rglob("*.ganviz")) or run.poll() is not None, "no checkpoint")
        time.sleep(chance.uniform(0, 0.5))
    run.kill()
    run.wait()
    place.check_gone()
    return check_files(place)


def kill_export(place: Place, chance: random.Random, source: Path) -> int:
    """Kill an export."""
    run = place.start([*ENTRY, "export", str(source), "--out", "run", "--force"])
    until(lambda: list(place.work.glob("run/.*")) or run.poll() is not None, "nothing was written")
    time.sleep(chance.uniform(0, 0.1))
    run.kill()
    run.wait()
    place.check_gone()
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
    window = place.start([sys.executable, str(program)])

    def put_aside() -> list[Path]:
        return list(place.folder.glob("home/**/windows/*/run.json"))

    until(put_aside, "no run was put aside")
    time.sleep(chance.uniform(0, 3))
    others = [number for number in alive(place.mark) if number != window.pid]
    what = chance.choice(("window", "engine", "both"))
    if what != "window":
        for number in others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
    if what == "engine":
        time.sleep(chance.uniform(0, 4))
    window.kill()
    window.wait()
    place.check_gone()
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
                for number in alive(place.mark):
                    os.kill(number, signal.SIGKILL)
    kept = sum(step > 0 for step in steps)
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{what}: {n} killed, {kept} of them left a checkpoint, all files whole, {seconds:.0f} s\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("commands", 200), ("windows", 20), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "source"), "--steps", "300", "--quiet"]
        subprocess.run([*ENTRY, "train", *SMALL, *out], check=True, stdout=subprocess.DEVNULL)
        source = Path(folder) / "source" / "checkpoint.ganviz"
        program = Path(folder) / "window.py"
        program.write_text(WINDOW)
        repeat("train and resume", options.commands, kill_train, source, options.seed)
        repeat("export", options.commands // 4, kill_export, source, options.seed)
        repeat("windows and engines", options.windows, kill_window, program, options.seed)


if __name__ == "__main__":
    main()
