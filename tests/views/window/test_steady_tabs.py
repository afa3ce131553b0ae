"""Tabs of docks are dragged to other places, and nothing is dragged that docks have left meanwhile."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QTabBar

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@pytest.fixture
def window(open_window):
    window = open_window()
    made_up.show_in(window)
    return window


def bars(window):
    found = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [bar for bar in found if bar.isVisible() and bar.count() > 1]


def send(bar, kind, at, pressed, held):
    places = QPointF(at), QPointF(bar.mapToGlobal(at))
    event = QMouseEvent(kind, *places, pressed, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bar, event)


def press(bar, i):
    send(bar, QEvent.Type.MouseButtonPress, bar.tabRect(i).center(), LEFT, LEFT)


def move(bar, at):
    send(bar, QEvent.Type.MouseMove, at, NONE, LEFT)


def release(bar, at):
    send(bar, QEvent.Type.MouseButtonRelease, at, LEFT, NONE)


def test_a_tab_is_dragged_to_another_place(window, qtbot):
    bar = bars(window)[0]
    before = [bar.tabText(i) for i in range(bar.count())]
    start, end = bar.tabRect(0).center(), bar.tabRect(1).center()
    press(bar, 0)
    for share in (0.5, 1.0, 1.2):
        move(bar, start + (end - start) * share)
    release(bar, end)
    qtbot.waitUntil(lambda: [bar.tabText(i) for i in range(2)] == before[1::-1])


@pytest.mark.parametrize("is_moved_before", [False, True])
@pytest.mark.parametrize("act", ["workspace:loss", "reset_layout", "float"])
def test_docks_that_are_placed_otherwise_meanwhile_are_no_end_of_the_program(
    window, qtbot, act, is_moved_before
):
    (bar, *_) = sorted(bars(window), key=QTabBar.count)[::-1]
    last = bar.count() - 1
    start, end = bar.tabRect(last).center(), bar.tabRect(0).center()
    dock = next(dock for dock in window.docks.docks.values() if dock.windowTitle() == bar.tabText(last))
    acts = {"float": lambda: dock.setFloating(True)}
    press(bar, last)
    if is_moved_before:
        move(bar, start + (end - start) * 0.2)
    acts.get(act, lambda: window.actions_.do(act))()
    for share in (0.3, 0.7, 1.0):  # at once: Qt has not deleted yet what it replaces
        move(bar, start + (end - start) * share)
    release(bar, end)
    qtbot.wait(50)
    assert bars(window)
