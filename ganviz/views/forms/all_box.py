"""One box for a list of them: it ticks all or none, and shows whether some are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox


class AllBox(QCheckBox):
    """Ticks all boxes of a list, or unticks them where all are ticked; GUI thread only."""

    def __init__(self, title: str, boxes: Sequence[QCheckBox]) -> None:
        super().__init__(title, tristate=True)
        self._boxes = tuple(boxes)
        for box in self._boxes:
            box.toggled.connect(self._follow)
        self.clicked.connect(self._lead)
        self._follow()

    def _lead(self) -> None:
        is_on = not all(box.isChecked() for box in self._boxes)
        for box in self._boxes:
            box.setChecked(is_on)
        self._follow()  # a click has gone one of three states further

    def _follow(self) -> None:
        n, states = sum(box.isChecked() for box in self._boxes), Qt.CheckState
        some = states.PartiallyChecked if n else states.Unchecked
        self.setCheckState(states.Checked if n == len(self._boxes) else some)
