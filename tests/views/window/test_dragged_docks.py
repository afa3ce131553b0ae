"""A dock is dragged by its title, and let go when docks are placed otherwise meanwhile."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
TITLE = QPoint(20, 7)


@pytest.fixture
def window(open_window):
    window = open_window()
    made_up.show_in(window)
    return window


def send(dock, kind, place, pressed, held):
    at = QPointF(dock.mapFromGlobal(place)), QPointF(place)
    QApplication.sendEvent(dock, QMouseEvent(kind, *at, pressed, held, Qt.KeyboardModifier.NoModifier))


def drag(dock, start, end):
    for share in (0.3, 0.6, 1.0):
        send(dock, QEvent.Type.MouseMove, start + (end - start) * share, NONE, LEFT)


@pytest.mark.parametrize("act", ["reset_layout", "workspace:loss", "workspace:compare"])
@pytest.mark.parametrize("key", ["plane", "losses", "settings"])
def test_docks_that_are_placed_otherwise_let_go_of_the_one_that_is_dragged(window, qtbot, key, act):
    dock = window.docks.docks[key]
    for to in (QPoint(700, 500), QPoint(1200, 300)):
        start, end = dock.mapToGlobal(TITLE), window.mapToGlobal(to)
        send(dock, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
        drag(dock, start, end)
        assert QWidget.mouseGrabber() is dock, "it is not dragged"
        window.actions_.do(act)
        assert QWidget.mouseGrabber() is None
        drag(dock, end, start)
        send(dock, QEvent.Type.MouseButtonRelease, start, LEFT, NONE)
        qtbot.wait(50)
        for key_of_act in ("workspace:watch", "reset_layout"):
            window.actions_.do(key_of_act)
        qtbot.wait(50)
    assert not any(one.isFloating() for one in window.findChildren(QDockWidget))
