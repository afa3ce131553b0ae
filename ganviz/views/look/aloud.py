"""What screen readers are told without being asked: sentences that appear where nobody has the focus."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

LEAST_MS = 8000
"""Between two sentences that say how something goes on."""


def is_heard() -> bool:
    """Return whether a screen reader is there: for what is told with every key, and costs something to say."""
    return QAccessible.isActive()


def announce(widget: QWidget, text: str, *, is_urgent: bool = False) -> None:
    """Let a screen reader say a text: when it has said what it says, or at once."""
    if not text or not is_heard():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    kinds = QAccessible.AnnouncementPoliteness
    event.setPoliteness(kinds.Assertive if is_urgent else kinds.Polite)
    QAccessible.updateAccessibility(event)


class Voice(QObject):
    """Says how something goes on, when it has changed and not too often; GUI thread only.

    Parameters
    ----------
    widget : QWidget
        Of which it is said.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._head = self._gist = self._said = self._words = ""
        self._pause = QTimer(self, singleShot=True, interval=LEAST_MS)
        self._pause.timeout.connect(self._go_on)

    def tell(self, head: str, gist: str, words: str) -> None:
        """Tell words: at once where their head is another, later where their gist is, which has no figures."""
        is_new = head != self._head
        self._head, self._gist, self._words = head, f"{head}: {gist}", words
        if is_new or not self._pause.isActive():
            self._go_on()

    def _go_on(self) -> None:
        if self._gist != self._said:
            self._said = self._gist
            announce(self._widget, self._words)
            self._pause.start()
