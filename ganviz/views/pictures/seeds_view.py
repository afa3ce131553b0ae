"""Seeds: how far a lane's figures differ by chance, whether lanes differ by more, and what each seed has made."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QToolButton, QWidget

from ganviz.session.figure_titles import percent
from ganviz.session.seed_words import difference_text
from ganviz.spec.words import grouped
from ganviz.training.paired import compare
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.metrics_trace import MetricsTrace, MetricsTraceProbe
from ganviz.training.probes.seed_samples import SeedSamples, SeedSamplesProbe
from ganviz.training.seed_bands import BAND, quantiles
from ganviz.training.seed_bands import Values as Floats
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView, small_font, toggle_button
from ganviz.views.look.status_words import missing_words
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.metrics_trace_view import MEASURES, NOT_MEASURED, Measure
from ganviz.views.pictures.seed_planes import LEAST_SIDE, draw_planes, side_of, without_room
from ganviz.views.plot.plotting import draw_text, line_height, number, text_width, translucent
from ganviz.views.plot.values import Value, Values

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MEANING = (
    "A dot is a seed, the stroke the median. Lanes are compared by equal seeds with the first one: the median "
    "difference, and p of Wilcoxon's signed-rank test."
)
DIFFERENCE = "At the right: median of a lane − the first one, seed by seed, and Wilcoxon's p"
STRIPS_SHARE = 0.6
"""Of the height at most, where there are planes below."""
FIRST = ("quality_fraction", "modes_hit", "reverse_kl", "js_divergence", "sliced_wasserstein")
"""Measures that are shown first where not all have room."""


class SeedsView(AbstractPaintedView):
    """The newest measures of every seed as dots, a row a lane, and small planes below; GUI thread only."""

    key: ClassVar[str] = "seeds"
    title: ClassVar[str] = "Seeds compared"
    short_title: ClassVar[str] = "Seeds"
    is_of_run: ClassVar[bool] = True
    empty_text = NOT_MEASURED

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace: MetricsTrace | None = None
        self._samples: SeedSamples | None = None
        self.controls.setContentsMargins(0, 0, 0, 0)
        self._from, self._has_planes = 0, True
        self._planes = toggle_button(
            "Planes", "Shows the small planes of seeds alone, as large as they can be.", checked=False
        )
        self._planes.toggled.connect(self.redraw)
        self._planes.hide()
        self.controls.addWidget(self._planes)
        self._turns = [
            self._turn_button(text, to) for text, to in (("‹ Earlier seeds", -1), ("Later seeds ›", 1))
        ]
        self.controls.addStretch(1)
        self.canvas.setToolTip(MEANING)
        self.canvas.setAccessibleDescription(MEANING)

    def _turn_button(self, text: str, to: int) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text.strip("‹ ›"))
        button.setAutoRaise(True)
        button.setFont(small_font(button.font()))
        button.setToolTip("Shows the small planes of other seeds; so does the wheel.")
        button.clicked.connect(lambda: self.turn(to))
        button.hide()
        self.controls.addWidget(button)
        return button

    def turn(self, to: int) -> None:
        """Show the planes of the seeds before those that are shown (``to`` is -1) or after them (1)."""
        if self._samples is None:
            return
        shown, n = self._samples.generated.shape[1], self._samples.n_seeds
        start = min(max(0, self._samples.first + to * shown), n - shown)
        if start != self._from:
            self._from = start
            self.needs_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn to other seeds' planes."""
        if event.angleDelta().y():
            self.turn(-1 if event.angleDelta().y() > 0 else 1)

    def _offer_turns(self) -> None:
        """Show the buttons where planes are, and not all seeds have room; one can be pressed where there are more."""
        samples = self._samples
        self._planes.setVisible(samples is not None and samples.n_seeds > 1)
        for button in self._turns:
            is_some = samples is not None and samples.generated.shape[1] < samples.n_seeds
            button.setVisible(is_some and self._has_planes)
        if samples is not None:
            self._turns[0].setEnabled(samples.first > 0)
            self._turns[1].setEnabled(samples.first + samples.generated.shape[1] < samples.n_seeds)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the measures of the run, and points of its seeds."""
        return MetricsTraceProbe(), SeedSamplesProbe(first=self._from)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep both readings."""
        trace, samples = snapshot.get(MetricsTrace), snapshot.get(SeedSamples)
        self._trace, self._samples = trace or self._trace, samples or self._samples
        self._offer_turns()
        return trace is not None or samples is not None

    def forget(self) -> None:
        """Drop both readings."""
        self._trace = self._samples = None
        self._offer_turns()

    def newest(self) -> tuple[int, Floats]:
        """Return the step of the newest measures and these, ``[lanes, seeds, METRICS]``; step 0 before the first."""
        trace = self._trace
        if trace is None:
            return 0, np.empty((0, 1, 0))
        each = trace.mean[:, None] if trace.seeds is None else trace.seeds.astype(np.float64)
        known = np.flatnonzero(np.isfinite(each).any(axis=(0, 1, 2)))
        return (int(trace.last[known[-1]]), each[..., known[-1]]) if len(known) else (0, each[..., 0])

    def values(self) -> Values:
        """Return the newest measures of every seed."""
        rows: list[tuple[Value, ...]] = []
        (step, values), snapshot = self.newest(), self.snapshot
        if step and snapshot is not None and self._trace is not None:
            shown, column = self._shown(values), self._trace.column
            for lane, title in enumerate(self.lane_titles(len(values))):
                for k, seed in enumerate(values[lane]):
                    number_of = snapshot.config.training.seed + k
                    rows += [(title, number_of, one.title, float(seed[column(one.column)])) for one in shown]
        return Values(("lane", "seed", "measure", "value"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint strips of dots, and below them the planes of several seeds."""
        (step, values), snapshot, fonts = self.newest(), self.snapshot, self.fonts()
        if snapshot is None or len(values) != len(snapshot.config.lanes):
            return
        line, inner = line_height(fonts.label), area.adjusted(12, 4, -12, -4)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        for words in self._heads(step, values.shape[1], len(values)):
            row = QRectF(inner.left(), inner.top(), inner.width(), line)
            draw_text(painter, row, words, LEFT, elide=True)
            inner.setTop(inner.top() + line)
        body = self._draw_planes(painter, inner.adjusted(0, 4, 0, 0), values, theme)
        if step and body is not None:
            self._draw_strips(painter, body, values, theme)

    def _heads(self, step: int, n: int, lanes: int) -> tuple[str, ...]:
        """Return what is said above, a line each."""
        if self._samples is not None and n > 1 and self._planes.isChecked():
            return (f"{n} seeds: samples of each at step {grouped(self._samples.step)}",)
        if step == 0:
            return (self.empty_text,)
        if n == 1:
            at = f"One seed at step {grouped(step)}"
            return (f"{at} says nothing of chance.", "Seeds, under Training, trains several.")
        dots = f"{n} seeds at step {grouped(step)}: a dot each, the stroke is the median"
        return (dots, DIFFERENCE) if lanes > 1 else (dots,)

    def _draw_planes(self, painter: QPainter, area: QRectF, values: Floats, theme: Theme) -> QRectF | None:
        """Paint small planes of several seeds below, or say that they have no room; return what is left above."""
        samples, snapshot, fonts = self._samples, self.snapshot, self.fonts()
        if samples is None or snapshot is None or values.shape[1] == 1:
            return area
        if (len(samples.generated), samples.n_seeds) != values.shape[:2]:
            return area
        body, below = QRectF(area), QRectF(area)
        if not self._planes.isChecked():
            body.setHeight(min(STRIPS_SHARE * area.height(), len(self._shown(values)) * self._least(values)))
            below.setTop(body.bottom() + 6)
        has_planes = self._planes.isChecked() or side_of(below, samples, fonts) >= LEAST_SIDE
        if has_planes != self._has_planes:
            self._has_planes = has_planes
            QTimer.singleShot(0, self, self._offer_turns)
        if not has_planes:
            return without_room(painter, area, theme, fonts)
        titles = self.lane_titles(len(values))
        draw_planes(painter, below, samples, titles, snapshot.config.training.seed, theme, fonts)
        return None if self._planes.isChecked() else body

    def _least(self, values: Floats) -> float:
        """Return the height that one measure needs: its name, and a line a lane."""
        return (line_height(self.fonts().tick) + 1) * (1 + len(values)) + 4

    def _shown(self, values: Floats) -> list[Measure]:
        """Return the measures that have a meaning for the data, the most telling ones first."""
        assert self._trace is not None
        column = self._trace.column
        known = [one for one in MEASURES if np.isfinite(values[..., column(one.column)]).any()]
        return sorted(known, key=lambda one: FIRST.index(one.column) if one.column in FIRST else len(FIRST))

    def _draw_strips(self, painter: QPainter, area: QRectF, values: Floats, theme: Theme) -> None:
        """Paint as many measures as have room, and say how many have none."""
        assert self._trace is not None
        shown, least, line = self._shown(values), self._least(values), line_height(self.fonts().tick)
        body = QRectF(area)
        if len(shown) * least > area.height() + 1:
            body.setHeight(area.height() - line)
        n = max(1, min(len(shown), int((body.height() + 1) / least)))
        height = min(body.height() / n, 40.0 + 20.0 * len(values))
        for i, one in enumerate(shown[:n]):
            row = QRectF(body.left(), body.top() + i * height, body.width(), height - 4)
            self._draw_measure(painter, row, one, values[..., self._trace.column(one.column)], theme)
        if (missing := len(shown) - n) > 0:
            words = missing_words(missing, "higher")
            painter.setFont(self.fonts().tick)
            painter.setPen(QColor(theme.muted))
            draw_text(painter, QRectF(area.left(), area.bottom() - line, area.width(), line), words, RIGHT)

    def _draw_measure(
        self, painter: QPainter, row: QRectF, one: Measure, values: Floats, theme: Theme
    ) -> None:
        """Paint one measure of ``[lanes, seeds]``: its name and how lanes differ, then a strip a lane."""
        fonts, line, title = self.fonts(), line_height(self.fonts().tick), one.title
        painter.setFont(fonts.strong)
        painter.setPen(QColor(theme.text))
        draw_text(painter, QRectF(row.left(), row.top(), row.width(), line), title, LEFT, elide=True)
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        start = row.left() + text_width(fonts.strong, title) + 12
        words = QRectF(start, row.top(), row.right() - start, line)
        draw_text(painter, words, differences(values, one.column), RIGHT, elide=True)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if values.shape[1] == 1:
            low = min(low, 0.0)  # two strokes alone would always stand at both ends, however near they are
        span = high - low if high > low else max(1.0, abs(high))
        texts = [_band_text(lane, one.column) for lane in values]
        room = max(text_width(fonts.tick, text) for text in texts) + 10
        names = min(0.25 * row.width(), 140.0) if len(values) > 1 or self.headings()[0].words else 0.0
        strip_height = (row.height() - line) / len(values)
        for lane, seeds in enumerate(values):
            middle = row.top() + line + (lane + 0.5) * strip_height
            strip = QRectF(row.left() + names + 4, middle - 5, row.width() - names - room - 8, 10)
            self._draw_strip(painter, strip, (seeds - low) / span, theme)
            painter.setPen(QColor(theme.text))
            text_row = QRectF(row.right() - room, middle - line / 2, room, line)
            draw_text(painter, text_row, texts[lane], RIGHT)
            if names and self.snapshot is not None:
                name = QRectF(row.left(), middle - line / 2, names - 4, line)
                self.headings()[lane].draw(painter, name, theme, fonts, is_small=True)

    def _draw_strip(self, painter: QPainter, strip: QRectF, shares: Floats, theme: Theme) -> None:
        """Paint a dot for each share, 0 … 1, of the strip, their band and their median."""
        if strip.width() < 20:
            return
        middle, known = strip.center().y(), shares[np.isfinite(shares)]
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(strip.left(), middle), QPointF(strip.right(), middle))
        if not len(known):
            return
        low, median, high = (float(np.quantile(known, share)) for share in (BAND[0], 0.5, BAND[1]))
        color = theme.line("generated")
        band = QRectF(strip.left() + low * strip.width(), middle - 4, (high - low) * strip.width(), 8)
        painter.fillRect(band, translucent(color, 0.16))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(translucent(color, 0.6))
        for share in known.tolist():
            painter.drawEllipse(QPointF(strip.left() + share * strip.width(), middle), 2.6, 2.6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        at = strip.left() + median * strip.width()
        painter.setPen(QPen(QColor(theme.text), 1.8))
        painter.drawLine(QPointF(at, strip.top()), QPointF(at, strip.bottom()))


def differences(values: Floats, name: str) -> str:
    """Return how each further lane of ``[lanes, seeds]`` differs from the first one, by equal seeds."""
    if values.shape[1] < 2:
        return ""
    found = [compare(values[0], lane) for lane in values[1:]]
    texts = [difference_text(one.plain, name) for one in found if one.n]
    return " · ".join(texts).replace("-", "−")


def _band_text(seeds: Floats, name: str) -> str:
    low, median, high = (float(one[0]) for one in quantiles(seeds[None], (BAND[0], 0.5, BAND[1])))
    if math.isnan(median):
        return number(median)
    texts = [
        percent(name, one) or (f"{one:g}" if one == round(one) else number(one))
        for one in (median, low, high)
    ]
    return texts[0] if len(seeds) == 1 else f"{texts[0]} ({texts[1]} … {texts[2]})"
