"""Where Tab goes in a window of docks: to what is in sight alone; and Esc, back to the keys of the window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

CHILDREN = Qt.FindChildOption.FindDirectChildrenOnly


class KeyboardWindow(QMainWindow):
    """A window whose keys go on with Esc, and in which Tab passes over what cannot be seen; GUI thread only."""

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - as Qt calls it
        """Go to the next control.

        What is behind another tab, and the bars of tabs that are not needed, Qt puts beyond the window's edge and takes
        for visible: for the moment in which it chooses they take no focus.
        """
        kept = [(widget, widget.focusPolicy()) for widget in self._beyond()]
        for widget, _ in kept:
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        try:
            return super().focusNextPrevChild(forward)
        finally:
            for widget, policy in kept:
                widget.setFocusPolicy(policy)

    def _beyond(self) -> Iterator[QWidget]:
        """Yield what Tab would reach beyond the window's edge."""
        for child in self.findChildren(QWidget, options=CHILDREN):
            if child.isVisible() and not child.isWindow() and not self.rect().intersects(child.geometry()):
                for widget in (child, *child.findChildren(QWidget)):
                    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                        yield widget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the focus with Esc, where nothing that has it answers that: the space bar runs and pauses again."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)
