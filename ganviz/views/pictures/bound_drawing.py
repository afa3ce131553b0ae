"""How V and its bound are drawn: the gap between two curves, levels, and between which values of L_D."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.spec.frozen import dataclass
from ganviz.views.bases.planes import Frame, Marker, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import line_pen, translucent
from ganviz.views.plot.scales import LINEAR, SYMLOG, Scale
from ganviz.views.plot.strokes import draw_curve, fill_between

Floats = NDArray[np.float64]
FEW = 40
"""Of fewer steps than these, each has a dot: one alone has no line."""
MOST_SHOWN = 0.95
"""Share of the values of L_D that have to be on the axis."""
LARGE = 100.0
"""Values beyond this are laid logarithmically."""


@dataclass(frozen=True, slots=True)
class BoundPlot:
    """What D has of some lanes and what the best one would, ``[steps, lanes]``, and between which heights it is drawn.

    ``role`` is "value" of lanes with a V, "d_loss" of others; ``levels`` are drawn across, ``words`` along the axis.
    """

    role: str
    lanes: list[int]
    of_d: Floats
    best: Floats
    levels: list[float]
    heights: tuple[float, float]
    scale: Scale
    words: str


def draw_level(painter: QPainter, frame: Frame, value: float, theme: Theme) -> None:
    """Draw a dotted line across."""
    ends = np.array([frame.x.start, frame.x.end])
    draw_curve(painter, ends, np.full(2, frame.y.pixel(value)), line_pen(QColor(theme.muted), 1, 2))


def draw_gap(
    painter: QPainter, frame: Frame, known: tuple[Floats, Floats, Floats], of: tuple[str, int], theme: Theme
) -> None:
    """Draw what D and the best D have at steps, ``[steps]`` each, with the gap filled; ``of`` is a role and a lane."""
    (role, lane), at = of, frame.x.pixels(known[0])
    of_d, of_best = (frame.y.pixels(part) for part in known[1:])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(theme.line(role), 0.15))
    fill_between(painter, at, of_best, of_d)
    for heights, name, width in ((of_best, "total", 1.6), (of_d, role, 2.2)):
        draw_curve(painter, at, heights, line_pen(theme.line(name), width, lane))
        if len(at) < FEW:
            draw_markers(painter, at, heights, Marker(theme.line(name).name(), theme.base, True, 3.0))


def reach(d_loss: Floats, best: Floats, levels: list[float]) -> tuple[float, float, Scale]:
    """Return between which values to draw L_D, ``[steps, lanes]``, and how; without a few that are far off.

    Large ones come of the exponentials of f-GANs.
    """
    usual, most = float(np.nanquantile(d_loss, MOST_SHOWN)), float(np.nanmax(d_loss))
    low, newest = min(float(np.nanmin(best)), *levels), d_loss[np.isfinite(d_loss).any(axis=1)][-1]
    high = max(usual, *levels, float(np.nanmax(best)), float(np.nanmax(newest)))
    high = most if high < most < 2 * high - low else high
    if max(-low, high) > LARGE:
        return *SYMLOG.rounded(low, high), SYMLOG
    room = max(0.04 * (high - low), 1e-3)  # for whole dots, too
    return low - room, high + room, LINEAR


def floor_color(theme: Theme) -> QColor:
    """Return the color of what a perfect generator has."""
    return translucent(theme.line("real"), 0.45)
