"""What Qt remembers of docks: the one that is dragged, the line between them, and the layout that it restored last."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

_NOWHERE = QPointF()


def let_go(window: QMainWindow) -> None:
    """Let Qt forget what is dragged, a dock or the line between docks; before docks are placed otherwise.

    Qt remembers both as paths in the tree of docks, and follows them with the next key or move of the pointer, also
    once the tree is another one: that ends the program.
    """
    for widget in (*window.findChildren(QDockWidget), window):
        _release(widget)
    QApplication.sendEvent(window, QHoverEvent(QEvent.Type.HoverLeave, _NOWHERE, _NOWHERE, _NOWHERE))


def settle(window: QMainWindow) -> None:
    """Let Qt use the layout that it has restored last; before docks are taken out of the window.

    Of a layout that a larger window had, as one that is about to be maximized, Qt keeps a copy until there is room for
    it. The copy does not notice when a dock is taken out, and ends the program once it is used. It is used at once
    where tabs are made, also of a dock that has no place.
    """
    nobody = QDockWidget(window)
    window.tabifyDockWidget(nobody, nobody)
    shiboken6.delete(nobody)


def _release(widget: QWidget) -> None:
    left, nothing, no_keys = (
        Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    released = QMouseEvent(QEvent.Type.MouseButtonRelease, _NOWHERE, _NOWHERE, left, nothing, no_keys)
    QApplication.sendEvent(widget, released)
