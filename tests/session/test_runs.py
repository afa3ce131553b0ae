"""A folder of saved runs is the truth: its index is thrown away at any time, and nothing is lost or executed."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import pickle
import random
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest

from ganviz.cli import main
from ganviz.cli.runs import MEDIANS
from ganviz.session.aside_note import AsideNote, note_path, read_note
from ganviz.session.commands import LoadCheckpoint, Step
from ganviz.session.events import ConfigChanged
from ganviz.session.foreign_arrays import read_arrays
from ganviz.session.runner import Runner
from ganviz.session.runs import reading
from ganviz.session.runs.about import About, about_path, read_about, write_about
from ganviz.session.runs.comparing import differing_settings
from ganviz.session.runs.curves import curves_of, unpacked
from ganviz.session.runs.entry import found_in, sorted_entries
from ganviz.session.runs.index import RunIndex, index_path, throw_away
from ganviz.session.runs.scanning import known, listed
from ganviz.session.settings import with_settings
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.training import checkpoint
from ganviz.training.checkpoint import checkpoint_bytes, load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer

SMALL = ["architecture.width=4", "training.batch_size=8"]


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    found = {}
    for name, settings, steps in (
        ("early", ["training.seeds=2"], 3),
        ("folder/checkpoint", ["formulation.loss=hinge", "distribution=gaussian_1d"], 70),
    ):
        trainer = Trainer(with_settings(RunConfig(), [*SMALL, *settings]))
        trainer.train(steps)
        trainer.flush()
        found[f"{name}.ganviz"] = checkpoint_bytes(trainer)
    return found


class Hostile:
    def __reduce__(self) -> object:
        return (Path.touch, (Path("executed"),))


@pytest.fixture
def folder(tmp_path: Path, contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs"
    files = {
        **contents,
        "deep/er/foreign.ganviz": pickle.dumps(Hostile()),
        ".hidden/x.ganviz": b"",
        "log/events.out.tfevents.1.ganviz": b"",
        "y.csv": b"",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_is_listed_with_what_its_runs_came_to(folder: Path, contents: dict[str, bytes]) -> None:
    told: list[tuple[int, int]] = []
    foreign, early, other = listed(folder, lambda *done: told.append(done))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert foreign.error.endswith("is not a ganviz checkpoint.")
    assert not Path("executed").exists()
    assert (early.name, early.step, early.data, early.keyframes) == ("early", 3, "ring", (0, 1, 2))
    assert (other.name, other.step, other.formulations) == ("folder", 70, "hinge")
    trainer = load_checkpoint(folder / "folder/checkpoint.ganviz")
    assert other.config() == trainer.config
    assert other.figure("d_loss") == trainer.history.last_row(0)["d_loss"]
    pictures = known(folder)[1]
    assert set(pictures) == set(contents)
    assert all(png.startswith(b"\x89PNG") for png in pictures.values())


def test_curves_are_those_of_the_record(folder: Path) -> None:
    listed(folder)
    with RunIndex(index_path(folder)) as index:
        curves = unpacked(index.curves("folder/checkpoint.ganviz"))
    history = load_checkpoint(folder / "folder/checkpoint.ganviz").history
    exact = curves_of(history, 1)
    for one, same in ((curves.history, exact.history), (curves.measured, exact.measured)):
        np.testing.assert_array_equal(one.last, same.last)
        np.testing.assert_allclose(one.mean, same.mean, rtol=1e-6)
    place = curves.history.column("samples_seen")
    np.testing.assert_array_equal(curves.history.low[:, place], exact.history.low[:, place])
    np.testing.assert_array_equal(curves.measured.last, history.measured.table(0)[0])


def _damage(path: Path, how: str) -> None:
    """Do to an index what happens to files; that of an earlier program has other tables."""
    if how == "deleted":
        throw_away(path)
    elif how == "text":
        path.write_bytes(b"no base at all" * 500)
    elif how == "torn":
        content = bytearray(path.read_bytes())
        content[4096:] = bytes(len(content) - 4096)
        path.write_bytes(content)
    else:
        base = sqlite3.connect(path)
        with base:
            base.execute({"version": "PRAGMA user_version = 99", "program": "PRAGMA application_id = 7",
                          "table": "DROP TABLE runs", "entry": "UPDATE runs SET entry = '[1]'",
                          "infinite": "UPDATE runs SET entry = replace(entry, 'step\": ', 'step\": 1e999')"}
                         [how])  # fmt: skip
        base.close()


@pytest.mark.parametrize(
    "how", ["deleted", "text", "torn", "version", "program", "table", "entry", "infinite"]
)
def test_an_index_that_is_lost_or_damaged_is_made_anew(folder: Path, how: str) -> None:
    write_about(folder / "early.ganviz", About(("good",), "as hoped", "folder/checkpoint.ganviz", 64))
    first = listed(folder)
    assert first[1].about.tags == ("good",)
    _damage(index_path(folder), how)
    assert known(folder) == ([], {})
    assert listed(folder) == first


def test_damaged_curves_are_a_few_known_errors(folder: Path) -> None:
    listed(folder)
    with RunIndex(index_path(folder)) as index:
        whole = index.curves("folder/checkpoint.ganviz")
    rng, refused = random.Random(1), 0
    for _ in range(300):
        content = bytearray(whole)
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        try:
            unpacked(bytes(content))
        except UNFIT:
            refused += 1
    assert refused > 200


def test_arrays_larger_than_they_may_be_are_not_unpacked() -> None:
    file = io.BytesIO()
    np.savez_compressed(file, zeros=np.zeros(10**6))
    assert len(file.getvalue()) < 10**4
    with pytest.raises(ValueError, match="larger than they may be"):
        read_arrays(file, 10**6)
    assert not read_arrays(file, 10**7)["zeros"].any()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no names there")
def test_a_pipe_beside_a_run_is_not_waited_for(tmp_path: Path) -> None:
    for path in (about_path(tmp_path / "a.ganviz"), note_path(tmp_path / "run.ganviz")):
        os.mkfifo(path)
    assert read_about(tmp_path / "a.ganviz") == About()
    assert read_note(tmp_path / "run.ganviz") == AsideNote()


@pytest.mark.parametrize("error", [MemoryError(), OSError(24, "Too many open files")])
def test_a_run_that_the_machine_could_not_read_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refused(*_: object) -> bytes:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "read_archive" if isinstance(error, MemoryError) else "free_bytes", refused)
        assert [bool(entry.error) for entry in listed(folder)] == [True, True, True]
    assert [bool(entry.error) for entry in listed(folder)] == [True, False, False]


def test_only_what_has_changed_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = reading.read_run
    monkeypatch.setattr(reading, "read_run", lambda *a: (read.append(a[1].place), real(*a))[1])
    listed(folder)
    assert len(read) == 3
    write_about(folder / "early.ganviz", About(("a",)))
    assert listed(folder)[1].about == About(("a",))
    (folder / "early.ganviz").rename(folder / "later.ganviz")
    assert [entry.place for entry in listed(folder)][1:] == ["folder/checkpoint.ganviz", "later.ganviz"]
    assert read[3:] == ["later.ganviz"]


def test_a_list_needs_no_file_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / "file"))
    monkeypatch.setattr("sys.platform", "linux")
    assert len(listed(folder)) == 3


def test_indices_of_folders_that_nobody_looks_at_go(folder: Path) -> None:
    listed(folder)
    other = index_path(folder).with_name("other.sqlite")
    for path in (other, index_path(folder)):
        path.touch()
        os.utime(path, (0, 0))
    assert len(listed(folder)) == 3
    assert not other.exists()
    assert index_path(folder).exists()


def test_words_on_a_run_are_read_with_care_and_leave_no_empty_file(tmp_path: Path) -> None:
    run = tmp_path / "a.ganviz"
    about_path(run).write_text('{"tags": ["a, b", 3, "a"], "notes": 7, "parent_step": -1, "parent": "x"}')
    assert read_about(run) == About(("a", "b"), "", "x", 0)
    for text in ("[" * 100_000, "7", "{"):
        about_path(run).write_text(text)
        assert read_about(run) == About()
    write_about(run, About())
    assert list(tmp_path.iterdir()) == []


def test_runs_are_sorted_and_found(folder: Path) -> None:
    entries = listed(folder)
    names = lambda found: [entry.name for entry in found]  # noqa: E731
    assert names(sorted_entries(entries, "step", descends=True)) == ["folder", "early", "deep/er/foreign"]
    # The line has no modes: such runs come last, whichever way.
    assert names(sorted_entries(entries, "js_divergence"))[-1] == "deep/er/foreign"
    assert names(entry for entry in entries if found_in(entry, "HINGE gaussian")) == ["folder"]
    told = next(entry for entry in entries if entry.name == "early")
    assert (told.formulation_titles, told.data_title) == ("Non-saturating", "Ring")
    assert found_in(told, "non-saturating ring")
    own = [
        dataclasses.replace(told, data="points_file", settings=json.dumps({"distribution": plain}))
        for plain in (
            {"kind": "points_file", "path": "/data/lizards.csv"},
            {"kind": "points_file", "path": r"C:\data\ants.csv"},
            {"kind": "mnist", "folder": "/data/kmnist"},
            {"kind": "mnist", "folder": ""},
            {"kind": "unheard of", "path": "x"},
            ["odd"],
        )
    ]
    assert [entry.data_file for entry in own] == ["lizards.csv", "ants.csv", "kmnist", "", "", ""]
    assert found_in(own[0], "lizards")
    assert own[0].data_title == "lizards.csv"
    assert sorted_entries(own[:2], "data")[0].data_file == "ants.csv"
    with pytest.raises(InvalidValueError, match=r"sorted by name, saved, .*, not by 'size'\."):
        sorted_entries(entries, "size")


def test_settings_that_differ_are_one_row_each() -> None:
    first = RunConfig()
    other = with_settings(first, ["generator_optimizer.learning_rate=0.5", "distribution.n_modes=5"])
    third = with_settings(first, ["distribution=two_moons", "training.d_steps=3"])
    rows = {row.path: row.values for row in differing_settings([first, other, third])}
    assert rows["distribution.n_modes"] == ("8", "5", "–")
    assert rows["distribution"] == ("Ring", "Ring", "Two moons")
    assert rows["training.d_steps"] == ("1", "1", "3")
    assert rows["lanes.0.generator_optimizer.learning_rate"] == ("0.002", "0.5", "0.002")
    assert differing_settings([first, first]) == []


def test_the_command_lists_finds_and_compares(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def code(*arguments: str) -> int:
        return main(["runs", *arguments], *[lambda *_: 1] * 3)

    def told(*arguments: str) -> str:
        assert code(str(folder), *arguments) == 0
        return capsys.readouterr().out

    found = json.loads(told("--json", "--differ", "--sort", "step"))
    assert [run["name"] for run in found["runs"]] == ["deep/er/foreign", "early", "folder"]
    assert {"path": "training.seeds", "values": ["2", "1"]} in found["differ"]
    assert told("--find", "hinge").splitlines()[1].split()[:4] == ["folder", "70", "gaussian_1d", "hinge"]
    head, one, last = told("--find", "early").splitlines()
    assert head.split()[1:4] == ["steps", "seeds", "data"]
    assert one.split()[:4] == ["early", "3", "2", "ring"]
    assert last == MEDIANS
    assert [(run["seeds"], run["figures_are_medians"]) for run in found["runs"][1:]] == [
        (2, True),
        (1, False),
    ]
    assert MEDIANS not in told("--find", "hinge")
    assert told("--background") == "0 of 0\n"
    trainer = Trainer(with_settings(RunConfig(), [*SMALL, "lanes.0.label=a\x1b[2Jb"]))
    (folder / "sly.ganviz").write_bytes(checkpoint_bytes(trainer))
    assert "a [2Jb" in (text := told("--differ"))
    assert "\x1b" not in text
    assert told("--find", "nowhere").startswith("no runs; ")
    assert code(str(folder / "gone")) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_the_command_writes_words_and_deletes_only_what_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone: list[Path] = []

    def told(*arguments: str, can: bool = True, code: int = 0) -> str:
        def to_wastebasket(path: Path) -> bool:
            if can:
                gone.append(path)
            return can

        assert main(["runs", str(folder), *arguments], *[lambda *_: 1] * 3, to_wastebasket) == code
        return "".join(capsys.readouterr())

    early = ("--run", "early")
    told(*early, "--run", "folder", "--tag", "good, paper", "--tag", "b")
    found = json.loads(told(*early, "--untag", "paper", "--note", "G wins\nlate", "--json"))
    assert [(run["name"], run["tags"], run["notes"]) for run in found["runs"]] == [
        ("early", ["good", "b"], "G wins\nlate")
    ]
    assert read_about(folder / "folder/checkpoint.ganviz").tags == ("good", "paper", "b")
    assert "good, b  G wins late" in told("--find", "wins")
    told(*early, "--note", "", "--untag", "good,b")
    assert not about_path(folder / "early.ganviz").exists()
    assert "--run names" in told("--tag", "x", code=2)
    assert "There is no run 'Early'" in told("--run", "Early", "--delete", code=2)
    assert "It is still there." in told(*early, "--delete", can=False, code=2)
    assert gone == []
    assert "early" in told("--run", "folder", "--delete")
    assert gone == [folder / "folder"]


def test_a_fork_goes_on_from_a_keyframe_and_drops_nothing_of_the_file(folder: Path) -> None:
    path = folder / "folder/checkpoint.ganviz"
    content = path.read_bytes()
    runner = Runner(with_settings(RunConfig(), SMALL))
    restarted = [one for one in runner.handle(LoadCheckpoint(path, 64)) if isinstance(one, ConfigChanged)]
    assert [(one.stamp.step, one.restarted, one.path) for one in restarted] == [(64, True, path)]
    whole = load_checkpoint(path)
    np.testing.assert_array_equal(runner.trainer.history.table(0), whole.history.table(0, 64))
    runner.handle(Step())
    assert runner.trainer.step == 65
    assert path.read_bytes() == content


def test_the_command_line_forks_too_and_names_the_parent(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, child = folder / "folder/checkpoint.ganviz", folder / "child"

    def resumed(step: str) -> int:
        rest = ["--steps", "2", "--from-step", step, "--out", str(child), "--quiet"]
        return main(["resume", str(path), *rest], *[lambda *_: 1] * 3)

    assert resumed("999") == 2
    assert "The run has no step 999: it has made" in capsys.readouterr().err
    assert resumed("63") == 0, "no keyframe, and made anew"
    forked = next(entry for entry in listed(folder) if entry.name == "child")
    assert (forked.step, forked.about.parent_words) == (65, "../folder at step 63")
