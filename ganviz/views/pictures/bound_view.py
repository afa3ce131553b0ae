"""V against its bound: what D has reached of what the best D would, and what it lacks, in nats.

Of losses whose L_D is not -V: L_D, and what it is of their own best D, in their own units.
"""

from __future__ import annotations

import math
from operator import itemgetter
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.spec.words import grouped
from ganviz.training.config import RunConfig
from ganviz.training.distances import KERNEL_WIDTH
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.bound import Bound, BoundProbe, has_bound
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.compared_plots import AbstractComparedPlots
from ganviz.views.bases.planes import Frame
from ganviz.views.bases.step_plot import draw_step_frame, last_step, step_frame
from ganviz.views.look.status_words import steps_words
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.bound_drawing import (
    BoundPlot,
    Floats,
    draw_gap,
    draw_level,
    floor_color,
    reach,
)
from ganviz.views.pictures.bound_legend import entries_of_d, entries_of_v
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import draw_text, first_fitting, line_height, number
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.scales import LINEAR
from ganviz.views.plot.values import Value, Values

MOST_POINTS = 4000
LOWEST = -2 * math.log(2)
VERY_FEW, WHY_FEW = 10, "{} so far: measured while this is seen, and at keyframes (←)"
"""Of fewer steps than these it is said why."""
LOSSES = ("d_loss", "best_d_loss")
NOTHING_BEFORE = "Nothing was measured before it diverged; keyframes (←) are earlier."
NO_BEST = (
    "What D lacks needs a loss whose best D is known: cross-entropy, least squares, hinge, EBGAN, f-GAN, RpGAN, "
    "RpLSGAN or RaLSGAN."
)
SMOOTHED = f"both densities smoothed by {KERNEL_WIDTH:g}"


class BoundView(AbstractComparedPlots):
    """V(D, G) and V(D*, G) = 2 JSD − 2 ln 2, or L_D and that of its own best D, while seen; GUI thread only."""

    key: ClassVar[str] = "bound"
    is_of_looks: ClassVar[bool] = True
    shares_x: ClassVar[bool] = True
    place_columns: ClassVar[tuple[int, int]] = (1, 1)
    title: ClassVar[str] = "V against its bound"
    short_title: ClassVar[str] = "Bound"
    unfit_text = "V and its bound need points whose density is known: a ring, a spiral, two Gaussians"
    of_d: ClassVar[str] = "is no V"

    def __init__(self) -> None:
        super().__init__()
        self._measured: list[tuple[int, Bound, tuple[str, ...]]] = []
        self._points = self._measured
        """What was measured up to the step that is looked at: what comes after it is there again when one returns."""
        self.controls.setContentsMargins(0, 0, 0, 0)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether the density of the data is known."""
        return has_bound(config.distribution)

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
            self._measured = []
            self.forget_looks()
        kept = [
            point
            for point in self._measured
            if step != point[0] <= snapshot.stamp.step and len(point[1].value) == len(found.value)
        ]
        formulas = tuple(lane.formulation.loss.d_formula for lane in snapshot.config.lanes)
        self._measured = sorted([*kept[1 - MOST_POINTS :], (step, found, formulas)], key=itemgetter(0))
        self._points = [point for point in self._measured if point[0] <= step]
        return True

    def forget(self) -> None:
        """Drop everything."""
        self._measured, self._points = [], []
        self.forget_looks()

    def absence(self, lane: int | None = None) -> str:
        """Return why no lane has a best D, or nothing where there is one."""
        is_unknown = bool(self._points) and not np.isfinite(self._points[-1][1].d_loss).any()
        return super().absence(lane) or (NO_BEST if is_unknown else "")

    def values(self) -> Values:
        """Return what is known of D and of the best D at every step in sight, lane by lane."""
        rows: list[tuple[Value, ...]] = []
        low, high = self.look(0).x or (-math.inf, math.inf)
        seen = [point for point in self._points if low <= point[0] <= high]
        if seen:
            for lane, title in enumerate(self.lane_titles(len(seen[-1][1].value))):
                for step, bound, _ in seen:
                    parts = (bound.value, bound.best, bound.d_loss, bound.best_d_loss)
                    found = [float(part[lane]) for part in parts]
                    if math.isfinite(found[-1]):
                        rows.append((title, step, *("" if math.isnan(one) else one for one in found)))
        return Values(("lane", "step", "V(D, G)", "V(D*, G)", "L_D", "L_D of the best D"), rows)

    def frames(self, area: QRectF) -> list[Frame]:
        """Return the plot of V, and below it that of losses that are no V, where there are such lanes."""
        steps = self._steps()
        bodies = zip(self._plots(), self._bodies(area), strict=True)
        return [
            step_frame(body, steps, plot.heights, self.fonts(), plot.scale, self.look(i))
            for i, (plot, body) in enumerate(bodies)
        ]

    def home(self, index: int) -> tuple[Range, Range]:
        """Return all steps and all heights."""
        plot = self._plots()[index]
        low, high = plot.scale.forward(np.array(plot.heights)).tolist()
        return (0.0, last_step(self._steps())), (low, high)

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return what D and the best D had at the measured step that is nearest, and what D lacked."""
        plot, steps = self._plots()[index], self._steps()
        i = int(np.abs(steps - x).argmin())
        of_d, best = plot.of_d[i, plot.lanes], plot.best[i, plot.lanes]
        names = ("V(D, G)", "V(D*, G)") if plot.role == "value" else ("L<sub>D</sub>", "best D")
        rows = tuple(
            ReadRow(role, name, tuple(map(number, values.tolist())), figures=tuple(values.tolist()))
            for role, name, values in zip(
                (plot.role, "total", "muted"), (*names, "gap"), (of_d, best, np.abs(best - of_d)), strict=True
            )
        )
        names_of_lanes = self.lane_names()
        titles = tuple(names_of_lanes[lane].words for lane in plot.lanes)
        return ReadOut(f"step {grouped(int(steps[i]))}", rows, titles if len(titles) > 1 else ())

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint both curves of every lane, and the gap between them: of V, and below of losses that are no V."""
        if not self._points or self.snapshot is None or not self._is_of(self.snapshot.config):
            return
        fonts, (legend, top) = self.fonts(), self._legend(area, theme)
        legend.draw(painter, top, theme, fonts)
        self._write_caption(painter, QRectF(top.left(), top.bottom(), top.width(), 0), theme)
        bodies = self._bodies(area)
        if not self._plots():
            self.say(painter, self._below(area), NOTHING_BEFORE, theme)
        for plot, frame, body in zip(self._plots(), self.frames(area), bodies, strict=True):
            draw_step_frame(painter, body, frame, plot.words, theme, fonts)
            with clipped(painter, frame.area):
                self._draw_plot(painter, plot, frame, theme)

    def _draw_plot(self, painter: QPainter, plot: BoundPlot, frame: Frame, theme: Theme) -> None:
        for level in plot.levels:
            draw_level(painter, frame, level, theme)
        floor = self._points[-1][1].floor
        if plot.role == "value" and math.isfinite(floor.mean):
            high, low = frame.y.pixel(floor.high), frame.y.pixel(floor.low)
            band = QRectF(frame.area.left(), high, frame.area.width(), max(low - high, 2.0))
            painter.fillRect(band, floor_color(theme))
        for lane in plot.lanes:
            known = self._steps(), plot.of_d[:, lane], plot.best[:, lane]
            draw_gap(painter, frame, known, (plot.role, lane), theme)

    def _steps(self) -> Floats:
        return np.array([step for step, *_ in self._points], dtype=np.float64)

    def _legend(self, area: QRectF, theme: Theme) -> tuple[Legend, QRectF]:
        """Return the legend and where it stands."""

        def fitted() -> Legend:
            assert self.snapshot is not None
            names, newest = self.headings(), self._points[-1][1]
            of_v, of_d = (lanes for _, lanes in self._lanes())
            entries = entries_of_v(names, of_v, newest, theme)
            entries += entries_of_d(names, self.snapshot.config, of_d, newest, theme)
            return Legend.fit(entries, area.width() - 16, 3, self.fonts())

        legend = self.once(("legend", area.width(), theme.is_dark), fitted)
        return legend, QRectF(area.left() + 10, area.top() + 4, area.width() - 16, legend.height)

    def _below(self, area: QRectF) -> QRectF:
        """Return what legend and caption leave."""
        _, top = self._legend(area, self.theme)
        above = top.bottom() + line_height(self.fonts().label) + 8
        return QRectF(area.left(), above, area.width(), area.bottom() - above)

    def _bodies(self, area: QRectF) -> list[QRectF]:
        """Return the room of each plot."""
        if not (n := len(self._plots())):
            return []
        body = self._below(area)
        body.setHeight(body.height() / n)
        return [body.translated(0, i * body.height()) for i in range(n)]

    def _lanes(self) -> tuple[tuple[str, list[int]], tuple[str, list[int]]]:
        """Return which lanes have a V, and which others a best D."""
        newest = self._points[-1][1]
        of_v = np.isfinite(newest.value)
        others = np.isfinite(newest.d_loss) & ~of_v
        return ("value", np.flatnonzero(of_v).tolist()), ("d_loss", np.flatnonzero(others).tolist())

    def _plots(self) -> list[BoundPlot]:
        """Return what there is to draw of lanes with a V, and of others."""
        return self.once("plots", self._made_plots)

    def _made_plots(self) -> list[BoundPlot]:
        if not self._points or self.snapshot is None or not self._is_of(self.snapshot.config):
            return []
        each = ((role, self._with_points(lanes, role)) for role, lanes in self._lanes())
        return [self._plot(role, lanes) for role, lanes in each if lanes]

    def _is_of(self, config: RunConfig) -> bool:
        """Return whether no lane has come or gone since."""
        return len(self._points[-1][1].value) == len(config.lanes)

    def _plot(self, role: str, lanes: list[int]) -> BoundPlot:
        """Return V of these lanes and its bound, or L_D and that of their own best D.

        L_D of an earlier loss with another one is left out: it had units of its own.
        """
        assert self.snapshot is not None
        if role == "value":
            value, best = self._seen("value", "best")
            lowest = math.floor(5 * (min(LOWEST, float(np.nanmin(value))) - 0.04)) / 5
            return BoundPlot(role, lanes, value, best, [LOWEST], (max(lowest, -6.0), 0.0), LINEAR, "V (nats)")
        formulas = np.array([formulas for *_, formulas in self._points])
        d_loss, best = (np.where(formulas == formulas[-1], part, np.nan) for part in self._seen(*LOSSES))
        losses = [self.snapshot.config.lanes[lane].formulation.loss for lane in lanes]
        levels = [level for loss in losses if (level := loss.equilibrium().d_loss) is not None]
        low, high, scale = reach(d_loss[:, lanes], best[:, lanes], levels)
        unit = " (nats)" if all(loss.is_nats for loss in losses) else ""
        return BoundPlot(role, lanes, d_loss, best, levels, (low, high), scale, f"L_D{unit}")

    def _seen(self, *names: str) -> list[Floats]:
        """Return fields of all that was seen, ``[steps, lanes]`` each; NaN of lanes that had diverged."""
        stops = [math.inf if one.stopped is None else one.stopped for one in self.lane_names()]
        goes_on = np.array([step for step, *_ in self._points])[:, None] < np.array(stops)
        found = (np.array([getattr(bound, name) for _, bound, _ in self._points]) for name in names)
        return [np.where(goes_on, one, np.nan) for one in found]

    def _with_points(self, lanes: list[int], name: str) -> list[int]:
        """Return those of some lanes of which there is something to draw: of one that goes on there is the newest."""
        names = self.lane_names()
        if all(names[lane].stopped is None for lane in lanes):
            return lanes
        (seen,) = self._seen(name)
        return [lane for lane in lanes if np.isfinite(seen[:, lane]).any()]

    def _write_caption(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Say what both values are of."""
        font = self.fonts().label
        newest = self._points[-1][1]
        smoothed = (
            SMOOTHED if math.isfinite(newest.floor.mean) else f"{SMOOTHED} and by the noise that D sees"
        )
        of_n = f"{grouped(newest.n)} samples, {smoothed}"
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        box.setHeight(line_height(font))
        texts: tuple[str, ...] = (f"{of_n}; measured while this is seen", of_n, smoothed)
        if (n := len(self._measured)) < VERY_FEW:
            why = WHY_FEW.format(steps_words(n))
            texts = (f"{why}. {of_n}", why, *texts)
        draw_text(painter, box, first_fitting(font, box.width(), *texts), Qt.AlignmentFlag.AlignLeft)
