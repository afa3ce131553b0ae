"""A folder is filled with a whole run or left as it was."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from ganviz.session.run_folder import FILES, OutputFolder, rescued, run_folder, write_run
from ganviz.session.settings import with_settings
from ganviz.session.summary import run_summary
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError, atomic_path
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer


@pytest.fixture
def trainer() -> Trainer:
    trainer = Trainer(with_settings(RunConfig(), ["architecture.width=4", "training.batch_size=8"]))
    trainer.train(3)
    trainer.flush()
    return trainer


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _summary(trainer: Trainer, folder: OutputFolder) -> dict[str, Any]:
    return run_summary(trainer, 1.0, trainer.step, folder.files)


def test_a_folder_is_made_and_holds_everything(tmp_path: Path, trainer: Trainer) -> None:
    folder = run_folder(tmp_path / "new" / "run")
    assert _names(folder.path) == []
    write_run(folder, trainer, _summary(trainer, folder))
    assert sorted(_names(folder.path)) == sorted(FILES)
    assert folder.files == [folder.path / name for name in FILES]
    assert load_checkpoint(folder.path / "checkpoint.ganviz").step == 3
    assert json.loads((folder.path / "metrics.json").read_text("utf-8"))["steps"] == 3


@pytest.mark.parametrize("name", FILES)
def test_a_folder_that_holds_a_run_is_refused_unless_forced(
    tmp_path: Path, trainer: Trainer, name: str
) -> None:
    (tmp_path / name).write_text("precious")
    with pytest.raises(InvalidValueError, match=rf"already holds {name}; .*--force"):
        run_folder(tmp_path)
    assert _names(tmp_path) == [name]
    folder = run_folder(tmp_path, is_forced=True)
    assert (tmp_path / name).read_text() == "precious"
    write_run(folder, trainer, _summary(trainer, folder))
    assert load_checkpoint(tmp_path / "checkpoint.ganviz").step == 3


def test_other_files_do_not_disturb(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert run_folder(tmp_path).path == tmp_path


@pytest.mark.parametrize("below", ["", "run"])
def test_where_a_file_is_no_folder_can_be(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(
        FileError, match=r"file.* cannot be written to: (it is not a folder|Not a directory)\.$"
    ):
        run_folder(tmp_path / "file" / below)


def test_a_full_disk_is_noticed_before_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __enter__(self) -> Full:
            return self

        def write(self, content: bytes) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def __exit__(self, *details: object) -> None:
            pass

    monkeypatch.setattr("ganviz.session.run_folder.tempfile.TemporaryFile", lambda dir: Full())
    with pytest.raises(FileError, match="cannot be written to: No space left on device"):
        run_folder(tmp_path)


def test_a_disk_that_fills_up_while_writing_leaves_the_old_run_whole_and_keeps_the_new_one(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FILES:
        (tmp_path / name).write_text("precious")
    folder = run_folder(tmp_path, is_forced=True)
    sync, n_synced = os.fsync, iter(range(10))

    def fill_up(handle: int) -> None:
        if next(n_synced) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fill_up)
    words = r"cannot be written to: No space left on device; the run itself is kept in '.*ganviz-step-3\.ganviz'\.$"
    with pytest.raises(FileError, match=words):
        write_run(folder, trainer, _summary(trainer, folder))
    assert sorted(_names(tmp_path)) == sorted([*FILES, "ganviz-step-3.ganviz"])
    assert load_checkpoint(tmp_path / "ganviz-step-3.ganviz").step == 3
    assert {(tmp_path / name).read_text() for name in FILES} == {"precious"}


def test_an_interruption_while_writing_leaves_the_old_run_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("precious")
    folder = OutputFolder(tmp_path, ["a", "b"], is_forced=True)

    def write(staged: Path) -> None:
        (staged / "a").write_text("new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.write(write)
    assert _names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "precious"


@pytest.mark.parametrize("fate", ["deleted", "a folder is named like a file", "not UTF-8"])
def test_whatever_fails_at_the_end_the_run_is_kept(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = run_folder(tmp_path / "run")
    summary = _summary(trainer, folder)
    if fate == "deleted":
        folder.path.rmdir()
    elif fate == "not UTF-8":
        monkeypatch.setattr("ganviz.session.run_folder.write_history", lambda *_, **__: "\udcff".encode())
    else:
        (folder.path / "metrics.json").mkdir()
    with pytest.raises(FileError, match="the run itself is kept in"):
        write_run(folder, trainer, summary)
    kept = tmp_path if fate == "deleted" else folder.path
    assert load_checkpoint(kept / "ganviz-step-3.ganviz").step == 3


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names are Unix's")
@pytest.mark.parametrize("make", ["mkdir", "mkfifo"])
def test_no_file_takes_the_place_of_a_folder_pipe_or_device(tmp_path: Path, make: str) -> None:
    """Once a device of the system, ``/dev/null``, became a file that way; a folder is refused before training."""
    place = tmp_path / "metrics.json"
    getattr(os, make)(place)
    before = place.stat().st_ino
    with pytest.raises(FileError, match=r"metrics.json' is there, and it is (a folder|no file)\."):
        run_folder(tmp_path, is_forced=True)
    with pytest.raises(FileError, match=r"cannot be written: it is (a folder|no file)\."), atomic_path(place):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.json"]
    assert place.stat().st_ino == before
    with (
        pytest.raises(FileError, match="cannot be written: File name too long"),
        atomic_path(tmp_path / ("a" * 999)),
    ):
        pass


def test_a_rescued_run_overwrites_nothing(tmp_path: Path, trainer: Trainer) -> None:
    first, second = (rescued(trainer, tmp_path) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first != second


@pytest.mark.skipif(sys.platform == "win32", reason="no folder that a process works in is removed there")
def test_a_run_whose_working_folder_is_gone_is_kept_in_the_temporary_one(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, temporary = tmp_path / "place", tmp_path / "temporary"
    place.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(place)
    place.rmdir()
    try:
        kept = rescued(trainer, tmp_path / "gone")
    finally:
        os.chdir(tmp_path)
    assert kept is not None
    assert kept.parent == temporary
    assert load_checkpoint(kept).step == trainer.step


def test_two_that_keep_the_same_step_at_once_keep_both(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has seen that there is no such file before the other puts its own there."""
    first = rescued(trainer, tmp_path)
    assert first is not None
    kept = first.read_bytes()
    monkeypatch.setattr(Path, "exists", lambda path: False)
    for lacks_links in (False, True):
        if lacks_links:
            monkeypatch.undo()
            monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(OSError("none here")))
        second = rescued(trainer, tmp_path)
        assert second not in (None, first)
    assert first.read_bytes() == kept
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX systems")
def test_a_link_goes_on_to_lead_to_its_file_and_who_may_read_it_stays(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    file, link = tmp_path / "below" / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to(file)
    with atomic_path(link) as temporary:
        temporary.write_text("new")
        assert temporary.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)
    file.chmod(0o400)
    with atomic_path(file) as temporary:
        assert temporary.stat().st_mode & 0o777 == 0o600, "it has to be written first"
        temporary.write_text("newer")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("newer", 0o400)
    new = tmp_path / "new"
    new.symlink_to(tmp_path / "below" / "later")
    with atomic_path(new) as temporary:
        temporary.write_text("later")
    assert (tmp_path / "below" / "later").read_text() == "later"
    assert [path.name for path in (tmp_path / "below").iterdir() if path.name.startswith(".")] == []
