"""A figure of all cells of a sweep: as a map over two settings, and as a band for every cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ganviz.session.figure_titles import SHARES, figure_title, percent
from ganviz.views.look.formula import draw_words
from ganviz.views.look.theme import Theme, theme_of
from ganviz.views.plot.plotting import (
    Axis,
    Fonts,
    draw_text,
    line_height,
    mixed,
    number,
    painting_on,
    text_width,
    translucent,
)
from ganviz.views.window.sweep_state import SweepState

NOTHING = "Here are figures as soon as a cell is done."
MOST_LINES = 8
"""Of text, to which a box of the map is as high at most."""
MOST_NAME = 0.4
"""Of the width, for the names of rows."""


class AbstractSweepPlot(QWidget):
    """Paints a figure of a sweep; GUI thread only."""

    def __init__(self, state: SweepState) -> None:
        super().__init__()
        self._state, self._figure = state, ""
        self.setMinimumSize(260, 160)

    def show_state(self, state: SweepState, figure: str) -> None:
        """Show a figure of a sweep."""
        self._state, self._figure = state, figure
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the figure, or that there is none."""
        with painting_on(self) as painter:
            theme, fonts = theme_of(self), Fonts.of(self.font())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.base))
            painter.setFont(fonts.label)
            if not self._figure or not np.isfinite(self._state.medians(self._figure)).any():
                painter.setPen(QColor(theme.muted))
                draw_text(painter, QRectF(self.rect()), NOTHING, Qt.AlignmentFlag.AlignHCenter)
                return
            self.draw(painter, QRectF(self.rect()).adjusted(10, 6, -10, -6), fonts)

    def draw(self, painter: QPainter, area: QRectF, fonts: Fonts) -> None:
        """Paint the figure into an area."""
        raise NotImplementedError


class HeatMap(AbstractSweepPlot):
    """A figure's median over two settings that are varied; the mean over what else is."""

    def __init__(self, state: SweepState) -> None:
        super().__init__(state)
        self.setAccessibleName("Map of a figure over two settings")
        self.across, self.down = 0, 1

    def show_axes(self, across: int, down: int) -> None:
        """Lay other settings along the sides."""
        self.across, self.down = across, down
        self.update()

    def draw(self, painter: QPainter, area: QRectF, fonts: Fonts) -> None:
        """Paint the names, and a box for every pair of values, dark where the figure is large."""
        theme, axes = theme_of(self), self._state.axes
        across = min(self.across, len(axes) - 1)
        down = self.down if self.down < len(axes) and self.down != across else None
        grid = self._state.grid(self._figure, across, down)
        columns, rows = axes[across][1], axes[down][1] if down is not None else ("",)
        line = line_height(fonts.label)
        names = min(max(text_width(fonts.label, row) for row in rows) + 10, MOST_NAME * area.width())
        painter.setPen(QColor(theme.muted))
        rest = len(axes) - (1 if down is None else 2)
        caption = "Median over seeds" + (
            f"; mean over {rest} other setting{'s' * (rest > 1)}" if rest else ""
        )
        head = QRectF(area.left(), area.top(), area.width(), line)
        draw_text(painter, head, caption, Qt.AlignmentFlag.AlignLeft, elide=True)
        left, top = area.left() + names, head.bottom() + line + 6
        width, height = (area.right() - left) / len(columns), (area.bottom() - top) / len(rows)
        height = min(height, MOST_LINES * line)  # a single row is a strip
        for i, name in enumerate(columns):
            box = QRectF(left + i * width, top - line - 2, width, line)
            draw_text(painter, box.adjusted(2, 0, -2, 0), name, Qt.AlignmentFlag.AlignHCenter, elide=True)
        for j, name in enumerate(rows):
            box = QRectF(area.left(), top + j * height, names - 6, height)
            painter.setPen(QColor(theme.muted))
            draw_text(painter, box, name, Qt.AlignmentFlag.AlignRight, elide=True)
            for i in range(len(columns)):
                box = QRectF(left + i * width, top + j * height, width, height).adjusted(1, 1, -1, -1)
                self._draw_box(painter, box, float(grid[j, i]), grid, fonts)

    def _draw_box(
        self, painter: QPainter, box: QRectF, value: float, grid: NDArray[np.float64], fonts: Fonts
    ) -> None:
        theme = theme_of(self)
        if not np.isfinite(value):
            painter.fillRect(box, QBrush(QColor(theme.border), Qt.BrushStyle.BDiagPattern))
            return
        low, high = float(np.nanmin(grid)), float(np.nanmax(grid))
        share = 0.5 if high == low else (value - low) / (high - low)
        color = mixed(theme.line("real"), QColor(theme.base), 0.08 + 0.92 * share)
        painter.fillRect(box, color)
        text = percent(self._figure, value) or number(value)
        if box.width() > text_width(fonts.label, text) + 4 and box.height() > line_height(fonts.label):
            painter.setPen(QColor("#000000" if color.lightnessF() > 0.45 else "#ffffff"))
            draw_text(painter, box, text, Qt.AlignmentFlag.AlignHCenter)


class Bands(AbstractSweepPlot):
    """A figure's quantiles over seeds: a row for every cell."""

    def __init__(self, state: SweepState) -> None:
        super().__init__(state)
        self.setAccessibleName("Bands of a figure, a row for every cell")

    def _row_px(self) -> float:
        return line_height(Fonts.of(self.font()).label) + 6

    def sizeHint(self) -> QSize:
        """Return room for every cell."""
        return QSize(420, round((len(self._state.cells) + 3) * self._row_px()))

    def minimumSizeHint(self) -> QSize:
        """Return the same height: what is around it scrolls."""
        return QSize(260, self.sizeHint().height())

    def draw(self, painter: QPainter, area: QRectF, fonts: Fonts) -> None:
        """Paint the names, and for each cell its quantiles."""
        theme, row = theme_of(self), self._row_px()
        cells = self._state.cells
        titles = [", ".join(cell.values) for cell in cells]
        names = min(max(text_width(fonts.label, title) for title in titles) + 10, MOST_NAME * area.width())
        is_share = self._figure in SHARES
        figures = (cell.figures.get(self._figure) for cell in cells)
        found = [
            one and {name: value * (100 if is_share else 1) for name, value in one.items()} for one in figures
        ]
        known = [one for one in found if one]
        low, high = min(one["q10"] for one in known), max(one["q90"] for one in known)
        margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        head = QRectF(area.left(), area.top(), area.width(), row)
        painter.setPen(QColor(theme.muted))
        words = (
            f"{figure_title(self._figure)}{' (%)' if is_share else ''} over seeds: 10–90 %, 25–75 %, median"
        )
        draw_words(painter, head, words, Qt.AlignmentFlag.AlignLeft)
        plot = QRectF(area.left() + names, head.bottom(), area.width() - names - 4, row * len(cells))
        x = Axis(low - margin, high + margin, plot.left(), plot.right())
        _draw_ticks(painter, plot, x, fonts, theme)
        color = theme.line("real")
        for i, (title, one) in enumerate(zip(titles, found, strict=True)):
            middle = plot.top() + (i + 0.5) * row
            painter.setFont(fonts.label)
            painter.setPen(QColor(theme.text if one else theme.muted))
            box = QRectF(area.left(), middle - row / 2, names - 6, row)
            draw_text(painter, box, title, Qt.AlignmentFlag.AlignRight, elide=True)
            if one:
                at = {name: x.pixel(one[name]) for name in ("q10", "q25", "median", "q75", "q90")}
                wide = QRectF(at["q10"], middle - row / 4, max(at["q90"] - at["q10"], 1), row / 2)
                painter.fillRect(wide, translucent(color, 0.25))
                wide = QRectF(at["q25"], middle - row / 4, max(at["q75"] - at["q25"], 1), row / 2)
                painter.fillRect(wide, translucent(color, 0.5))
                painter.setPen(QPen(QColor(theme.text), 2))
                painter.drawLine(
                    QPointF(at["median"], middle - row / 3), QPointF(at["median"], middle + row / 3)
                )


def _draw_ticks(painter: QPainter, plot: QRectF, x: Axis, fonts: Fonts, theme: Theme) -> None:
    """Draw lines at round values, and what they are below."""
    painter.setFont(fonts.tick)
    for tick in x.scale.ticks(x.low, x.high, max(2, int(plot.width() / 75))):
        at = x.pixel(tick)
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()))
        painter.setPen(QColor(theme.muted))
        below = QRectF(at - 60, plot.bottom() + 2, 120, line_height(fonts.tick))
        draw_text(painter, below, x.scale.text(tick), Qt.AlignmentFlag.AlignHCenter)
