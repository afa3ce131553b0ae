"""Looks back over the course of a Dirac game: a slider over its steps, and how far it has come at one of them."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSlider, QWidget

from ganviz.spec.words import grouped
from ganviz.training.probes.dirac import DiracPlays
from ganviz.views.bases.canvas import small_font
from ganviz.views.look.status_words import steps_words
from ganviz.views.plot.plotting import number


class CourseStep(QLabel):
    """Says which step a :class:`CourseSlider` stands at; GUI thread only."""

    def __init__(self, slider: CourseSlider) -> None:
        super().__init__()
        self._slider = slider
        self.setFont(small_font(self.font()))
        self.setAccessibleName("Step that is shown")
        slider.valueChanged.connect(self._show)
        slider.rangeChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        """Show the step, as wide as the last one: nothing moves while one drags."""
        n = self._slider.maximum()
        metrics = self.fontMetrics()
        self.setMinimumWidth(metrics.horizontalAdvance(step_words(n, n)) + 4)
        self.setText(step_words(self._slider.value(), n))


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


def step_words(step: int, n_steps: int) -> str:
    """Return which step of how many is shown."""
    return f"step {grouped(step)} of {grouped(n_steps)}"


def distances(plays: DiracPlays, lane: int, step: int) -> str:
    """Return how far from the equilibrium a lane's course begins, and is at a step."""
    first, last = (math.hypot(plays.theta[lane, i], plays.psi[lane, i]) for i in (0, step))
    if plays.refusals[lane]:
        return ""
    if not math.isfinite(last):
        return f"it has run away after {steps_words(step)}"
    return f"distance {number(first)} → {number(last)} in {steps_words(step)}"
