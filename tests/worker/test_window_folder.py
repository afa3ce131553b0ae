"""What windows that were killed have left is found, by one of those that look, and goes when nobody needs it."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from ganviz.session.aside_note import AsideNote, note_path, read_note
from ganviz.worker import window_folder
from ganviz.worker.aside import OPENED, RUN, SAVED, Aside
from ganviz.worker.window_folder import MOST_FOUND, WindowFolder, left_behind, own_folder


def killed(root: Path, step: int = 100, *, age_s: float = 100.0) -> WindowFolder:
    """Return the folder of a window that was killed when its run had been put aside."""
    folder = own_folder(root)
    run = folder.path / RUN
    run.write_bytes(b"a run")
    AsideNote(step, "Ring").write(run)
    folder.let_go()
    at = time.time() - age_s
    os.utime(run, (at, at))
    os.utime(folder.path, (at, at))
    return folder


def test_the_newest_comes_first_and_a_living_window_is_left_alone(tmp_path: Path) -> None:
    own = own_folder(tmp_path)
    (own.path / RUN).write_bytes(b"mine")
    old, new = killed(tmp_path, 7, age_s=500), killed(tmp_path, 8)
    found = left_behind(tmp_path)
    assert [folder.path for folder in found.folders] == [new.path, old.path]
    assert [folder.note.step for folder in found.folders] == [8, 7]
    assert not found.is_pending
    assert left_behind(tmp_path).folders == (), "two windows do not offer the same run"
    found.folders[0].remove()
    found.folders[1].let_go()
    assert [folder.path for folder in left_behind(tmp_path).folders] == [old.path]


def test_what_is_old_empty_saved_or_too_much_goes(tmp_path: Path) -> None:
    empty = killed(tmp_path)
    empty.run.unlink()
    os.utime(empty.path, (0, 0))
    (killed(tmp_path, 50).path / SAVED).write_text("50")
    kept = [killed(tmp_path, age_s=200 + i) for i in range(MOST_FOUND + 2)]
    also = killed(tmp_path, 51)
    (also.path / SAVED).write_text("50")
    found = left_behind(tmp_path).folders
    assert [folder.path for folder in found] == [also.path, *(folder.path for folder in kept)][:MOST_FOUND]
    assert len(list(tmp_path.iterdir())) == MOST_FOUND


def found_at(root: Path, now: float) -> int:
    found = left_behind(root, now).folders
    for folder in found:
        folder.let_go()
    return len(found)


def test_what_is_older_than_a_week_is_offered_for_a_day_more(tmp_path: Path) -> None:
    killed(tmp_path)
    now, day = time.time(), 86400.0
    assert found_at(tmp_path, now + 20 * day) == 1, "nobody has been asked about it"
    assert found_at(tmp_path, now + 20.9 * day) == 1
    assert found_at(tmp_path, now + 21.1 * day) == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("marked", ["", "9" * 30, "-", "4e9"])
def test_a_clock_that_is_wrong_at_one_start_loses_no_run(tmp_path: Path, marked: str) -> None:
    folder = killed(tmp_path)
    now, day = time.time(), 86400.0
    assert found_at(tmp_path, now + 400 * day) == 1
    assert found_at(tmp_path, now + 0.1 * day) == 1
    assert found_at(tmp_path, now + 500 * day) == 1
    (folder.path / window_folder.AGED).write_text(marked)
    assert found_at(tmp_path, now + 30 * day) == 1
    assert found_at(tmp_path, now + 32 * day) == 0


@pytest.mark.parametrize("written_at", [1e9, 4e9])
def test_a_clock_that_was_set_back_or_not_set_at_all_loses_no_run(tmp_path: Path, written_at: float) -> None:
    run = killed(tmp_path, age_s=time.time() - written_at)
    assert [folder.path for folder in left_behind(tmp_path).folders] == [run.path]


def test_a_window_that_is_just_being_opened_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert left_behind(tmp_path).folders == ()
    assert (tmp_path / "new").is_dir()
    assert left_behind(tmp_path / "none").folders == ()


def test_a_run_that_is_still_being_put_aside_is_waited_for(tmp_path: Path) -> None:
    folder = killed(tmp_path)
    engine = window_folder.claim(folder.path / window_folder.ENGINE_LOCK)
    assert engine is not None
    found = left_behind(tmp_path)
    assert (found.folders, found.is_pending) == ((), True)
    engine.give_up()
    assert len(left_behind(tmp_path).folders) == 1


def test_a_run_that_is_taken_over_is_kept_until_it_has_been_put_aside_anew(tmp_path: Path) -> None:
    own = own_folder(tmp_path)
    aside = Aside(own.path, lambda: 100.0)
    killed(tmp_path, 30)
    (found,) = left_behind(tmp_path).folders
    own.adopt(found)
    assert not found.path.exists()
    assert (own.run, own.note) == (own.path / OPENED, AsideNote(30, "Ring"))
    own.let_go()
    (again,) = left_behind(tmp_path).folders
    assert again.run.name == OPENED
    aside._is_wanted = True
    (own.path / RUN).write_bytes(b"newer")
    aside.ended(well=True)
    assert own.run.name == RUN
    assert not note_path(own.path / OPENED).exists()


def test_where_no_folder_can_be_made_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError, match="Not a directory"):
        own_folder(tmp_path / "file" / "windows")


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"step": 1}', '{"step": -1, "title": ""}', "[" * 9000, "\udcff"]
)
def test_a_note_that_cannot_be_read_is_an_empty_one(tmp_path: Path, content: str) -> None:
    note_path(tmp_path / RUN).write_text(content, "utf-8", errors="surrogateescape")
    assert read_note(tmp_path / RUN) == AsideNote()


def test_a_disk_without_room_leaves_the_note_that_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / RUN
    AsideNote(7, "Ring").write(run)

    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", lambda path, *_, **__: path.open("w").close() or fail())
        with pytest.raises(OSError, match="No space left"):
            AsideNote(9, "Ring").write(run)
    assert read_note(run) == AsideNote(7, "Ring")
    assert [path.name for path in tmp_path.iterdir()] == [note_path(run).name]
