"""Shadow losses over the steps: their values, of every step, and norms of their gradients, where measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.training.probes.shadow_trace import ShadowTrace
from ganviz.training.shadows import ShadowCurve
from ganviz.views.bases.chart_annotations import draw_viewed
from ganviz.views.bases.planes import Frame
from ganviz.views.bases.step_plot import draw_step_frame, step_frame
from ganviz.views.look.theme import Theme
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.looks import Look, Range
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    line_height,
    line_pen,
    number,
    text_width,
    translucent,
)
from ganviz.views.plot.scales import LINEAR, LOG, SYMLOG, Scale
from ganviz.views.plot.strokes import draw_band, draw_curve
from ganviz.views.plot.track import Track
from ganviz.views.plot.values import Value, Values

MOST_POINTS = 4000
MOST_TIMES = 20.0
"""Values that are so many times what the trained loss usually is are drawn on a symlog axis."""
LEAST_USUAL = 0.1
LEAST_SHARE = 0.1
"""A smaller one is written as one part of how many: 1/186 says what 0.01 does not."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NormsOf:
    """What was measured of one run with the same lanes and losses: ``norms`` ``[steps, lanes, losses]``."""

    kind: object
    steps: Floats
    norms: Floats

    @classmethod
    def begin(cls, kind: object, step: int, norms: Floats) -> NormsOf:
        """Return what one look has measured."""
        return cls(kind, np.array([float(step)]), norms[None])

    def grown(self, kind: object, step: int, norms: Floats, newest: int) -> NormsOf:
        """Return it with another look, without what lies after a run's ``newest`` step; anew where ``kind`` differs."""
        if kind != self.kind or norms.shape != self.norms.shape[1:]:
            return NormsOf.begin(kind, step, norms)
        kept = np.flatnonzero((self.steps != step) & (self.steps <= newest))[1 - MOST_POINTS :]
        steps, rows = np.append(self.steps[kept], step), np.concatenate([self.norms[kept], norms[None]])
        order = np.argsort(steps)
        return NormsOf(kind, steps[order], rows[order])

    def up_to(self, step: int) -> NormsOf:
        """Return what was measured up to a step."""
        kept = self.steps <= step
        return NormsOf(self.kind, self.steps[kept], self.norms[kept])

    @property
    def decades(self) -> tuple[float, float]:
        """Return the whole powers of ten that hold every norm."""
        known = self.norms[np.isfinite(self.norms) & (self.norms > 0)]
        if not known.size:
            return 0.1, 1.0
        low, high = np.floor(np.log10(known.min()) - 0.01), np.ceil(np.log10(known.max()) + 0.01)
        return float(10.0**low), float(10.0 ** max(high, low + 1))


@dataclass(frozen=True, slots=True)
class TracePlot:
    """A lane's curves over the steps by place, the trained loss at 0, which is drawn last.

    ``titles`` are their losses, and ``names`` what is written at their ends, ``names_px`` wide; ``words`` stand along
    the axis.
    """

    tracks: Mapping[int, Track]
    titles: Mapping[int, str]
    names: Mapping[int, str]
    heights: tuple[float, float]
    scale: Scale
    words: str
    names_px: float

    @property
    def steps(self) -> Floats:
        """Return the first and the last step."""
        steps = np.concatenate([one.steps for one in self.tracks.values()])
        return np.array([steps.min(), steps.max()])

    def room(self, box: QRectF) -> float:
        """Return how much of a box's width the names get."""
        return min(self.names_px, 0.45 * box.width())

    def body(self, box: QRectF) -> QRectF:
        """Return what they leave of it."""
        return box.adjusted(0, 0, -self.room(box), 0)

    def frame(self, box: QRectF, fonts: Fonts, look: Look) -> Frame:
        """Return the plot in a box."""
        return step_frame(self.body(box), self.steps, self.heights, fonts, self.scale, look)

    def at(self, step: float) -> tuple[float, list[tuple[int, str, float]]]:
        """Return the known step that is nearest, and place, title and value of each curve there.

        NaN where a curve has not begun, or breaks.
        """
        known = np.concatenate([one.steps for one in self.tracks.values()])
        step, found = float(known[np.abs(known - step).argmin()]), []
        for i, one in self.tracks.items():
            is_within = one.steps[0] <= step <= one.steps[-1]
            value = float(one.mean[np.abs(one.steps - step).argmin()]) if is_within else math.nan
            found.append((i, self.titles[i], value))
        return step, found


def norms_plot(found: NormsOf, lane: int, rows: Sequence[tuple[int, str]], fonts: Fonts) -> TracePlot:
    """Return a lane's norms on a log axis; each is named and compared with the trained loss's."""
    names = {i: _with_share(name, found.norms[-1, lane], i) for i, name in rows}
    tracks = {}
    for i in names:
        norms = np.where(found.norms[:, lane, i] > 0, found.norms[:, lane, i], np.nan)
        tracks[i] = Track(found.steps, norms, norms, norms)
    return TracePlot(tracks, dict(rows), names, found.decades, LOG, "‖∂L_G/∂θ_G‖", _names_px(names, fonts))


def values_plot(
    found: ShadowTrace, lane: int, rows: Sequence[tuple[int, str]], fonts: Fonts
) -> TracePlot | None:
    """Return what a lane's scores come to under each loss; each is named with its value at the step looked at."""
    curves = {i: found.curves[i] for i, _ in rows}
    tracks = {i: track(curve, lane) for i, curve in curves.items() if curve is not None and len(curve.first)}
    if not tracks:
        return None
    names = {i: f"{name}: {number(float(found.now[lane, i]))}" for i, name in rows if i in tracks}
    low, high, scale = heights_of(list(tracks.values()))
    words = "L_G" if scale is LINEAR else f"L_G ({scale.key})"
    return TracePlot(tracks, dict(rows), names, (low, high), scale, words, _names_px(names, fonts))


def draw_traces(
    painter: QPainter,
    box: QRectF,
    plot: TracePlot,
    frame: Frame,
    theme: Theme,
    fonts: Fonts,
    viewed: int | None = None,
) -> None:
    """Draw curves with smallest and largest values, the trained loss's thick; at its end each is named.

    The values beside the names are of the step ``viewed``, which is marked where one looks back.
    """
    draw_step_frame(painter, plot.body(box), frame, plot.words, theme, fonts)
    ends: list[tuple[float, int]] = []
    with clipped(painter, frame.area):
        for i in reversed(list(plot.names)):
            one, color = plot.tracks[i], theme.line("g_loss")
            draw_band(painter, frame.x, frame.y, one, translucent(color, 0.22 if i == 0 else 0.08))
            heights = frame.y.pixels(one.mean)
            draw_curve(painter, frame.x.pixels(one.steps), heights, _pen(i, theme, 2.6 if i == 0 else 1.3))
            if np.isfinite(heights[-1]):
                ends.append((float(heights[-1]), i))
    if viewed is not None:
        draw_viewed(painter, frame.area, frame.x, viewed, theme)
    _draw_names(painter, (plot.names, ends, plot.room(box)), frame.area, theme, fonts)


def _names_px(names: Mapping[int, str], fonts: Fonts) -> float:
    """Return how wide names are with their lines."""
    return max(text_width(fonts.tick, name) for name in names.values()) + 30


def trace_values(
    found: ShadowTrace, lanes: Sequence[str], losses: Sequence[str], seen: Range | None = None
) -> Values:
    """Return every bucket of every curve as rows of a table, or those that have steps in a range."""
    low, high = seen or (-math.inf, math.inf)
    rows: list[tuple[Value, ...]] = []
    for lane, title in enumerate(lanes):
        for name, curve in zip(losses, found.curves, strict=True):
            if curve is not None:
                parts = (curve.first, curve.last, curve.mean[lane], curve.low[lane], curve.high[lane])
                each = zip(*(part.tolist() for part in parts), strict=True)
                rows += [(title, name, *one) for one in each if one[1] >= low and one[0] <= high]
    return Values(("lane", "loss", "first step", "last step", "L_G", "lowest", "highest"), rows)


def track(curve: ShadowCurve, lane: int) -> Track:
    """Return one lane's curve, its buckets at their last steps; it breaks where its loss became another one."""
    at = curve.last.astype(np.float64)
    places = np.searchsorted(curve.last, [step for of, step in curve.breaks if of == lane])
    low, high, mean = (
        np.insert(one, places, np.nan) for one in (curve.low[lane], curve.high[lane], curve.mean[lane])
    )
    return Track(np.insert(at, places, at[places]), low, high, mean)


def heights_of(tracks: Sequence[Track]) -> tuple[float, float, Scale]:
    """Return the range that holds every value, and symlog where the usual ones would be a flat line in it."""
    known = [np.concatenate([one.low, one.high]) for one in tracks]
    known = [values[np.isfinite(values)] for values in known]
    low, high = (
        min(values.min(initial=0.0) for values in known),
        max(values.max(initial=0.1) for values in known),
    )
    usual = float(np.quantile(np.abs(known[0]), 0.9)) if known[0].size else 0.0
    scale = SYMLOG if max(high, -low) > MOST_TIMES * max(usual, LEAST_USUAL) else LINEAR
    return (*scale.rounded(float(low), float(high)), scale)


def _pen(i: int, theme: Theme, width: float) -> QPen:
    """Return the line of the trained loss, which comes first, or of another one."""
    full = theme.line("g_loss")
    return line_pen(full if i == 0 else translucent(full, 0.6), width, max(i - 1, 0))


def _draw_names(
    painter: QPainter,
    named: tuple[Mapping[int, str], list[tuple[float, int]], float],
    area: QRectF,
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Write names to the right of a plot, in ``room``, where their curves end."""
    (names, ends, room), height = named, line_height(fonts.tick)
    for i, top in _apart(ends, area, height):
        name = QRectF(area.right() + 28, top, room - 28, height)
        painter.setPen(_pen(i, theme, 1.6))
        middle = name.center().y()
        painter.drawLine(QPointF(area.right() + 6, middle), QPointF(area.right() + 24, middle))
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.text if i == 0 else theme.muted))
        draw_text(painter, name, names[i], Qt.AlignmentFlag.AlignLeft, elide=True)


def _with_share(name: str, norms: Floats, i: int) -> str:
    """Return a loss's name with how many times as long as the trained one's its gradient is now."""
    with np.errstate(all="ignore"):
        share = float(norms[i] / norms[0])
    if i == 0 or not np.isfinite(share) or not share:
        return name
    factor = share if share >= LEAST_SHARE else 1 / share
    words = grouped(factor) if factor >= 1000 else number(factor, 1 if factor >= 10 else 2)
    return f"{'' if share >= LEAST_SHARE else '1/'}{words} × {name}"


def _apart(ends: list[tuple[float, int]], area: QRectF, height: float) -> list[tuple[int, float]]:
    """Return the tops of names beside where their curves end, in that order and none on another."""
    found: list[tuple[int, float]] = []
    top = area.top()
    for left, (end, i) in zip(range(len(ends), 0, -1), sorted(ends), strict=True):
        top = max(top, min(end - height / 2, area.bottom() - left * height))
        found.append((i, top))
        top += height
    return found
