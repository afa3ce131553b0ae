"""What stands below a search that finds nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from ganviz.views.look.aloud import announce


class NothingFound(QLabel):
    """A sentence that is there where nothing was found, and is told when it comes; GUI thread only."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._sentence = sentence
        self.hide()

    def show_where(self, is_nothing: bool) -> None:
        """Say that nothing was found, or be away."""
        if not is_nothing:
            self.hide()
        elif self.isHidden() or self.text() != self._sentence:
            self.say(self._sentence)

    def say(self, sentence: str) -> None:
        """Say something else that is in the way."""
        self.setText(sentence)
        self.show()
        announce(self, sentence, is_urgent=True)
