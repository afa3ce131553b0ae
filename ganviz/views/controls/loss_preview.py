"""What a typed loss looks like before it trains: its functions over the score, or over a pair's lead, with slopes."""

from __future__ import annotations

from collections.abc import Container, Iterable

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.views.look.theme import Theme, theme_of
from ganviz.views.plot.legend import Legend, LegendEntry
from ganviz.views.plot.plotting import Axis, Fonts, draw_grid, line_height, line_pen
from ganviz.views.plot.strokes import draw_curve

PLACES = np.linspace(-6.0, 6.0, 241)
HIGHEST = 6.0
"""Values beyond, of either sign, are cut off: as far as scores go."""
NAMES = {"real": ("real", "on real"), "fake": ("generated", "on fake"), "lead": ("d_loss", "D"),
         "generated": ("g_loss", "G")}  # fmt: skip
"""The role whose color each formula has, and what it is called."""
LEFT_PX, RIGHT_PX = 30, 14


class LossPreview(QWidget):
    """A small plot of the formulas of a loss: thick, and their slopes thin and dashed; GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self._loss: CustomLoss | CustomPairedLoss | None = None
        self.setAccessibleName("The typed functions and their slopes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a plot as high as ten lines."""
        return QSize(220, 10 * round(line_height(self.font())) + 30)

    def show_loss(self, loss: CustomLoss | CustomPairedLoss) -> None:
        """Show the formulas of a loss."""
        self._loss = loss
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint legend, axes, slopes and functions."""
        if self._loss is None:
            return
        theme, fonts = theme_of(self), Fonts.of(self.font())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        curves = {name: self._loss.read(name) for name in self._loss.formulas}
        values = {name: (one(PLACES), one.slope(PLACES)) for name, one in curves.items()}
        beyond = {name for name, (value, _) in values.items() if np.abs(value).min() > HIGHEST}
        legend = Legend.fit(_entries(curves, beyond, theme), self.width() - 4, 2, fonts)
        legend.draw(painter, QRectF(2, 0, self.width() - 4, legend.height), theme, fonts)
        top, bottom = legend.height + 6, self.height() - line_height(fonts.tick) - 5
        area = QRectF(LEFT_PX, top, self.width() - LEFT_PX - RIGHT_PX, bottom - top)
        all_values = np.clip(
            np.concatenate([part for pair in values.values() for part in pair]), -HIGHEST, HIGHEST
        )
        x = Axis(PLACES[0], PLACES[-1], area.left(), area.right())
        y = Axis(
            min(float(all_values.min()), 0) - 0.3,
            max(float(all_values.max()), 0) + 0.3,
            area.bottom(),
            area.top(),
        )
        draw_grid(painter, area, x, y, theme, fonts)
        painter.setClipRect(area)
        at = x.pixels(PLACES)
        for which, width, lane in ((1, 1.1, 1), (0, 2.0, 0)):
            for above, (name, pair) in zip(range(len(values))[::-1], values.items(), strict=True):
                # Of equal curves the lower one is seen at both sides of the upper one.
                pen = line_pen(theme.line(NAMES[name][0]), width * (1 + 0.6 * above), lane)
                draw_curve(painter, at, y.pixels(pair[which]), pen)
        painter.end()


def _entries(names: Iterable[str], beyond: Container[str], theme: Theme) -> list[LegendEntry]:
    entries = []
    for name in names:
        role, words = NAMES[name]
        words += f", beyond ±{HIGHEST:g}" if name in beyond else ""
        entries.append(LegendEntry(line_pen(theme.line(role), 2.0), words, theme.letters(role)))
    muted = QColor(theme.muted)
    return [*entries, LegendEntry(line_pen(muted, 1.1, 1), "slopes", muted)]
