"""How the loss shape is drawn: thick curves of lanes, thin named ghosts, and the batch as histograms below them."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.views.bases.planes import Frame, Marker, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.shape_curves import Array, ShapeCurve
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    line_height,
    line_pen,
    number,
    text_width,
    translucent,
)
from ganviz.views.plot.strokes import draw_curve, fill_below_line

N_BINS = 48
BATCH_SHARE = 0.24
"""Of the plot's height, for the highest bar of the batch."""
MORE_SHARE, MOST_SHARE = 0.08, 0.48
"""How much more each further lane takes, and what all take at most."""
LEAST_BAR_PX = 12.0
MARK_PX = 6.0
"""Between a mark and the plot's edge, so that all of it is seen."""


def draw_zero(painter: QPainter, frame: Frame, theme: Theme, is_probability: bool) -> None:
    """Mark value 0, and score 0 or D = ½."""
    x, y, plot = frame.x, frame.y, frame.area
    painter.setPen(QPen(QColor(theme.border), 1.2))
    if y.low < 0 < y.high:
        painter.drawLine(QPointF(plot.left(), y.pixel(0)), QPointF(plot.right(), y.pixel(0)))
    middle = 0.5 if is_probability else 0.0
    if x.low < middle < x.high:
        painter.drawLine(QPointF(x.pixel(middle), plot.top()), QPointF(x.pixel(middle), plot.bottom()))


def draw_lines(painter: QPainter, frame: Frame, curves: list[ShapeCurve], what: str, theme: Theme) -> None:
    """Draw "loss", "slope" or "both" of every curve."""
    for curve in curves:
        at_x = frame.x.pixels(curve.x)
        width = 1.0 if curve.is_ghost else 2.6
        if what == "both":
            muted = line_pen(QColor(theme.muted), 0.8 if curve.is_ghost else 1.4, curve.lane)
            draw_curve(painter, at_x, frame.y.pixels(curve.slope), muted)
        values = curve.slope if what == "slope" else curve.loss
        color = theme.line(curve.role)
        if curve.is_ghost:
            color = translucent(color, 0.75)
        draw_curve(painter, at_x, frame.y.pixels(values), line_pen(color, width, curve.lane))


def draw_marks(
    painter: QPainter, frame: Frame, curves: list[ShapeCurve], what: str, theme: Theme, fonts: Fonts
) -> None:
    """Draw the batch's mean and the end of the game on "loss", "slope" or "both" of every curve; name ghosts."""
    for curve in curves:
        values = curve.slope if what == "slope" else curve.loss
        for at, is_round in ((curve.mean, False), (curve.end, True)):
            if at is not None and math.isfinite(at):
                _mark(painter, frame, curve, values, at, theme, fonts, is_end=is_round)
    if what != "slope":
        painter.setFont(fonts.tick)
        for curve in curves:
            if curve.is_ghost:
                _name(painter, frame, curve, theme, fonts)


def _mark(
    painter: QPainter,
    frame: Frame,
    curve: ShapeCurve,
    values: Array,
    at: float,
    theme: Theme,
    fonts: Fonts,
    *,
    is_end: bool,
) -> None:
    """Mark the batch's mean with a diamond, at the edge and named where it is beyond; the game's end with a circle."""
    x, y = frame.x.pixel(at), frame.y.pixel(float(np.interp(at, curve.x, values)))
    if is_end:
        painter.setPen(QPen(QColor(theme.text), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), 4.5, 4.5)
        return
    seen = frame.area.adjusted(MARK_PX, MARK_PX, -MARK_PX, -MARK_PX)
    at_x, at_y = min(max(x, seen.left()), seen.right()), min(max(y, seen.top()), seen.bottom())
    is_real = curve.role == "real"
    color = theme.real if is_real else theme.generated
    draw_markers(painter, np.array([at_x]), np.array([at_y]), Marker(color, theme.base, False, 4.2))
    if not frame.area.left() - 1 <= x <= frame.area.right() + 1:
        words = f"← {number(at, 1)}" if x < frame.area.left() else f"{number(at, 1)} →"
        width, height = text_width(fonts.tick, words) + 4, line_height(fonts.tick)
        left = seen.left() + MARK_PX if x < frame.area.left() else seen.right() - MARK_PX - width
        top = min(max(at_y - height / 2, seen.top()), seen.bottom() - height)
        inward = height if at_y < frame.area.center().y() else -height
        box = QRectF(left, top + curve.lane * inward, width, height)
        painter.fillRect(box, translucent(QColor(theme.base), 0.8))
        painter.setFont(fonts.tick)
        painter.setPen(theme.letters("real" if is_real else "generated"))
        draw_text(painter, box, words, Qt.AlignmentFlag.AlignHCenter)


def _name(painter: QPainter, frame: Frame, curve: ShapeCurve, theme: Theme, fonts: Fonts) -> None:
    """Write a ghost's name where its curve leaves the plot, on the side where it is steeper."""
    xs, ys = frame.x.pixels(curve.x), frame.y.pixels(curve.loss)
    seen = frame.area.adjusted(4, line_height(fonts.tick), -4, -line_height(fonts.tick))
    inside = (xs >= seen.left()) & (xs <= seen.right()) & (ys >= seen.top()) & (ys <= seen.bottom())
    if not inside.any():
        return
    steep = np.abs(curve.slope)
    ends = np.flatnonzero(inside)[[0, -1]]
    i = int(ends[int(steep[ends[1]] > steep[ends[0]])])
    width = text_width(fonts.tick, curve.name) + 8
    left = min(max(xs[i] + (6 if i == ends[0] else -width - 6), seen.left()), seen.right() - width)
    box = QRectF(left, ys[i] - line_height(fonts.tick) / 2, width, line_height(fonts.tick))
    painter.fillRect(box, translucent(QColor(theme.base), 0.8))
    painter.setPen(theme.letters(curve.role))
    draw_text(painter, box, curve.name, Qt.AlignmentFlag.AlignHCenter)


def draw_batch(painter: QPainter, frame: Frame, curves: list[ShapeCurve], theme: Theme) -> None:
    """Draw each curve's samples as a histogram: the first lane's filled, others' outlined on base lines below it.

    All have one scale, so that their heights compare.
    """
    x, plot = frame.x, frame.area
    edges = np.linspace(x.low, x.high, N_BINS + 1)
    counted = [
        (curve, np.histogram(np.clip(known, x.low, x.high), edges)[0] / known.size)
        for curve in curves
        if (known := curve.places[np.isfinite(curve.places)]).size
    ]
    top = max((share.max() for _, share in counted), default=0.0)
    if top <= 0:
        return
    lanes = sorted({curve.lane for curve, _ in counted})
    room, high = base_lines(plot.height(), len(lanes))
    painter.setPen(QPen(QColor(theme.border), 1))
    for base in room[:-1]:
        level = plot.bottom() - base
        painter.drawLine(QPointF(plot.left(), level), QPointF(plot.right(), level))
    at = x.pixels(edges)
    for curve, shares in counted:
        color = theme.line("real" if curve.role == "real" else "generated")
        heights, base = shares * (high / top), plot.bottom() - room[lanes.index(curve.lane)]
        some = np.flatnonzero(heights)
        if not some.size:  # the plot has no height
            continue
        bins = slice(max(some[0] - 1, 0), some[-1] + 2)
        steps_x = np.stack([at[:-1], at[1:]], axis=1)[bins].ravel()
        steps_y = base - np.repeat(heights[bins], 2)
        if curve.lane == 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(translucent(color, 0.32))
            fill_below_line(painter, steps_x, np.full_like(steps_y, base), steps_y)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        draw_curve(painter, steps_x, steps_y, line_pen(translucent(color, 0.9), 1.3, curve.lane))


def base_lines(height: float, n: int) -> tuple[list[float], float]:
    """Return how far above the lower edge each of ``n`` lanes' base lines is, and how high a bar is at most.

    The first lane is on top, as in the legend. Many lanes overlap rather than becoming flat.
    """
    room = height * min(BATCH_SHARE + MORE_SHARE * (n - 1), MOST_SHARE)
    high = max(room / n, min(LEAST_BAR_PX, BATCH_SHARE * height))
    apart = (room - high) / max(n - 1, 1)
    return [apart * (n - 1 - i) for i in range(n)], 0.9 * high if n > 1 else high
