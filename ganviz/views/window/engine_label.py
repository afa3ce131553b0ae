"""Where training happens, at the end of the status bar, as long as that leaves room for what the run is doing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QWidget

from ganviz.views.look.outside_text import plain_label

LARGEST_SHARE = 0.22
"""What it takes of its bar at most: the device stands in the run bar, too."""


class EngineLabel(QObject):
    """Shows a label only where its bar is wide for its letters; GUI thread only."""

    def __init__(self, bar: QWidget) -> None:
        super().__init__(bar)
        self.label: QLabel = plain_label()
        self.label.setAccessibleName("Engine")
        self._bar = bar
        for one in (bar, self.label):
            one.installEventFilter(self)

    def say(self, text: str) -> None:
        """Show where training happens."""
        self.label.setText(text)
        self._give_way()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give way when the bar becomes narrow, or its letters large."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._give_way()
        return False

    def _give_way(self) -> None:
        wide = self.label.fontMetrics().horizontalAdvance(self.label.text())
        self.label.setVisible(0 < wide <= LARGEST_SHARE * self._bar.width())
