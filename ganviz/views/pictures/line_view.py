"""The game on a line, as in the first figure of Goodfellow et al. 2014: densities, D and D*, and the lines z → x."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.line import LineGame, LineGameProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.compared_plots import AbstractComparedPlots
from ganviz.views.bases.planes import Frame
from ganviz.views.look.status_words import without_d
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.line_panels import (
    LOW_PX,
    RIGHT_PX,
    Panels,
    columns_of,
    draw_latents,
    draw_panel,
    draw_peak,
    left_px,
)
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend, LegendEntry
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import (
    Axis,
    line_height,
    line_pen,
    number,
    translucent,
)  # fmt: skip
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.strokes import draw_curve, fill_between
from ganviz.views.plot.values import Value, Values

Floats = NDArray[np.float64]

SHARES = (0.27, 0.46, 0.27)
"""Heights of D's panel, of the densities and of the lines from z, as parts of what there is."""
HIGHEST = 2.5
"""Greatest height that is shown at first, in peaks of the data's density."""


class LineView(AbstractComparedPlots):
    """One stack of panels a lane; GUI thread only."""

    key: ClassVar[str] = "line"
    title: ClassVar[str] = "The line"
    place_columns: ClassVar[tuple[int, int]] = (1, 1)
    unfit_text = "The line appears when the data are single numbers"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._game: LineGame | None = None
        self._top = 0.0
        self.controls.setContentsMargins(0, 0, 0, 0)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether samples are points of a line."""
        return config.distribution.kind.name == "line"

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the game."""
        return (LineGameProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading; a run of other data empties the view."""
        found, before = snapshot.get(LineGame), self.snapshot
        if found is None and not self.supports(snapshot.config) and before is not None:
            self.clear()
        if before is not None and before.config.distribution != snapshot.config.distribution:
            self.forget_looks()
        self._game = found or self._game
        return found is not None

    def forget(self) -> None:
        """Drop the reading."""
        self._game, self._top = None, 0.0

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the extent, and the densities' heights."""
        assert self._game is not None
        peak = float(self._game.data.max())
        # What G piles up in one place may stand out: it would make everything else too small to be seen.
        top = 1.1 * min(max(peak, float(np.quantile(self._game.generated, 0.995))), HIGHEST * peak)
        if not 0.6 * self._top < top <= self._top:  # a scale that follows every look would never stand still
            unit = 10.0 ** math.floor(math.log10(top)) / 4 if 0 < top < math.inf else 1.0
            self._top = unit * (math.ceil(top / unit) if math.isfinite(top) else 1)
        return (float(self._game.x[0]), float(self._game.x[-1])), (0.0, self._top)

    def frames(self, area: QRectF) -> list[Frame]:
        """Return the panels of densities, which are the ones to be touched."""
        return [] if self._game is None else [panels.densities for panels in self._panels(area)]

    def _panels(self, area: QRectF) -> list[Panels]:
        assert self._game is not None
        n, fonts = len(self._game.scores), self.fonts()
        line, tick = line_height(fonts.label), line_height(fonts.tick)
        top = area.top() + self._legend(area, self.theme).height + 8
        left = left_px(fonts)
        columns = columns_of(n, area.width(), area.bottom() - top, left)
        width, height = area.width() / columns, (area.bottom() - top) / math.ceil(n / columns)
        found = []
        for lane in range(n):
            row, column = divmod(lane, columns)
            head = (line + 4) if n > 1 else 4.0
            box = QRectF(
                area.left() + column * width + left, top + row * height + head,
                max(20.0, width - left - RIGHT_PX), max(30.0, height - head - tick - 8),
            )  # fmt: skip
            found.append(self._panels_in(box, lane, tick))
        return found

    def _panels_in(self, box: QRectF, lane: int, tick: float) -> Panels:
        assert self._game is not None
        (x_home, y_home), look = self.home(lane), self.look(lane)
        x = Axis(*(look.x or x_home), box.left(), box.right())
        has_latents = box.height() >= LOW_PX
        room = box.height() - 8 - (tick + 8 if has_latents else 0.0)
        shares = SHARES if has_latents else SHARES[:2]
        heights = [share / sum(shares) * room for share in shares]
        upper = QRectF(box.left(), box.top(), box.width(), heights[0])
        middle = QRectF(box.left(), upper.bottom() + 8, box.width(), heights[1])
        low, high = self._score_range(lane)
        latents = self._game.latents
        return Panels(
            Frame(upper, x, Axis(low, high, upper.bottom(), upper.top())),
            Frame(middle, x, Axis(*(look.y or y_home), middle.bottom(), middle.top())),
            Axis(float(latents[0]), float(latents[-1]), box.left(), box.right()),
            box.bottom() if has_latents else None,
        )

    def _is_logit(self, lane: int) -> bool:
        assert self.snapshot is not None
        return self.snapshot.config.lanes[lane].formulation.loss.score_kind == "logit"

    def _score_range(self, lane: int) -> Range:
        assert self._game is not None
        if self._is_logit(lane):
            return -0.05, 1.05
        assert self.snapshot is not None
        if without_d(self.snapshot.config, lane):
            return 0.0, 1.0
        scores = self._game.scores[lane]
        low, high = float(np.nanmin(scores)), float(np.nanmax(scores))
        margin = 0.06 * (high - low) + 1e-6
        return (low - margin, high + margin) if math.isfinite(low + high) else (0.0, 1.0)

    def _answers(self, lane: int) -> Floats:
        """Return D's answers as they are drawn: probabilities of logits, else raw scores."""
        assert self._game is not None
        return _sigmoid(self._game.scores[lane]) if self._is_logit(lane) else self._game.scores[lane]

    def _legend(self, area: QRectF, theme: Theme) -> Legend:
        text, best = QColor(theme.text), line_pen(QColor(theme.muted), 1.8, 1)
        entries = [
            LegendEntry(line_pen(theme.line("real"), 2.2), "p<sub>data</sub>", theme.letters("real")),
            LegendEntry(
                line_pen(theme.line("generated"), 2.2),
                "p<sub>G</sub>, smoothed",
                theme.letters("generated"),
                short="p<sub>G</sub>",
            ),
            LegendEntry(line_pen(text, 2.2), "D(x)", text),
        ]
        assert self._game is not None
        if any(self._is_logit(lane) for lane in range(len(self._game.scores))):
            formula = "p<sub>data</sub> / (p<sub>data</sub> + p<sub>G</sub>)"
            entries.append(LegendEntry(best, "D*(x)", QColor(theme.muted), formula))
        return Legend.fit(entries, area.width() - 24, 2, self.fonts())

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every lane's panels."""
        game = self._game
        if game is None or self.snapshot is None or len(game.scores) != len(self.snapshot.config.lanes):
            return
        fonts = self.fonts()
        legend = self._legend(area, theme)
        legend.draw(
            painter, QRectF(area.left() + 12, area.top() + 4, area.width() - 24, legend.height), theme, fonts
        )
        names, line = self.headings(), line_height(fonts.label)
        for lane, panels in enumerate(self._panels(area)):
            upper = panels.discriminator.area
            head = QRectF(upper.left(), upper.top() - line - 3, upper.width(), line)
            names[lane].draw(painter, head, theme, fonts)
            draw_latents(painter, panels, game.latents, game.images[lane], theme, fonts)
            self._draw_discriminator(painter, panels.discriminator, lane, theme)
            self._draw_densities(painter, panels.densities, lane, theme)

    def _draw_discriminator(self, painter: QPainter, frame: Frame, lane: int, theme: Theme) -> None:
        game, fonts = self._game, self.fonts()
        assert game is not None
        assert self.snapshot is not None
        absence = without_d(self.snapshot.config, lane)
        words = ("",) if absence else ("D(x)",) if self._is_logit(lane) else ("score D(x)", "D(x)")
        draw_panel(painter, frame, words, theme, fonts, with_x=False)
        if absence:
            self.say(painter, frame.area, f"{absence}: there is no D(x).", theme)
            return
        at = frame.x.pixels(game.x)
        with clipped(painter, frame.area):
            if self._is_logit(lane):
                half = frame.y.pixel(0.5)
                painter.setPen(QPen(translucent(QColor(theme.muted), 0.7), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(frame.area.left(), half), QPointF(frame.area.right(), half))
                best = frame.y.pixels(_sigmoid(game.optimal[lane]))
                draw_curve(painter, at, best, line_pen(QColor(theme.muted), 1.8, 1))
            draw_curve(painter, at, frame.y.pixels(self._answers(lane)), line_pen(QColor(theme.text), 2.2))

    def _draw_densities(self, painter: QPainter, frame: Frame, lane: int, theme: Theme) -> None:
        game = self._game
        assert game is not None
        draw_panel(painter, frame, ("density",), theme, self.fonts(), with_x=True)
        at, floor = frame.x.pixels(game.x), frame.y.pixel(0.0)
        with clipped(painter, frame.area):
            for role, density in (("real", game.data), ("generated", game.generated[lane])):
                heights = frame.y.pixels(density)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(translucent(theme.line(role), 0.16))
                fill_between(painter, at, np.full(len(at), floor), heights)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                draw_curve(painter, at, heights, line_pen(theme.line(role), 2.2))
            generated = game.generated[lane]
            draw_peak(painter, frame, game.x, generated, theme.letters("generated"), theme, self.fonts())

    def draw_pointer(self, painter: QPainter, frames: list[Frame], index: int, x: float, y: float) -> None:
        """Mark the place in the panels of every lane."""
        painter.setPen(QPen(translucent(QColor(self.theme.text), 0.6), 1))
        for panels in self._panels(QRectF(0, 0, self.canvas.width(), self.canvas.height())):
            at = panels.x.pixel(x)
            top, bottom = panels.discriminator.area.top(), panels.densities.area.bottom()
            painter.drawLine(QPointF(at, top), QPointF(at, bottom))

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return both densities, D and the best D at a place."""
        game = self._game
        if game is None:
            return None

        def row(role: str, name: str, values: Floats) -> ReadRow:
            figure = float(np.interp(x, game.x, values))
            return ReadRow(role, name, (number(figure),), figures=(figure,))

        rows = [
            row("real", "p<sub>data</sub>", game.data),
            row("generated", "p<sub>G</sub>", game.generated[index]),
            row("text", "D(x)" if self._is_logit(index) else "score", self._answers(index)),
        ]
        if self._is_logit(index):
            rows.append(row("muted", "D*(x)", _sigmoid(game.optimal[index])))
        return ReadOut(f"x = {number(x, 2)}", tuple(rows))

    def values(self) -> Values:
        """Return the curves at the places that are in sight."""
        rows: list[tuple[Value, ...]] = []
        game = self._game
        if game is not None and self.snapshot is not None:
            low, high = self.look(0).x or self.home(0)[0]
            seen = (game.x >= low) & (game.x <= high)
            for lane in range(len(game.scores)):
                best = game.optimal[lane] if self._is_logit(lane) else np.full(len(game.x), np.nan)
                columns = (game.x, game.data, game.generated[lane], game.scores[lane], best)
                title = self.lane_titles(lane + 1)[-1]
                rows += [
                    (title, *row) for row in zip(*(part[seen].tolist() for part in columns), strict=True)
                ]
        return Values(("lane", "x", "p_data", "p_G", "score", "best logit"), rows)


def _sigmoid(scores: Floats) -> Floats:
    values: Floats = 0.5 + 0.5 * np.tanh(0.5 * scores)
    return values
