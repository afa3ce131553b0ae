"""Which file a run is saved to: never one that was refused, never that of another run, never one unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ganviz.session.commands import LoadCheckpoint, SaveCheckpoint
from ganviz.session.events import ConfigChanged, FileWritten, Refused
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Stamp
from ganviz.views import window_files


@pytest.fixture
def window(open_window):
    window = open_window()
    window.handle_event(ConfigChanged(RunConfig(), Stamp(1, 0, 0), True))
    window.commands.clear()
    return window


@pytest.fixture
def answers(monkeypatch, tmp_path):
    """The name that a person types when asked for one, and whether they let a file be overwritten."""
    given = {"name": str(tmp_path / "typed"), "overwrites": False, "asked": []}
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda *_, **__: (given["asked"].append("name"), (given["name"], ""))[1],
    )

    def confirm(parent, path):
        given["asked"].append(path)
        return given["overwrites"]

    monkeypatch.setattr(window_files, "confirm_overwriting", confirm)
    return given


def replaced(window, path=None, run=2):
    window.handle_event(ConfigChanged(RunConfig(), Stamp(run, 0, 0), True, path))


def test_a_refused_file_is_not_saved_to(window, answers, tmp_path):
    precious = tmp_path / "mydata.csv"
    window.open_path(precious)
    assert window.commands == [LoadCheckpoint(precious)]
    window.handle_event(Refused("It is not a checkpoint."))
    window.files.save()
    assert SaveCheckpoint(precious) not in window.commands
    assert answers["asked"] == ["name"]


def test_an_opened_file_is_saved_to_until_another_run_begins(window, answers, tmp_path):
    path = tmp_path / "a.ganviz"
    window.open_path(path)
    replaced(window, path)
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(path)
    assert answers["asked"] == []
    replaced(window, None, run=3)
    window.files.save()
    assert answers["asked"] == ["name"]
    assert window.commands[-1] != SaveCheckpoint(path)


def test_a_refused_file_leaves_the_target_as_it_was(window, answers, tmp_path):
    replaced(window, tmp_path / "a.ganviz")
    window.open_path(tmp_path / "damaged.ganviz")
    window.handle_event(Refused("It is damaged."))
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(tmp_path / "a.ganviz")


def test_a_file_is_the_target_once_it_has_been_written(window, answers):
    path = Path(answers["name"] + ".ganviz")
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(path)
    window.files.save()
    assert answers["asked"] == ["name", "name"]
    window.handle_event(FileWritten(path))
    window.files.save()
    assert answers["asked"] == ["name", "name"]


def test_a_file_that_is_written_after_its_run_has_gone_is_not_saved_to(window, answers):
    window.files.save()
    replaced(window)
    window.handle_event(FileWritten(Path(answers["name"] + ".ganviz")))
    window.files.save()
    assert answers["asked"] == ["name", "name"]


@pytest.mark.parametrize("overwrites", [False, True])
def test_overwriting_is_asked_about_under_the_whole_name(window, answers, overwrites):
    answers["overwrites"] = overwrites
    path = Path(answers["name"] + ".ganviz")
    path.write_text("precious")
    window.files.save_as()
    assert answers["asked"] == ["name", path]
    assert (SaveCheckpoint(path) in window.commands) is overwrites


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("run1", "run1.ganviz"),
        ("lr0.001", "lr0.001.ganviz"),
        ("a.ganviz", "a.ganviz"),
        ("A.GANVIZ", "A.GANVIZ"),
    ],
)
def test_a_name_gets_its_ending(typed, name):
    assert window_files.with_ending(Path(typed), ".ganviz") == Path(name)
