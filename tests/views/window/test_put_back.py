"""Views that floated come back in front of others, and everything is as large as it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QToolButton

from ganviz.views.window.main_window import MainWindow


def seen(window: MainWindow) -> dict[str, tuple[int, int, int, int]]:
    docks = window.docks.docks.items()
    return {
        key: dock.geometry().getRect()
        for key, dock in docks
        if not dock.isFloating() and not dock.visibleRegion().isEmpty()
    }


def by_button(dock: QDockWidget) -> None:
    bar = dock.titleBarWidget()
    assert bar is not None
    bar.findChild(QToolButton).click()


def by_double_click(dock: QDockWidget) -> None:
    bar = dock.titleBarWidget()
    assert bar is not None
    at, left = (
        QPointF(20, bar.height() / 2),
        Qt.MouseButton.LeftButton,
    )  # QTest would leave the button pressed
    kind, keys = QEvent.Type.MouseButtonDblClick, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(bar, QMouseEvent(kind, at, bar.mapToGlobal(at), left, left, keys))


@pytest.mark.parametrize("back", [by_button, by_double_click])
@pytest.mark.parametrize("key", ["plane", "losses", "loss_shape", "settings"])
def test_a_view_that_was_maximized_is_put_back_as_it_was(open_window, qtbot, key, back) -> None:
    window = open_window()
    dock, before = window.docks.docks[key], seen(window)
    assert key in before
    dock.setFloating(True)
    qtbot.waitUntil(lambda: dock.windowType() == Qt.WindowType.Window)
    dock.showMaximized()
    qtbot.wait(60)
    back(dock)
    qtbot.waitUntil(lambda: not dock.isFloating())
    qtbot.wait(60)
    assert seen(window) == before


def test_where_the_window_has_become_larger_sizes_are_its_own(open_window, qtbot) -> None:
    window = open_window()
    dock = window.docks.docks["plane"]
    dock.setFloating(True)
    qtbot.waitUntil(lambda: dock.windowType() == Qt.WindowType.Window)
    window.resize(1200, 800)
    qtbot.wait(60)
    by_button(dock)
    qtbot.wait(60)
    assert window.width() == 1200
    assert window.rect().contains(dock.geometry())
