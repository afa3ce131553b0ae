"""How much curves are smoothed: the weights one can choose, and the slider that chooses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

from ganviz.training.fading import WEIGHTS

SMOOTHING_STEPS = (0.0, *WEIGHTS)
"""What a running average gives to the step before, for which long histories keep sums; 0 is none."""


def smoothing_slider(title: str) -> QSlider:
    """Return a slider over the indices of ``SMOOTHING_STEPS``."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, len(SMOOTHING_STEPS) - 1)
    slider.setPageStep(1)
    slider.setMinimumWidth(30)
    slider.setMaximumWidth(90)
    slider.setAccessibleName(f"Smoothing of {title.lower()}")
    slider.setToolTip(
        "Averages the curves over steps, the same at every zoom; the raw curve stays faint, and exports say so."
    )
    return slider
