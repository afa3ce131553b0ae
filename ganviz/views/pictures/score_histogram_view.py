"""How the discriminator scores real and generated samples: the two histograms that training pulls together."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import toggle_button
from ganviz.views.bases.compared_plots import AbstractComparedPlots
from ganviz.views.bases.planes import NO_PLOT, Frame
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.histogram_drawing import HistogramWords, draw_steps
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import (
    Axis,
    draw_grid,
    line_height,
    number,
    text_width,
)
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.values import Value, Values

LEAST_PX = 24.0
"""What a plot needs in both directions."""
ROOMY_PX, TIGHT_PX = 75.0, 45.0
"""What the texts take of a cell's height, about: all of them, or a lane's title and the numbers at the axis."""
NO_ROOM = "There is no room for all lanes here: make the view larger."


class ScoreHistogramView(AbstractComparedPlots):
    """One histogram a lane: probabilities for logits, raw scores for critics; GUI thread only."""

    key: ClassVar[str] = "score_histogram"
    title: ClassVar[str] = "Score histograms"
    short_title: ClassVar[str] = "Scores"
    of_d: ClassVar[str] = "are no scores"
    place_columns: ClassVar[tuple[int, int]] = (1, 2)

    def __init__(self) -> None:
        super().__init__()
        self._histogram: ScoreHistogram | None = None
        self._is_of_batch = False
        self._of_batch = toggle_button(
            "Last batch",
            "Shows the scores that D has last learned from, instead of fixed samples'.",
            checked=False,
        )
        self._of_batch.toggled.connect(self.needs_changed)
        self.controls.addWidget(self._of_batch)
        self.controls.addStretch(1)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the histograms."""
        return (ScoreHistogramProbe(of_batch=self._of_batch.isChecked()),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading."""
        is_of_batch = self._of_batch.isChecked()
        found = snapshot.get(ScoreHistogram, ScoreHistogramProbe(of_batch=is_of_batch))
        before = self._histogram
        if found is not None:
            self._histogram, self._is_of_batch = found, is_of_batch
        if found and (before is None or found.is_probability.tolist() != before.is_probability.tolist()):
            self.forget_looks()
        return found is not None

    def forget(self) -> None:
        """Drop the reading."""
        self._histogram = None

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the lanes below one another."""
        histogram = self._histogram
        if histogram is None or self.snapshot is None:
            return
        frames = self.frames(area)
        if all(frame.area.isEmpty() for frame in frames) and np.isfinite(histogram.edges).all():
            self.say(painter, area, NO_ROOM, theme)
            return
        cells, told = self._cells(area), [not frame.area.isEmpty() for frame in frames]
        words = [self._words(histogram, lane) for lane in range(len(frames))]
        widths = [
            (one, cell.width()) for one, cell, is_told in zip(words, cells, told, strict=True) if is_told
        ]
        brevity = max((one.least_brevity(width, self.fonts()) for one, width in widths), default=0)
        for lane, (cell, frame) in enumerate(zip(cells, frames, strict=True)):
            if told[lane]:
                self._draw_lane(painter, frame, histogram, lane, theme)
                replace(words[lane], brevity=brevity).draw(painter, cell, frame.area, theme, self.fonts())
            elif absence := self.absence(lane):
                self.say(painter, cell, absence, theme)

    def _cells(self, area: QRectF) -> list[QRectF]:
        """Return the part of the view that each lane has."""
        assert self._histogram is not None
        n = len(self._histogram.real)
        roomy, tight = (_layout(area, n, texts) for texts in (ROOMY_PX, TIGHT_PX))
        _, columns = roomy if roomy[0] >= LEAST_PX else tight
        width, height = area.width() / columns, area.height() / math.ceil(n / columns)
        return [
            QRectF(area.left() + i % columns * width, area.top() + i // columns * height, width, height)
            for i in range(n)
        ]

    def frames(self, area: QRectF) -> list[Frame]:
        """Return each lane's plot; an empty one where a lane has no room or no scores."""
        if self._histogram is None or self.snapshot is None:
            return []
        fonts, frames = self.fonts(), []
        cells, names = self._cells(area), self.headings()
        line, tick = line_height(fonts.label), line_height(fonts.tick)
        for lane, cell in enumerate(cells):
            left = cell.left() + line + text_width(fonts.tick, "100") + 16
            plot = QRectF(left, cell.top(), cell.right() - 14 - left, cell.height())
            whole = plot.adjusted(0, (2 if names[lane].words else 1) * line + 10, 0, -2 * tick - 10)
            plot = whole if whole.height() >= LEAST_PX else plot.adjusted(0, line + 10, 0, -tick - 4)
            if (
                min(plot.width(), plot.height()) < LEAST_PX
                or not np.isfinite(self._histogram.edges[lane]).all()
            ):
                frames.append(NO_PLOT)
                continue
            look, (x, y) = self.look(lane), self.home(lane)
            frames.append(
                Frame(
                    plot,
                    Axis(*(look.x or x), plot.left(), plot.right()),
                    Axis(*(look.y or y), plot.bottom(), plot.top()),
                )
            )
        return frames

    def home(self, index: int) -> tuple[Range, Range]:
        """Return all scores and a round share above the largest."""
        assert self._histogram is not None
        edges = self._histogram.edges[index]
        shares = self._histogram.real[index], self._histogram.generated[index]
        return (float(edges[0]), float(edges[-1])), (
            0.0,
            _round_up(100 * max(float(p.max()) for p in shares)),
        )

    def group(self, index: int) -> int:
        """Return one group for probabilities; scores of critics have a scale of their own in each lane."""
        assert self._histogram is not None
        return 0 if self._histogram.is_probability[index] else index + 1

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return what shares of the samples are in the bin at a score."""
        assert self._histogram is not None
        edges = self._histogram.edges[index].astype(np.float64)
        i = int(np.searchsorted(edges, x, side="right")) - 1
        if not 0 <= i < len(edges) - 1:
            return None
        name = "D" if self._histogram.is_probability[index] else "score"
        parts = (("real", self._histogram.real), ("generated", self._histogram.generated))
        rows = tuple(
            ReadRow(role, role, (f"{number(share, 1)} %",), figures=(share,))
            for role, share in ((role, 100 * float(part[index, i])) for role, part in parts)
        )
        return ReadOut(f"{name} {number(float(edges[i]))} … {number(float(edges[i + 1]))}", rows)

    def values(self) -> Values:
        """Return the bins in sight with their shares, lane by lane."""
        rows: list[tuple[Value, ...]] = []
        if self._histogram is not None and self.snapshot is not None:
            for lane, edges in enumerate(self._histogram.edges):
                if not np.isfinite(edges).all():  # the lane has diverged, or learned from no batch yet
                    continue
                low, high = self.look(lane).x or self.home(lane)[0]
                title = self.lane_titles(lane + 1)[-1]
                columns = (edges[:-1], edges[1:], self._histogram.real[lane], self._histogram.generated[lane])
                bins = np.stack(columns, axis=1).tolist()
                rows += [(title, *one) for one in bins if one[1] >= low and one[0] <= high]
        return Values(("lane", "from", "to", "share of real", "share of generated"), rows)

    def _words(self, histogram: ScoreHistogram, lane: int) -> HistogramWords:
        assert self.snapshot is not None
        return HistogramWords(
            self.headings()[lane],
            (float(histogram.real_mean[lane]), float(histogram.generated_mean[lane])),
            bool(histogram.is_probability[lane]),
            self._is_of_batch,
            bool(self.snapshot.config.training.ema_decay),
        )

    def _draw_lane(
        self,
        painter: QPainter,
        frame: Frame,
        histogram: ScoreHistogram,
        lane: int,
        theme: Theme,
    ) -> None:
        plot, x, y = frame.area, frame.x, frame.y
        edges = histogram.edges[lane].astype(np.float64)
        shares = 100 * histogram.real[lane], 100 * histogram.generated[lane]
        draw_grid(painter, plot, x, y, theme, self.fonts())
        means = float(histogram.real_mean[lane]), float(histogram.generated_mean[lane])
        with clipped(painter, plot.adjusted(-1, -1, 1, 1)):
            for role, part, mean in zip(("real", "generated"), shares, means, strict=True):
                draw_steps(painter, x, y, edges, part, role, theme)
                painter.setPen(QPen(theme.line(role), 1.6, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(x.pixel(mean), plot.top()), QPointF(x.pixel(mean), plot.bottom()))


def _layout(area: QRectF, n: int, texts: float) -> tuple[float, int]:
    """Return how large the plots of ``n`` cells get at most, and how many of them stand beside each other then.

    It is the smaller of width and twice the height, without ``texts``, which a cell has above and below.
    """

    def side(columns: int) -> float:
        return min(area.width() / columns - 60, 2 * (area.height() / math.ceil(n / columns) - texts))

    columns = max(range(1, n + 1), key=side)
    return side(columns), columns


def _round_up(value: float) -> float:
    return next(limit for limit in (5, 10, 20, 30, 40, 60, 80, 100) if limit >= min(value, 100))
