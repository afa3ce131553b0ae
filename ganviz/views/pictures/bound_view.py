"""V against its bound: what D has reached of what the best D would, and what it lacks, in nats.

Of losses whose L_D is not -V: L_D, and what it is of their own best D, in their own units.
"""

from __future__ import annotations

import html
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
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.step_plot import draw_step_frame, step_frame
from ganviz.views.look.status_words import steps_words
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.bound_drawing import Floats, draw_gap, draw_level, floor_color, reach
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend, LegendEntry
from ganviz.views.plot.plotting import draw_text, first_fitting, line_height, line_pen, number
from ganviz.views.plot.values import Value, Values

MOST_POINTS = 4000
LOWEST = -2 * math.log(2)
FLOOR = "perfect G"
VERY_FEW, WHY_FEW = 10, "{} so far: measured while this is seen, and at keyframes (←)"
"""Of fewer steps than these it is said why."""
LOSSES = ("d_loss", "best_d_loss")
NOTHING_BEFORE = "Nothing was measured before it diverged; keyframes (←) are earlier."
NO_BEST = (
    "What D lacks needs a loss whose best D is known: cross-entropy, least squares, hinge, EBGAN, f-GAN, RpGAN, "
    "RpLSGAN or RaLSGAN."
)
SMOOTHED = f"both densities smoothed by {KERNEL_WIDTH:g}"


class BoundView(AbstractPaintedView):
    """V(D, G) and V(D*, G) = 2 JSD − 2 ln 2, or L_D and that of its own best D, while seen; GUI thread only."""

    key: ClassVar[str] = "bound"
    is_of_looks: ClassVar[bool] = True
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
        self._measured = self._points = []

    def absence(self, lane: int | None = None) -> str:
        """Return why no lane has a best D, or nothing where there is one."""
        is_unknown = bool(self._points) and not np.isfinite(self._points[-1][1].d_loss).any()
        return super().absence(lane) or (NO_BEST if is_unknown else "")

    def values(self) -> Values:
        """Return what is known of D and of the best D at every step that was seen, lane by lane."""
        rows: list[tuple[Value, ...]] = []
        if self._points:
            for lane, title in enumerate(self.lane_titles(len(self._points[-1][1].value))):
                for step, bound, _ in self._points:
                    parts = (bound.value, bound.best, bound.d_loss, bound.best_d_loss)
                    found = [float(part[lane]) for part in parts]
                    if math.isfinite(found[-1]):
                        rows.append((title, step, *("" if math.isnan(one) else one for one in found)))
        return Values(("lane", "step", "V(D, G)", "V(D*, G)", "L_D", "L_D of the best D"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint both curves of every lane, and the gap between them: of V, and below of losses that are no V."""
        if not self._points or self.snapshot is None:
            return
        fonts, newest = self.fonts(), self._points[-1][1]
        of_v = np.isfinite(newest.value)
        lanes, others = (
            np.flatnonzero(is_of).tolist() for is_of in (of_v, np.isfinite(newest.d_loss) & ~of_v)
        )
        entries = self._entries(lanes, newest, theme) + self._other_entries(others, newest, theme)
        legend = Legend.fit(entries, area.width() - 16, 3, fonts)
        top = QRectF(area.left() + 10, area.top() + 4, area.width() - 16, legend.height)
        legend.draw(painter, top, theme, fonts)
        below = self._write_caption(painter, QRectF(top.left(), top.bottom(), top.width(), 0), theme)
        body = QRectF(area.left(), below + 8, area.width(), area.bottom() - below - 8)
        lanes, others = self._with_points(lanes, "value"), self._with_points(others, "d_loss")
        if not lanes + others:
            self.say(painter, body, NOTHING_BEFORE, theme)
        if lanes and others:
            body.setHeight(0.5 * body.height())
        if lanes:
            self._draw_values(painter, body, lanes, theme)
            body.translate(0, body.height())
        if others:
            self._draw_d_losses(painter, body, others, theme)

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

    def _draw_values(self, painter: QPainter, body: QRectF, lanes: list[int], theme: Theme) -> None:
        """Draw V of these lanes and its bound, over the least that V* can be and what a perfect generator has."""
        steps = np.array([step for step, *_ in self._points], dtype=np.float64)
        value, best = self._seen("value", "best")
        lowest = math.floor(5 * (min(LOWEST, float(np.nanmin(value))) - 0.04)) / 5
        frame = step_frame(body, steps, (max(lowest, -6.0), 0.0), self.fonts())
        draw_step_frame(painter, body, frame, "V (nats)", theme, self.fonts())
        with clipped(painter, frame.area):
            draw_level(painter, frame, LOWEST, theme)
            floor = self._points[-1][1].floor
            if math.isfinite(floor.mean):
                high, low = frame.y.pixel(floor.high), frame.y.pixel(floor.low)
                painter.fillRect(
                    QRectF(frame.area.left(), high, frame.area.width(), max(low - high, 2.0)),
                    floor_color(theme),
                )
            for lane in lanes:
                draw_gap(painter, frame, (steps, value[:, lane], best[:, lane]), ("value", lane), theme)

    def _draw_d_losses(self, painter: QPainter, body: QRectF, lanes: list[int], theme: Theme) -> None:
        """Draw L_D of these lanes and that of their own best D, and where that is with a perfect generator.

        That of an earlier loss with another L_D is left out: it had units of its own.
        """
        assert self.snapshot is not None
        steps = np.array([step for step, *_ in self._points], dtype=np.float64)
        formulas = np.array([formulas for *_, formulas in self._points])
        d_loss, best = (np.where(formulas == formulas[-1], part, np.nan) for part in self._seen(*LOSSES))
        losses = [self.snapshot.config.lanes[lane].formulation.loss for lane in lanes]
        levels = [level for loss in losses if (level := loss.equilibrium().d_loss) is not None]
        low, high, scale = reach(d_loss[:, lanes], best[:, lanes], levels)
        frame = step_frame(body, steps, (low, high), self.fonts(), scale)
        unit = " (nats)" if all(loss.is_nats for loss in losses) else ""
        draw_step_frame(painter, body, frame, f"L_D{unit}", theme, self.fonts())
        with clipped(painter, frame.area):
            for level in levels:
                draw_level(painter, frame, level, theme)
            for lane in lanes:
                draw_gap(painter, frame, (steps, d_loss[:, lane], best[:, lane]), ("d_loss", lane), theme)

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
        texts: tuple[str, ...] = (f"{of_n}; measured while this is seen", of_n, smoothed)
        if (n := len(self._measured)) < VERY_FEW:
            why = WHY_FEW.format(steps_words(n))
            texts = (f"{why}. {of_n}", why, *texts)
        draw_text(painter, box, first_fitting(font, box.width(), *texts), Qt.AlignmentFlag.AlignLeft)
        return box.bottom()

    def _entries(self, lanes: list[int], newest: Bound, theme: Theme) -> list[LegendEntry]:
        """Return the bound's entry, and V's with what D lacks for each lane; none where no lane has a V."""
        assert self.snapshot is not None
        if not lanes:
            return []
        entries = []
        for lane in lanes:
            name, ended = self._name(lane), self._ended(lane, "value", theme)
            if ended is not None:
                entries.append(ended)
                continue
            parts = (newest.gap, newest.js_divergence, newest.js_divergence_least)
            gap, divergence, least = (number(float(part[lane])) for part in parts)
            words = f"{name}V, gap {gap} nats, JSD {divergence}"
            pen, bracket = line_pen(theme.line("value"), 2.2, lane), f" ≥ {least} = ln 2 + V/2"
            symbol, *shorter = (html.escape(one) for one in (words + bracket, words, f"{name}gap {gap}"))
            entries.append(
                LegendEntry(
                    pen, symbol, theme.letters("value"), short=shorter[0], shortest=shorter[1],
                    name=name.removesuffix(": "),
                )
            )  # fmt: skip
        bound = LegendEntry(
            line_pen(theme.line("total"), 1.6), "V(D*, G)", theme.letters("total"), "2 JSD − 2 ln 2"
        )
        floor = (
            []
            if math.isnan(newest.floor.mean)
            else [LegendEntry(line_pen(floor_color(theme), 6), FLOOR, theme.letters("real"))]
        )
        return [*entries, bound, *floor]

    def _other_entries(self, lanes: list[int], newest: Bound, theme: Theme) -> list[LegendEntry]:
        """Return L_D's entry with what D lacks for each lane that has no V, and that of their best D."""
        assert self.snapshot is not None
        entries = []
        for lane in lanes:
            if (ended := self._ended(lane, "d_loss", theme)) is not None:
                entries.append(ended)
                continue
            unit = " nats" if self.snapshot.config.lanes[lane].formulation.loss.is_nats else ""
            gap, best = (number(float(part[lane])) for part in (newest.gap, newest.best_d_loss))
            name = self._name(lane)
            words = f"{html.escape(name)}L<sub>D</sub>, gap {gap}{unit}"
            pen = line_pen(theme.line("d_loss"), 2.2, lane)
            entries.append(
                LegendEntry(
                    pen, f"{words}, at best {best}", theme.letters("d_loss"), short=words,
                    shortest=f"{html.escape(name)}gap {gap}", name=name.removesuffix(": "),
                )
            )  # fmt: skip
        if lanes:
            pen = line_pen(theme.line("total"), 1.6)
            words = "L<sub>D</sub> of its own best D"
            entries.append(LegendEntry(pen, words, theme.letters("total"), short="best D"))
        return entries

    def _ended(self, lane: int, role: str, theme: Theme) -> LegendEntry | None:
        """Return the entry of a lane that has diverged, which lacks nothing any more; None for others."""
        name = self.headings()[lane]
        if name.stopped is None:
            return None
        pen, letters = line_pen(theme.line(role), 2.2, lane), QColor(theme.muted)
        return LegendEntry(pen, html.escape(name.words), letters, short=html.escape(name.brief))

    def _name(self, lane: int) -> str:
        """Return what tells a lane from others, if there are any."""
        assert self.snapshot is not None
        name = self.headings()[lane].title
        return f"{name}: " if name else ""
