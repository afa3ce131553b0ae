"""Titles of docks that stand behind one another: whole ones, or short ones where their tabs have no room for those."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

from ganviz.views.bases.base import AbstractSnapshotView
from ganviz.views.controls.tab_bars import tab_bars

_CHANGES = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.Show)


class TabTitles(QObject):
    """Fits the titles of docks to the bars of tabs that Qt makes for them; GUI thread only.

    Parameters
    ----------
    window : QMainWindow
    docks, views : mapping
        By the same keys; docks without a view keep their titles.
    """

    def __init__(
        self,
        window: QMainWindow,
        docks: Mapping[str, QDockWidget],
        views: Mapping[str, AbstractSnapshotView],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._titles = {docks[key]: (one.title, one.short_title or one.title) for key, one in views.items()}
        self._known: set[QTabBar] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fit)
        window.installEventFilter(self)
        for dock, (whole, _) in self._titles.items():
            dock.visibilityChanged.connect(self._soon)
            # Qt names the entry of a menu like the dock; that one has room.
            dock.windowTitleChanged.connect(lambda _, d=dock, w=whole: d.toggleViewAction().setText(w))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look anew where room changes; nothing is kept from anybody."""
        if event.type() in _CHANGES:
            self._soon()
        return False

    def _soon(self) -> None:
        self._timer.start(0)

    def _fit(self) -> None:
        bars = tab_bars(self._window)
        for bar in set(bars) - self._known:
            bar.installEventFilter(self)
        # Nothing is connected to the end of a bar: that would keep what Python has of it for ever, and every other
        # workspace has other bars.
        self._known = set(bars)
        short_ones = {
            dock for bar in bars if bar.isVisible() and self._is_narrow(bar) for dock in self._docks(bar)
        }
        for dock, (whole, short) in self._titles.items():
            dock.setWindowTitle(short if dock in short_ones else whole)

    def _docks(self, bar: QTabBar) -> list[QDockWidget]:
        named = {dock.windowTitle(): dock for dock in self._titles}
        return [named[text] for i in range(bar.count()) if (text := bar.tabText(i)) in named]

    def _is_narrow(self, bar: QTabBar) -> bool:
        """Return whether the whole titles of a bar would be wider than it is."""
        whole = {dock.windowTitle(): title for dock, (title, _) in self._titles.items()}
        width = 0
        for i in range(bar.count()):
            shown = bar.tabText(i)
            width += bar.tabRect(i).width() - _width(bar, shown) + _width(bar, whole.get(shown, shown))
        return width > bar.width()


def _width(bar: QTabBar, text: str) -> int:
    """Return the width that Qt gives a text: with a part of a pixel more, titles would change to and fro."""
    return bar.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, text).width()
