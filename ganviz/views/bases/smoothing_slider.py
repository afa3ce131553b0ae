"""How much curves are smoothed: the weights one can choose, and the slider that chooses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

SMOOTHING_STEPS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
"""What a running average gives to the step before; 0.99 remembers about 100 steps."""


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
