"""Between which heights of a window a sentence may lie over what is seen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

MARGIN_PX = 6
"""Between a sentence and what it lies beside."""
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def room_in(window: QWidget, above: QWidget) -> tuple[int, int]:
    """Return between which heights of a window a sentence may lie: below the bars at its top, above its foot."""
    bottom = window.height()
    if above.isVisible():
        bottom = above.mapTo(window, QPoint(0, 0)).y()
    elif isinstance(window, QMainWindow) and window.statusBar().isVisible():
        bottom = window.statusBar().y()
    bars = [bar for bar in window.findChildren(QToolBar, options=DIRECT) if bar.isVisible()]
    bars = [bar for bar in bars if not bar.isFloating() and bar.y() < window.height() / 2]
    top = max((bar.geometry().bottom() + 1 for bar in bars), default=0) + MARGIN_PX
    return top, max(top, bottom - MARGIN_PX)  # no room before a new layout; what moves then asks once more
