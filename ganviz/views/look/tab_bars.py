"""The bars of tabs that a main window makes for docks which stand behind one another."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QTabBar, QWidget


def tab_bars(window: QWidget) -> list[QTabBar]:
    """Return the bars of tabs that are children of a window itself; GUI thread only.

    Not by ``findChildren``: PySide lets a parent keep what Python has of its children, also when they are gone, and Qt
    makes other bars for each workspace. Twelve changes of workspaces left 24 of them.
    """
    found = QApplication.allWidgets()
    return [one for one in found if isinstance(one, QTabBar) and one.parentWidget() is window]
