"""Dialogs of files begin in one place, where runs are saved, until a person has chosen something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ganviz.data.image_folder import ImageFolder
from ganviz.data.points_file import PointsFile
from ganviz.views.window import export_dialog, exports, first_place
from ganviz.views.window.memory import WindowMemory

ALL = "open", "open_log", "points", "images", "save", "export"


@pytest.fixture
def begun(monkeypatch):
    """Where each dialog began, and what is answered by the next one."""
    told = {"places": [], "answer": "", "is_there": []}

    def asked(parent, title, place, *_, **__):
        told["places"].append(place)
        told["is_there"].append(bool(place) and Path(place).parent.is_dir())
        return (told["answer"], "")

    def exported(dialog):
        told["places"].append(dialog._folder.text())
        return False

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, asked)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: asked(*given)[0])
    monkeypatch.setattr(exports, "answer_to", exported)
    return told


@pytest.fixture
def documents(monkeypatch, tmp_path):
    """The folder of a person who has not saved anything yet, nor has any documents."""
    folder = tmp_path / "Documents" / "ganviz"
    for module in (first_place, export_dialog):
        monkeypatch.setattr(module, "documents", lambda: folder)
    monkeypatch.setattr("ganviz.views.window.runs.documents", lambda: folder)
    return folder


def ask(window, what):
    acts = {
        "points": lambda: window.files.choose_data(PointsFile()),
        "images": lambda: window.files.choose_data(ImageFolder()),
    }
    acts.get(what, lambda: window.actions_.do(what))()


@pytest.mark.parametrize("what", ALL)
def test_all_begin_where_runs_are_saved(open_window, begun, tmp_path, what):
    WindowMemory().keep_text("runs_folder", str(tmp_path))
    ask(open_window(), what)
    assert begun["places"] == [str(tmp_path / "run.ganviz") if what == "save" else str(tmp_path)]


@pytest.mark.parametrize("what", ALL)
def test_before_anything_was_saved_the_first_place_is_the_same(open_window, begun, documents, tmp_path, what):
    """The first run was saved in the working folder, and an export went to the documents."""
    ask(open_window(), what)
    expected = {"save": documents / "run.ganviz", "export": documents}.get(
        what, tmp_path
    )  # what is there of it
    assert begun["places"] == [str(expected)]
    assert begun["is_there"] == ([] if what == "export" else [True])
    assert list(tmp_path.iterdir()) == [], "nothing was saved: nothing is there"


def test_the_folder_stays_where_the_run_is_to_be_saved_in_it(open_window, begun, documents):
    begun["answer"] = str(documents / "mine")
    window = open_window()
    window.actions_.do("save")
    assert documents.is_dir()
    assert window.commands[-1].path == documents / "mine.ganviz"


def test_an_export_is_proposed_where_the_last_one_went(open_window, begun, tmp_path, monkeypatch):
    window = open_window()
    window.exports._folder = tmp_path / "figures"
    ask(window, "export")
    assert begun["places"] == [str(tmp_path / "figures")]
