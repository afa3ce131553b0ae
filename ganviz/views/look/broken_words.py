"""Words that are longer than a line, as names of files are, go on in the next one."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QLabel

from ganviz.views.look.formula import markup_of

BREAK = "\u200b"
"""At which a line may end, and which nobody sees."""
_PIECES = re.compile(r"[^\s/-]*[\s/-]?")


class BrokenWords(QLabel):
    """A label whose words may be broken where they are wider than it; copied, they are whole. GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self._whole = ""
        QGuiApplication.clipboard().changed.connect(self._join_copied)

    def say(self, words: str, *, is_set: bool) -> None:
        """Show plain words, set with their symbols or as they are, until others are shown."""
        self._whole = words
        self.setTextFormat(Qt.TextFormat.RichText if is_set else Qt.TextFormat.PlainText)
        self._show(words)

    def say_markup(self, markup: str) -> None:
        """Show markup, in which nothing is broken."""
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(markup)

    def break_for(self, width: int) -> None:
        """Let lines end within words that are wider than this."""
        if self._whole:
            letters = self.fontMetrics()
            pieces = _PIECES.findall(self._whole)
            wide = [letters.horizontalAdvance(piece) > width for piece in pieces]
            self._show("".join(BREAK.join(p) if w else p for p, w in zip(pieces, wide, strict=True)))

    def _show(self, words: str) -> None:
        shown = markup_of(words) if self.textFormat() is Qt.TextFormat.RichText else words
        if shown != self.text():
            self.setText(shown)

    def _join_copied(self, mode: QClipboard.Mode) -> None:
        """Let a copied path be one that there is: Qt copies also what nobody sees."""
        selected, clipboard = self.selectedText(), QGuiApplication.clipboard()
        # The clipboard is read where there is something to join alone: it may be another program's.
        if BREAK in selected and clipboard.text(mode) == selected:
            clipboard.setText(selected.replace(BREAK, ""), mode)
