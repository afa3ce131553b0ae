"""Changes made at one place: labels count them, and a tool tip tells them, on charts and on the timeline."""

import dataclasses

import made_up
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from ganviz.spec.words import grouped
from ganviz.training.history import ChangeMark
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.views.bases.horizontal import Along
from ganviz.views.bases.mark_words import MOST_TOLD, named, told
from ganviz.views.bases.plot_export import export_view
from ganviz.views.controls.timeline_track import TimelineTrack
from ganviz.views.pictures.losses_view import LossesView

STEP = 2000
SAME_STEP = tuple(ChangeMark(STEP, None, label, False) for label in ("rate 1 → 2", "D steps 1 → 5", "A → B"))
ALL = f"step {grouped(STEP)}: rate 1 → 2\nD steps 1 → 5\nA → B"


@pytest.fixture
def tips(monkeypatch):
    shown = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *_: shown.append(text))
    monkeypatch.setattr(QToolTip, "hideText", lambda: shown.append(""))
    return shown


@pytest.mark.parametrize("n", [1, 2, MOST_TOLD + 1, MOST_TOLD + 2, 500])
def test_all_changes_of_a_step_are_told_or_counted(n):
    marks = [ChangeMark(STEP, None, f"change {i}", False) for i in range(n)]
    lines = told(marks, Along()).split("\n")
    assert lines[0] == f"step {grouped(STEP)}: change 0"
    assert len(lines) <= MOST_TOLD + 1
    missing = n - MOST_TOLD if n > MOST_TOLD + 1 else 0
    assert (lines[-1] == f"and {missing} more") == bool(missing)
    assert lines[1 : n - missing] == [f"change {i}" for i in range(1, n - missing)]


def test_each_step_is_named_once():
    marks = [ChangeMark(step, None, label, False) for step, label in ((7, "a"), (7, "b"), (9, "c"))]
    assert told(marks, Along()) == "step 7: a\nb\nstep 9: c"


def test_who_learns_alone_is_named():
    """Charts said "G learns (+1)": that D stood still, which the swing of V is about, was behind a number."""
    stops, learns = "D stands still: Adam learning rate 0.002 → 0", "G learns: Adam learning rate 0 → 0.0003"
    both = [ChangeMark(160, None, label, False) for label in (stops, learns)]
    assert named(both) == "G learns alone"
    for label, expected in (("1. Hinge: ", "1. Hinge: G learns alone"), ("", "G learns alone")):
        assert named([dataclasses.replace(one, label=label + one.label) for one in both]) == expected
    others = [dataclasses.replace(both[0], label=f"1. Hinge: {stops}"), both[1]]
    assert named(others) == f"{learns} (+1)", "of two lanes"
    assert named(both[1:]) == learns
    assert named([*both, ChangeMark(160, None, "A → B", False)]) == "A → B (+2)"
    assert named([both[0], dataclasses.replace(both[1], step=170)]) == f"{learns} (+1)", "one after the other"


@pytest.fixture
def track(qtbot):
    made = TimelineTrack()
    qtbot.addWidget(made)
    made.resize(600, 40)
    made.show_run(4000, 4000, SAME_STEP)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_timeline_tells_all(track, qtbot, tips):
    qtbot.mouseMove(track, QPoint(round(track._x(STEP)), 11))
    assert tips == [ALL]
    qtbot.mouseMove(track, QPoint(30, 11))
    assert tips[1:] == [""]


def test_what_the_timeline_tells_stays_where_the_pointer_rests(track, qtbot):
    place = QPoint(round(track._x(STEP)), 11)
    qtbot.mouseMove(track, place)
    QApplication.sendEvent(track, QHelpEvent(QEvent.Type.ToolTip, place, track.mapToGlobal(place)))
    assert QToolTip.text() == ALL
    QToolTip.hideText()


def test_the_timeline_says_whose_a_change_is(open_window):
    config = made_up.run_config("ring", ("hinge", "hinge"))
    window = open_window(config)
    snapshot = made_up.snapshot(config)
    window.show_snapshot(snapshot)
    assert any(mark.label.startswith("1. Hinge: ") for mark in window.timeline.track._marks)


def test_a_chart_counts_and_tells_them(qtbot, tips, tmp_path):
    view = LossesView()
    qtbot.addWidget(view)
    config = made_up.run_config("ring")
    snapshot = made_up.snapshot(config)
    marks = (ChangeMark(400, None, "before", False), *SAME_STEP)
    trace = dataclasses.replace(snapshot.get(LossTrace), marks=marks)
    view.resize(700, 400)
    view.show()
    view.show_snapshot(dataclasses.replace(snapshot, readings=((LossTraceProbe(), trace),)))
    export_view(view, tmp_path / "a.svg", size=QSize(700, 400), settings="{}")
    assert "A → B (+2)" in (tmp_path / "a.svg").read_text("utf-8")
    view.canvas.grab()
    drawn = view._chart.drawn
    at = QPointF(drawn.x.pixel(STEP + 0.5), drawn.area.top())
    for place in (at, at + QPointF(20, -8)):
        view.pointer_moved(place)
        assert tips.pop() == ALL
    view.pointer_moved(at + QPointF(0, 40))
    assert tips == [""]


def test_what_a_chart_tells_stays_where_the_pointer_rests(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=4000))
    view = window.docks.views["losses"]
    qtbot.waitUntil(lambda: view.canvas.sheet is not None)
    qtbot.wait(100)
    box, (mark,) = view._chart.drawn.marks[0]
    viewport, place = view.canvas.sheet.viewport(), box.center().toPoint()
    qtbot.mouseMove(viewport, place)
    qtbot.waitUntil(lambda: mark.label in QToolTip.text(), timeout=2000)
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place)))
    qtbot.wait(600)  # Qt lets a tip stay for a moment that is to go
    assert mark.label in QToolTip.text()
    QToolTip.hideText()
