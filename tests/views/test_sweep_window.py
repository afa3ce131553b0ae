"""A sweep in the window: what is asked, told and drawn, and one that is really trained."""

from __future__ import annotations

import json
import tempfile

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganviz.session.commands import LoadCheckpoint
from ganviz.session.sweeps.plan import read_values
from ganviz.views.plot.values_table import ValuesTable
from ganviz.views.window import sweeps
from ganviz.views.window.sweep_state import SweepState
from ganviz.views.window.sweep_table import CellsModel
from ganviz.views.window.sweep_window import SweepWindow
from ganviz.views.window.sweep_words import settings_to_vary

PLANNED = {
    "event": "planned", "vary": [["formulation", ["a", "b"]], ["training.d_steps", ["1", "2", "5"]]],
    "cells": [[f, d] for f in "ab" for d in "125"], "seeds": 4, "first_seed": 7, "steps": 100,
}  # fmt: skip


def ended(cell, median, **also):
    quantiles = {
        "n": 4,
        "q10": median - 2,
        "q25": median - 1,
        "median": median,
        "q75": median + 1,
        "q90": median + 2,
    }
    line = {"event": "cell", "cell": cell, "state": "done", "error": None, "trained": 4, "diverged": 0}
    values = {"d_loss": [median - 1, median, None, median + 1]}
    return {**line, "figures": {"d_loss": quantiles, "modes_hit": quantiles}, "seed_values": values, **also}


def test_what_is_told_becomes_a_table_and_a_map():
    state = SweepState()
    state.read(PLANNED)
    state.read({"event": "step", "cell": 2, "step": 50})
    assert state.share == pytest.approx(50 / 600)
    for cell, median in ((1, 1.0), (2, 2.0), (6, 7.0)):
        state.read(ended(cell, median))
    state.read(ended(3, 0.0, state="failed", error="Alas.", figures={}, seed_values={}))
    state.read({"event": "step", "cell": 4, "step": 99})
    state.stop()
    assert [cell.state for cell in state.cells] == ["done", "done", "failed", "waiting", "waiting", "done"]
    assert state.figures() == ("modes_hit", "d_loss")
    np.testing.assert_array_equal(state.grid("d_loss", 1, 0), [[1, 2, np.nan], [np.nan, np.nan, 7]])
    np.testing.assert_array_equal(state.grid("d_loss", 0, None), [[1.5, 7]])
    assert [(*row[:3], row[4]) for row in state.comparison(0, 5).rows] == [("L_D", 3, 6.0, "other losses")]
    assert state.comparison(0, 1).rows[0][4] == "too few seeds to tell"
    assert state.comparison(0, 2).rows == []


def test_figures_stand_below_each_other_by_their_points():
    model, state = CellsModel(), SweepState()
    state.read(PLANNED)
    state.read(ended(1, 0.5))
    state.read(ended(2, -0.125))
    model.show_state(state)
    cells = [model.index(row, 6) for row in (0, 1)]
    assert [model.data(cell) for cell in cells] == ["0.5000", "\u22120.1250"]
    assert all(model.data(c, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight for c in cells)


@pytest.fixture
def window(open_window, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    window = open_window()
    window.commands.clear()
    return window


def test_a_sweep_is_asked_for_trained_opened_and_gone_on_with(window, qtbot, tmp_path, monkeypatch):
    window.actions_.do("sweep")
    dialog, form = window.sweeps.dialog, window.sweeps.dialog.form
    assert "formulation" in settings_to_vary()
    assert "training.seed" not in settings_to_vary()
    assert [read_values(row.option()).path for row in form.rows] == ["formulation", "training.d_steps"]
    form.rows[1].remove.click()
    form.add("architecture.width", width := "8")
    form.seeds.setValue(2)
    form.steps.setValue(3)
    form.workers.setValue(1)
    form.out.setText(str(tmp_path / "out"))
    dialog.begin.click()
    assert not form.isEnabled()
    monkeypatch.setattr(sweeps, "confirm_stopping", lambda parent: False)
    assert not window.close()
    qtbot.waitUntil(lambda: not dialog.process.is_running, timeout=120_000)
    assert dialog.said.text() == f"All 2 cells are done. The tables are in {tmp_path / 'out'}."
    model = dialog.model
    texts = [[model.data(model.index(row, column)) for column in range(5)] for row in range(2)]
    assert texts == [
        ["1", "done", "Saturating", width, "2 of 2"],
        ["2", "done", "Non-saturating", width, "2 of 2"],
    ]
    dialog.table.selectAll()
    dialog.compare.click()
    (table,) = dialog.findChildren(ValuesTable)
    assert table.windowTitle() == "Values: cell 2 minus cell 1, by equal seeds"
    assert table.model.values.rows[0][:2] == ("Sliced Wasserstein", 2)
    table.close()
    dialog.table.selectRow(1)
    assert not dialog.compare.isEnabled()
    dialog.open_cell.click()
    assert window.commands == [LoadCheckpoint(tmp_path / "out" / "cells" / "0002" / "checkpoint.ganviz")]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert dialog.state.cells[0].figures == summary["cells"][0]["figures"]
    assert (dialog.begin.isEnabled(), dialog.resume.isEnabled()) == (False, True)
    assert_the_folders_sweep_is_shown_and_gone_on_with(dialog, qtbot)
    form.out.setText(str(tmp_path / "other"))
    form.rows[0].values.setText("hinges")
    dialog.begin.click()
    qtbot.waitUntil(lambda: not dialog.process.is_running, timeout=120_000)
    assert "did you mean hinge" in dialog.said.text()


def test_settings_that_were_handed_over_leave_the_temporary_folder(window, tmp_path, monkeypatch):
    window.actions_.do("sweep")
    dialog, begun = window.sweeps.dialog, []
    monkeypatch.setattr(dialog.process, "begin", begun.append)
    monkeypatch.setattr(tempfile, "tempdir", str(temp := tmp_path / "temp"))
    dialog.form.out.setText(str(tmp_path / "out"))
    dialog._start(resumes=False)
    assert dialog.said.text() == "The settings cannot be handed to the sweep: No such file or directory."
    assert not begun
    temp.mkdir()
    for forget in (lambda: dialog.read(PLANNED), lambda: dialog._ended(1, ""), lambda: dialog.end(0)):
        dialog._start(resumes=False)
        (handed,) = temp.iterdir()
        assert str(handed) in begun.pop()
        forget()
        assert not list(temp.iterdir())


def assert_the_folders_sweep_is_shown_and_gone_on_with(dialog, qtbot):
    asked = dialog.form.options()
    dialog.form.add("training.batch_size", "64, 128")
    dialog.form.seeds.setValue(5)
    dialog.form.steps.setValue(700)
    dialog.resume.click()
    qtbot.waitUntil(lambda: not dialog.process.is_running, timeout=120_000)
    assert dialog.form.options() == asked


@pytest.mark.parametrize("text", ["x" * 300, "x/" * 2100, "\0"])
def test_text_that_is_no_path_is_no_place_for_a_sweep(window, text):
    """A table that was pasted into the line of the folder was a defect: a name that long cannot be asked about."""
    window.actions_.do("sweep")
    dialog = window.sweeps.dialog
    dialog.form.out.setText(f"/tmp/{text}")
    assert not dialog.begin.isEnabled()
    assert not dialog.resume.isEnabled()


def test_values_with_commas_are_shown_as_they_are_typed(window):
    window.actions_.do("sweep")
    form = window.sweeps.dialog.form
    values = ["custom: max(t, 0), t; t; -t", "hinge"]
    form.show_plan({**PLANNED, "vary": [["formulation", values]]})
    assert list(read_values(form.rows[0].option()).values) == values
    assert form.options()[2:] == ["--seeds", "4", "--seed", "7", "--steps", "100"]


def test_maps_and_bands_are_painted_and_failures_told(window):
    window.actions_.do("sweep")
    dialog = window.sweeps.dialog
    for page in range(2):  # both are painted, with nothing and with figures
        dialog.figures.tabs.setCurrentIndex(page)
        dialog.grab()
        for line in (
            PLANNED,
            ended(1, 1.0),
            ended(6, 2.0),
            ended(2, 1.0, state="failed", error="Alas.", figures={}),
        ):
            dialog.read(line)
        told = "2 of 6 cells are done. 1 failed: choose one to see why."
        assert dialog.said.text() == told
        dialog.table.selectRow(1)
        assert dialog.said.text() == f"{told}\nCell 2 failed: Alas."
        assert not dialog.open_cell.isEnabled()
        dialog.read({"event": "step", "cell": 3, "step": 1})
        assert dialog.said.text() == f"{told}\nCell 2 failed: Alas."
        dialog.grab()
        dialog.table.selectRow(0)  # nothing is left of what another cell said
        assert dialog.said.text() == told
    dialog.read({"event": "warned", "words": "Job <b>7</b> ended."})
    assert dialog.said.text().endswith("choose one to see why. Job <b>7</b> ended.")


def test_the_window_closes_as_often_as_it_is_opened(window, qtbot):
    for end in (lambda one: one.close(), lambda one: QTest.keyClick(one, Qt.Key.Key_Escape)) * 2:
        window.actions_.do("sweep")
        (form,) = [
            one for one in QApplication.topLevelWidgets() if isinstance(one, SweepWindow) and one.isVisible()
        ]
        end(form)
        qtbot.waitUntil(lambda form=form: not form.isVisible())
