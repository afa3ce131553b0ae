"""Tabs of docks that are dragged while docks are placed otherwise."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

from ganviz.views.controls.tab_bars import tab_bars


class SteadyTabs(QObject):
    """Lets Qt drag only tabs that are still those that were pressed; GUI thread only.

    Qt remembers the place of a pressed tab, and which dock it is of, and follows both with the next move of the
    pointer, also once a key or an experiment has placed the docks otherwise: that ends the program.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._pressed: set[int] = set()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch bars of tabs as Qt makes them; keep moves from one that has other tabs than when it was pressed."""
        if isinstance(event, QChildEvent):
            if event.polished() and isinstance(event.child(), QTabBar):
                event.child().installEventFilter(self)
        elif isinstance(watched, QTabBar) and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = _tabs(watched)
            elif event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
                return not self._is_in_use(watched) or _tabs(watched) != self._pressed
        return False

    def _is_in_use(self, bar: QTabBar) -> bool:
        """Return whether a bar is that of the docks that it names: Qt deletes those that it replaces only later."""
        window = self._window
        layout = window.layout()
        assert layout is not None
        layout.activate()  # which gives bars the tabs that they are to have
        tabs = _tabs(bar)
        others = (one for one in tab_bars(window) if one is not bar)
        if not tabs or any(tabs & _tabs(other) for other in others):
            return False
        docks = [
            dock for dock in window.findChildren(QDockWidget) if shiboken6.getCppPointer(dock)[0] in tabs
        ]
        return len(docks) == len(tabs) and set(docks[1:]) <= set(window.tabifiedDockWidgets(docks[0]))


def _tabs(bar: QTabBar) -> set[int]:
    """Return the docks of a bar, as Qt notes them there: where they are in memory."""
    return {int(bar.tabData(i)) for i in range(bar.count())}
