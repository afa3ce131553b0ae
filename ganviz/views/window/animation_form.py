"""Asks which animations of a whole run are made, how large and how long they are, and whether a report is."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGroupBox, QLabel, QSpinBox, QVBoxLayout

from ganviz.session.animations import LENGTHS_S, has_films
from ganviz.session.figure import PIXELS
from ganviz.views.forms.wrapping import Wrapping

FIRST_SIZE = (640, 560)
REPORT = "report.html"


class AnimationForm(QGroupBox):
    """Asks for files that another program makes of a run; GUI thread only."""

    def __init__(self, view: str) -> None:
        super().__init__("The whole run")
        self.boxes = {f"{view}.gif": QCheckBox(f"Animated GIF of the {view}")}
        self.boxes[f"{view}.webp"] = QCheckBox(f"Animated WebP of the {view}")
        if has_films():
            self.boxes[f"{view}.mp4"] = QCheckBox(f"Film of the {view} (MP4)")
        self.boxes[REPORT] = QCheckBox("Report: pictures, figures, settings (HTML)")
        self.width_box, self.height_box = (
            QSpinBox(minimum=PIXELS[0], maximum=PIXELS[1], value=side) for side in FIRST_SIZE
        )
        self.length = QDoubleSpinBox(minimum=0.0, maximum=LENGTHS_S[1], decimals=1, suffix=" s")
        self.length.setSpecialValueText("by its steps")
        self.length.setToolTip("How long an animation lasts; by its steps: 0.12 s each, 1.5 s for the last.")
        for box, name in ((self.width_box, "Width"), (self.height_box, "Height"), (self.length, "Length")):
            box.setAccessibleName(f"{name} of animations")
        self.log_time = QCheckBox("Logarithmic time")
        self.log_time.setToolTip("Gives early steps more time: time goes with the logarithm of the step.")
        layout, grid, row = QVBoxLayout(self), Wrapping(2), Wrapping()
        for check in self.boxes.values():
            grid.add(check)
        row.add(QLabel("Size"), self.width_box, QLabel("×"), self.height_box, QLabel("px"))
        row.add(QLabel("Length"), self.length)
        row.add(self.log_time)
        layout.addWidget(grid)
        layout.addWidget(row)

    def names(self) -> tuple[str, ...]:
        """Return the files that are wished for."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def options(self) -> tuple[str, ...]:
        """Return the options of ``ganviz render`` that make animations like that."""
        options = ["--size", f"{self.width_box.value()}x{self.height_box.value()}"]
        if self.length.value():
            options += ["--length", f"{max(self.length.value(), LENGTHS_S[0]):g}"]
        return (*options, *(["--log-time"] if self.log_time.isChecked() else []))
