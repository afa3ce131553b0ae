"""The gallery of experiments: a picture, a claim and when it shows, or a question, and a button that plays it.

Of one that asks, nothing gives the answer away.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ganviz.session.experiment_pictures import duration_words
from ganviz.session.experiments import Experiment, experiments
from ganviz.spec.words import regrouped
from ganviz.views.controls.experiment_picture import ExperimentPicture
from ganviz.views.look.outside_text import plain_label, plain_tip, set_label, set_tip
from ganviz.views.look.scrolled import scrolled
from ganviz.views.look.status_words import steps_words
from ganviz.views.window.room import room_of

WIDTH_LINES, HEIGHT_LINES = 52, 46
"""How large the gallery is at first, in heights of a line."""

MARGIN_PX = 10
"""What is left above and below a card that is brought into sight."""


class ExperimentList(QDialog):
    """All experiments with what they claim, each with a button that plays it; GUI thread only."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Experiments")
        line = self.fontMetrics().height()
        self.resize(
            QSize(WIDTH_LINES * line, HEIGHT_LINES * line).boundedTo(room_of(parent.screen()).size() * 0.9)
        )
        rows = QWidget()
        column = QVBoxLayout(rows)
        for one in experiments():
            column.addWidget(self._row(one))
        column.addStretch(1)
        self._area = area = scrolled(rows)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        head = plain_label("Each starts at step 0, trains in stages, and checks what it claims.")
        head.setWordWrap(True)
        layout.addWidget(head)
        layout.addWidget(area, 1)

    def _row(self, one: Experiment) -> QWidget:
        asked = one.prediction  # the claim would give its answer away
        title = set_label(one.open_title)
        claim = set_label(regrouped(one.claim if asked is None else asked.question))
        when = set_label("" if asked is not None else f"When it shows: {regrouped(one.when)}")
        if asked is not None:
            when.hide()  # a label that is told to show itself before it has a parent is a window of its own
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        asks = "" if asked is None else "asks what you expect"
        source = regrouped(one.source) if asked is None else ""  # which may derive the answer
        known = (duration_words(one), steps_words(one.steps), _seen_words(one.share), asks, source)
        facts = set_label(" · ".join(filter(None, known)))
        facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)  # muted; disabled letters are too faint
        texts = QVBoxLayout()
        for label in (title, claim, when, facts):
            label.setWordWrap(True)
            texts.addWidget(label)
        button = QPushButton("Play")
        button.setAccessibleName(f"Play: {one.open_title}")
        set_tip(button, plain_tip(regrouped(one.watch)))
        button.clicked.connect(lambda _=False, key=one.key: self._choose(key))
        button.installEventFilter(self)
        row = QFrame()
        row.setObjectName("card")
        line = QHBoxLayout(row)
        line.addWidget(ExperimentPicture(one), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(texts, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring the whole card into sight whose button the keyboard goes to, and of a larger one its button."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QPushButton):
            if (card := watched.parentWidget()) is not None:
                self._area.ensureWidgetVisible(card, 0, MARGIN_PX)
            self._area.ensureWidgetVisible(watched, 0, MARGIN_PX)
        return super().eventFilter(watched, event)

    def _choose(self, key: str) -> None:
        self.hide()
        self.chosen.emit(key)

    def showEvent(self, event: QShowEvent) -> None:
        """Let the first button be ready for the keyboard."""
        super().showEvent(event)
        if (first := self.findChild(QPushButton)) is not None:
            first.setFocus()


def _seen_words(share: float) -> str:
    return f"seen at {round(10 * share)} of 10 seeds"
