"""Looks back over the course of a Dirac game: a slider over its steps, and how far it has come at one of them."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QWidget

from ganviz.training.probes.dirac import DiracPlays
from ganviz.views.look.status_words import steps_words
from ganviz.views.plot.plotting import number


class CourseSlider(QSlider):
    """Chooses up to which step courses are shown; at their end it stays there when they change. GUI thread only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, 0)
        self.setMinimumWidth(40)
        self.setMaximumWidth(200)
        self.setAccessibleName("Step of the course")
        self.setToolTip("Looks back over the course: it is drawn up to this step of its own game.")

    def show_length(self, n_steps: int) -> None:
        """Show that courses have so many steps."""
        was_at_end = self.value() == self.maximum()
        self.setRange(0, n_steps)
        self.setPageStep(max(1, n_steps // 20))
        if was_at_end:
            self.setValue(n_steps)


def distances(plays: DiracPlays, lane: int, step: int) -> str:
    """Return how far from the equilibrium a lane's course begins, and is at a step."""
    first, last = (math.hypot(plays.theta[lane, i], plays.psi[lane, i]) for i in (0, step))
    if plays.refusals[lane]:
        return ""
    if not math.isfinite(last):
        return f"it has run away after {steps_words(step)}"
    return f"distance {number(first)} → {number(last)} in {steps_words(step)}"
