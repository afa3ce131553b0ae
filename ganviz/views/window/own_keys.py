"""Who has the keyboard when nobody has chosen: the window, whose keys act on the run, and no button by the way."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QWidget
from shiboken6 import isValid


class OwnKeys(QObject):
    """Takes the focus back that Qt hands on; GUI thread only.

    Where what has the focus is hidden, as settings are in a presentation, Qt gives it to whatever comes next, and where
    nothing has it, to the first button when a dialog closes: the space bar would press that instead of running.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at: QWidget | None = None
        self._left: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._moved)

    def _moved(self) -> None:
        # Qt's own arguments are not asked for: it may be destroying the one that had the focus, and what PySide makes
        # of that is taken for whatever comes to lie in its place.
        old, now = self._at, QApplication.focusWidget()
        self._at = now
        if old is not None and not isValid(old):
            old = None
        was_here = old is not None and old.window() is self._window
        is_here = now is not None and now.window() is self._window
        if was_here and not is_here:
            self._left = old  # to which it comes back with the window
        if not is_here or now is self._window:
            return
        assert now is not None
        if _was_left(old, now) if was_here else (isinstance(now, QAbstractButton) and now is not self._left):
            self._window.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, self, self._tell)

    def _tell(self) -> None:
        """Tell screen readers again who has the keys: Qt names what had them for a moment after all others."""
        if self._window.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self._window, QAccessible.Event.Focus))


def _was_left(old: QWidget | None, now: QWidget) -> bool:
    """Return whether the focus has come out of a panel because what had it can have it no more."""
    assert old is not None
    return not (old.isVisible() and old.isEnabled()) and _panel(old) is not _panel(now)


def _panel(widget: QWidget) -> QWidget | None:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QDockWidget):
        above = above.parentWidget()
    return above
