"""A line of text that takes what room there is, and ends in an ellipsis where that is not enough."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ganviz.views.look.aloud import is_heard
from ganviz.views.look.formula import draw_words, has_symbols

HEARD_MS = 5000
"""How often at most a screen reader is told that the text is another one. What came several times a second kept Orca
behind: it answered a key seconds later."""


class Elided(QLabel):
    """Plain text on one line; GUI thread only.

    It keeps the text itself: a label that is given another one asks its window to lay all docks out anew, which took a
    fifth of the time of a frame. Its size does not depend on the text.
    """

    clicked = Signal()

    def __init__(self, text: str = "", side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        super().__init__(text or " ")
        self._text, self._side = text, side
        self._shorter: tuple[str, ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=HEARD_MS)
        self._pause.timeout.connect(self._describe)
        self.setAccessibleDescription(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def setText(self, text: str) -> None:  # noqa: N802 - as Qt calls it
        """Show another text."""
        self.say(text)

    def say(self, text: str, *shorter: str) -> None:
        """Say a text, which is what a screen reader reads, or the first of shorter ones that there is room for."""
        if (text, shorter) != (self._text, self._shorter):
            self._text, self._shorter = text, shorter
            if not self._pause.isActive():
                self._describe()
            self.update()

    def _describe(self) -> None:
        """Give a screen reader the text; nobody is told where none is there, and it may be asked for at any time."""
        if self.accessibleDescription() != self._text:
            self.setAccessibleDescription(self._text)
            if is_heard():
                self._pause.start()

    @property
    def seen(self) -> str:
        """Return what there is room for."""
        metrics, room = self.fontMetrics(), self.width()
        texts = (self._text, *self._shorter)
        fitting = next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])
        return metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, room)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell that it was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        painter, seen = QPainter(self), self.seen
        if has_symbols(seen):
            draw_words(painter, QRectF(self.rect()), seen, self._side)
        else:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._side, seen)
