"""What is said of every lane, one below the other: opened from a status line that has no room for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QToolButton

from ganviz.views.look.formula import subscripted
from ganviz.views.look.outside_text import plain_label, set_label

WIDTH_LINES = 27
"""How wide sentences are, in heights of a line."""


class LaneList(QToolButton):
    """A button that says how many lanes there are, and opens a list of sentences above itself; GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setToolTip("Shows how every lane is doing.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list = QFrame(self, Qt.WindowType.Popup)
        self.list.setObjectName("popup")
        self.list.setAccessibleName("How every lane is doing")
        self._grid = QGridLayout(self.list)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._sentences: tuple[tuple[str, str], ...] = ()
        self.clicked.connect(self._open)

    def show_lanes(self, sentences: Sequence[tuple[str, str]]) -> None:
        """Show the title of every lane and what is said of it; nothing where there is one lane."""
        self.setVisible(len(sentences) > 1)
        self.setText(f"{len(sentences)} lanes ▴")
        self._sentences = tuple(sentences)
        if self.list.isVisible():
            self._fill()

    def _open(self) -> None:
        self._fill()
        self.list.adjustSize()
        self.list.move(self.mapToGlobal(QPoint(0, -self.list.height() - 2)))
        self.list.show()

    def _fill(self) -> None:
        while len(self._rows) < len(self._sentences):
            self._add_row()
        for (title, words), texts in zip(self._rows, self._texts(), strict=True):
            title.setText(texts[0])
            words.setText(subscripted(texts[1]).replace("\n", "<br>"))
            words.setAccessibleName(texts[1])
            for label, text in zip((title, words), texts, strict=True):
                label.setVisible(bool(text))

    def _texts(self) -> list[tuple[str, str]]:
        """Return the sentences, and empty ones for rows that are left over."""
        return [*self._sentences, *[("", "")] * (len(self._rows) - len(self._sentences))]

    def _add_row(self) -> None:
        title, words = plain_label(), set_label("")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        words.setWordWrap(True)
        words.setMinimumWidth(round(WIDTH_LINES * self.fontMetrics().height()))
        row = len(self._rows)
        for column, label in enumerate((title, words)):
            self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self._rows.append((title, words))
