"""Norms of shadow gradients over the steps, as far as they were measured while their view was seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.bases.step_plot import draw_step_frame, step_frame
from ganviz.views.look.status_words import grouped
from ganviz.views.look.theme import Theme
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    line_height,
    line_pen,
    number,
    text_width,
    translucent,
)
from ganviz.views.plot.scales import LOG
from ganviz.views.plot.strokes import draw_curve

MOST_POINTS = 4000
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

    def grown(self, kind: object, step: int, norms: Floats) -> NormsOf:
        """Return it with another look, without what is no longer before it; begun anew where ``kind`` differs."""
        if kind != self.kind or norms.shape != self.norms.shape[1:]:
            return NormsOf.begin(kind, step, norms)
        kept = self.steps < step
        steps, rows = np.append(self.steps[kept], step), np.concatenate([self.norms[kept], norms[None]])
        return NormsOf(kind, steps[-MOST_POINTS:], rows[-MOST_POINTS:])

    @property
    def decades(self) -> tuple[float, float]:
        """Return the whole powers of ten that hold every norm."""
        known = self.norms[np.isfinite(self.norms) & (self.norms > 0)]
        if not known.size:
            return 0.1, 1.0
        low, high = np.floor(np.log10(known.min()) - 0.01), np.ceil(np.log10(known.max()) + 0.01)
        return float(10.0**low), float(10.0 ** max(high, low + 1))


def draw_norms(
    painter: QPainter,
    box: QRectF,
    found: NormsOf,
    lane: int,
    rows: Sequence[tuple[int, str]],
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Draw a lane's norms on a log axis, the trained loss's thick; at its end each is named and compared with that."""
    names = {i: _with_share(name, found.norms[-1, lane], i) for i, name in rows}
    room = min(max(text_width(fonts.tick, name) for name in names.values()) + 30, 0.45 * box.width())
    body = box.adjusted(0, 0, -room, 0)
    frame = step_frame(body, found.steps, found.decades, fonts, LOG)
    draw_step_frame(painter, body, frame, "‖∂L_G/∂θ_G‖", theme, fonts)
    at, full = frame.x.pixels(found.steps), theme.line("g_loss")
    ends: list[tuple[float, int]] = []
    with clipped(painter, frame.area):
        for i in reversed(names):
            heights = frame.y.pixels(np.where(found.norms[:, lane, i] > 0, found.norms[:, lane, i], np.nan))
            color = full if i == 0 else translucent(full, 0.6)
            draw_curve(painter, at, heights, line_pen(color, 2.6 if i == 0 else 1.3, max(i - 1, 0)))
            if np.isfinite(heights[-1]):
                ends.append((float(heights[-1]), i))
    height = line_height(fonts.tick)
    for i, top in _apart(ends, frame.area, height):
        name = QRectF(frame.area.right() + 28, top, room - 28, height)
        painter.setPen(QPen(line_pen(full if i == 0 else translucent(full, 0.6), 1.6, max(i - 1, 0))))
        middle = name.center().y()
        painter.drawLine(QPointF(frame.area.right() + 6, middle), QPointF(frame.area.right() + 24, middle))
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
