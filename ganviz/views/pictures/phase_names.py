"""The names of lanes in the phase portrait: at the ends of their paths, or in the emptiest corner where these crowd."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.views.bases.planes import Frame
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.phase_drawing import DOT_PX, Pixels
from ganviz.views.pictures.phase_points import Array
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, line_pen, text_width, translucent

SWATCH_PX = 22.0
BESIDE_PX = 9.0
MARGIN_PX = 6.0
MOST_SHARE = 0.5
"""Of a plot's height: where a corner's names would take more, they hide what they name, and the crosshair names it."""


def draw_names(
    painter: QPainter,
    frame: Frame,
    paths: Sequence[Pixels],
    names: Sequence[str],
    marked: Sequence[tuple[float, float]],
    fonts: Fonts,
    theme: Theme,
    taken: Sequence[QRectF] = (),
) -> None:
    """Name each lane's path, ``paths`` in pixels, where its name covers no other, no dot and none of ``marked``.

    These are the ends of the game, and what else has a mark of its own; ``taken`` are their numbers.
    """
    nows = {
        lane: QPointF(x[known[-1]], y[known[-1]])
        for lane, (x, y) in enumerate(paths)
        if (known := np.flatnonzero(np.isfinite(x) & np.isfinite(y))).size
    }
    points = [*nows.values(), *(QPointF(frame.x.pixel(x), frame.y.pixel(y)) for x, y in marked)]
    sizes = {lane: text_width(fonts.tick, names[lane]) + SWATCH_PX + 4 for lane in nows}
    boxes = _at_ends(frame.area, nows, sizes, line_height(fonts.tick), points, taken)
    if any(_is_covered(box, points, [*boxes.values(), *taken]) for box in boxes.values()):
        boxes = _in_corner(frame.area, paths, taken, sizes, line_height(fonts.tick))
    painter.setFont(fonts.tick)
    for lane, box in boxes.items():
        painter.fillRect(box, translucent(QColor(theme.base), 0.75))
        painter.setPen(line_pen(theme.line("g_loss"), 1.6, lane))
        middle = box.center().y()
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.left() + SWATCH_PX, middle))
        painter.setPen(QColor(theme.text))
        words = box.adjusted(SWATCH_PX + 4, 0, 4, 0)
        draw_text(painter, words, names[lane], Qt.AlignmentFlag.AlignLeft)


def _at_ends(
    plot: QRectF,
    nows: dict[int, QPointF],
    sizes: dict[int, float],
    height: float,
    points: Sequence[QPointF],
    taken: Sequence[QRectF],
) -> dict[int, QRectF]:
    """Return a place beside the end of each path: above it, or below it where less is covered there."""
    boxes = {}
    for lane, at in nows.items():
        width, right = sizes[lane], at.x() + BESIDE_PX
        left = right if right + width <= plot.right() else at.x() - BESIDE_PX - width
        tops = [
            min(max(top, plot.top()), plot.bottom() - height) for top in (at.y() - height - 4, at.y() + 4)
        ]
        places = [QRectF(left, top, width, height) for top in tops]
        boxes[lane] = min(places, key=lambda place: _n_covered(place, points, taken))
    return boxes


def _n_covered(box: QRectF, points: Sequence[QPointF], taken: Sequence[QRectF]) -> int:
    return sum(_near(box).contains(one) for one in points) + sum(box.intersects(one) for one in taken)


def _near(box: QRectF) -> QRectF:
    """Return where the dot of a point would touch a name."""
    return box.adjusted(-DOT_PX, -DOT_PX + 2, DOT_PX, DOT_PX - 2)


def _is_covered(box: QRectF, points: Sequence[QPointF], boxes: Sequence[QRectF]) -> bool:
    """Return whether a name would lie on another, or on one of the points."""
    return any(_near(box).contains(one) for one in points) or sum(box.intersects(one) for one in boxes) > 1


def _in_corner(
    plot: QRectF, paths: Sequence[Pixels], taken: Sequence[QRectF], sizes: dict[int, float], height: float
) -> dict[int, QRectF]:
    """Return places below each other in the corner that fewest points of paths are in; none in a low plot.

    A corner where ``taken`` are, which names would cover, is left to them.
    """
    x, y = (np.concatenate([path[axis] for path in paths]) for axis in (0, 1))
    block = QRectF(0, 0, max(sizes.values()), height * len(sizes))
    if block.height() > MOST_SHARE * plot.height():
        return {}
    right, bottom = plot.right() - MARGIN_PX - block.width(), plot.bottom() - MARGIN_PX - block.height()
    top, left = plot.top() + MARGIN_PX, plot.left() + MARGIN_PX
    corners = ((right, top), (right, bottom), (left, bottom), (left, top + height))  # below "D wins"
    ranks = [
        (any(block.translated(*at).intersects(one) for one in taken), _n_inside(x, y, block.translated(*at)))
        for at in corners
    ]
    best = corners[ranks.index(min(ranks))]
    block.translate(*best)
    return {
        lane: QRectF(block.left(), block.top() + i * height, sizes[lane], height)
        for i, lane in enumerate(sizes)
    }


def _n_inside(x: Array, y: Array, box: QRectF) -> int:
    across = (x >= box.left()) & (x <= box.right())
    return int((across & (y >= box.top()) & (y <= box.bottom())).sum())
