"""Paints the Dirac game: the field's arrows, courses, the start, and eigenvalues in the complex plane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.probes.dirac import DiracPlays
from ganviz.views.bases.planes import Frame, Marker, arrow_path, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import (
    Fonts,
    draw_grid,
    draw_text,
    draw_vertical_label,
    first_fitting,
    line_height,
    line_pen,
    mixed,
    text_width,
    translucent,
)  # fmt: skip
from ganviz.views.plot.strokes import draw_curve

MOST_LINES = 4
TOGETHER_PX = 14.0
"""Eigenvalues that are nearer to each other share a label."""
SWATCH_PX = 26.0
PHASE_SHARE = 0.58
"""Of the room, for the phase plane."""
N_SHADES = 8
MOST_DOTS = 60
"""A longer course is drawn as a line; a shorter one shows its steps."""
LEAST_GAP_PX = 16.0
"""Between arrows; where they would lie closer some are left out."""
FAR = 3.0
"""A course that has gone this many times as far as the field reaches has run away."""
ARROW_SHARE = 0.8
"""Length of the longest arrow, of the distance between two of them."""


def draw_field(painter: QPainter, frame: Frame, plays: DiracPlays, theme: Theme) -> None:
    """Draw where both players of the first lane want to go; lengths go by the square root, so that small ones show."""
    across, up = plays.to_theta[0], plays.to_psi[0]
    sizes = np.hypot(across, up)
    if not np.isfinite(sizes).any() or not np.nanmax(sizes):
        return
    gap = abs(frame.x.pixel(float(plays.axis[1])) - frame.x.pixel(float(plays.axis[0])))
    lengths = (
        ARROW_SHARE
        * max(gap, LEAST_GAP_PX)
        * np.sqrt(sizes / np.nanmax(sizes))
        / np.where(sizes > 0, sizes, 1.0)
    )
    x, y = np.meshgrid(frame.x.pixels(plays.axis), frame.y.pixels(plays.axis))
    every = slice(None, None, max(1, math.ceil(LEAST_GAP_PX / gap)))
    ends = np.stack([x, y, x + lengths * across, y - lengths * up], axis=-1)[every, every].reshape(-1, 4)
    painter.save()
    painter.setOpacity(0.4)
    arrow_path(painter, ends[np.isfinite(ends).all(axis=1)], theme)
    painter.restore()


def draw_course(
    painter: QPainter, frame: Frame, plays: DiracPlays, lane: int, until: int, theme: Theme
) -> None:
    """Draw a course up to a step or where it has run away, paler where it is older, with a dot where it ends."""
    theta, psi = plays.theta[lane, : until + 1], plays.psi[lane, : until + 1]
    with np.errstate(invalid="ignore"):
        is_far = ~(np.maximum(np.abs(theta), np.abs(psi)) <= FAR * plays.axis[-1])
    end = int(np.argmax(is_far)) + 1 if is_far.any() else len(theta)
    x, y = frame.x.pixels(theta[:end]), frame.y.pixels(psi[:end])
    if end < 2:
        return
    base, full = QColor(theme.base), theme.line("g_loss")
    edges = np.linspace(0, len(x) - 1, min(N_SHADES, len(x) - 1) + 1).astype(int)
    for i, (first, last) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        color = mixed(full, base, 0.35 + 0.65 * (i + 1) / (len(edges) - 1))
        draw_curve(painter, x[first : last + 1], y[first : last + 1], line_pen(color, 1.8, lane))
    if len(x) <= MOST_DOTS:
        draw_markers(painter, x, y, Marker(full.name(), theme.base, True, 2.0))
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))[-1:]
    draw_markers(painter, x[known], y[known], Marker(theme.generated, theme.base, False, 4.5))


def draw_start(painter: QPainter, frame: Frame, start: tuple[float, float], theme: Theme) -> None:
    """Draw the grip of the start, and the equilibrium."""
    painter.setPen(QPen(QColor(theme.text), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(frame.x.pixel(0), frame.y.pixel(0)), 6, 6)
    painter.setBrush(QColor(theme.base))
    painter.setPen(QPen(theme.line("g_loss"), 2.4))
    painter.drawEllipse(QPointF(frame.x.pixel(start[0]), frame.y.pixel(start[1])), 6.5, 6.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_roots(
    painter: QPainter,
    frame: Frame,
    roots: NDArray[np.complex128],
    theme: Theme,
    fonts: Fonts,
    *,
    is_step: bool,
) -> None:
    """Draw eigenvalues, and the edge of stability: the unit circle, or the imaginary axis with its stable side."""
    stable = translucent(QColor(theme.real), 0.10)
    middle = QPointF(frame.x.pixel(0), frame.y.pixel(0))
    painter.setPen(QPen(QColor(theme.muted), 1.4))
    painter.setBrush(stable)
    if is_step:
        radius = abs(frame.x.pixel(1) - frame.x.pixel(0))
        painter.drawEllipse(middle, radius, radius)
    else:
        left = QRectF(frame.area)
        left.setRight(min(max(middle.x(), left.left()), left.right()))
        painter.fillRect(left, stable)
        painter.drawLine(QPointF(middle.x(), frame.area.top()), QPointF(middle.x(), frame.area.bottom()))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for lane, row in enumerate(roots):
        known = row[np.isfinite(row)]
        x, y = frame.x.pixels(known.real), frame.y.pixels(known.imag)
        draw_markers(painter, x, y, Marker(theme.generated, theme.base, lane % 2 == 0, 4.5))
    if len(roots) > 1:
        _number_roots(painter, frame, roots, theme, fonts)


def _number_roots(
    painter: QPainter, frame: Frame, roots: NDArray[np.complex128], theme: Theme, fonts: Fonts
) -> None:
    """Write the numbers of lanes beside their eigenvalues, those of values that nearly coincide together."""
    groups: list[tuple[float, float, list[int]]] = []
    for lane, row in enumerate(roots, start=1):
        known = row[np.isfinite(row)]
        for x, y in zip(frame.x.pixels(known.real), frame.y.pixels(known.imag), strict=True):
            near = (lanes for at_x, at_y, lanes in groups if math.hypot(x - at_x, y - at_y) < TOGETHER_PX)
            lanes = next(near, None)
            if lanes is None:
                groups.append((float(x), float(y), [lane]))
            elif lane not in lanes:
                lanes.append(lane)
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.text))
    height = line_height(fonts.tick)
    for x, y, lanes in groups:
        words = ", ".join(map(str, lanes))
        width = text_width(fonts.tick, words)
        left = x + 8 if x + 8 + width < frame.area.right() else x - 8 - width
        box = QRectF(left, y - height / 2, width, height)
        painter.fillRect(box, translucent(QColor(theme.base), 0.7))
        draw_text(painter, box, words, Qt.AlignmentFlag.AlignLeft)


def head_px(n_lines: int, fonts: Fonts) -> float:
    """Return the height of the sentences above the plots."""
    return (min(n_lines, MOST_LINES) + (n_lines > 1)) * line_height(fonts.tick) + 6


def cells(area: QRectF, head: float, fonts: Fonts) -> list[QRectF]:
    """Return the squares of both plots: side by side where the view is wide, else above each other."""
    inner = area.adjusted(8, head + 4, -8, -4)
    first, second = QRectF(inner), QRectF(inner)
    if inner.width() > 1.2 * inner.height():
        first.setWidth(PHASE_SHARE * inner.width())
        second.setLeft(first.right())
    else:
        first.setHeight(PHASE_SHARE * inner.height())
        second.setTop(first.bottom())
    line, tick = line_height(fonts.label), line_height(fonts.tick)
    return [_square(cell.adjusted(line + 3.4 * tick, 2, -6, -tick - line - 6)) for cell in (first, second)]


def _square(cell: QRectF) -> QRectF:
    side = max(8.0, min(cell.width(), cell.height()))
    return QRectF(cell.center().x() - side / 2, cell.center().y() - side / 2, side, side)


def draw_head(
    painter: QPainter, area: QRectF, lines: list[tuple[str, ...]], note: str, theme: Theme, fonts: Fonts
) -> None:
    """Draw one sentence a lane, the longest that fits, behind a piece of its line where there are several."""
    several, height = len(lines) > 1, line_height(fonts.tick)
    painter.setFont(fonts.tick)
    row = QRectF(area.left() + 10, area.top() + 4, area.width() - 18, height)
    for lane, texts in enumerate(lines[:MOST_LINES]):
        if several:
            painter.setPen(line_pen(theme.line("g_loss"), 1.8, lane))
            middle = row.center().y()
            painter.drawLine(QPointF(row.left(), middle), QPointF(row.left() + SWATCH_PX, middle))
        painter.setPen(QColor(theme.text))
        beside = row.adjusted(SWATCH_PX + 6 if several else 0, 0, 0, 0)
        text = first_fitting(fonts.tick, beside.width(), *texts) or texts[-1]
        draw_text(painter, beside, text, Qt.AlignmentFlag.AlignLeft, elide=True)
        row.translate(0, height)
    painter.setPen(QColor(theme.muted))
    draw_text(painter, row, note, Qt.AlignmentFlag.AlignLeft, elide=True)


def draw_axes(painter: QPainter, frame: Frame, names: tuple[str, str], theme: Theme, fonts: Fonts) -> None:
    """Draw a plot's grid, frame and names."""
    draw_grid(painter, frame.area, frame.x, frame.y, theme, fonts)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawRect(frame.area)
    painter.setFont(fonts.label)
    painter.setPen(QColor(theme.muted))
    tick, line = line_height(fonts.tick), line_height(fonts.label)
    draw_vertical_label(painter, frame.area.left() - 3.4 * tick - line, frame.area, names[1])
    below = QRectF(frame.area.left(), frame.area.bottom() + tick + 2, frame.area.width(), line)
    draw_text(painter, below, names[0], Qt.AlignmentFlag.AlignHCenter)
