"""A button whose menu ticks losses of the catalog that a view draws beside the trained one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStyleOptionToolButton, QToolButton

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.views.bases.canvas import small_font
from ganviz.views.look.button_menu import ButtonMenu

MOST = 8


class LossMenu(QToolButton):
    """Ticks up to ``MOST`` losses that D plays in; GUI thread only.

    Attributes
    ----------
    keys : tuple of str
        Those that are ticked.
    """

    keys_changed = Signal()

    def __init__(self, name: str, tip: str, ticked: Iterable[str] = ()) -> None:
        super().__init__()
        ticked = tuple(ticked)
        self.keys = ticked
        self.setText("Losses ▾")
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFont(small_font(self.font()))
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = ButtonMenu(self)
        for key, cls in ADVERSARIAL_LOSSES.items():
            if cls.has_discriminator and not key.startswith("custom"):
                action = QAction(cls.title, menu, checkable=True, checked=key in ticked)
                action.setData(key)
                action.toggled.connect(self._choose)
                menu.addAction(action)
        self.setMenu(menu)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Leave out the arrow that Qt would draw into the last letter: the words have one."""
        super().initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu

    def _choose(self) -> None:
        ticked = [action for action in self.menu().actions() if action.isChecked()]
        for action in ticked[MOST:]:
            action.setChecked(False)
        self.keys = tuple(action.data() for action in ticked[:MOST])
        self.keys_changed.emit()
