"""What a plot answers to the hand: known apart from the sheet, which loads pyqtgraph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from ganviz.views.plot.looks import Range


class Touched(Protocol):
    """What a sheet asks of the plot that it shows."""

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Paint what follows the pointer."""

    def place(self) -> tuple[QRectF, Range, Range] | None:
        """Return where the last picture has its plot, and the ranges there."""

    def aim(self, at: QPointF) -> bool:
        """Let the one of several plots at a place be touched; return whether :meth:`place` tells of another."""

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Answer a press outside the view box or on something above it; return whether it was one."""

    def release(self) -> None:
        """Answer the end of such a press."""

    def act_of(self, key: int) -> Callable[[], object] | None:
        """Return what a key does to the plot, or None."""

    def move_crosshair(self, right: float, up: float = 0.0) -> None:
        """Move what is read by shares of what is visible; only planes know what is ``up``."""

    def aloud(self) -> str:
        """Return what is read at the crosshair, or of what the plot shows, as a screen reader says it."""

    def pointer_moved(self, at: QPointF | None) -> None:
        """Follow the pointer."""

    def follow_pointer(self) -> None:
        """Read what is under the resting pointer in a picture of another look, which is being painted."""

    def open_menu(self, at: QPointF) -> None:
        """Open the context menu."""
