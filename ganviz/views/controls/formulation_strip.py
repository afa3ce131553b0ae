"""The formulations as one row of buttons: the quickest way to switch."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from ganviz.losses.presets import FORMULATIONS, NamedFormulation, name_of, title_of
from ganviz.training.config import MAX_LANES, LaneConfig, RunConfig
from ganviz.views.controls.formula_label import FormulaLabel
from ganviz.views.controls.strip_buttons import Segments, lane_button, segment
from ganviz.views.controls.strip_room import MORE_PX, SPACING_PX, StripRoom
from ganviz.views.controls.target import ALL_LANES, Target
from ganviz.views.look.button_menu import ButtonMenu
from ganviz.views.look.icons import icon
from ganviz.views.look.outside_text import menu_words, plain_tip, set_tip
from ganviz.views.look.theme import LIGHT, Theme

if TYPE_CHECKING:
    from ganviz.views.controls.gallery import Gallery

BEST_KNOWN = 7
"""Formulations with a button of their own, as many as have room."""
MENU_PX = 36
"""What that button is wider than the name."""
ALL_TIP = "All formulations, by family, to be searched."


class FormulationStrip(QWidget):
    """Switches the formulation of one lane or of all, adds and removes lanes; GUI thread only.

    Attributes
    ----------
    target : Target
        Which lanes are meant, for others that change lanes, too.
    """

    formulation_chosen = Signal(int, object)
    """Emitted with the lane (-1 for all) and the :class:`Formulation`."""
    lane_wished = Signal(int, object)
    """Emitted with the lane to fork and the new lane's :class:`NamedFormulation`."""
    removal_wished = Signal(int)
    own_wished = Signal(object)
    """Emitted with a :class:`NamedFormulation` that is to be kept."""
    own_dropped = Signal(object)
    """Emitted with a :class:`Formulation` that was kept, and is to be forgotten."""
    explanation_wished = Signal(str)
    """Emitted with the family of losses that the person wants to read of."""
    typing_wished = Signal()
    """Emitted when a loss was chosen that the person types."""

    def __init__(self) -> None:
        super().__init__()
        self._config: RunConfig | None = None
        self.target = Target(self)
        self.target.changed.connect(self._target_changed)
        self._n_buttons = BEST_KNOWN
        self._galleries: dict[str, Gallery] = {}
        self._own: Sequence[NamedFormulation] = ()
        self._theme = LIGHT
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 8, 3)
        row.setSpacing(SPACING_PX)
        self._lane_box = self._made_lane_box()
        self._title = QLabel("Formulation:")
        for widget in (self._title, self._lane_box):
            row.addWidget(widget)
        self._group = Segments()
        for i, named in enumerate(list(FORMULATIONS.values())[:BEST_KNOWN]):
            row.addWidget(self._button(i, named))
        self._more = segment("More ▾", ALL_TIP, "All formulations")
        self._more.clicked.connect(self.open_gallery)
        row.addWidget(self._more)
        row.addSpacing(6)
        self._formula = FormulaLabel()
        self._formula.setAccessibleName("The generator's loss")
        row.addWidget(self._formula, 1)
        self._explain = self._explain_button()
        row.addWidget(self._explain)
        self._add = lane_button(
            "plus", "Add lane", "Puts the same state under a second formulation beside it."
        )
        self._add.clicked.connect(self.open_lanes)
        self._remove = lane_button("minus", "Remove lane", "Takes a lane away.")
        self._remove.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._remove.setMenu(ButtonMenu(self._remove))
        for button in (lanes := (self._add, self._remove)):
            row.addWidget(button)
        self._room = StripRoom(self._group.buttons(), self._title, lanes, (self._lane_box, self._explain))
        self.apply_theme(LIGHT)

    def _made_lane_box(self) -> QComboBox:
        box = QComboBox()
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setAccessibleName("Lane that the buttons switch")
        set_tip(box, "Which lanes buttons, keys and settings change.", about=box.accessibleName())
        box.currentIndexChanged.connect(lambda index: self.target.choose(int(box.itemData(index))))
        return box

    @property
    def gallery(self) -> Gallery:
        """Return the list of all formulations to switch to, made when it is first wanted."""
        if "switch" not in self._galleries:
            self._galleries["switch"] = self._made_gallery("Formulations")
            self._galleries["switch"].chosen.connect(self._choose)
            self._galleries["switch"].closed.connect(self._show_checked)
        return self._galleries["switch"]

    @property
    def new_lane(self) -> Gallery:
        """Return the list of all formulations for a new lane, made when it is first wanted."""
        if "lane" not in self._galleries:
            self._galleries["lane"] = self._made_gallery("")
            self._galleries["lane"].chosen.connect(
                lambda named: self.lane_wished.emit(max(self.lane, 0), named)
            )
        return self._galleries["lane"]

    def _made_gallery(self, title: str) -> Gallery:
        from ganviz.views.controls.gallery import Gallery  # 10 ms that a start does without

        gallery = Gallery(self, title)
        gallery.own_wished.connect(self.own_wished)
        gallery.own_dropped.connect(self.own_dropped)
        gallery.explanation_wished.connect(self.explanation_wished)
        gallery.show_own(self._own)
        gallery.apply_theme(self._theme)
        return gallery

    def _button(self, i: int, named: NamedFormulation) -> QToolButton:
        tip = f"L<sub>G</sub> = {named.formulation.loss.g_formula}. {named.behavior} Takes effect at the next step."
        button = segment(named.title, f"{named.formulation.title}: {tip}", f"{named.title} formulation")
        button.clicked.connect(lambda _=False, i=i: self.choose(i))
        self._group.add(button)
        return button

    def _explain_button(self) -> QToolButton:
        button = lane_button("help", "About", "Opens the guide's page on this formulation. (Shift+F1)")
        button.setAccessibleName("About this formulation")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.clicked.connect(self.explain)
        return button

    def show_keys(self, keys: Sequence[str]) -> None:
        """Tell the key of each formulation in its tool tip; empty where it has none."""
        for button, key in zip(self._group.buttons(), keys, strict=False):
            if key:
                set_tip(button, f"{button.toolTip()} (key {key})")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep as many buttons as have room for their whole names."""
        super().resizeEvent(event)
        self._fit_buttons()

    @property
    def least_width(self) -> int:
        """Return the width that the row needs in any case, with a few formulations and without a formula."""
        return self._room.least

    def _fit_buttons(self) -> None:
        """Show the first formulations as buttons; all of them are in the gallery."""
        n = self._room.fit(self.width())
        if n != self._n_buttons:
            self._n_buttons = n
            self._show_checked()

    def choose(self, index: int) -> None:
        """Switch to the formulation with this place in the list, if there is one."""
        named = list(FORMULATIONS.values())
        if 0 <= index < len(named):
            self._choose(named[index])

    def _choose(self, named: NamedFormulation) -> None:
        if self._config is not None:
            self.formulation_chosen.emit(self.lane, named.formulation)
        self._show_checked()
        if named.formulation.loss.key.startswith("custom"):
            self.typing_wished.emit()

    def show_own(self, own: Sequence[NamedFormulation]) -> None:
        """Show formulations that the person keeps in the lists of all."""
        self._own = own
        for gallery in self._galleries.values():
            gallery.show_own(own)
        self._show_checked()

    def explain(self) -> None:
        """Ask for the guide's page on the formulation in force."""
        for one in self._lanes()[:1]:
            self.explanation_wished.emit(one.formulation.loss.family)

    def open_gallery(self) -> None:
        """Show all formulations, to choose another one."""
        names = [name_of(one.formulation) for one in self._lanes()]
        self.gallery.open_below(self._more, names[0].key if names and names[0] else "")

    def open_lanes(self) -> None:
        """Show all formulations for a new lane, if there may be one more."""
        if not self._add.isEnabled():
            return
        origin = self._config.lane_title(max(self.lane, 0)) if self._config else ""
        self.new_lane.show_title(f"One more lane with the state of {origin}, from now on under:")
        self.new_lane.open_below(self._add, "")

    def _lanes(self) -> tuple[LaneConfig, ...]:
        """Return the lanes that the buttons switch."""
        if self._config is None:
            return ()
        lane = self.lane
        return self._config.lanes if lane == ALL_LANES else (self._config.lanes[lane],)

    @property
    def lane(self) -> int:
        """Return the lane that the buttons switch, or ``ALL_LANES``."""
        return self.target.lane

    def _target_changed(self) -> None:
        """Show which lanes are meant now."""
        self._lane_box.setCurrentIndex(self.lane + 1)
        self._show_checked()

    def show_config(self, config: RunConfig) -> None:
        """Show the formulation in force."""
        self._config = config
        n = len(config.lanes)
        self.target.limit(n)
        titles = ["All lanes", *(config.lane_title(i) for i in range(n))]
        if [self._lane_box.itemText(i) for i in range(self._lane_box.count())] != titles:
            with QSignalBlocker(self._lane_box):
                self._lane_box.clear()
                for i, title in enumerate(titles):
                    self._lane_box.addItem(title, i - 1)
                self._lane_box.setCurrentIndex(self.lane + 1)
        self._lane_box.setVisible(n > 1)
        self._remove.setVisible(n > 1)
        self._add.setEnabled(n < MAX_LANES)
        self._fill_menus(config)
        self._fit_buttons()
        self._show_checked()

    def _fill_menus(self, config: RunConfig) -> None:
        remove = self._remove.menu()
        assert remove is not None
        remove.clear()
        for lane in range(len(config.lanes)):
            action = remove.addAction(menu_words(config.lane_title(lane)))
            action.triggered.connect(lambda _=False, lane=lane: self.removal_wished.emit(lane))

    def _show_checked(self) -> None:
        lanes = self._lanes()
        if not lanes:
            return
        names = [name_of(one.formulation) for one in lanes]
        keys = {named.key if named else "" for named in names}
        shown = list(FORMULATIONS)[: self._n_buttons]
        for key, button in zip(FORMULATIONS, self._group.buttons(), strict=False):
            button.setChecked(key in keys)
        own = {one.formulation: one.title for one in self._own}
        unseen = [
            own.get(one.formulation) or title_of(one.formulation)
            for one, named in zip(lanes, names, strict=True)
            if named is None or named.key not in shown
        ]
        self._more.setChecked(bool(unseen))
        metrics = self._more.fontMetrics()
        text = (
            metrics.elidedText(unseen[0], Qt.TextElideMode.ElideMiddle, MORE_PX - MENU_PX)
            if unseen
            else "More"
        )
        self._more.setText(f"{text} ▾")
        set_tip(self._more, plain_tip(f"{unseen[0]}. {ALL_TIP}" if unseen else ALL_TIP))
        loss = lanes[0].formulation.loss
        formulas = {one.formulation.loss.g_formula for one in lanes}
        also = {" + ".join(penalty.title for penalty in one.formulation.penalties) for one in lanes}
        gained = f"; L<sub>D</sub> + {html.escape(also.pop())}" if len(also) == 1 and also != {""} else ""
        self._formula.set_formula(f"L<sub>G</sub> = {loss.g_formula}{gained}" if len(formulas) == 1 else "")
        self._formula.setToolTip(
            f"{lanes[0].formulation.d_line()}; L<sub>G</sub> = {loss.g_formula} ({loss.reference})"
        )

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for button in (self._explain, self._add, self._remove):
            button.setIcon(icon(button.property("icon_key"), theme))
        self._theme = theme
        for gallery in self._galleries.values():
            gallery.apply_theme(theme)
