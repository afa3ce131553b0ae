"""A painter of thicker lines: for paper, and for a room that looks at a projector."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen


class WidePainter(QPainter):
    """A painter whose lines are ``share`` times as wide as it is told, with dashes as long as they were."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def setPen(self, pen: QPen | QColor | Qt.PenStyle) -> None:  # type: ignore[override]  # the overloads in one
        """Take a pen, which is copied."""
        if isinstance(pen, Qt.PenStyle):
            super().setPen(pen)
            return
        wide = QPen(pen) if isinstance(pen, QPen) else QPen(QBrush(pen), 1.0)
        wide.setWidthF(wide.widthF() * self.share)
        if wide.style() is Qt.PenStyle.CustomDashLine:
            wide.setDashPattern([length / self.share for length in wide.dashPattern()])
        super().setPen(wide)


def share_of(painter: QPainter) -> float:
    """Return how many times as wide lines are as a painter is told."""
    return painter.share if isinstance(painter, WidePainter) else 1.0
