"""How a score histogram is drawn: its bars, and the words around them, which say whose scores they are."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import FloatArray
from ganviz.training.probes.score_histogram import ScoreHistogramProbe
from ganviz.views.bases.lane_names import LaneName
from ganviz.views.look.status_words import score_digits
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import (
    Axis,
    Fonts,
    draw_text,
    draw_vertical_label,
    first_fitting,
    line_height,
    number,
    text_width,
    translucent,
)
from ganviz.views.plot.strokes import polygon

ROLES = (("real", "D(x)", "score of x"), ("generated", "D(G(z))", "score of G(z)"))
GAP = "    "
N = ScoreHistogramProbe().n
OF_SAMPLES = (f"{N} fixed samples, present D, in evaluation mode", "fixed samples, present D")
OF_AVERAGE = (
    f"{N} fixed samples of G's average, present D, in evaluation mode",
    "fixed samples of G's average",
)
OF_BATCH = ("D's last batch, before it learned from it", "D's last batch")
IN_SHORT = ("fixed samples", "last batch")
"""Whose scores these are, as part of the axis's name: where there is no room for it beside the means."""


BESIDE_PX = 16.0
"""Of a cell's width, what is beside the words above its plot."""


@dataclass(frozen=True, slots=True)
class HistogramWords:
    """What is written around a lane's histogram.

    Attributes
    ----------
    name : LaneName
    means : tuple of float
        Of the real and the generated samples' scores.
    is_probability : bool
    is_of_batch : bool
        Whether the scores are those of D's last batch; they are of fixed samples otherwise.
    is_average : bool
        Whether fixed samples are those of G's running average.
    brevity : int
        With how few words the means are written, 0 to 2: alike in all lanes.
    """

    name: LaneName
    means: tuple[float, float]
    is_probability: bool
    is_of_batch: bool
    is_average: bool
    brevity: int = 0

    def least_brevity(self, width: float, fonts: Fonts) -> int:
        """Return how brief the means have to be in a cell so wide."""
        texts, room = self._means(), width - BESIDE_PX
        return next(
            (i for i, text in enumerate(texts) if text_width(fonts.label, text) <= room), len(texts) - 1
        )

    @property
    def whose(self) -> tuple[str, ...]:
        """Return whose scores these are, in ever fewer words."""
        return OF_BATCH if self.is_of_batch else OF_AVERAGE if self.is_average else OF_SAMPLES

    def draw(self, painter: QPainter, area: QRectF, plot: QRectF, theme: Theme, fonts: Fonts) -> None:
        """Write the lane's name and both means above its plot, and the axes' names."""
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        draw_vertical_label(painter, area.left() + 4, plot, "share (%)" if plot.height() > 70 else "%")
        line, is_said = line_height(fonts.label), False
        row = QRectF(area.left() + 10, area.top() + 4, area.width() - BESIDE_PX, line)
        if self.name.words:
            self.name.draw(painter, row, theme, fonts)
            row.translate(0, line)
        if row.bottom() <= plot.top():
            is_said = self._draw_means(painter, row, theme, fonts)
        below = QRectF(plot.left(), plot.bottom() + line_height(fonts.tick) + 3, plot.width(), line)
        symbol, meaning = (
            ("D", "probability of being real") if self.is_probability else ("score", "larger = more real")
        )
        whole, of = f"{symbol}, {meaning}", IN_SHORT[self.is_of_batch]
        texts = (whole,) if is_said else (f"{whole} ({of})", f"{symbol}, {of}", of)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        if below.bottom() <= area.bottom() + line / 2:
            axis = first_fitting(fonts.label, below.width(), *texts, symbol)
            draw_text(painter, below, axis, Qt.AlignmentFlag.AlignHCenter)

    def _means(self) -> tuple[str, ...]:
        """Return both means in ever fewer words."""
        least = score_digits(*self.means, is_probability=self.is_probability)
        bare = [number(mean, least) for mean in self.means]
        long = [number(mean, max(3, least)) for mean in self.means]
        texts = [
            f"mean {one[1 if self.is_probability else 2]} = {mean}"
            for one, mean in zip(ROLES, long, strict=True)
        ]
        short = [f"{role} {mean}" for (role, _, _), mean in zip(ROLES, bare, strict=True)]
        return tuple(GAP.join(part) for part in (texts, short, bare))

    def _draw_means(self, painter: QPainter, row: QRectF, theme: Theme, fonts: Fonts) -> bool:
        """Write both means, and whose scores these are where there is room; return whether there is."""
        painter.setFont(fonts.label)
        fitting = first_fitting(fonts.label, row.width(), *self._means()[self.brevity :])
        for (role, _, _), text in zip(ROLES, fitting.split(GAP), strict=False):
            painter.setPen(theme.letters(role))
            draw_text(painter, row, text, Qt.AlignmentFlag.AlignLeft)
            row.setLeft(row.left() + text_width(fonts.label, text + GAP))
        painter.setPen(QColor(theme.muted))
        whose = first_fitting(fonts.label, row.width(), *self.whose)
        draw_text(painter, row, whose, Qt.AlignmentFlag.AlignRight)
        return bool(whose)


def draw_steps(
    painter: QPainter, x: Axis, y: Axis, edges: np.ndarray, shares: FloatArray, role: str, theme: Theme
) -> None:
    """Draw a histogram as a filled outline; generated ones are hatched, so that they differ without color."""
    at_x = np.repeat(x.pixels(edges), 2)
    at_y = y.pixels(np.concatenate([[0.0], np.repeat(shares, 2), [0.0]]))
    outline = polygon(at_x, at_y)
    color = theme.line(role)
    painter.setPen(QPen(color, 1.6))
    painter.setBrush(translucent(color, 0.34 if role == "real" else 0.14))
    painter.drawPolygon(outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if role == "generated":
        middles, tops = x.pixels((edges[1:] + edges[:-1]) / 2).tolist(), y.pixels(shares).tolist()
        painter.setPen(QPen(color, 1))
        painter.drawLines(
            [QLineF(at, y.start, at, top) for at, top in zip(middles, tops, strict=True) if top < y.start]
        )
