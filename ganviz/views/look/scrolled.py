"""What scrolls where a screen has no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Shows a widget whole where there is room; Qt's own area would ask for less. GUI thread only."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._whole = widget
        self.setWidget(widget)

    def sizeHint(self) -> QSize:
        """Return the size of the widget, and of a bar beside it."""
        return self._whole.sizeHint() + QSize(self.verticalScrollBar().sizeHint().width(), 0)
