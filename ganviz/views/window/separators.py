"""The lines between docks, by which they are made wider: what Qt remembers of the one that the pointer is on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMainWindow


def let_go_of_separators(window: QMainWindow) -> None:
    """Let Qt forget the line between docks that the pointer is on or drags; before docks are placed otherwise.

    Qt remembers it as a path in the tree of docks and follows that with the next key or move of the pointer, also once
    the tree is another one: that ends the program.
    """
    nowhere, buttons = QPointF(), Qt.MouseButton
    released = QMouseEvent(
        QEvent.Type.MouseButtonRelease, nowhere, nowhere, buttons.LeftButton, buttons.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(window, released)
    QApplication.sendEvent(window, QHoverEvent(QEvent.Type.HoverLeave, nowhere, nowhere, nowhere))
