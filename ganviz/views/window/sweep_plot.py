"""What both figures of a sweep have in common: boxes of cells that the pointer, a click and the keyboard find."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ganviz.session.figure_titles import HIGHER_IS_BETTER, LOWER_IS_BETTER
from ganviz.views.look.formula import draw_words
from ganviz.views.look.theme import theme_of
from ganviz.views.plot.plotting import Fonts, draw_text, flowed, line_height, painting_on
from ganviz.views.window.sweep_state import Array, SweepState

LEAST_SIZE = QSize(260, 160)
NOTHING = "Here are figures as soon as a cell is done."
BETWEEN = " · "
SIDE_PX, TOP_PX = 10, 6
"""Around a figure, at its sides and above and below it."""
ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0), Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1), Qt.Key.Key_Down: QPointF(0, 1),
}  # fmt: skip
ASIDE = 4.0
"""How much farther than ahead a box seems that lies aside of an arrow's way."""

Rows = tuple[int, ...]
"""Cells that a box stands for, by their places in the sweep."""


class AbstractSweepPlot(QWidget):
    """Paints a figure of a sweep in boxes, one of which is pointed at; GUI thread only."""

    pointed = Signal(tuple)
    """Emitted with the cells of the box under the pointer or the keyboard's mark; with none when that has left."""
    picked = Signal(int)
    """Emitted with a cell that was clicked on, or on which Enter was pressed."""

    def __init__(self, state: SweepState) -> None:
        super().__init__()
        self._state, self._figure = state, ""
        self._boxes: list[tuple[QRectF, Rows]] = []
        self._at: Rows = ()
        self._selected = frozenset[int]()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def minimumSizeHint(self) -> QSize:
        """Return the least room; one that needs more says so, and what is around it scrolls."""
        return LEAST_SIZE

    def show_state(self, state: SweepState, figure: str) -> None:
        """Show a figure of a sweep."""
        self._state, self._figure = state, figure
        self.updateGeometry()
        self.update()

    def mark(self, selected: Sequence[int]) -> None:
        """Mark the cells that are selected in the table."""
        self._selected = frozenset(selected)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the figure, or that there is none, and a frame around what is pointed at."""
        self._boxes = []
        with painting_on(self) as painter:
            theme, fonts = theme_of(self), Fonts.of(self.font())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.base))
            painter.setFont(fonts.label)
            if not self._figure or not np.isfinite(self._state.medians(self._figure)).any():
                painter.setPen(QColor(theme.muted))
                draw_text(painter, QRectF(self.rect()), NOTHING, Qt.AlignmentFlag.AlignHCenter)
                return
            self._boxes = self.draw(
                painter, QRectF(self.rect()).adjusted(SIDE_PX, TOP_PX, -SIDE_PX, -TOP_PX), fonts
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for box, rows in self._boxes:
                if rows == self._at or self._selected.intersection(rows):
                    color = theme.text if rows == self._at else theme.accent
                    painter.setPen(QPen(QColor(color), 1.2 if rows == self._at else 2))
                    painter.drawRect(box)

    def draw(self, painter: QPainter, area: QRectF, fonts: Fonts) -> list[tuple[QRectF, Rows]]:
        """Paint the figure into an area, and return where which cells are."""
        raise NotImplementedError

    def draw_head(self, painter: QPainter, area: QRectF, pieces: Sequence[str], fonts: Fonts) -> float:
        """Write what is shown above it, in as many lines as it takes; return where these end."""
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme_of(self).muted))
        line, top = line_height(fonts.label), area.top()
        for text in self.head_lines(pieces, area.width(), fonts):
            draw_words(
                painter, QRectF(area.left(), top, area.width(), line), text, Qt.AlignmentFlag.AlignLeft
            )
            top += line
        return top

    def head_lines(self, pieces: Sequence[str], width: float, fonts: Fonts) -> list[str]:
        """Return the lines in which that is written."""
        return flowed(fonts.label, width, [one for one in pieces if one], BETWEEN)

    def _point(self, rows: Rows) -> None:
        if rows != self._at:
            self._at = rows
            self.pointed.emit(rows)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which cells are under the pointer."""
        self._point(next((rows for box, rows in self._boxes if box.contains(event.position())), ()))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that none are any more."""
        self._point(())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the cell under the pointer, where a box stands for a single one."""
        self.mouseMoveEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick()

    def _pick(self) -> None:
        if len(self._at) == 1:
            self.picked.emit(self._at[0])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is: at the selected cell, or the first one."""
        super().focusInEvent(event)
        if self._boxes and not self._at and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._point(self._start())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing any more."""
        super().focusOutEvent(event)
        self._point(())

    def _start(self) -> Rows:
        return next((rows for _, rows in self._boxes if self._selected.intersection(rows)), self._boxes[0][1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next box by an arrow, pick its cell by Enter."""
        way = ARROWS.get(Qt.Key(event.key()))
        if way is not None and self._boxes:
            self._point(self._next(way))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self._at) == 1:
            self._pick()
        else:
            super().keyPressEvent(event)

    def _next(self, way: QPointF) -> Rows:
        """Return the cells of the nearest box in a direction, those of the first box where none is pointed at."""
        now = next((box for box, rows in self._boxes if rows == self._at), None)
        if now is None:
            return self._start()
        found, least = self._at, np.inf
        for box, rows in self._boxes:
            by = box.center() - now.center()
            ahead, aside = QPointF.dotProduct(by, way), abs(by.x() * way.y() - by.y() * way.x())
            if ahead > 1 and ahead + ASIDE * aside < least:
                found, least = rows, ahead + ASIDE * aside
        return found


def best(figure: str, values: Array) -> float | None:
    """Return a figure's best value of several; None where no value is better than another."""
    if figure in HIGHER_IS_BETTER | LOWER_IS_BETTER and np.isfinite(values).sum() > 1:
        return float(np.nanmax(values) if figure in HIGHER_IS_BETTER else np.nanmin(values))
    return None
