"""A figure of all cells of a sweep as a map over two settings."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QResizeEvent

from ganviz.session.figure_titles import better_words
from ganviz.views.look.theme import theme_of
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, mixed, text_width
from ganviz.views.window.sweep_plot import SIDE_PX, TOP_PX, AbstractSweepPlot, Rows, best
from ganviz.views.window.sweep_state import Array, SweepState
from ganviz.views.window.sweep_words import figure_value, setting_title

MOST_LINES = 8
"""Of text, to which a box of the map is as high at most."""
MOST_NAME = 0.4
"""Of the width, for the names of rows."""
BEST_PX = 2.0


class HeatMap(AbstractSweepPlot):
    """A figure's median over two settings that are varied; the mean over what else is."""

    def __init__(self, state: SweepState) -> None:
        super().__init__(state)
        self.setAccessibleName("Map of a figure over two settings")
        self.across, self.down = 0, 1

    def minimumSizeHint(self) -> QSize:
        """Return room in which every box has its number, at the present width; what is around it scrolls."""
        if not self._figure or not self._state.axes:
            return super().minimumSizeHint()
        fonts, (across, down) = Fonts.of(self.font()), self._sides()
        line = line_height(fonts.label)
        values = self._state.grid(self._figure, across, down)
        widest = max(text_width(fonts.label, figure_value(self._figure, v)) for v in values.ravel().tolist())
        n_heads = len(self.head_lines(self.heads(values), self.width() - 2 * SIDE_PX, fonts))
        rows = len(values) * (line + 5)
        names = min(self._names_width(fonts), MOST_NAME * self.width())
        width = names + values.shape[1] * (widest + 8) + 2 * SIDE_PX
        return QSize(math.ceil(width), math.ceil((n_heads + 1) * line + 8 + rows + 2 * TOP_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the room that what is said above needs at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _names_width(self, fonts: Fonts) -> float:
        """Return what the names of rows need beside them."""
        axes, (_, down) = self._state.axes, self._sides()
        return (
            max(text_width(fonts.label, row) for row in (axes[down][1] if down is not None else ("",))) + 10
        )

    def show_axes(self, across: int, down: int) -> None:
        """Lay other settings along the sides."""
        self.across, self.down = across, down
        self.updateGeometry()
        self.update()

    def _sides(self) -> tuple[int, int | None]:
        """Return which setting lies across, and which down where there is one."""
        n = len(self._state.axes)
        across = min(self.across, n - 1)
        return across, self.down if self.down < n and self.down != across else None

    def heads(self, grid: Array) -> list[str]:
        """Return what is said above the map."""
        axes, (across, down) = self._state.axes, self._sides()
        rest = len(axes) - (1 if down is None else 2)
        n, marks = self._state.n_seeds, best(self._figure, grid) is not None
        return [
            setting_title(axes[across][0]) if len(axes) == 1 else "",  # no menu says it then
            ("Median over seeds" if n > 1 else "One seed")
            + (f", mean over {rest} other setting{'s' * (rest > 1)}" if rest else ""),
            "stronger color: larger value",
            better_words(self._figure) + (", best framed" if marks else ""),
        ]

    def draw(self, painter: QPainter, area: QRectF, fonts: Fonts) -> list[tuple[QRectF, Rows]]:
        """Paint the names, and a box for every pair of values, strong where the figure is large."""
        theme, axes, (across, down) = theme_of(self), self._state.axes, self._sides()
        grid = self._state.grid(self._figure, across, down)
        columns, rows = axes[across][1], axes[down][1] if down is not None else ("",)
        line = line_height(fonts.label)
        names = min(self._names_width(fonts), MOST_NAME * area.width())
        top = self.draw_head(painter, area, self.heads(grid), fonts) + line + 8
        left = area.left() + names
        width, height = (area.right() - left) / len(columns), (area.bottom() - top) / len(rows)
        height = min(height, MOST_LINES * line)  # a single row is a strip
        for i, name in enumerate(columns):
            box = QRectF(left + i * width, top - line - 2, width, line)
            draw_text(painter, box.adjusted(2, 0, -2, 0), name, Qt.AlignmentFlag.AlignHCenter, elide=True)
        found = []
        for j, name in enumerate(rows):
            painter.setPen(QColor(theme.muted))
            box = QRectF(area.left(), top + j * height, names - 6, height)
            draw_text(painter, box, name, Qt.AlignmentFlag.AlignRight, elide=True)
            for i in range(len(columns)):
                box = QRectF(left + i * width, top + j * height, width, height).adjusted(1, 1, -1, -1)
                self._draw_box(painter, box, float(grid[j, i]), grid, fonts)
                found.append((box, self._state.rows_at(across, down, i, j)))
        return found

    def _draw_box(self, painter: QPainter, box: QRectF, value: float, grid: Array, fonts: Fonts) -> None:
        theme = theme_of(self)
        if not np.isfinite(value):
            painter.fillRect(box, QBrush(QColor(theme.border), Qt.BrushStyle.BDiagPattern))
            return
        low, high = float(np.nanmin(grid)), float(np.nanmax(grid))
        share = 0.5 if high == low else (value - low) / (high - low)
        color = mixed(theme.line("real"), QColor(theme.base), 0.08 + 0.92 * share)
        painter.fillRect(box, color)
        letters = QColor("#000000" if color.lightnessF() > 0.45 else "#ffffff")
        if value == best(self._figure, grid):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(letters, BEST_PX))
            painter.drawRect(box.adjusted(3, 3, -3, -3))
        text = figure_value(self._figure, value)
        if box.width() > text_width(fonts.label, text) + 4 and box.height() > line_height(fonts.label):
            painter.setPen(letters)
            draw_text(painter, box, text, Qt.AlignmentFlag.AlignHCenter)
