"""How good the samples are: coverage of the modes, and distances with the floor that real samples reach."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.session.figure_titles import figure_title
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.look.status_words import missing_words
from ganviz.views.look.theme import Theme, scaled
from ganviz.views.plot.caption import caption_lines, draw_caption
from ganviz.views.plot.plotting import Fonts, draw_text, flowed, line_height, number, text_width, translucent
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
GAP_PX, LEAST_GAP_PX = 12.0, 4.0
"""Between the columns of two lanes."""
CLOSE = 0.9
"""How near to each other two lines may stand, in line heights: these have room above their letters."""
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
Cell = tuple[float, float]
"""Where a lane's column begins, and how wide it is."""


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
        inner = area.adjusted(12, 5, -12, 0)
        fonts, cells = self._columns(inner, rows, fonts)
        inner.setTop(self._draw_heads(painter, inner, cells, theme, fonts))
        modes = 56.0 if metrics.n_modes and area.height() > 240 else 0.0
        height = min(46.0, (area.bottom() - inner.top() - modes - 8) / len(rows))
        for row in rows:
            box = QRectF(inner.left(), inner.top(), inner.width(), height)
            self._draw_row(painter, box, cells, row, theme, fonts)
            inner.setTop(inner.top() + height)
        if not metrics.n_modes and area.bottom() - inner.top() > 2 * line:
            painter.setPen(QColor(theme.muted))
            words = caption_lines(fonts.tick, inner.width(), WITHOUT_MODES)
            draw_caption(painter, inner.adjusted(0, 4, 0, 0), words, fonts.tick)
        if modes:
            box = QRectF(inner.left(), inner.top() + 4, inner.width(), modes)
            self._draw_modes(painter, box, cells, metrics, theme, fonts)

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
        assert self.snapshot is not None
        found = tuple(float(v) for v in values)
        far = max([4 * floor, *(found[lane] for lane in self.snapshot.alive() if math.isfinite(found[lane]))])
        full = self._full.get(title, 0.0)
        if not 0.3 * full < far <= full:
            full = self._full[title] = round_up(far)
        texts = tuple(number(v) for v in found)
        floor_text = number(floor, 3 if floor >= LEAST_FLOOR else 4)
        return MetricRow(title, f"{note}floor {floor_text}", found, texts, full, floor)

    def _draw_heads(
        self, painter: QPainter, inner: QRectF, cells: list[Cell], theme: Theme, fonts: Fonts
    ) -> float:
        """Write what the numbers rest on and whose column is whose; return where the rows may begin.

        Names that are wider than their columns are numbered, and stand above all of them.
        """
        assert self._metrics is not None
        n, line = len(self._metrics.js_divergence), line_height(fonts.label)
        names = [one.words for one in self.headings(with_seed=True)[:n]]
        is_short = all(
            text_width(fonts.strong, name) <= width for name, (_, width) in zip(names, cells, strict=False)
        )
        heads = names if is_short else [str(lane + 1) for lane in range(n)]
        pieces = [f"{grouped(self._metrics.n)} samples at step {grouped(self._step)}"]
        if not is_short:
            pieces += [f"{i} {name.removeprefix(f'{i}. ')}" for i, name in enumerate(names[: len(cells)], 1)]
        if (missing := n - len(cells)) > 0:
            pieces.append(missing_words(missing, "wider"))
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        top = inner.top()
        for words in flowed(fonts.label, inner.width(), pieces, " · "):
            draw_text(painter, QRectF(inner.left(), top, inner.width(), line), words, LEFT)
            top += line
        if any(names):
            painter.setFont(fonts.strong)
            painter.setPen(QColor(theme.text))
            for head, (left, width) in zip(heads, cells, strict=False):
                draw_text(painter, QRectF(left, top + 4, width, line), head, LEFT if is_short else RIGHT)
            top += line + 2
        return top + 6

    def _columns(self, inner: QRectF, rows: list[MetricRow], fonts: Fonts) -> tuple[Fonts, list[Cell]]:
        """Return where the column of each lane begins, and how wide it is; of those whose numbers have room.

        Also the letters: numbers are small ones where large ones have no room for all lanes.
        """
        assert self._metrics is not None
        n = len(self._metrics.js_divergence)
        left = inner.left() + min(text_width(fonts.tick, WIDEST_NOTE) + 8, inner.width() * 0.5)
        room, texts = inner.right() - left, [text for row in rows for text in row.texts]
        for strong in (fonts.strong, scaled(fonts.tick, 1.0, bold=True)):
            fonts = replace(fonts, strong=strong)
            least = max(text_width(strong, text) for text in texts) + LEAST_GAP_PX
            if n * least <= room + LEAST_GAP_PX:
                break
        shown = max(1, min(n, int((room + LEAST_GAP_PX) / least)))
        gap = min(GAP_PX, max(LEAST_GAP_PX, (room - shown * (least - LEAST_GAP_PX)) / shown))
        width = (room + gap) / shown
        return fonts, [(left + i * width, width - gap) for i in range(shown)]

    def _draw_row(
        self, painter: QPainter, box: QRectF, cells: list[Cell], row: MetricRow, theme: Theme, fonts: Fonts
    ) -> None:
        line, tick = line_height(fonts.label), line_height(fonts.tick)
        words = QRectF(box.left(), box.top(), cells[0][0] - box.left() - 8, line)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.text))
        draw_text(painter, words, row.title, LEFT, elide=True)
        if box.height() > CLOSE * (line + tick):
            painter.setFont(fonts.tick)
            painter.setPen(QColor(theme.muted))
            below = QRectF(words.left(), words.top() + CLOSE * line, words.width(), tick)
            draw_text(painter, below, row.note, LEFT, elide=True)
        room = max(text_width(fonts.strong, text) for text in row.texts) + 8
        for (left, width), value, text in zip(cells, row.values, row.texts, strict=False):
            bar = QRectF(left, box.top() + 3, width - room, min(line - 4, 12))
            if bar.width() > 12:
                self._draw_bar(painter, bar, value / row.full, row, theme)
            painter.setFont(fonts.strong)
            painter.setPen(QColor(theme.text))
            right = QRectF(left + width - room, box.top(), room, line)
            draw_text(painter, right, text, RIGHT)

    def _draw_bar(self, painter: QPainter, bar: QRectF, share: float, row: MetricRow, theme: Theme) -> None:
        painter.fillRect(bar, QColor(theme.grid))
        filled = QRectF(bar.left(), bar.top(), bar.width() * min(max(share, 0.0), 1.0), bar.height())
        painter.fillRect(filled, theme.line("generated"))
        if row.reference is not None:
            at = bar.left() + bar.width() * min(row.reference / row.full, 1.0)
            painter.setPen(QPen(theme.letters("real"), 2))
            painter.drawLine(QPointF(at, bar.top() - 2), QPointF(at, bar.bottom() + 2))

    def _draw_modes(
        self,
        painter: QPainter,
        box: QRectF,
        cells: list[Cell],
        metrics: Metrics,
        theme: Theme,
        fonts: Fonts,
    ) -> None:
        line = line_height(fonts.tick)
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        words = QRectF(box.left(), box.top(), cells[0][0] - box.left() - 8, line)
        draw_text(painter, words, "Samples of each mode", LEFT, elide=True)
        fair = metrics.fair_counts
        top = max(float(metrics.mode_counts[: len(cells)].max()), 1.5 * float(fair.max()))
        scale = f"one scale, 0 to {100 * top / metrics.n:.0f} %"
        draw_text(painter, words.translated(0, CLOSE * line), scale, LEFT, elide=True)
        for lane, (start, room) in enumerate(cells):
            cell = QRectF(start, box.top(), room, box.height())
            counts = metrics.mode_counts[lane]
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
