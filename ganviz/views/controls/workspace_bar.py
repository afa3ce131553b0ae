"""The workspaces as a row of buttons, or as one button with a menu where that has no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from ganviz.views.look.outside_text import menu_words

SHARE = 0.28
"""Of the window's width: more than that is left to the formulations."""


class WorkspaceBar(QWidget):
    """Shows which workspace is open, and opens others; GUI thread only.

    Parameters
    ----------
    actions : sequence of QAction
        One for each workspace, which can be checked.
    """

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 8, 3)
        row.setSpacing(2)
        self._actions = list(actions)
        self.buttons = [self._button() for _ in actions]
        for button, action in zip(self.buttons, actions, strict=True):
            button.setDefaultAction(action)
            button.setAccessibleName(f"{action.text()} workspace")
            row.addWidget(button)
        self.menu_button = self._button()
        self.menu_button.setAccessibleName("Workspace")
        self.menu_button.setToolTip("Which views are open.")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.menu_button)
        self._menu.addActions(self._actions)
        self.menu_button.setMenu(self._menu)
        self.menu_button.hide()
        row.addWidget(self.menu_button)

    def _button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("segment")
        button.setAutoRaise(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_current(self, place: int | None, title: str) -> None:
        """Show that the workspace at this place of the row is open, or another one of this title."""
        for i, action in enumerate(self._actions):
            action.setChecked(i == place)
        self.menu_button.setText(menu_words("Workspaces" if place is None else title))

    def fit(self, width: int) -> None:
        """Take little of a window's width."""
        needed = sum(button.sizeHint().width() + 2 for button in self.buttons)
        is_narrow = needed > SHARE * width
        for button in self.buttons:
            button.setVisible(not is_narrow)
        self.menu_button.setVisible(is_narrow)
