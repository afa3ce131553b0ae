"""Rows of views that have no room give way, whatever the letters' size, and come back: nothing lies over anything."""

from __future__ import annotations

import itertools

import made_up
import pytest
from PySide6.QtWidgets import QToolBar

from ganviz.views.controls.tab_bars import tab_bars
from ganviz.views.window.dock_sizes import is_seen
from ganviz.views.window.frame import TEXT_SIZES

pytestmark = pytest.mark.usefixtures("own_letters")


@pytest.fixture
def window(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    qtbot.wait(40)
    return window


def set_text(window, percent):
    window.frame.change_text(TEXT_SIZES.index(percent) - TEXT_SIZES.index(window.frame._text_size))


def in_front(window):
    return {key for key, dock in window.docks.docks.items() if is_seen(dock)}


def covering(window):
    """Return what lies over something else, or outside the window."""
    docks = [window.docks.docks[key] for key in in_front(window)]
    bars = [one for one in window.findChildren(QToolBar) if one.isVisible() and one.parent() is window]
    tabs = [one for one in tab_bars(window) if one.isVisible() and one.geometry().right() > 0]
    found = [*docks, *bars, *tabs, window.statusBar(), window.menuBar()]
    pairs = itertools.combinations([one.geometry() for one in found], 2)
    over = [(one, other) for one, other in pairs if one.intersects(other)]
    return over + [one.geometry() for one in found if not window.rect().contains(one.geometry())]


SIZES = [
    ((720, 450), 130, "watch"), ((720, 450), 200, "watch"), ((720, 450), 150, "loss"), ((720, 450), 130, "total"),
    ((720, 450), 200, "compare"), ((1024, 500), 80, "watch"), ((1024, 700), 200, "total"),
    ((1366, 768), 150, "loss"),
]  # fmt: skip
"""Each takes some seconds, for letters are made larger and smaller again."""


@pytest.mark.parametrize(("size", "percent", "workspace"), SIZES)
def test_a_window_made_smaller_has_nothing_lying_over_anything(window, qtbot, size, percent, workspace):
    """At 720 × 450 and 130 % the second row of the right column lay over the timeline."""
    if workspace != "watch":
        window.workspaces.choose(workspace)
        qtbot.wait(40)
    before = in_front(window)
    set_text(window, percent)
    window.resize(*size)
    qtbot.wait(60)
    assert covering(window) == []
    assert len(in_front(window)) >= 2
    set_text(window, 100)
    window.resize(1440, 900)
    qtbot.wait(60)
    assert in_front(window) == before
    assert covering(window) == []


def test_letters_made_larger_in_a_small_window_take_the_room_of_a_row(window, qtbot):
    window.resize(720, 450)
    qtbot.wait(40)
    assert {"losses", "total_loss"} <= in_front(window)
    set_text(window, 130)
    qtbot.wait(40)
    assert covering(window) == []
    assert "total_loss" not in in_front(window)
    set_text(window, 100)
    qtbot.wait(40)
    assert covering(window) == []
    assert {"losses", "total_loss"} <= in_front(window)


def test_a_row_that_gave_way_comes_back_after_another_start(window, open_window, qtbot):
    set_text(window, 130)
    window.resize(720, 450)
    qtbot.wait(60)
    window.close()
    set_text(window, 100)
    window._memory.keep_text("text_size", "130")
    again = open_window()
    again.resize(720, 450)
    qtbot.wait(60)
    assert covering(again) == []
    again.resize(1440, 900)
    set_text(again, 100)
    qtbot.wait(60)
    assert {"losses", "total_loss", "loss_shape"} <= in_front(again)
