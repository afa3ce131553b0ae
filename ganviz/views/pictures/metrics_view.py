"""How good the samples are: coverage of the modes, and distances with the floor that real samples reach."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.session.figure_titles import figure_title
from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.look.status_words import grouped
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, number, text_width, translucent
from ganviz.views.plot.scales import round_up
from ganviz.views.plot.values import Value, Values

WITHOUT_MODES = "Coverage and quality need data whose modes are known."
DEFINITIONS = "\n".join(
    (
        "Modes hit: modes with at least a tenth of the samples within 3σ that real samples have there.",
        "With a sample: modes that are nearest to any sample within 3σ, the count of the literature (of 2500).",
        "High quality: share of samples within 3σ of their nearest mode; real samples reach the ceiling.",
        "Reverse KL: from the samples' shares of the modes to the true ones, in nats; within 3σ: of good ones alone.",
        "Sliced Wasserstein: distance to real samples, averaged over projections onto lines; exact on a line.",
        "Jensen–Shannon: divergence from the true density, both smoothed by 0.1, in nats.",
        "Floor, ceiling: what as many real samples score, the mean of 16 draws.",
    )
)
WIDEST_NOTE = "over modes, floor 0.0000"
LEAST_FLOOR = 5e-4  # less would be 0.000


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One measure: values by lane, the end of its bar, a reference with its words."""

    title: str
    note: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    full: float
    reference: float | None


class MetricsView(AbstractPaintedView):
    """The measures of every lane as bars with their reference; GUI thread only."""

    key: ClassVar[str] = "metrics"
    title: ClassVar[str] = "Run metrics"
    short_title: ClassVar[str] = "Metrics"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metrics: Metrics | None = None
        self._step = 0
        self._full: dict[str, float] = {}
        self.canvas.setToolTip(DEFINITIONS)
        self.canvas.setAccessibleDescription(DEFINITIONS)
        self.controls.setContentsMargins(0, 0, 0, 0)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the measures, which are taken once a second."""
        return (MetricsProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading and the step that it belongs to."""
        found = snapshot.get(Metrics)
        if found is None:
            return False
        self._metrics, self._step = found, snapshot.viewed_step
        return True

    def forget(self) -> None:
        """Drop the reading."""
        self._metrics, self._full = None, {}

    def values(self) -> Values:
        """Return each measure of each lane, with the floor or ceiling that real samples reach."""
        rows: list[tuple[Value, ...]] = []
        if (m := self._metrics) is not None:
            for lane, title in enumerate(self.lane_titles(len(m.js_divergence))):
                for row in self._rows(m):
                    reference = math.nan if row.reference is None else row.reference
                    rows.append((title, row.title, row.values[lane], reference))
        return Values(("lane", "measure", "value", "floor or ceiling"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint a row for each measure and the samples of each mode."""
        metrics = self._metrics
        if (
            metrics is None
            or self.snapshot is None
            or len(metrics.js_divergence) != len(self.snapshot.config.lanes)
        ):
            return
        fonts = self.fonts()
        rows = self._rows(metrics)
        line = line_height(fonts.label)
        head_text = f"{grouped(metrics.n)} samples at step {grouped(self._step)}"
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        head = QRectF(area.left() + 12, area.top() + 5, area.width() - 24, line)
        draw_text(painter, head, head_text, Qt.AlignmentFlag.AlignLeft, elide=True)
        top = head.bottom() + 6
        if len(metrics.js_divergence) * self.snapshot.config.training.seeds > 1:
            self._draw_lane_names(painter, area, top, theme, fonts)
            top += line + 4
        modes = 56.0 if metrics.n_modes and area.height() > 240 else 0.0
        height = min(46.0, (area.bottom() - top - modes - 8) / len(rows))
        for row in rows:
            self._draw_row(
                painter, QRectF(area.left() + 12, top, area.width() - 24, height), row, theme, fonts
            )
            top += height
        if not metrics.n_modes and area.bottom() - top > 2 * line:
            painter.setFont(fonts.tick)
            painter.setPen(QColor(theme.muted))
            below = QRectF(area.left() + 12, top + 4, area.width() - 24, line)
            draw_text(painter, below, WITHOUT_MODES, Qt.AlignmentFlag.AlignLeft, elide=True)
        if modes:
            box = QRectF(area.left() + 12, top + 4, area.width() - 24, modes)
            self._draw_modes(painter, box, metrics, theme, fonts)

    def _rows(self, m: Metrics) -> list[MetricRow]:
        rows = []
        if m.n_modes:
            hit = tuple(float(v) for v in m.modes_hit)
            texts = tuple(f"{v:.0f} of {m.n_modes}" for v in hit)
            any_sample = ", ".join("–" if math.isnan(v) else f"{v:.0f}" for v in m.modes_with_a_sample)
            note = f"with a sample: {any_sample}"
            rows.append(MetricRow(figure_title("modes_hit"), note, hit, texts, m.n_modes, m.n_modes))
            quality = tuple(float(v) for v in m.quality_fraction)
            texts = tuple(f"{100 * v:.1f} %" for v in quality)
            ceiling = m.floors.quality.mean
            note = f"ceiling {100 * ceiling:.1f} %"
            rows.append(MetricRow(figure_title("quality_fraction"), note, quality, texts, 1.0, ceiling))
            for name in ("reverse_kl", "good_reverse_kl"):
                floor = getattr(m.floors, name).mean
                rows.append(self._distance(figure_title(name), getattr(m, name), floor, "over modes, "))
        rows.append(
            self._distance(self._wasserstein(), m.sliced_wasserstein, float(m.sliced_wasserstein_floor[0]))
        )
        if math.isfinite(float(m.js_divergence_floor[0])):
            rows.append(
                self._distance(
                    figure_title("js_divergence"),
                    m.js_divergence,
                    float(m.js_divergence_floor[0]),
                    "smoothed, ",
                )
            )
        return rows

    def _wasserstein(self) -> str:
        """Return what the distance is: on a line there is nothing to slice."""
        assert self.snapshot is not None
        is_line = self.snapshot.config.distribution.kind.name == "line"
        return "Wasserstein-1" if is_line else figure_title("sliced_wasserstein")

    def _distance(self, title: str, values: np.ndarray, floor: float, note: str = "") -> MetricRow:
        found = tuple(float(v) for v in values)
        far = max([4 * floor, *filter(math.isfinite, found)])
        full = self._full.get(title, 0.0)
        if not 0.3 * full < far <= full:
            full = self._full[title] = round_up(far)
        texts = tuple(number(v) for v in found)
        floor_text = number(floor, 3 if floor >= LEAST_FLOOR else 4)
        return MetricRow(title, f"{note}floor {floor_text}", found, texts, full, floor)

    def _draw_lane_names(
        self, painter: QPainter, area: QRectF, top: float, theme: Theme, fonts: Fonts
    ) -> None:
        assert self.snapshot is not None
        painter.setFont(fonts.strong)
        painter.setPen(QColor(theme.text))
        for lane, box in enumerate(
            self._columns(QRectF(area.left() + 12, top, area.width() - 24, line_height(fonts.label)), fonts)
        ):
            name = self.snapshot.config.shown_title(lane)
            draw_text(painter, box, name, Qt.AlignmentFlag.AlignLeft, elide=True)

    def _columns(self, row: QRectF, fonts: Fonts) -> list[QRectF]:
        assert self._metrics is not None
        n = len(self._metrics.js_divergence)
        left = row.left() + min(text_width(fonts.tick, WIDEST_NOTE) + 8, row.width() * 0.5)
        width = (row.right() - left + 12) / n
        return [QRectF(left + i * width, row.top(), width - 12, row.height()) for i in range(n)]

    def _draw_row(self, painter: QPainter, box: QRectF, row: MetricRow, theme: Theme, fonts: Fonts) -> None:
        line = line_height(fonts.label)
        cells = self._columns(box, fonts)
        words = QRectF(box.left(), box.top(), cells[0].left() - box.left() - 8, line)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.text))
        draw_text(painter, words, row.title, Qt.AlignmentFlag.AlignLeft, elide=True)
        if box.height() > line + line_height(fonts.tick):
            painter.setFont(fonts.tick)
            painter.setPen(QColor(theme.muted))
            draw_text(painter, words.translated(0, line), row.note, Qt.AlignmentFlag.AlignLeft, elide=True)
        room = max(text_width(fonts.strong, text) for text in row.texts) + 8
        for cell, value, text in zip(cells, row.values, row.texts, strict=True):
            bar = QRectF(cell.left(), cell.top() + 3, cell.width() - room, min(line - 4, 12))
            if bar.width() > 12:
                self._draw_bar(painter, bar, value / row.full, row, theme)
            painter.setFont(fonts.strong)
            painter.setPen(QColor(theme.text))
            right = QRectF(cell.right() - room, cell.top(), room, line)
            draw_text(painter, right, text, Qt.AlignmentFlag.AlignRight)

    def _draw_bar(self, painter: QPainter, bar: QRectF, share: float, row: MetricRow, theme: Theme) -> None:
        painter.fillRect(bar, QColor(theme.grid))
        filled = QRectF(bar.left(), bar.top(), bar.width() * min(max(share, 0.0), 1.0), bar.height())
        painter.fillRect(filled, theme.line("generated"))
        if row.reference is not None:
            at = bar.left() + bar.width() * min(row.reference / row.full, 1.0)
            painter.setPen(QPen(theme.letters("real"), 2))
            painter.drawLine(QPointF(at, bar.top() - 2), QPointF(at, bar.bottom() + 2))

    def _draw_modes(
        self, painter: QPainter, box: QRectF, metrics: Metrics, theme: Theme, fonts: Fonts
    ) -> None:
        line = line_height(fonts.tick)
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        cells = self._columns(box, fonts)
        words = QRectF(box.left(), box.top(), cells[0].left() - box.left() - 8, line)
        draw_text(painter, words, "Samples of each mode", Qt.AlignmentFlag.AlignLeft, elide=True)
        for lane, cell in enumerate(cells):
            counts = metrics.mode_counts[lane]
            fair = metrics.fair_counts
            top = max(float(counts.max()), 1.5 * float(fair.max()))
            width = cell.width() / len(counts)
            for i, count in enumerate(counts.tolist()):
                height = (cell.height() - 4) * count / top
                bar = QRectF(cell.left() + i * width + 1, cell.bottom() - height, max(1.0, width - 2), height)
                painter.fillRect(bar, theme.line("generated"))
            painter.setPen(QPen(translucent(theme.letters("real"), 0.9), 1.2, Qt.PenStyle.DashLine))
            for i, share in enumerate(fair.tolist()):
                at = cell.bottom() - (cell.height() - 4) * share / top
                left = cell.left() + i * width
                painter.drawLine(QPointF(left, at), QPointF(left + width, at))
