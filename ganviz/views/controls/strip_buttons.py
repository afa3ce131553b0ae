"""The two kinds of buttons in the row of formulations."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from ganviz.views.look.outside_text import set_tip


class Segments:
    """Buttons that stand for formulations, by their place.

    Of a group of Qt's, several of which may be pressed, one alone has a place for Tab, and arrows pass to no other.
    """

    def __init__(self) -> None:
        self._buttons: list[QToolButton] = []

    def add(self, button: QToolButton) -> None:
        """Put a button behind those that are there."""
        self._buttons.append(button)

    def buttons(self) -> list[QToolButton]:
        """Return all of them."""
        return list(self._buttons)

    def button(self, place: int) -> QToolButton:
        """Return one of them."""
        return self._buttons[place]


def segment(text: str, tip: str, name: str) -> QToolButton:
    """Return a button that shows whether what it stands for is in force."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setAutoRaise(False)
    button.setObjectName("segment")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_tip(button, tip)
    button.setAccessibleName(name)
    return button


def lane_button(key: str, title: str, tip: str) -> QToolButton:
    """Return a button with the icon ``key``, which is tinted later."""
    button = QToolButton()
    button.setText(title)
    button.setProperty("icon_key", key)
    set_tip(button, tip)
    button.setAccessibleName(title)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
