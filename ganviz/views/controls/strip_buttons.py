"""The two kinds of buttons in the row of formulations."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton


def segment(text: str, tip: str, name: str) -> QToolButton:
    """Return a button that shows whether what it stands for is in force."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setAutoRaise(False)
    button.setObjectName("segment")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(tip)
    button.setAccessibleName(name)
    return button


def lane_button(key: str, title: str, tip: str) -> QToolButton:
    """Return a button with the icon ``key``, which is tinted later."""
    button = QToolButton()
    button.setText(title)
    button.setProperty("icon_key", key)
    button.setToolTip(tip)
    button.setAccessibleName(title)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
