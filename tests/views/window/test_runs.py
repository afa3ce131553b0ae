"""The table of saved runs: what it shows, and that opening, forking, naming and deleting do to files what they say."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog

from ganviz import subprogram
from ganviz.scanning import RunScan
from ganviz.session.commands import LoadCheckpoint, SaveCheckpoint
from ganviz.session.events import ConfigChanged, FileWritten
from ganviz.session.runs.about import About, read_about
from ganviz.session.runs.comparing import differing_settings
from ganviz.session.runs.curves import RunCurves, packed
from ganviz.session.runs.entry import Entry, LaneEnd
from ganviz.session.runs.index import RunIndex, index_path
from ganviz.session.runs.removal import what_goes
from ganviz.session.settings import with_settings
from ganviz.training.columns import COLUMNS as HISTORY
from ganviz.training.columns import METRICS
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.snapshot import Stamp
from ganviz.views.controls.runs_model import COLUMNS, MOST_TICKED
from ganviz.views.window import runs as window_runs
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.sweep_words import compared_title

HEADINGS = [column.heading for column in COLUMNS]


def entry(place: str, quality: float | None = None, **fields: object) -> Entry:
    lanes = (LaneEnd("Hinge", "hinge", "trained", {"quality_fraction": quality}),)
    made = Entry(place, 0.0, 500, (0, 1, 64), "ring", lanes, '{"lanes": [{}]}')
    return dataclasses.replace(made, **fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose index is known, of which the window reads no run itself."""
    runs = [entry("a.ganviz", 0.2), entry("deep/checkpoint.ganviz", 0.9), entry("b.ganviz", 0.5),
            entry("bad.ganviz", lanes=(), error="It is damaged.")]  # fmt: skip
    with RunIndex(index_path(tmp_path)) as index:
        for run in runs:
            path = tmp_path / run.place
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"a run")
            index.put(run, ("", ""), b"", b"")
    return tmp_path


@pytest.fixture
def window(open_window, folder):
    WindowMemory().keep_text("runs_folder", str(folder))
    window = open_window()
    window.handle_event(ConfigChanged(RunConfig(), Stamp(1, 0, 0), True))
    window.docks.bring_forward(("runs",))
    window.runs.read()
    window.commands.clear()
    return window


def names(window):
    return [one.name for one in window.runs.panel.model.entries]


def select(window, *wanted):
    panel = window.runs.panel
    panel.table.clearSelection()
    panel._select({one.place for one in panel.model.entries if one.name in wanted})
    return panel._buttons


def write(window, name, heading, text):
    model = window.runs.panel.model
    return model.setData(model.index(names(window).index(name), HEADINGS.index(heading)), text)


def test_runs_are_sorted_searched_and_kept_selected(window, qtbot):
    panel = window.runs.panel
    panel.table.sortByColumn(HEADINGS.index("Quality"), Qt.SortOrder.DescendingOrder)
    assert names(window) == ["deep", "b", "a", "bad"]
    select(window, "b")
    panel.model.show_runs([entry("a.ganviz", 0.95)], {})
    window.runs.read()
    assert names(window)[0] == "deep"
    panel.search.setText("damaged")
    assert names(window) == ["bad"]
    assert panel.model.flags(panel.model.index(0, 0)) & Qt.ItemFlag.ItemIsUserCheckable == Qt.ItemFlag(0)
    panel.search.setText("nowhere to be found")
    assert panel.empty.text().startswith("No run has all of these words")


def test_names_of_cells_end_with_what_tells_them_apart(window):
    table = window.runs.panel.table
    names = [
        table.fontMetrics().elidedText(f"sweep-12/cells/000{k}", table.textElideMode(), 90) for k in (1, 2)
    ]
    assert names[0] != names[1]


def test_an_empty_folder_says_how_runs_get_there(open_window, tmp_path, qtbot):
    WindowMemory().keep_text("runs_folder", str(tmp_path / "none"))
    window = open_window()
    assert "Save as" in window.runs.panel.empty.text()
    assert str(tmp_path / "none") in window.runs.panel.empty.text()
    assert not any(button.isEnabled() for button in window.runs.panel._buttons.values())


def test_tags_and_notes_are_written_beside_the_run(window, folder, qtbot):
    assert write(window, "a", "Tags", " good, seen ,good")
    qtbot.waitUntil(lambda: window.runs.panel.model.entries[names(window).index("a")].about.tags != ())
    write(window, "a", "Notes", "<b>as hoped</b>")
    assert read_about(folder / "a.ganviz") == About(("good", "seen"), "<b>as hoped</b>")
    assert (folder / "a.ganviz").read_bytes() == b"a run"


def test_a_run_is_opened_and_its_error_is_not(window, folder):
    assert not select(window, "bad")["Open"].isEnabled()
    select(window, "deep")["Open"].click()
    assert window.commands == [LoadCheckpoint(folder / "deep/checkpoint.ganviz")]


def test_a_fork_is_an_unsaved_run_whose_parent_is_named(window, folder, monkeypatch, qtbot):
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("64", True))
    select(window, "b")["Fork …"].click()
    parent = folder / "b.ganviz"
    assert window.commands == [LoadCheckpoint(parent, 64)]
    window.handle_event(ConfigChanged(RunConfig(), Stamp(2, 64, 0), True, parent))
    assert "Fork of b[*]" in window.windowTitle()
    (folder / "new").mkdir()
    child = folder / "new" / "child.ganviz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(child), ""))
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(child)
    child.write_bytes(b"a fork")
    window.handle_event(FileWritten(child, 70))
    assert read_about(child) == About(parent="../b.ganviz", parent_step=64)
    assert parent.read_bytes() == b"a run"
    # The same file, opened: another run, without a parent.
    window.open_path(parent)
    window.handle_event(ConfigChanged(RunConfig(), Stamp(3, 0, 0), True, parent))
    assert window.files.path == parent
    assert window.files.parent_run is None


def test_runs_go_to_the_wastebasket_only_when_a_person_says_so(window, folder, monkeypatch):
    gone, asked = [], []
    monkeypatch.setattr(window_runs, "to_wastebasket", lambda path: gone.append(path) or True)
    answers = iter([False, True])
    monkeypatch.setattr(
        window_runs, "confirm_deletion", lambda parent, *what: (asked.append(what), next(answers))[1]
    )
    buttons = select(window, "a", "deep")
    buttons["Delete …"].click()
    assert gone == []
    buttons["Delete …"].click()
    assert asked[1] == (["a", "deep"], 1)
    assert gone == [folder / "a.ganviz", folder / "deep"]


def test_the_folder_is_that_of_the_newest_run_until_one_is_chosen(open_window, tmp_path):
    window = open_window()
    recent, runs = window.files.recent, window.runs
    recent.add(tmp_path / "first" / "a.ganviz")
    assert runs.folder == tmp_path / "first"
    recent.add(tmp_path / "first" / "deep" / "b.ganviz")  # as opened from the table
    recent.add(tmp_path / "points.csv")
    assert runs.folder == tmp_path / "first"
    recent.add(tmp_path / "sweep" / "0001" / "checkpoint.ganviz")
    assert runs.folder == tmp_path / "sweep"
    WindowMemory().keep_text("runs_folder", str(tmp_path))
    recent.add(tmp_path / "other" / "a.ganviz")
    assert runs.folder == tmp_path


def test_a_folder_with_something_else_in_it_stays(folder):
    (folder / "deep" / "thesis.tex").write_text("")
    assert what_goes(folder, "deep/checkpoint.ganviz") == (folder / "deep/checkpoint.ganviz",)
    (folder / "checkpoint.ganviz").write_text("")
    assert what_goes(folder, "checkpoint.ganviz") == (folder / "checkpoint.ganviz",)


def test_only_so_many_runs_are_ticked(window, folder):
    model = window.runs.panel.model
    model.show_runs([entry(f"{i}.ganviz") for i in range(MOST_TICKED + 2)], {})
    for row in range(MOST_TICKED + 2):
        model.setData(model.index(row, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert len(window.runs.panel.ticked()) == MOST_TICKED
    assert f"{MOST_TICKED} at most" in window.runs.panel.status.text()
    assert window.runs.panel._buttons["Compare settings"].isEnabled()
    window.runs.read()  # the index has been lost, and is made anew
    assert len(window.runs.panel.ticked()) == MOST_TICKED
    window.runs.scan_ended("")  # they have gone
    assert window.runs.panel.ticked() == []


@pytest.mark.parametrize(
    ("program", "progress", "problem"),
    [("print('0 of 2'); print('1 of 2', flush=True)", "1 of 2", ""),
     ("print('0 of 0'); sys.exit('ganviz: There is no folder.')", "", "There is no folder.")],
    ids=["well", "refused"],
)  # fmt: skip
def test_another_program_looks_through_the_folder(
    qtbot, qapp, tmp_path, monkeypatch, program, progress, problem
):
    monkeypatch.setattr(subprogram, "command", lambda: [sys.executable, "-c", f"import sys; {program}"])
    scan, told = RunScan(qapp), [""]
    scan.progressed.connect(told.append)
    with qtbot.waitSignal(scan.ended, timeout=30_000) as ended:
        scan.begin(tmp_path)
    assert (told[-1], ended.args) == (progress, [problem])
    scan.shut_down()
    scan.deleteLater()


def test_ticked_runs_stay_for_a_run_of_the_same_data_and_go_with_others(window, folder):
    """Those of the ring stayed drawn over a preset's run on the grid."""
    panel, ring, grid = window.runs.panel, window.config, with_settings(RunConfig(), ["distribution=grid"])
    runs = [entry("ring.ganviz"), dataclasses.replace(entry("grid.ganviz"), data="grid")]
    panel.show_runs(runs, {}, is_whole=True)
    begun = iter(range(2, 9))

    def ticked_after(config):
        window.handle_event(ConfigChanged(config, Stamp(next(begun), 0, 0), True))
        return [one.place for one in panel.ticked()]

    ticked_after(ring)
    for place in ("ring.ganviz", "grid.ganviz"):
        row = next(i for i, one in enumerate(panel.model.entries) if one.place == place)
        panel.model.setData(panel.model.index(row, 0), None, Qt.ItemDataRole.CheckStateRole)
    assert ticked_after(ring) == ["ring.ganviz", "grid.ganviz"], "a person has ticked it over other data"
    more = with_settings(ring, ["distribution.n_modes=5"])
    assert ticked_after(more) == ["ring.ganviz", "grid.ganviz"]
    assert ticked_after(grid) == ["grid.ganviz"]
    assert ticked_after(ring) == []


def test_ticked_runs_are_drawn_in_every_chart_until_they_are_unticked(window, folder):
    curves = RunCurves(*(
        LossTrace(columns, *[np.array([10])] * 2, *[np.ones((1, len(columns), 1))] * 3, np.ones((1, 1)), ())
        for columns in (HISTORY, METRICS)
    ))  # fmt: skip
    with RunIndex(index_path(folder)) as index:
        index.put(entry("a.ganviz"), ("", ""), b"", packed(curves))
        index.put(entry("b.ganviz"), ("", ""), b"", b"no curves")
    window.runs.read()
    model = window.runs.panel.model
    for name in ("a", "b", "a"):
        row = names(window).index(name)
        model.setData(model.index(row, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        drawn = [[one.name for one in chart.beside] for chart in window.docks.charts()]
        assert drawn == [["a"] if "a.ganviz" in model.ticked else []] * len(drawn)
    assert list(model.ticked) == ["b.ganviz"]


def test_settings_that_differ_are_called_as_in_the_settings():
    first = RunConfig()
    other = with_settings(
        first, ["formulation=hinge", "formulation.penalties=r1", "generator_optimizer.learning_rate=0.5"]
    )
    rows = differing_settings([first, other])
    assert [compared_title(row, 1) for row in rows] == [
        "Formulation · Adversarial loss", "Formulation · Penalties", "Generator's optimizer · Learning rate",
    ]  # fmt: skip
    assert compared_title(rows[0], 2) == "Lane 1 · Formulation · Adversarial loss"
    assert not any("lanes." in compared_title(row, n) for row in rows for n in (1, 2))
