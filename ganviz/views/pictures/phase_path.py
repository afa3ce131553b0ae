"""A path under the hand: the point nearest to the pointer, its values, and the samples of its keyframe."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.samples import EarlierSamples, EarlierSamplesProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.touched_plots import AbstractTouchedPlots
from ganviz.views.pictures.phase_points import Array
from ganviz.views.pictures.small_samples import N_IMAGES, N_POINTS, draw_small_samples
from ganviz.views.plot.plotting import line_height, number
from ganviz.views.plot.read_box import draw_read_out
from ganviz.views.plot.read_out import ReadOut, ReadRow

Paths = list[tuple[Array, Array]]
REACH_PX = 40.0
"""How far from the pointer a point may be."""
LARGEST_PX, SMALLEST_PX = 170.0, 56.0
"""Of the picture of samples; where there is less room there is none."""


class AbstractPathView(AbstractTouchedPlots):
    """One plot of a path a lane, a point of which is read; GUI thread only."""

    step_wished = Signal(int)
    """Emitted with a step that all views are to look at, as near as there is a keyframe."""

    def __init__(self) -> None:
        self._at: tuple[int, int] | None = None  # lane and last step of the point that is pointed at
        self._earlier: EarlierSamples | None = None
        self._earlier_of: tuple[int, int] | None = None
        super().__init__()

    def paths(self) -> Paths:
        """Return each lane's path, oldest point first."""
        raise NotImplementedError

    def steps(self) -> list[tuple[int, int]]:
        """Return the first and the last step of each point of the paths."""
        raise NotImplementedError

    def names(self) -> tuple[str, str]:
        """Return what the read-out calls both numbers, HTML."""
        raise NotImplementedError

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the samples of the point that is pointed at; nothing while none is."""
        probe = self._probe()
        return () if probe is None else (probe,)

    def _probe(self) -> EarlierSamplesProbe | None:
        if self._at is None or self.snapshot is None:
            return None
        kind = self.snapshot.config.distribution.kind.name
        return EarlierSamplesProbe(self._at[1], N_IMAGES if kind == "image" else N_POINTS)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the samples that were asked for."""
        found = snapshot.get(EarlierSamples, self._probe()) if self._at is not None else None
        if found is not None:
            self._earlier, self._earlier_of = found, self._at
        return found is not None

    def forget(self) -> None:
        """Point at nothing."""
        self._at, self._earlier = None, None

    def pointer_moved(self, at: QPointF | None) -> None:
        """Point at what is nearest to the pointer on any path."""
        frames = self._frames_here() if at is not None else []
        if at is None or not frames or not frames[0].area.contains(at):
            self._point(None)
            return
        frame, steps, best = frames[0], self.steps(), REACH_PX
        found: tuple[int, int] | None = None
        for lane, (x, y) in enumerate(self.paths()):
            far = np.hypot(frame.x.pixels(x) - at.x(), frame.y.pixels(y) - at.y())
            far = np.where(np.isfinite(far), far, np.inf)
            nearest = int(far.argmin()) if far.size else 0
            if nearest < min(len(steps), far.size) and far[nearest] < best:
                best, found = float(far[nearest]), (lane, steps[nearest][1])
        self._point(found)

    def move_crosshair(self, right: float, up: float = 0.0) -> None:
        """Go on along the path that is pointed at, from its newest point where none is."""
        steps, paths = self.steps(), self.paths()
        lane = min(self._at[0], len(paths) - 1) if self._at is not None else 0
        if not paths or not steps:
            return
        known = np.flatnonzero(np.isfinite(paths[lane][0] + paths[lane][1]))
        if not known.size:
            return
        ends = np.array([steps[i][1] for i in known])
        place = int(np.abs(ends - self._at[1]).argmin()) if self._at is not None else len(known) - 1
        by = max(1, round(abs(right) * len(known))) * int(np.sign(right))
        self._point((lane, int(ends[min(max(place + by, 0), len(known) - 1)])))

    def _point(self, at: tuple[int, int] | None) -> None:
        if at != self._at:
            self._at = at
            self._canvas.refresh_overlay()
            self.needs_changed.emit()

    def clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Let all views look at the keyframe that is shown, or is nearest."""
        self._look_there()

    def _look_there(self) -> None:
        if self._at is None:
            return
        is_shown = self._earlier is not None and self._earlier_of == self._at
        self.step_wished.emit(self._earlier.at_step if is_shown and self._earlier else self._at[1])

    def act_of(self, key: int) -> Callable[[], object] | None:
        """Return what a key does here: Enter is a click on the point, Escape leaves it, T opens the table."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            return self._look_there
        if key == Qt.Key.Key_Escape and self._at is not None:
            return partial(self._point, None)
        return super().act_of(key)

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return the values of the point that is pointed at; where it is matters only to the pointer."""
        place = self._place()
        if place is None or self._at is None or self.snapshot is None:
            return None
        lane, i = place
        (first, last), (xs, ys) = self.steps()[i], self.paths()[lane]
        title = (
            f"step {grouped(last)}" if first == last else f"mean of steps {grouped(first)} … {grouped(last)}"
        )
        if len(self.paths()) > 1:
            title = f"{self.lane_titles(lane + 1)[-1]}, {title}"
        names = zip(self.names(), (xs[i], ys[i]), strict=True)
        rows = [ReadRow("text", name, (number(float(value)),)) for name, value in names]
        return ReadOut(title, (*rows, ReadRow("muted", "click: look back there", ())))

    def _place(self) -> tuple[int, int] | None:
        """Return lane and index of the point that is pointed at; None where its path is gone."""
        paths, ends = self.paths(), np.array([last for _, last in self.steps()])
        if self._at is None or self._at[0] >= len(paths) or not ends.size:
            return None
        i = int(np.abs(ends - self._at[1]).argmin())
        x, y = paths[self._at[0]]
        return (self._at[0], i) if i < len(x) and np.isfinite(x[i] + y[i]) else None

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Mark the point, say its values, and show the samples of its keyframe."""
        frames, place = self._frames_here(), self._place() if self._at is not None else None
        if not frames or place is None:
            return
        frame, (x, y) = frames[0], self.paths()[place[0]]
        at = QPointF(frame.x.pixel(float(x[place[1]])), frame.y.pixel(float(y[place[1]])))
        if not frame.area.adjusted(-2, -2, 2, 2).contains(at):
            return
        painter.setPen(QPen(QColor(self.theme.text), 1.6))
        painter.setBrush(QColor(self.theme.generated))
        painter.drawEllipse(at, 4.5, 4.5)
        shown = self.read_out(0, at.x(), at.y())
        if shown is None:
            return
        self._draw_samples(painter, frame.area, at, len(shown.rows) + 1, place[0])
        draw_read_out(painter, frame.area, at.x(), shown, self.theme, self.fonts(), area)

    def _draw_samples(self, painter: QPainter, plot: QRectF, at: QPointF, n_lines: int, lane: int) -> None:
        """Show the samples at the edge that is farther from the point, below the read-out."""
        earlier, fonts = self._earlier, self.fonts()
        if earlier is None or self.snapshot is None or lane >= len(earlier.generated):
            return
        words = line_height(fonts.tick) + 4
        room = plot.height() - n_lines * (line_height(fonts.tick) + 1) - 28 - words
        side = min(LARGEST_PX, room, 0.45 * plot.width())
        if side < SMALLEST_PX:
            return
        left = plot.right() - side - 8 if at.x() < plot.center().x() else plot.left() + 8
        box = QRectF(left, plot.bottom() - side - words - 8, side, side + words)
        config = self.snapshot.config
        draw_small_samples(painter, box, config.distribution, earlier, lane, self.theme, fonts)
