"""The workspaces as a strip of tabs, or as one button with a menu where that has no room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ganviz.views.look.button_menu import ButtonMenu
from ganviz.views.look.outside_text import menu_words, spoken

MARGINS_PX = 14
CHANGES = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show)


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
        row.setContentsMargins(6, 2, MARGINS_PX - 6, 3)
        row.setSpacing(0)
        self._actions = list(actions)
        self.buttons = [self._button("tab") for _ in actions]
        for button, action in zip(self.buttons, actions, strict=True):
            button.setDefaultAction(action)
            button.setAccessibleName(f"{action.text()} workspace")
            button.setAccessibleDescription(spoken(action.toolTip()))
            row.addWidget(button)
        self.menu_button = self._button("segment")
        self.menu_button.setAccessibleName("Workspace")
        self.menu_button.setToolTip("Which views are open.")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = ButtonMenu(self.menu_button)
        self._menu.addActions(self._actions)
        self.menu_button.setMenu(self._menu)
        self.menu_button.hide()
        row.addWidget(self.menu_button)
        self._row: QWidget | None = None
        self._least_beside: Callable[[], int] = int

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAutoRaise(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_current(self, place: int | None, title: str) -> None:
        """Show that the workspace at this place of the row is open, or another one of this title."""
        for i, action in enumerate(self._actions):
            action.setChecked(i == place)
        self.menu_button.setText(menu_words("Workspaces" if place is None else title))

    def stand_in(self, row: QWidget, least_beside: Callable[[], int]) -> None:
        """Take what room there is in a row, in which something else needs the width that a function returns."""
        self._row, self._least_beside = row, least_beside
        row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use the room that there is now."""
        if event.type() in CHANGES and self._row is not None:
            self.fit(self._row.width() - self._least_beside())
        return False

    def fit(self, room: int) -> None:
        """Show the tabs where they have room, else the menu."""
        needed = MARGINS_PX + sum(button.sizeHint().width() for button in self.buttons)
        has_tabs = needed <= room
        if has_tabs is not self.menu_button.isHidden():
            for button in (*self.buttons, self.menu_button):
                button.setVisible(has_tabs is not (button is self.menu_button))
            self.updateGeometry()  # which the row has asked for while both were there
