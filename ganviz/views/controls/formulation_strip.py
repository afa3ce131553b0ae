"""The formulations as one row of buttons: the quickest way to switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ganviz.losses.presets import FORMULATIONS, NamedFormulation, name_of
from ganviz.training.config import MAX_LANES, RunConfig
from ganviz.views.icons import icon
from ganviz.views.outside_text import menu_words
from ganviz.views.theme import LIGHT, Theme

ALL_LANES = -1
SPACING_PX = 2
GAPS_PX = 40
"""Margins, and the gaps between the parts of the row."""
MENU_PX = 34
"""What a button with a menu is wider than its text."""


class FormulationStrip(QWidget):
    """Switches the formulation of one lane or of all, adds and removes lanes; GUI thread only."""

    formulation_chosen = Signal(int, object)
    """Emitted with the lane (-1 for all) and the :class:`Formulation`."""
    lane_wished = Signal(int, object)
    """Emitted with the lane to fork and the new lane's :class:`NamedFormulation`."""
    removal_wished = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._config: RunConfig | None = None
        self._n_buttons = len(FORMULATIONS)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 8, 3)
        row.setSpacing(SPACING_PX)
        self._lane_box = QComboBox()
        self._lane_box.setAccessibleName("Lane that the buttons switch")
        self._lane_box.setToolTip("Which lanes the buttons to the right switch.")
        self._lane_box.activated.connect(self._show_checked)
        self._title = QLabel("Formulation:")
        row.addWidget(self._title)
        row.addWidget(self._lane_box)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        for i, named in enumerate(FORMULATIONS.values()):
            row.addWidget(self._button(i, named))
        self._more = self._lane_button("", "More", "Formulations that have no room here.")
        self._more.setObjectName("segment")
        self._more.setCheckable(True)
        self._more.setAutoRaise(False)
        row.addWidget(self._more)
        row.addSpacing(6)
        self._formula = QLabel()
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._formula.setAccessibleName("The generator's loss")
        row.addWidget(self._formula, 1)
        self._add = self._lane_button(
            "plus", "Add lane", "Puts the same state under a second formulation beside it."
        )
        self._remove = self._lane_button("minus", "Remove lane", "Takes a lane away.")
        row.addWidget(self._add)
        row.addWidget(self._remove)
        self.apply_theme(LIGHT)

    def _button(self, i: int, named: NamedFormulation) -> QToolButton:
        button = QToolButton()
        button.setText(named.title)
        button.setCheckable(True)
        button.setAutoRaise(False)
        button.setObjectName("segment")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        loss = named.formulation.loss
        button.setToolTip(
            f"{named.formulation.title}: L_G = {loss.g_formula}. Takes effect at the next step."
        )
        button.setAccessibleName(f"{named.title} formulation")
        button.clicked.connect(lambda _=False, i=i: self.choose(i))
        self._group.addButton(button, i)
        return button

    def _lane_button(self, key: str, title: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setProperty("icon_key", key)
        button.setToolTip(tip)
        button.setAccessibleName(title)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(QMenu(button))
        return button

    def show_keys(self, keys: Sequence[str]) -> None:
        """Tell the key of each formulation in its tool tip; empty where it has none."""
        for button, key in zip(self._group.buttons(), keys, strict=True):
            if key:
                button.setToolTip(f"{button.toolTip()} (key {key})")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep as many buttons as have room for their whole names."""
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """Show the first formulations as buttons, and the others in a menu."""
        beside = (self._title, self._lane_box, self._add, self._remove)
        room = self.width() - GAPS_PX - sum(one.sizeHint().width() for one in beside if not one.isHidden())
        widths = [button.sizeHint().width() + SPACING_PX for button in self._group.buttons()]
        n = len(widths)
        if sum(widths) > room:
            room -= self._more.fontMetrics().horizontalAdvance(max(self._titles(), key=len)) + MENU_PX
            n = max(1, next((i for i in range(len(widths)) if sum(widths[: i + 1]) > room), len(widths)))
        for i, button in enumerate(self._group.buttons()):
            button.setVisible(i < n)
        self._more.setVisible(n < len(widths))
        if n != self._n_buttons:
            self._n_buttons = n
            self._fill_more()
            self._show_checked()

    def _titles(self) -> list[str]:
        return [named.title for named in FORMULATIONS.values()]

    def _fill_more(self) -> None:
        menu = self._more.menu()
        assert menu is not None
        menu.clear()
        for i, title in list(enumerate(self._titles()))[self._n_buttons :]:
            action = menu.addAction(menu_words(title))
            action.setToolTip(self._group.button(i).toolTip())
            action.triggered.connect(lambda _=False, i=i: self.choose(i))

    def choose(self, index: int) -> None:
        """Switch to the formulation with this place in the list, if there is one."""
        named = list(FORMULATIONS.values())
        if self._config is not None and 0 <= index < len(named):
            self.formulation_chosen.emit(self._lane(), named[index].formulation)
        self._show_checked()

    def _lane(self) -> int:
        return int(self._lane_box.currentData()) if self._lane_box.count() else ALL_LANES

    def show_config(self, config: RunConfig) -> None:
        """Show the formulation in force."""
        self._config = config
        lane, n = self._lane(), len(config.lanes)
        titles = ["All lanes", *(config.lane_title(i) for i in range(n))]
        if [self._lane_box.itemText(i) for i in range(self._lane_box.count())] != titles:
            self._lane_box.clear()
            for i, title in enumerate(titles):
                self._lane_box.addItem(title, i - 1)
            self._lane_box.setCurrentIndex(lane + 1 if lane < n else 0)
        self._lane_box.setVisible(n > 1)
        self._remove.setVisible(n > 1)
        self._add.setEnabled(n < MAX_LANES)
        self._fill_menus(config)
        self._fit_buttons()
        self._show_checked()

    def _fill_menus(self, config: RunConfig) -> None:
        add, remove = self._add.menu(), self._remove.menu()
        assert add is not None
        assert remove is not None
        add.clear()
        remove.clear()
        origin = max(self._lane(), 0)
        for named in FORMULATIONS.values():
            action = add.addAction(menu_words(f"{named.title}, from {config.lane_title(origin)}"))
            action.triggered.connect(lambda _=False, n=named: self.lane_wished.emit(max(self._lane(), 0), n))
        for lane in range(len(config.lanes)):
            action = remove.addAction(menu_words(config.lane_title(lane)))
            action.triggered.connect(lambda _=False, lane=lane: self.removal_wished.emit(lane))

    def _show_checked(self) -> None:
        if self._config is None:
            return
        lane = self._lane()
        lanes = self._config.lanes if lane == ALL_LANES else (self._config.lanes[lane],)
        names = [name_of(one.formulation) for one in lanes]
        keys = {named.key if named else "" for named in names}
        for i, key in enumerate(FORMULATIONS):
            self._group.button(i).setChecked(key in keys)
        unseen = list(FORMULATIONS.values())[self._n_buttons :]
        chosen = [named.title for named in unseen if named.key in keys]
        self._more.setChecked(bool(chosen))
        self._more.setText(chosen[0] if chosen else "More")
        loss = lanes[0].formulation.loss
        formulas = {one.formulation.loss.g_formula for one in lanes}
        self._formula.setText(f"L<sub>G</sub> = {loss.g_formula}" if len(formulas) == 1 else "")
        self._formula.setToolTip(f"L_D = {loss.d_words()}; L_G = {loss.g_formula} ({loss.reference})")

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for button in (self._add, self._remove):
            button.setIcon(icon(button.property("icon_key"), theme))
