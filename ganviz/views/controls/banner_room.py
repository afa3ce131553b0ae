"""Where a sentence may lie over what is seen in a window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QWidget

from ganviz.views.controls.tab_bars import tab_bars

MARGIN_PX = 6
"""Between a sentence and what it lies beside."""
BESIDE, LEAST_PX = "settings", 200
"""The dock that a sentence lies over, where it is open and has this width."""
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


def room_beside(window: QWidget) -> int:
    """Return the width of the open settings, which may be covered rather than what is looked at; 0 without them."""
    settings = window.findChild(QDockWidget, BESIDE)
    if settings is not None and settings.isVisible() and not settings.isFloating():
        room = settings.width() - 2 * MARGIN_PX
        if settings.x() < MARGIN_PX and room >= LEAST_PX:
            return room
    return 0


def above_tabs(window: QWidget, box: QRect, top: int) -> int:
    """Return where a box begins that leaves tabs of views that it would cover in sight, if there is room above them."""
    bars = [bar for bar in tab_bars(window) if bar.isVisible() and bar.geometry().intersects(box)]
    return max(top, min(bar.y() for bar in bars) - box.height()) if bars else box.y()
