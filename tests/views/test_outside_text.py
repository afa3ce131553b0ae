"""Text from outside is shown as it is: markup in names, paths and errors neither loads pictures nor goes missing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import made_up
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QToolTip, QWidget

from ganviz.session.events import (
    EngineReady,
    Failed,
    FileWritten,
    LaneDiverged,
    Noted,
    Refused,
    StateChanged,
)
from ganviz.session.state import RunState
from ganviz.training.history import ChangeMark
from ganviz.training.snapshot import Stamp
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_legend import legend_entries
from ganviz.views.look.formula import markup_of, plain_formula
from ganviz.views.look.outside_text import menu_words, plain_tip
from ganviz.views.pictures.shape_legend import entries_of
from ganviz.views.window import dialogs

MARKUP = "<img src=x>"
EVENTS = (
    Refused(f"data.csv, line 1: {MARKUP}"),
    Noted(f"left out: {MARKUP}"),
    Failed("ValueError", MARKUP, "trace"),
    LaneDiverged(0, 77, MARKUP),
    StateChanged(RunState.DIVERGED, Stamp(1, 77, 0), f"Training of {MARKUP} diverged."),
    FileWritten(Path(f"/tmp/{MARKUP}.csv")),
    EngineReady(MARKUP, MARKUP),
)


def assert_shown_as_it_is(root):
    """Every text with the markup in it, of labels and tips alike, is one that Qt does not read as markup."""
    seen = 0
    for label in root.findChildren(QLabel):
        if "img src" in label.text():
            seen += 1
            assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
    for one in [*root.findChildren(QWidget), *root.findChildren(QAction)]:
        tip = one.toolTip()
        if "img src" in tip and not isinstance(one, QAction):
            seen += 1
            assert "<img" not in tip, tip
    return seen


def test_tips_have_true_subscripts_and_their_text_as_it_is(open_window):
    assert plain_tip("L_D < 1,\nmean θ_G") == "<qt>L<sub>D</sub> &lt; 1,<br>mean θ<sub>G</sub></qt>"
    assert plain_tip("Nothing to set") == "Nothing to set"
    window = open_window()
    parts = (window.strip, *window.docks.views.values())
    tips = [one.toolTip() for part in parts for one in part.findChildren(QWidget)]
    assert sum("L<sub>" in tip for tip in tips) > 8
    assert not [tip for tip in tips if "L_D" in tip or "L_G" in tip]


def test_no_line_of_a_label_ends_within_a_number():
    words = "L_D of 3 lanes near 2 ln 2, total at 3 ln 2 after 1\u202f500 steps; ln r"
    assert markup_of(words) == (
        "L<sub>D</sub> of 3 lanes near 2&nbsp;ln&nbsp;2, total at 3&nbsp;ln&nbsp;2 after 1&nbsp;500 steps; ln r"
    )


@pytest.fixture
def window(open_window):
    two = made_up.run_config(formulations=("saturating", "hinge"))
    lanes = tuple(dataclasses.replace(lane, label=f"{MARKUP} {i}") for i, lane in enumerate(two.lanes))
    config = dataclasses.replace(two, lanes=lanes)
    window = open_window(config)
    made_up.show_in(window, config)
    return window


def test_what_the_engine_tells(window):
    for event in EVENTS:
        window.handle_event(event)
        assert assert_shown_as_it_is(window) > 0, event


def test_lanes_in_status_and_tips(window):
    assert MARKUP in window.status._words.text()
    assert assert_shown_as_it_is(window) >= 2


def test_a_refusal_in_the_settings(window):
    window.settings.refuse(f"{MARKUP} is no file.")
    form = window.settings._lane_form
    form._parts["generator_optimizer"]._error.setText(MARKUP)
    assert assert_shown_as_it_is(window) >= 3


def test_lanes_in_legends(window):
    charts = [view for view in window.docks.views.values() if isinstance(view, AbstractChartView)]
    assert charts
    for chart in charts:
        chart.show_snapshot(window.last_snapshot)  # also those of other workspaces
        content = chart.content()
        names = [plain_formula(entry.symbol) for entry in legend_entries(content, chart.theme)]
        assert f"{MARKUP} 0" in names
    shape = window.docks.views["loss_shape"]
    entries = entries_of(shape.lane_names(), window.config, shape.curves(), shape.theme, of_d=False)
    assert any(plain_formula(entry.symbol).startswith(f"{MARKUP} 1,") for entry in entries)


def test_marks_under_the_pointer(window, monkeypatch):
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *_: told.append(text))
    track = window.timeline.track
    track.show_run(4000, 4000, (ChangeMark(2000, None, MARKUP, False),))
    QTest.mouseMove(track, QPoint(int(track._x(2000)), 10))
    assert told
    assert "<img" not in told[-1]


def test_names_of_files_in_questions(window, monkeypatch):
    shown = []
    cancel = QMessageBox.StandardButton.Cancel
    monkeypatch.setattr(
        QMessageBox, "exec", lambda box: (shown.append(assert_shown_as_it_is(box)), cancel)[1]
    )
    dialogs.confirm_overwriting(window, Path(f"/{MARKUP}/{MARKUP}.csv"))
    dialogs.confirm_leaving(window, f"{MARKUP}.ganviz", "2 minutes")
    assert shown == [2, 1]


def test_tips_and_menu_entries():
    assert plain_tip("a > b & c") == "a > b & c"
    assert plain_tip(f"{MARKUP}\nb") == "<qt>&lt;img src=x&gt;<br>b</qt>"
    assert menu_words("R&D\tnew") == "R&&D new"
