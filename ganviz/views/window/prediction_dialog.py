"""Asks what will come of an experiment before it runs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from ganviz.session.experiments import Experiment
from ganviz.session.predictions import Answer, Prediction
from ganviz.spec.words import grouped, regrouped
from ganviz.views.look.outside_text import set_label
from ganviz.views.plot.plotting import number

WIDTH_LINES = 30
"""How wide the question is, in heights of a line."""


class PredictionDialog(QDialog):
    """A question with a button for each answer, which plays the experiment; closing it does not. GUI thread only.

    No button is the default: Enter leads to the answers, and gives the one that has the focus.
    """

    begun = Signal(object)
    """Carries the chosen answer's place; None where the person would rather not say."""

    def __init__(self, one: Experiment, prediction: Prediction, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(one.open_title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        # Read with the title, before any answer.
        self.setAccessibleDescription(regrouped(prediction.question))
        question = set_label(regrouped(prediction.question))
        question.setWordWrap(True)
        width = WIDTH_LINES * self.fontMetrics().height()
        question.setFixedSize(width, question.heightForWidth(width))
        layout.addWidget(question)
        self.answers = [QPushButton(choice.says) for choice in prediction.choices]
        for place, button in enumerate(self.answers):
            button.setToolTip("Plays the experiment, and says at its end whether you were right.")
            button.setAutoDefault(False)  # none is suggested
            button.clicked.connect(lambda _=False, place=place: self._begin(place))
            layout.addWidget(button)
        layout.addSpacing(layout.spacing())
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.skip_button = box.addButton("Play without a prediction", QDialogButtonBox.ButtonRole.ActionRole)
        self.skip_button.clicked.connect(lambda: self._begin(None))
        for other in box.buttons():
            if isinstance(other, QPushButton):
                other.setAutoDefault(False)  # or Enter would skip the question
        box.rejected.connect(self.reject)
        layout.addWidget(box)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what the button that has the focus does, or go to the first answer."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif isinstance(focused := self.focusWidget(), QPushButton):
            focused.click()
        else:
            self.answers[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _begin(self, guess: int | None) -> None:
        self.accept()
        self.begun.emit(guess)


def answer_words(answer: Answer, guess: int) -> str:
    """Return whether a guess was right, and what was measured of what was asked."""
    value, over = measured_words(answer.value), answer.prediction.choices[guess].over
    value += f" in the mean of {grouped(over)} steps" if over > 1 else ""
    said = answer.prediction.choices[guess].says
    if guess == answer.true:
        return f"You predicted “{said}”: right, {value}."
    return f"You predicted “{said}”. Measured: {value}, “{answer.says or 'none of the answers'}”."


def measured_words(value: float) -> str:
    """Return a measured value, a count as a whole number, and what is small with its power of ten."""
    return grouped(value) if value.is_integer() else number(value)
