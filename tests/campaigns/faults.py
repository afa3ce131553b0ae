"""A disk that fails at every single change: full, read-only, broken, slow, or gone with the process.

Run by hand, on Linux with a C compiler, from the checkout: ``python -m tests.campaigns.faults``. Every kind of write is
counted first, and then done again and again: with its first change failing, its second, and so on, in every way that
disks fail. What existed has to be there, whole, as it was or as it was to become; what is told is a sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import ctypes
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

KILLED = -1
WAYS = {
    "full": (errno.ENOSPC, True),
    "full once": (errno.ENOSPC, False),
    "read-only": (errno.EROFS, True),
    "broken once": (errno.EIO, False),
    "gone": (errno.ENOENT, True),
    "killed": (KILLED, False),
}
SMALL = ["--set", "architecture.width=8", "--set", "training.batch_size=16", "--device", "cpu", "--quiet"]
SLOW_US = 20_000
LONGEST_S = 120


def preloaded() -> ctypes.CDLL:
    """Return the library that lets changes fail; this program is begun again with it where that is needed."""
    library = os.environ.get("GANVIZ_FAULTS")
    if library is None:
        folder = tempfile.mkdtemp(prefix="ganviz-faults-")
        library = f"{folder}/faults.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, str(source), "-ldl"], check=True)
        environment = os.environ | {
            "LD_PRELOAD": library,
            "GANVIZ_FAULTS": library,
            "QT_QPA_PLATFORM": "offscreen",
        }
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.campaigns.faults", *sys.argv[1:]], environment
        )
    return ctypes.CDLL(library)


def ganviz(*arguments: object) -> int:
    """Do in this process what the command line says, and return the exit code."""
    from ganviz.__main__ import main

    sys.argv = ["ganviz", *map(str, arguments)]
    return main()


# what is written: each returns an exit code, and gets the folder that all of it happens in


def train(place: Path) -> int:
    """Train into a folder that is new."""
    return ganviz("train", *SMALL, "--steps", 40, "--checkpoint-every", 20, "--out", place / "new")


def train_again(place: Path) -> int:
    """Train into a folder that holds a run."""
    return ganviz(
        "train", *SMALL, "--steps", 40, "--checkpoint-every", "never", "--out", place / "run", "--force"
    )


def train_nowhere(place: Path) -> int:
    """Train without a folder; checkpoints are written on the way."""
    return ganviz("train", *SMALL, "--steps", 40, "--checkpoint-every", 20)


def resume(place: Path) -> int:
    """Go on with a run, over itself."""
    run = place / "run"
    return ganviz("resume", run / "checkpoint.ganviz", "--quiet", "--steps", 10, "--out", run, "--force")


def export(place: Path) -> int:
    """Export everything over what is there."""
    what = "history,samples,config,weights,script"
    return ganviz(
        "export", place / "run" / "checkpoint.ganviz", "--what", what, "--out", place / "data", "--force"
    )


def render(place: Path) -> int:
    """Draw all views."""
    return ganviz(
        "render",
        place / "run" / "checkpoint.ganviz",
        "--view",
        "losses",
        "--out",
        place / "losses.svg",
        "--force",
    )


def sweep(place: Path) -> int:
    """Train a sweep of two cells in this process."""
    vary = ["--vary", "training.d_steps=1,2", "--seeds", 2, "--steps", 20, "--workers", 0]
    return ganviz("sweep", *vary, *SMALL, "--out", place / "sweep")


def log_anew(place: Path) -> int:
    """Train with logs that take the place of old ones."""
    for name in ("steps.csv", "steps.tfevents", "events"):
        if code := ganviz("train", *SMALL, "--steps", 40, "--log", place / name, "--force"):
            return code
    return 0


def keep_settings(place: Path) -> int:
    """Keep what the window remembers."""
    from ganviz.session.run_presets import run_preset
    from ganviz.views.window.memory import WindowMemory

    memory = WindowMemory()
    memory.keep_config(run_preset("digits").config)
    memory.keep_text("appearance", "dark")
    memory.sync()
    return 0


def write_from_the_window(place: Path) -> int:
    """Save, put aside and export everything from a run that trains on, as the window's engine does."""
    from ganviz.session.commands import Export, ExportKind, PutAside, Run, SaveCheckpoint
    from ganviz.session.events import AsideWritten, Event, FileWritten, Refused
    from ganviz.session.runner import Runner
    from ganviz.training.checkpoint import load_checkpoint

    runner = Runner(trainer=load_checkpoint(place / "run" / "checkpoint.ganviz"))
    runner.handle(Run())
    names = {
        "history": "history.csv", "samples": "samples.npz", "config": "config.json",
        "weights": "generator_0.safetensors", "script": "script_0.py",
    }  # fmt: skip
    commands = [
        SaveCheckpoint(place / "run" / "checkpoint.ganviz"), PutAside(place / "aside.ganviz"),
        *(Export(kind, place / "data" / names[kind.value]) for kind in ExportKind),
    ]  # fmt: skip
    told: list[Event] = []
    for command in commands:
        told += runner.handle(command)
        told += runner.advance()
    told += runner.finish_writing()
    answers = [event for event in told if isinstance(event, FileWritten | AsideWritten | Refused)]
    assert len(answers) == len(commands), answers
    for event in answers:
        if isinstance(event, Refused):
            sys.stderr.write(f"ganviz: {event.message}\n")
    before = runner.trainer.step
    runner.advance()
    assert runner.is_running
    assert runner.trainer.step > before
    return 2 if any(isinstance(event, Refused) for event in answers) else 0


def window_folders(place: Path) -> int:
    """Make a window's folder, note a crash, take over a run that was found."""
    from ganviz.training.atomic import atomic_path
    from ganviz.worker import crash_logs
    from ganviz.worker.aside import Aside
    from ganviz.worker.window_folder import left_behind, own_folder

    own = None
    with contextlib.suppress(OSError):
        own = own_folder(place / "windows")
    (found,) = left_behind(place / "windows", now=time.time() + 60).folders or (None,)
    if found is not None:
        crash_logs.keep_crash_logs(found, place)
    if own is not None and found is not None:
        own.adopt(found)
        aside = Aside(own.path, is_usable=True)
        aside.asked(5)
        try:
            with atomic_path(aside.path) as temporary:
                temporary.write_bytes(own.run.read_bytes())
        except OSError:
            aside.ended(well=False)
        else:
            aside.ended(well=True)
    return 0


def log_of_window(place: Path) -> int:
    """Write to the log of the window."""
    import logging

    from ganviz import app

    app._data_folder = lambda: place / "logs"
    app._open_log()
    for _ in range(3):
        logging.getLogger("ganviz").warning("a line")
    return 0


SCENES: dict[str, Callable[[Path], int]] = {
    "train": train, "train over a run": train_again, "periodic checkpoints": train_nowhere, "resume": resume,
    "export": export, "render": render, "sweep": sweep, "logs over logs": log_anew, "settings": keep_settings,
    "save, recovery, exports": write_from_the_window, "folders of windows": window_folders, "log": log_of_window,
}  # fmt: skip


class Theater:
    """Where scenes are played, each in a copy of the same folder and in a copy of this process."""

    def __init__(self, root: Path, library: ctypes.CDLL) -> None:
        self.root, self.library = root, library
        self.stage, self.template, self.refuge = root / "stage", root / "template", root / "refuge"
        self.said = root / "said.txt"
        self.template.mkdir()
        os.environ["XDG_CONFIG_HOME"] = str(self.stage / "config")
        os.environ["XDG_DATA_HOME"] = os.environ["HOME"] = str(self.stage / "home")
        self._furnish()

    def _furnish(self) -> None:
        place = self.template
        for folder in ("home", "config", "work", "data", "logs", "windows"):
            (place / folder).mkdir()
        number = os.fork()
        if not number:
            with contextlib.redirect_stdout(io.StringIO()):
                self._first_run(place)
            os._exit(0)
        assert os.waitpid(number, 0)[1] == 0

    def _first_run(self, place: Path) -> None:
        os.environ["XDG_CONFIG_HOME"] = str(place / "config")
        assert ganviz("train", *SMALL, "--steps", 30, "--out", place / "run") == 0
        assert export(place) == 0
        assert render(place) == 0
        for name in ("steps.csv", "steps.tfevents", "events"):
            assert ganviz("train", *SMALL, "--steps", 30, "--log", place / name) == 0
        shutil.copy(place / "run" / "checkpoint.ganviz", place / "aside.ganviz")
        from ganviz.worker.window_folder import own_folder

        killed = own_folder(place / "windows")
        shutil.copy(place / "run" / "checkpoint.ganviz", killed.path / "run.ganviz")
        (killed.path / "window-crash.log").write_text("Fatal Python error\n")
        from ganviz.training.config import RunConfig
        from ganviz.views.window.memory import WindowMemory

        memory = WindowMemory()
        memory.keep_config(RunConfig())
        memory.sync()

    def play(self, scene: Callable[[Path], int], n: int, way: str, slow_us: int = 0) -> tuple[int, int]:
        """Play a scene with the n-th change failing; return the exit code and how many changes there were."""
        for folder in (self.stage, self.refuge):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, self.stage)
        self.refuge.mkdir()
        for folder in (self.stage / "windows").iterdir():
            os.utime(folder, (1, 1))
        count = self.root / "count"
        count.unlink(missing_ok=True)
        number = os.fork()
        if not number:
            self._act(scene, n, way, slow_us, count)
        end = time.monotonic() + LONGEST_S
        while True:
            ended, status = os.waitpid(number, os.WNOHANG)
            if ended:
                break
            if time.monotonic() > end:
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
                raise AssertionError("it hangs")
            time.sleep(0.002)
        code = os.waitstatus_to_exitcode(status)
        return code, int(count.read_text()) if count.exists() else 0

    def _act(self, scene: Callable[[Path], int], n: int, way: str, slow_us: int, count: Path) -> None:
        code = 99
        try:
            os.chdir(self.stage / "work")
            os.environ["TMPDIR"] = tempfile.tempdir = str(self.refuge)
            said = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            error, stays = WAYS.get(way, (0, False))
            self.library.faults_arm(str(self.stage).encode(), n, error, int(stays), slow_us)
            code = scene(self.stage)
        except BaseException:
            traceback.print_exc()
        finally:
            count.write_text(str(self.library.faults_seen()))
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def check(self, name: str, code: int, way: str) -> None:
        """See that nothing is lost and everything whole."""
        said = self.said.read_text(errors="replace")
        if way == "killed":
            assert code in (0, -signal.SIGKILL), (code, said)
        else:
            assert code in (0, 2), (code, said)
            assert "Traceback" not in said, said
            assert "Logging error" not in said, said
        if code == 2:
            last = said.splitlines()[-1]
            assert last.startswith("ganviz: "), last
            assert last.endswith("."), last
            assert "[Errno" not in said, said
        self._tidy()
        before = {
            path.relative_to(self.template) for path in self.template.rglob("*") if self._is_final(path)
        }
        after = {path.relative_to(self.stage) for path in self.stage.rglob("*") if self._is_final(path)}
        kept = {path for path in before if path.parts[0] not in ("windows", "events")}
        assert kept <= after, kept - after
        for path in after:
            check_whole(self.stage / path)
        self._check_moments()
        if name in ("train", "train over a run", "resume") and code == 2 and "step" in said:
            assert list(self.stage.rglob("*.ganviz")) or list(self.refuge.rglob("*.ganviz"))
        if name in ("train over a run", "resume") and code == 2:
            self._check_run_is_kept(said)
        if name == "logs over logs" and way != "killed":  # which may be between emptying and writing
            self._check_logs()
        if name == "settings":
            self._check_settings()
        if name == "folders of windows":
            assert list(self.stage.glob("windows/*/*.ganviz")), "the run is lost"
        left = [path for path in self.refuge.iterdir() if path.suffix != ".ganviz"]
        assert not left, left

    def _is_final(self, path: Path) -> bool:
        return path.is_file() and not any(part.startswith(".") for part in path.parts)

    def _tidy(self) -> None:
        """Do what the next writer does: a disk may have failed between two renames, and in going back, too."""
        from ganviz.session.run_folder import OutputFolder

        for folder in ("run", "data", "new", "sweep"):
            if (self.stage / folder).is_dir():
                OutputFolder(self.stage / folder, ("another",)).give_up()
                assert not [path for path in (self.stage / folder).glob(".ganviz-*") if path.is_dir()]

    def _check_moments(self) -> None:
        """See that files that belong together are of one moment."""
        from ganviz.training.checkpoint import load_checkpoint

        for name in ("run", "new"):
            folder = self.stage / name
            if not (folder / "metrics.json").exists():
                continue
            step = load_checkpoint(folder / "checkpoint.ganviz").step
            with (folder / "history.csv").open(newline="") as text:
                rows = [row for row in csv.reader(text) if not row[0].startswith("#")]
            assert int(rows[-1][rows[0].index("step")]) == step, (step, rows[-1])

    def _check_run_is_kept(self, said: str) -> None:
        """See that a run that was trained is somewhere, where anything could be written at all."""
        found = [path for where in (self.stage, self.refuge) for path in where.rglob("ganviz-step-*.ganviz")]
        is_before = "cannot be written to" in said and "kept" not in said
        assert found or is_before, said

    def _check_logs(self) -> None:
        """See that each log has steps, of the old run or of the new one."""
        from ganviz.session.logs.log import read_log

        for name in ("steps.csv", "steps.tfevents", "events"):
            steps = read_log(self.stage / name, {}, None).steps
            assert steps.tolist() == list(range(1, len(steps) + 1)), (name, steps)

    def _check_settings(self) -> None:
        from PySide6.QtCore import QSettings

        kept = QSettings(str(self.stage / "config" / "ganviz" / "ganviz.conf"), QSettings.Format.IniFormat)
        assert json.loads(kept.value("config"))["lanes"], "settings are lost"


def check_whole(path: Path) -> None:
    """See that a file is not half of one."""
    from ganviz.training.checkpoint import load_checkpoint

    match path.suffix:
        case ".ganviz" if "tfevents" not in path.name:
            load_checkpoint(path)
        case ".json":
            json.loads(path.read_text())
        case ".csv":
            assert path.read_bytes().endswith(b"\n"), path
        case ".npz":
            import numpy as np

            with np.load(path) as arrays:
                for name in arrays.files:
                    arrays[name]
        case ".py":
            compile(path.read_text(), str(path), "exec")
        case ".safetensors":
            from safetensors.torch import load

            load(path.read_bytes())
        case ".svg":
            assert path.read_text().rstrip().endswith("</svg>"), path


def told_of(outcomes: Counter[str]) -> str:
    """Say how often a scene ended in which way."""
    return ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items()))


def run_campaign() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", action="append", choices=tuple(SCENES), default=[])
    parser.add_argument("--way", action="append", choices=tuple(WAYS), default=[])
    parser.add_argument("--every", type=int, default=1, help="let each so many-th change fail")
    parser.add_argument("--first", type=int, default=1, help="the first change that fails")
    parser.add_argument("--goes-on", action="store_true", help="tell what is wrong and go on")
    options = parser.parse_args()
    library = preloaded()
    import torch

    import ganviz.training.trainer

    assert ganviz.training.trainer
    torch.set_num_threads(1)
    n_wrong = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        theater = Theater(Path(folder), library)
        for name in options.scene or SCENES:
            scene, start, outcomes = SCENES[name], time.perf_counter(), Counter[str]()
            code, n_changes = theater.play(scene, 0, "none")
            assert code == 0, theater.said.read_text()
            sys.stdout.write(f"{name}: {n_changes} changes, {time.perf_counter() - start:.2f} s\n")
            sys.stdout.flush()
            for way in options.way or WAYS:
                for n in range(options.first, n_changes + 1, options.every):
                    try:
                        code, _ = theater.play(scene, n, way)
                        outcomes["killed" if code < 0 else "refused" if code else "done"] += 1
                        theater.check(name, code, way)
                    except Exception as error:
                        n_wrong += 1
                        sys.stdout.write(
                            f"{name}, change {n} of {n_changes}, {way}: {type(error).__name__}: {error}\n"
                        )
                        if not options.goes_on:
                            raise
                sys.stdout.write(f"  {way}: {told_of(outcomes)} so far\n")
                sys.stdout.flush()
            code, _ = theater.play(scene, 0, "none", SLOW_US)
            assert code == 0, theater.said.read_text()
            seconds = time.perf_counter() - start
            sys.stdout.write(f"{name}: {n_changes} changes; {told_of(outcomes)}; {seconds:.0f} s\n")
            sys.stdout.flush()
    with contextlib.suppress(OSError):
        shutil.rmtree(Path(os.environ["GANVIZ_FAULTS"]).parent)
    sys.exit(bool(n_wrong))


if __name__ == "__main__":
    run_campaign()
