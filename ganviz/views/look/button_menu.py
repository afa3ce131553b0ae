"""The menu of a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QMenu


class ButtonMenu(QMenu):
    """A menu that goes when its button is switched off; made with the button as its parent.

    Qt disables what belongs to a disabled button, also the menu that is open, which then takes no key at all: neither
    Escape closed it, nor did any shortcut reach the window. Boxes of choices close theirs by themselves.
    """

    def changeEvent(self, event: QEvent) -> None:
        """Close where nothing can be chosen any more."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self.close()
