"""A figure of all cells of a sweep, seed by seed: a row for every cell, with bands where there are seeds enough."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.session.figure_titles import SHARES, better_words, figure_title
from ganviz.session.spread import MIDDLE_HALF, TENTHS, has_band, known, least_seeds
from ganviz.views.look.theme import Theme, theme_of
from ganviz.views.plot.plotting import Axis, Fonts, draw_text, line_height, text_width, translucent
from ganviz.views.window.sweep_map import MOST_NAME
from ganviz.views.window.sweep_plot import AbstractSweepPlot, Rows
from ganviz.views.window.sweep_state import CellState, SweepState

BANDS = ((TENTHS, "q10", "q90", 0.22), (MIDDLE_HALF, "q25", "q75", 0.42))
"""What a band leaves out at each end, the quantiles that it joins, and how strong it is."""
DOT_PX = 2.6


class SeedRows(AbstractSweepPlot):
    """A figure of every seed as dots, with median and bands: a row for every cell."""

    def __init__(self, state: SweepState) -> None:
        super().__init__(state)
        self.setAccessibleName("Seeds of a figure, a row for every cell")

    def _row_px(self) -> float:
        return line_height(Fonts.of(self.font()).label) + 6

    def sizeHint(self) -> QSize:
        """Return room for every cell."""
        return QSize(420, round((len(self._state.cells) + 5) * self._row_px()))

    def minimumSizeHint(self) -> QSize:
        """Return the same height: what is around it scrolls."""
        return QSize(260, self.sizeHint().height())

    def bands(self, cell: CellState) -> list[tuple[str, str, float]]:
        """Return which bands a cell has seeds enough for, the wider one first."""
        n = cell.figures.get(self._figure, {}).get("n", 0)
        return [(low, high, alpha) for out, low, high, alpha in BANDS if has_band(int(n), out)]

    def heads(self) -> list[str]:
        """Return what is said above the rows: what is drawn, and of a band that is not, from when on it would be."""
        drawn = max(len(self.bands(cell)) for cell in self._state.cells)
        fewest = least_seeds(MIDDLE_HALF)
        return [
            f"{figure_title(self._figure)}{' (%)' if self._figure in SHARES else ''}",
            "a dot a seed",
            "stroke: median",
            "band: middle half" if drawn else f"no bands of fewer than {fewest} seeds",
            "pale: 10–90 %" if drawn > 1 else "",
            better_words(self._figure),
        ]

    def draw(self, painter: QPainter, area: QRectF, fonts: Fonts) -> list[tuple[QRectF, Rows]]:
        """Paint the names, and for each cell its seeds."""
        theme, row, cells = theme_of(self), self._row_px(), self._state.cells
        titles = [", ".join(cell.values) for cell in cells]
        names = min(max(text_width(fonts.label, title) for title in titles) + 10, MOST_NAME * area.width())
        top = self.draw_head(painter, area, self.heads(), fonts) + 6
        plot = QRectF(area.left() + names, top, area.width() - names - 4, row * len(cells))
        unit = 100 if self._figure in SHARES else 1
        seeds = [[unit * one for one in known(cell.seeds.get(self._figure, ()))] for cell in cells]
        found = [
            {name: unit * value for name, value in cell.figures.get(self._figure, {}).items()}
            for cell in cells
        ]
        ends = [one[name] for one in found if one for name in ("q10", "q90")] + [
            v for one in seeds for v in one
        ]
        low, high = min(ends), max(ends)
        margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        x = Axis(low - margin, high + margin, plot.left(), plot.right())
        _draw_ticks(painter, plot, x, fonts, theme)
        boxes = list[tuple[QRectF, Rows]]()
        for i, (title, one) in enumerate(zip(titles, found, strict=True)):
            line = QRectF(area.left(), plot.top() + i * row, area.width(), row)
            painter.setFont(fonts.label)
            painter.setPen(QColor(theme.text if one else theme.muted))
            draw_text(
                painter,
                line.adjusted(0, 0, names - 6 - line.width(), 0),
                title,
                Qt.AlignmentFlag.AlignRight,
                elide=True,
            )
            if one:
                strip = QRectF(plot.left(), line.top(), plot.width(), row)
                self._draw_seeds(painter, strip, x, cells[i], one, seeds[i])
            boxes.append((line.adjusted(0, 0.5, 0, -0.5), (i,)))
        return boxes

    def _draw_seeds(
        self, painter: QPainter, strip: QRectF, x: Axis, cell: CellState, found: dict[str, float], seeds: list[float]
    ) -> None:  # fmt: skip
        """Paint a cell's bands, above them a dot for each seed, and the median of several."""
        theme, middle, half = theme_of(self), strip.center().y(), strip.height() / 4
        for low, high, alpha in self.bands(cell):
            left, right = x.pixel(found[low]), x.pixel(found[high])
            band = QRectF(left, middle - half, max(right - left, 1), 2 * half)
            painter.fillRect(band, translucent(theme.letters("real"), alpha))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(translucent(theme.letters("real"), 0.75))
        for dot in piled([x.pixel(one) for one in seeds], middle, strip.height() / 2 - DOT_PX):
            painter.drawEllipse(dot, DOT_PX, DOT_PX)
        if len(seeds) != 1:
            painter.setPen(QPen(QColor(theme.text), 2))
            at = x.pixel(found["median"])
            painter.drawLine(QPointF(at, middle - 1.4 * half), QPointF(at, middle + 1.4 * half))


def piled(places: list[float], middle: float, reach: float) -> list[QPointF]:
    """Return where dots stand: beside each other across the row where they would cover each other along it."""
    piles: list[list[float]] = []
    for place in sorted(places):
        if piles and place - piles[-1][0] < DOT_PX:
            piles[-1].append(place)
        else:
            piles.append([place])
    dots = []
    for pile in piles:
        gap = min(2 * DOT_PX, 2 * reach / max(1, len(pile) - 1))
        dots += [QPointF(place, middle + (k - (len(pile) - 1) / 2) * gap) for k, place in enumerate(pile)]
    return dots


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
