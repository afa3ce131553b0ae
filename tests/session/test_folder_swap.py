"""A folder that is killed at any moment holds files of one moment, a checkpoint, and everything in all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ganviz.session.run_folder import OutputFolder
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError, atomic_path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
NAMES = ("checkpoint", "history", "samples", "metrics")
KILLED = """
import os, signal, sys
from pathlib import Path
from ganviz.session.run_folder import OutputFolder

n = int(sys.argv[2])
def fatal(function):
    def call(*arguments, **more):
        global n
        n -= 1
        if n < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **more)
    return call

for name in ("replace", "hardlink_to", "unlink", "mkdir"):
    setattr(Path, name, fatal(getattr(Path, name)))
os.rmdir, os.unlink = fatal(os.rmdir), fatal(os.unlink)
folder = OutputFolder(Path(sys.argv[1]), %r, is_forced=True)
def write(staged):
    for name in folder.names:
        (staged / name).write_text("new")
folder.write(write)
print("done")
"""


def contents(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in NAMES if (folder / name).exists()}


@pytest.mark.parametrize("has_old", [True, False])
def test_a_kill_at_any_moment_leaves_files_of_one_moment(tmp_path: Path, has_old: bool) -> None:
    for n in range(40):
        folder = tmp_path / f"run-{n}"
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
        if has_old:
            for name in NAMES:
                (folder / name).write_text("old")
        command = [sys.executable, "-c", KILLED % (NAMES,), str(folder), str(n)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        found = contents(folder)
        assert len(set(found.values())) <= 1, (n, found)
        assert not has_old or "checkpoint" in found
        was_new = bool(found) and set(found.values()) == {"new"}
        next_one = OutputFolder(folder, ("other",))
        after = contents(folder)
        assert len(set(after.values())) <= 1
        assert len(after) in ((4,) if has_old or was_new else (0, 4))
        assert not was_new or set(after.values()) == {"new"}
        assert sorted(path.name for path in folder.iterdir()) == sorted([*after, "notes.txt"])
        next_one.give_up()
        if done.returncode == 0:
            break
    assert n > 5, "killed at several moments"
    assert done.stdout == "done\n"
    assert set(contents(folder).values()) == {"new"}


@pytest.mark.parametrize("n", range(7))
def test_what_cannot_be_moved_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    for name in NAMES[1:]:
        (tmp_path / name).write_text("old")
    folder = OutputFolder(tmp_path, NAMES, is_forced=True)
    replace, left = Path.replace, [n + 1]

    def failing(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    def write(staged: Path) -> None:
        for name in NAMES:
            (staged / name).write_text("new")

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(FileError, match="Permission denied"):
        folder.write(write)
    assert contents(tmp_path) == dict.fromkeys(NAMES[1:], "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES[1:])


def test_a_second_writer_is_told_before_it_begins(tmp_path: Path) -> None:
    first = OutputFolder(tmp_path / "run", NAMES)
    for is_forced in (True, False):
        with pytest.raises(
            InvalidValueError, match=r"^Another run is writing to the folder '.*/run'; choose another"
        ):
            OutputFolder(tmp_path / "run" / ".." / "run", NAMES, is_forced=is_forced)
    assert list((tmp_path / "run").iterdir()) == []
    first.give_up()
    OutputFolder(tmp_path / "run", NAMES).give_up()


def test_a_second_run_is_told_before_it_trains(tmp_path: Path) -> None:
    entry = [sys.executable, "-m", "ganviz", "train", "--out", "run", "--device", "cpu", "--steps"]
    with subprocess.Popen([*entry, "100000000", "--checkpoint-every", "50"], cwd=tmp_path) as first:
        try:
            while not list(tmp_path.glob("run/ganviz-step-*")):
                assert first.poll() is None
                time.sleep(0.05)
            done = subprocess.run(
                [*entry, "1", "--force"],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            first.kill()
    assert done.returncode == 2
    assert done.stderr == "ganviz: Another run is writing to the folder 'run'; choose another one.\n"
    assert subprocess.run([*entry, "1", "--quiet"], cwd=tmp_path, check=False).returncode == 0


LEFTOVER = """
import os, signal, sys
from pathlib import Path
from ganviz.training.atomic import atomic_path
with atomic_path(Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", LEFTOVER, str(target)], check=False)
        assert len(list(tmp_path.glob(".a.csv.*.part"))) == 1, "the second one has removed that of the first"
    (tmp_path / ".b.csv.1234.part").write_text("of another file")
    with atomic_path(target) as mine, atomic_path(target) as others:
        assert mine.exists(), "one that is being written stays"
        for path in (mine, others):
            path.write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.csv.1234.part", "a.csv"]
    assert target.read_text() == "whole"
