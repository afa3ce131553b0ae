"""Mode bars: the share of the samples that each mode has, against its true weight."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.words import grouped
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.lane_cells import LEFT, AbstractLaneCells, cells
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    line_height,
    number,
    text_width,
    translucent,
)
from ganviz.views.plot.scales import round_up
from ganviz.views.plot.values import Value, Values

CENTER = Qt.AlignmentFlag.AlignHCenter
MODE = "mode"
NAMED_PX = 70.0
"""Plots as high as this have names below their bars."""
BESIDE_PX, LOW_LINES = 24.0, 7
"""What is beside the words of a cell; a cell of less lines is low."""
WITHOUT_MODES = "Modes can be counted only of data whose modes are known."
MEANING = (
    "Samples whose nearest mode is each one, as a share of all; solid: those within 3σ of it. Dashed: the mode's true "
    "weight, which is not 1/n where modes differ."
)


class ModeBarsView(AbstractLaneCells):
    """A bar a mode, for each lane, all on one scale; GUI thread only."""

    key: ClassVar[str] = "mode_bars"
    title: ClassVar[str] = "Mode bars"
    short_title: ClassVar[str] = "Modes"
    cell_px: ClassVar[float] = 150.0
    unfit_text = WITHOUT_MODES
    reading: Metrics | None

    def __init__(self) -> None:
        super().__init__()
        self._full, self._brevity = 0.0, 0
        self._painted = self._seen = list[tuple[int, QRectF]]()
        self.controls.setContentsMargins(0, 0, 0, 0)
        self.canvas.setToolTip(MEANING)
        self.canvas.setAccessibleDescription(MEANING)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether the modes of the data are known."""
        return config.distribution.modes() is not None

    def probe(self) -> AbstractProbe:
        """Return the measures of now."""
        return MetricsProbe()

    def kind(self) -> type[Reading]:
        """Return the class of the measures."""
        return Metrics

    def n_lanes(self) -> int:
        """Return how many lanes were measured."""
        return 0 if self.reading is None else len(self.reading.mode_counts)

    def forget(self) -> None:
        """Drop the reading and the scale."""
        super().forget()
        self._full = 0.0

    def caption(self, snapshot: Snapshot) -> str:
        """Say what is counted."""
        assert self.reading is not None
        if not self.reading.n_modes:
            return WITHOUT_MODES
        step = snapshot.viewed_step if self.reading.step < 0 else self.reading.step
        n, step_text = grouped(self.reading.n), grouped(step)
        return f"{n} samples at step {step_text}. Share of each mode; solid: within 3σ; dashed: its weight"

    def n_cells(self) -> int:
        """Return a cell for each lane, none without modes."""
        assert self.reading is not None
        return self.n_lanes() if self.reading.n_modes else 0

    def values(self) -> Values:
        """Return the shares of every mode, lane by lane."""
        rows: list[tuple[Value, ...]] = []
        if (m := self.reading) is not None and m.n_modes:
            for lane, title in enumerate(self.lane_titles(self.n_lanes())):
                shares = (m.mode_counts[lane] / m.n, m.good_counts[lane] / m.n, m.fair_counts / m.n)
                columns = zip(*(one.tolist() for one in shares), strict=True)
                rows += [(title, mode, *one) for mode, one in enumerate(columns, 1)]
        return Values(("lane", "mode", "share", "share within 3σ", "weight"), rows)

    def paint_canvas(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint, and remember where on the screen the bars of each lane stand."""
        self._painted = []
        super().paint_canvas(painter, area, theme)
        self._seen, self._painted = self._painted, []

    def pointer_moved(self, at: QPointF | None) -> None:
        """Let the tool tip be of the mode under the pointer, called as the plane calls it."""
        tip = MEANING if at is None else self._words_at(at) or MEANING
        if tip != self.canvas.toolTip():
            self.canvas.setToolTip(tip)

    def _words_at(self, at: QPointF) -> str:
        """Return what the bar at a place says; nothing beside the bars."""
        m = self.reading
        lane, plot = next(((lane, box) for lane, box in self._seen if box.contains(at)), (0, QRectF()))
        if m is None or plot.isNull() or lane >= self.n_lanes() or not m.n_modes:  # the data are others since
            return ""
        mode = min(int((at.x() - plot.left()) / plot.width() * m.n_modes), m.n_modes - 1)
        counts = (m.mode_counts[lane], m.good_counts[lane], m.fair_counts)
        share, good, weight = (f"{100 * float(one[mode]) / m.n:.1f} %" for one in counts)
        return f"{MODE} {mode + 1}: {share} of the samples, {good} within 3σ; its weight: {weight}"

    def draw_cells(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint all lanes on one scale, that of those that go on, which stays while it fits."""
        m = self.reading
        assert m is not None
        assert self.snapshot is not None
        if m.n_modes:
            counts = m.mode_counts[self.snapshot.alive()]
            most = max(float(counts.max()), 1.25 * float(m.fair_counts.max())) / m.n
            if not 0.45 * self._full < most <= self._full:
                self._full = min(1.0, round_up(most))
            texts = [_sum_words(m, lane) for lane in range(self.n_lanes())]
            width, font = self.cells_in(area)[0].width() - BESIDE_PX, self.fonts().tick
            # As brief as in the lane that needs it most; in a shorter text there is never more.
            self._brevity = max(sum(text_width(font, text) > width for text in of[:-1]) for of in texts)
            super().draw_cells(painter, area, theme)

    def cells_in(self, area: QRectF) -> list[QRectF]:
        """Return each lane's part: fewer beside each other where names would be cut, unless they would be low."""
        usual, fonts = super().cells_in(area), self.fonts()
        names = [text_width(fonts.strong, name.brief) for name in self.headings(with_seed=True)]
        widest = max(names, default=0.0) + BESIDE_PX
        wide = cells(area, self.n_cells(), max(self.cell_px, widest), self.most_columns)
        is_low = bool(wide) and wide[0].height() < LOW_LINES * line_height(fonts.tick)
        return usual if is_low else wide

    def draw_cell(self, painter: QPainter, box: QRectF, lane: int, theme: Theme) -> None:
        """Paint a lane's bars, with the axis's end at the left, and what they come to below."""
        m, fonts = self.reading, self.fonts()
        assert m is not None
        line = line_height(fonts.tick)
        top_text = f"{100 * self._full:.3g} %"
        left = box.left() + text_width(fonts.tick, top_text) + 6
        plot = QRectF(left, box.top() + line, box.right() - left, box.height() - 2.6 * line)
        names = _names(m.n_modes, plot, fonts)
        plot.setHeight(plot.height() - line * bool(names))
        if plot.height() < 20 or plot.width() < 40:
            return
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        for text, y in ((top_text, plot.top()), ("0", plot.bottom())):
            draw_text(
                painter,
                QRectF(box.left(), y - line / 2, left - box.left() - 6, line),
                text,
                Qt.AlignmentFlag.AlignRight,
            )
        painter.setPen(QPen(QColor(theme.grid), 1))
        for y in (plot.top(), plot.bottom()):
            painter.drawLine(QPointF(plot.left(), round(y) + 0.5), QPointF(plot.right(), round(y) + 0.5))
        self._draw_bars(painter, plot, m, lane, theme)
        self._painted.append((lane, plot))
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.text))
        for place, name in enumerate(names):
            width = plot.width() / m.n_modes
            under = QRectF(plot.left() + place * width, plot.bottom() + 2, width, line)
            draw_text(painter, under, name, CENTER)
        below = QRectF(box.left(), plot.bottom() + (0.55 + bool(names)) * line, box.width(), line)
        texts = _sum_words(m, lane)
        draw_text(painter, below, texts[min(self._brevity, len(texts) - 1)], LEFT, elide=True)

    def _draw_bars(self, painter: QPainter, plot: QRectF, m: Metrics, lane: int, theme: Theme) -> None:
        fonts = self.fonts()
        width, line = plot.width() / m.n_modes, line_height(fonts.tick)
        all_of, good, weights = (
            counts / m.n / self._full for counts in (m.mode_counts[lane], m.good_counts[lane], m.fair_counts)
        )
        has_numbers = width >= text_width(fonts.tick, "00.0") + 4
        painter.setFont(fonts.tick)
        for i in range(m.n_modes):
            x, gap = plot.left() + i * width, min(0.15 * width, 6.0)
            for share, alpha in ((all_of[i], 0.35), (good[i], 1.0)):
                height = plot.height() * min(float(share), 1.0)
                bar = QRectF(x + gap, plot.bottom() - height, max(1.0, width - 2 * gap), height)
                painter.fillRect(bar, translucent(theme.line("generated"), alpha))
                if height >= 1:  # an edge: what is pale is hard to tell from the ground
                    painter.setPen(QPen(theme.line("generated"), 1))
                    painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
            at = plot.bottom() - plot.height() * float(weights[i])
            painter.setPen(QPen(theme.letters("real"), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, at), QPointF(x + width, at))
            if has_numbers:
                painter.setPen(QColor(theme.text))
                high = min(at, plot.bottom() - plot.height() * min(float(all_of[i]), 1.0))
                text = f"{100 * m.mode_counts[lane][i] / m.n:.1f}"
                draw_text(painter, QRectF(x, high - line - 1, width, line), text, CENTER)


def _names(n: int, plot: QRectF, fonts: Fonts) -> list[str]:
    """Return what stands below the bars of all modes: the first that fits, or nothing in a low or narrow plot."""
    room = plot.width() / n - 4
    if plot.height() < NAMED_PX:
        return []
    several = ([f"{start}{mode}" for mode in range(1, n + 1)] for start in (f"{MODE} ", ""))
    return next((one for one in several if max(text_width(fonts.tick, name) for name in one) <= room), [])


def _sum_words(m: Metrics, lane: int) -> tuple[str, ...]:
    """Return what the bars come to, each with what real samples score; shorter from text to text."""
    quality, ceiling = m.quality_fraction[lane], m.floors.quality.mean
    if not np.isfinite(quality):
        return ("The samples are not finite.",)
    alone = f"quality {100 * quality:.1f} %"
    short = f"{alone} (ceiling {100 * ceiling:.1f} %)"
    of_all = f"{short} · reverse KL {number(float(m.reverse_kl[lane]))}"
    good, floor = number(float(m.good_reverse_kl[lane])), number(m.floors.good_reverse_kl.mean)
    return f"{of_all}, within 3σ {good} (floor {floor})", of_all, short, alone
