"""The bars of tabs below docks."""

from __future__ import annotations

from PySide6.QtWidgets import QTabBar, QWidget


def tab_bars(window: QWidget) -> list[QTabBar]:
    """Return the bars of tabs that Qt has made for the docks of a window, in use or not.

    What ``findChildren`` returns a window holds for good, and Qt makes other bars with every change of workspace.
    """
    return [child for child in window.children() if isinstance(child, QTabBar)]
