"""Phase portrait: both players' losses against each other, and their total against the divergence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QButtonGroup

from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import toggle_button
from ganviz.views.bases.planes import Frame
from ganviz.views.bases.traces import last_break
from ganviz.views.look.formula import draw_vertical_words, draw_words
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.phase_drawing import (
    draw_path,
    draw_points,
    draw_references,
    name_corner,
    numbers_of_points,
)
from ganviz.views.pictures.phase_names import draw_names
from ganviz.views.pictures.phase_path import AbstractPathView, Paths
from ganviz.views.pictures.phase_points import DIVERGENCE, FAKE, PHASE, Array, ends_of, perfect_on_parts
from ganviz.views.plot.caption import caption_lines, draw_caption, most_lines
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import Axis, draw_grid, line_height, y_tick_width
from ganviz.views.plot.scales import LINEAR
from ganviz.views.plot.values import Value, Values

MODES = (
    (PHASE, "L_D, L_G", "Draws the generator's loss against the discriminator's."),
    (FAKE, "Fake scores", "Draws L_D's fake part against −E log D(G(z)): below the curve no D can be."),
    (
        DIVERGENCE,
        "Total, JSD",
        "Draws L_D − E log D(G(z)) against the divergence, as it is measured while this is seen.",
    ),
)
NAMES = {
    PHASE: ("L_D", "L_G"),
    FAKE: ("A = −E log(1 − D(G(z)))", "B = −E log D(G(z))"),
    DIVERGENCE: ("Jensen–Shannon divergence, smoothed (nats)", "L_D − E log D(G(z))"),
}
SHORT = {
    PHASE: ("L<sub>D</sub>", "L<sub>G</sub>"),
    FAKE: ("A", "B"),
    DIVERGENCE: ("JSD", "L<sub>D</sub> − E log D(G(z))"),
}
CAPTIONS = {
    PHASE: "Numbers: perfect on k of 8 parts of the data, best D. Dashed: D says the same of all.",
    FAKE: "Hatched: impossible for any D. The distance from it is the spread of the fake scores.",
    DIVERGENCE: "Perfect on k of 8 modes, at the best D: the least total has 5 modes, not 8.",
}
EMPTY = (
    "Only cross-entropy losses with both parts have these numbers.",
    "Measured while this is seen: let the run train.",
)
MOST_POINTS = 4000


class PhaseView(AbstractPathView):
    """Each lane's path in a plane of two numbers, pale where it is old; GUI thread only.

    Parameters
    ----------
    modes : iterable
        Those of ``MODES`` that can be chosen.
    """

    key: ClassVar[str] = "phase"
    title: ClassVar[str] = "Phase portrait"
    short_title: ClassVar[str] = "Phase"
    is_of_run: ClassVar[bool] = True
    of_d: ClassVar[str] = "is no loss of D to draw against"

    def __init__(self, modes: Iterable[tuple[str, str, str]] = MODES) -> None:
        self._known: tuple[object, list[Frame], Paths] | None = None
        super().__init__()
        self._trace: LossTrace | None = None
        self._seen: list[tuple[int, Array, Array]] = []
        self._mode = PHASE
        self._ranges: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {}
        group = QButtonGroup(self)
        for key, title, tip in modes:
            button = toggle_button(title, tip, checked=key == PHASE)
            button.clicked.connect(lambda _=False, k=key: self.choose(k))
            group.addButton(button)
            self.controls.addWidget(button)
        self.controls.addStretch(1)

    def choose(self, mode: str) -> None:
        """Draw another pair of numbers."""
        self._mode = mode
        self.forget_looks()
        self.needs_changed.emit()
        self.redraw()

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the history, the divergence where it is drawn, and the samples of the step that is pointed at."""
        also = (MetricsProbe(),) if self._mode == DIVERGENCE else ()
        return (LossTraceProbe(), *also, *super().needs())

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the history, and remember the divergence of this step."""
        trace, metrics = snapshot.get(LossTrace, LossTraceProbe()), snapshot.get(Metrics)
        super().take(snapshot)
        if self.snapshot is not None and self.snapshot.stamp.run != snapshot.stamp.run:
            self.forget()
        self._trace = trace or self._trace
        is_present = snapshot.viewed_step == snapshot.stamp.step
        if trace is not None and metrics is not None and is_present:
            totals = trace.current[:, trace.column("total_non_saturating")]
            if len(totals) == len(metrics.js_divergence) and (
                not self._seen or self._seen[-1][0] != snapshot.stamp.step
            ):
                self._seen = [*self._seen, (snapshot.stamp.step, metrics.js_divergence, totals)][
                    -MOST_POINTS:
                ]
        return trace is not None

    def forget(self) -> None:
        """Drop everything."""
        super().forget()
        self._trace, self._seen, self._ranges = None, [], {}
        self.forget_looks()

    def redraw(self) -> None:
        """Paint anew at the next frame, with nothing that was found out for the last one."""
        self._known = None
        super().redraw()

    def steps(self) -> list[tuple[int, int]]:
        """Return the first and the last step of each point of the paths."""
        if self._mode == DIVERGENCE or self._trace is None:
            return [(step, step) for step, _, _ in self._seen]
        return list(zip(self._trace.first.tolist(), self._trace.last.tolist(), strict=True))

    def names(self) -> tuple[str, str]:
        """Return what the read-out calls both numbers, HTML."""
        return SHORT[self._mode]

    def _begin(self, lane: int) -> int:
        """Return since when a lane has its formulation, or had it where it has diverged."""
        assert self.snapshot is not None
        stopped = self.snapshot.stopped_at(lane)
        return last_break(self._trace, lane, math.inf if stopped is None else stopped) if self._trace else 0

    def paths(self) -> Paths:
        """Return each lane's path, oldest point first; not a number where a lane has no such numbers."""
        trace, snapshot = self._trace, self.snapshot
        if trace is None or snapshot is None or len(trace.mean) != len(snapshot.config.lanes):
            return []
        found = []
        for lane, config in enumerate(snapshot.config.lanes):
            is_logit = config.formulation.loss.score_kind == "logit"
            if self._mode == DIVERGENCE:
                kept = [(x[lane], y[lane]) for _, x, y in self._seen if lane < len(x)]
                x, y = np.array(kept or [(np.nan, np.nan)]).T
            else:
                names = ("d_loss", "g_loss") if self._mode == PHASE else ("d_fake", "g_non_saturating")
                is_newest = trace.first > self._begin(lane)
                x, y = (np.where(is_newest, trace.mean[lane, trace.column(name)], np.nan) for name in names)
            nothing = np.full(1, np.nan)
            found.append((x, y) if is_logit or self._mode == PHASE else (nothing, nothing))
        return found

    def values(self) -> Values:
        """Return each lane's path, with the last step that each point is of."""
        rows: list[tuple[Value, ...]] = []
        if paths := self.paths():
            steps = [last for _, last in self.steps()]
            for title, (x, y) in zip(self.lane_titles(len(paths)), paths, strict=True):
                known = zip(steps, x.tolist(), y.tolist(), strict=False)
                rows += [(title, *one) for one in known if math.isfinite(one[1]) and math.isfinite(one[2])]
        return Values(("lane", "step", *NAMES[self._mode]), rows)

    def frames(self, area: QRectF) -> list[Frame]:
        """Return the plot where the view is painted into ``area``; none before there are paths."""
        key = area.width(), area.height(), self.fonts()
        if self._known is None or self._known[0] != key:
            paths = self.paths()
            self._known = key, [self._frame(area, paths)] if paths else [], paths
        return self._known[1]

    def _head(self, area: QRectF, paths: Paths) -> list[str]:
        """Return the caption's lines."""
        most = most_lines(area.height())
        return caption_lines(self.fonts().tick, area.width() - 24, self._caption(paths), most)

    def _frame(self, area: QRectF, paths: Paths) -> Frame:
        fonts, look, home = self.fonts(), self.look(0), self._range(paths)
        line = line_height(fonts.tick)
        bottom = area.bottom() - line - line_height(fonts.label) - 8
        y = Axis(*(look.y or home[1]), bottom, area.top() + 11 + len(self._head(area, paths)) * line)
        left = area.left() + y_tick_width(y, y.start - y.end, fonts.tick) + line_height(fonts.label) + 14
        x = Axis(*(look.x or home[0]), left, area.right() - 16)
        return Frame(QRectF(left, y.end, x.end - left, y.start - y.end), x, y)

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the ranges of all paths and references."""
        return self._range(self.paths())

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint references, then every lane's path."""
        frames, fonts = self.frames(area), self.fonts()
        if not frames or self._known is None:
            return
        (frame,), paths = frames, self._known[2]
        plot, line = frame.area, line_height(fonts.tick)
        painter.setPen(QColor(theme.muted))
        draw_caption(painter, area.adjusted(12, 3, -12, 0), self._head(area, paths), fonts.tick)
        draw_grid(painter, plot, frame.x, frame.y, theme, fonts)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        draw_vertical_words(painter, area.left() + 4, plot, NAMES[self._mode][1])
        below = QRectF(plot.left(), plot.bottom() + line + 2, plot.width(), line_height(fonts.label))
        draw_words(painter, below, NAMES[self._mode][0], Qt.AlignmentFlag.AlignHCenter)
        columns, ends = self._columns(), self._points()
        role = "total" if self._mode == DIVERGENCE else "g_loss"
        with clipped(painter, plot):
            draw_references(painter, frame, self._mode, columns, theme)
            pixels = [(frame.x.pixels(at_x), frame.y.pixels(at_y)) for at_x, at_y in paths]
            numbers = numbers_of_points(frame, columns, fonts)
            taken = [box for _, box in numbers]
            if self._mode == PHASE and columns and ends:
                name_corner(painter, frame, min(end[1] for end in ends), pixels, theme, fonts, taken)
            for lane, path in enumerate(pixels):
                draw_path(painter, *path, lane, role, theme)
            ends_seen = ends[:1] if self._mode == DIVERGENCE else ends
            draw_points(painter, frame, columns, numbers, ends_seen, theme, fonts)
            names = [one.words for one in self.headings()[: len(paths)]]
            if any(names):
                marked = [*ends, *perfect_on_parts(columns)]
                draw_names(painter, frame, pixels, names, marked, fonts, theme, taken)

    def _caption(self, paths: Paths) -> str:
        """Say what the references are that are drawn, and what the paths begin with; or why there is nothing."""
        if not any(np.isfinite(x).any() for x, _ in paths):
            return EMPTY[self._mode == DIVERGENCE]
        words = [CAPTIONS[self._mode] if self._mode != PHASE or self._columns() else "Pale: earlier steps."]
        if self._mode == PHASE and self._points():
            words.insert(0, "○ equilibrium.")
        steps = {self._begin(lane) for lane in range(len(paths))}
        if self._mode != DIVERGENCE and len(steps) == 1 and max(steps):
            words.append(f"Since step {grouped(max(steps))}.")
        return " ".join(words)

    def _range(self, paths: Paths) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return round ranges that hold the paths that go on and the ends, and shrink only when half empty."""
        assert self.snapshot is not None
        points = self._points()
        paths = [paths[lane] for lane in self.snapshot.alive() if lane < len(paths)]
        ranges = []
        for axis in range(2):
            values = np.concatenate([*(path[axis] for path in paths), [p[axis] for p in points]])
            values = values[np.isfinite(values)]
            low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
            low, high = LINEAR.rounded(low - 0.04 * (high - low) - 1e-3, high + 0.04 * (high - low) + 1e-3)
            kept = self._ranges.get(self._mode)
            if (
                kept
                and kept[axis][0] <= low
                and high <= kept[axis][1]
                and 2 * (high - low) > kept[axis][1] - kept[axis][0]
            ):
                low, high = kept[axis]
            ranges.append((low, high))
        self._ranges[self._mode] = (ranges[0], ranges[1])
        return ranges[0], ranges[1]

    def _points(self) -> list[tuple[float, float]]:
        assert self.snapshot is not None
        return ends_of(self.snapshot.config, self._mode)

    def _columns(self) -> list[tuple[str, str]]:
        """Return the pairs of columns in which the losses of the original paper that lanes train have references."""
        assert self.snapshot is not None
        if self._mode == FAKE:
            return []
        if self._mode == DIVERGENCE:
            return [("js_divergence", "total_non_saturating")]
        losses = [lane.formulation.loss for lane in self.snapshot.config.lanes]
        pairs = ((NonSaturating(), "g_non_saturating"), (Saturating(), "g_saturating"))
        return [("d_loss", column) for loss, column in pairs if loss in losses]
