"""What scrolls where a screen has no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Shows a widget whole where there is room; Qt's own area would ask for less. GUI thread only."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._whole = widget
        _hold(self, widget)

    def sizeHint(self) -> QSize:
        """Return the size of the widget, and of a bar beside it."""
        return self._whole.sizeHint() + QSize(self.verticalScrollBar().sizeHint().width(), 0)


def scrolled(widget: QWidget) -> QScrollArea:
    """Return what shows a widget that may need more room than there is."""
    area = QScrollArea()
    _hold(area, widget)
    return area


def _hold(area: QScrollArea, widget: QWidget) -> None:
    """Let an area show a widget, without a frame, and without a place of its own for Tab."""
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
