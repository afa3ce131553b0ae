"""V against its bound: what D has reached of what the best D would, and what it lacks, in nats."""

from __future__ import annotations

import html
import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.config import RunConfig
from ganviz.training.distances import KERNEL_WIDTH
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.bound import Bound, BoundProbe
from ganviz.training.probes.optimal_surface import has_density
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.planes import Frame, Marker, draw_markers
from ganviz.views.bases.step_plot import draw_step_frame, step_frame
from ganviz.views.look.status_words import grouped
from ganviz.views.look.theme import Theme
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend, LegendEntry
from ganviz.views.plot.plotting import draw_text, first_fitting, line_height, line_pen, number, translucent
from ganviz.views.plot.strokes import draw_curve, fill_between
from ganviz.views.plot.values import Value, Values

MOST_POINTS = 4000
LOWEST = -2 * math.log(2)
FLOOR = "perfect G"
FEW = 40
"""Of fewer steps than these, each has a dot: one alone has no line."""
ONLY_VALUE = "V(D, G) has a bound, 2 JSD − 2 ln 2, where L_D is −V: of a saturating or a non-saturating loss."
SMOOTHED = f"both densities smoothed by {KERNEL_WIDTH:g}"
Floats = NDArray[np.float64]


class BoundView(AbstractPaintedView):
    """V(D, G) and V(D*, G) = 2 JSD − 2 ln 2 as measured while this is seen; GUI thread only."""

    key: ClassVar[str] = "bound"
    is_of_looks: ClassVar[bool] = True
    title: ClassVar[str] = "V against its bound"
    short_title: ClassVar[str] = "Bound"
    unfit_text = "V and its bound need points in a plane whose density is known: a ring, a grid, a spiral"
    of_d: ClassVar[str] = "is no V"

    def __init__(self) -> None:
        super().__init__()
        self._points: list[tuple[int, Bound]] = []
        self.controls.setContentsMargins(0, 0, 0, 0)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether the density of the data is known."""
        return has_density(config.distribution)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return both values."""
        return (BoundProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Remember the values of this step."""
        found, step = snapshot.get(Bound), snapshot.viewed_step
        if found is None:
            return False
        before = self.snapshot
        if before is not None and before.stamp.run != snapshot.stamp.run:
            self._points = []
        kept = [
            point for point in self._points if point[0] < step and len(point[1].value) == len(found.value)
        ]
        self._points = [*kept, (step, found)][-MOST_POINTS:]
        return True

    def forget(self) -> None:
        """Drop everything."""
        self._points = []

    def absence(self, lane: int | None = None) -> str:
        """Return why there is no V of any lane, or nothing where there is one."""
        is_unknown = bool(self._points) and not np.isfinite(self._points[-1][1].value).any()
        return super().absence(lane) or (ONLY_VALUE if is_unknown else "")

    def values(self) -> Values:
        """Return both values at every step that was seen, lane by lane."""
        rows: list[tuple[Value, ...]] = []
        if self._points:
            for lane, title in enumerate(self.lane_titles(len(self._points[-1][1].value))):
                found = [(step, float(b.value[lane]), float(b.best[lane])) for step, b in self._points]
                rows += [(title, *one) for one in found if math.isfinite(one[1])]
        return Values(("lane", "step", "V(D, G)", "V(D*, G)"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint both curves of every lane, and the gap between them."""
        if not self._points or self.snapshot is None:
            return
        fonts, newest = self.fonts(), self._points[-1][1]
        lanes = [lane for lane in range(len(newest.value)) if math.isfinite(newest.value[lane])]
        legend = Legend.fit(self._entries(lanes, newest, theme), area.width() - 16, 3, fonts)
        top = QRectF(area.left() + 10, area.top() + 4, area.width() - 16, legend.height)
        legend.draw(painter, top, theme, fonts)
        steps = np.array([step for step, _ in self._points], dtype=np.float64)
        value, best = (np.array([getattr(b, name) for _, b in self._points]) for name in ("value", "best"))
        lowest = math.floor(5 * min(LOWEST, float(np.nanmin(value)))) / 5
        below = self._write_caption(painter, QRectF(top.left(), top.bottom(), top.width(), 0), theme)
        body = QRectF(area.left(), below + 8, area.width(), area.bottom() - below - 8)
        frame = step_frame(body, steps, (max(lowest, -6.0), 0.0), fonts)
        draw_step_frame(painter, body, frame, "V (nats)", theme, fonts)
        with clipped(painter, frame.area):
            self._draw_curves(painter, frame, lanes, (steps, value, best), theme)

    def _write_caption(self, painter: QPainter, box: QRectF, theme: Theme) -> float:
        """Say what both values are of; return where the plot may begin."""
        font = self.fonts().label
        newest = self._points[-1][1]
        smoothed = (
            SMOOTHED if math.isfinite(newest.floor.mean) else f"{SMOOTHED} and by the noise that D sees"
        )
        of_n = f"{grouped(newest.n)} samples, {smoothed}"
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        box.setHeight(line_height(font))
        words = first_fitting(font, box.width(), f"{of_n}; measured while this is seen", of_n, smoothed)
        draw_text(painter, box, words, Qt.AlignmentFlag.AlignLeft)
        return box.bottom()

    def _draw_curves(
        self,
        painter: QPainter,
        frame: Frame,
        lanes: list[int],
        known: tuple[Floats, Floats, Floats],
        theme: Theme,
    ) -> None:
        """Draw steps' values and bounds, ``[steps, lanes]``, with the gap filled, over the least that V* can be."""
        x, y, (steps, value, best) = frame.x, frame.y, known
        lowest = np.full(2, y.pixel(LOWEST))
        draw_curve(painter, np.array([x.start, x.end]), lowest, line_pen(QColor(theme.muted), 1, 2))
        at = x.pixels(steps)
        floor = self._points[-1][1].floor
        if math.isfinite(floor.mean):
            high, low = y.pixel(floor.high), y.pixel(floor.low)
            painter.fillRect(
                QRectF(frame.area.left(), high, frame.area.width(), max(low - high, 2.0)), _floor(theme)
            )
        for lane in lanes:
            of_d, of_best = y.pixels(value[:, lane]), y.pixels(best[:, lane])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(translucent(theme.line("value"), 0.15))
            fill_between(painter, at, of_best, of_d)
            for heights, role, width in ((of_best, "total", 1.6), (of_d, "value", 2.2)):
                draw_curve(painter, at, heights, line_pen(theme.line(role), width, lane))
                if len(at) < FEW:
                    draw_markers(painter, at, heights, Marker(theme.line(role).name(), theme.base, True, 3.0))

    def _entries(self, lanes: list[int], newest: Bound, theme: Theme) -> list[LegendEntry]:
        """Return the bound's entry, and V's with what D lacks for each lane."""
        assert self.snapshot is not None
        entries = []
        for lane in lanes:
            name = f"{self.snapshot.config.lane_title(lane)}: " if len(lanes) > 1 else ""
            parts = (newest.gap, newest.js_divergence, newest.js_divergence_least)
            gap, divergence, least = (number(float(part[lane])) for part in parts)
            words = f"{name}V, gap {gap} nats, JSD {divergence}"
            pen, bracket = line_pen(theme.line("value"), 2.2, lane), f" ≥ {least} = ln 2 + V/2"
            entries.append(
                LegendEntry(
                    pen, html.escape(words + bracket), theme.letters("value"), short=html.escape(words)
                )
            )
        bound = LegendEntry(
            line_pen(theme.line("total"), 1.6), "V(D*, G)", theme.letters("total"), "2 JSD − 2 ln 2"
        )
        floor = (
            []
            if math.isnan(newest.floor.mean)
            else [LegendEntry(QPen(_floor(theme), 6), FLOOR, theme.letters("real"))]
        )
        return [*entries, bound, *floor]


def _floor(theme: Theme) -> QColor:
    return translucent(theme.line("real"), 0.45)
