"""Why something cannot be used, said where it was chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea

from ganviz.views.look.aloud import announce


class Refusal(QLabel):
    """A sentence below a field that was refused, hidden while there is none; GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)  # errors may hold what people typed
        self.setObjectName("refusal")
        self.setWordWrap(True)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence, and scroll to it and to the field above it."""
        self.setText(sentence)
        announce(self, sentence, is_urgent=True)
        self.show()
        QTimer.singleShot(0, self, self._take_room)
        QTimer.singleShot(0, self, self._come_into_view)  # once it has a place

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for room for every line: Qt gives a row of a form that has just come the height of a wider one."""
        super().resizeEvent(event)
        if self.text():
            QTimer.singleShot(0, self, self._take_room)  # what is asked for amid a layout is lost

    def _take_room(self) -> None:
        self.setMinimumHeight(0)
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def _come_into_view(self) -> None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and self.isVisible():
            around.ensureWidgetVisible(self, 0, 2 * self.fontMetrics().height())
