"""Small planes of several seeds: a row a lane, a column a seed."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.probes.seed_samples import SeedSamples
from ganviz.views.bases.planes import Marker, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height

LEFT = Qt.AlignmentFlag.AlignLeft
GAP_PX = 4.0
LEAST_SIDE = 24.0
"""Pixels; planes that would be smaller show nothing."""
NO_ROOM = "Small planes need a higher view; the button Planes shows them alone."
MARK_PX, MARK_SHARE = 2.0, 0.03
"""How large a sample's mark is at most, and of a plane's side, so that a mode is more than one mark."""


def draw_planes(
    painter: QPainter,
    area: QRectF,
    samples: SeedSamples,
    titles: list[str],
    first_seed: int,
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Paint each lane's planes below its title, and say how many seeds are left out."""
    first_seed += samples.first
    lanes, shown = samples.generated.shape[:2]
    line, boxes = line_height(fonts.tick), _boxes(area, lanes, fonts)
    left_out = samples.n_seeds - shown
    words = f"seeds {first_seed} … {first_seed + shown - 1}" + (
        f", {left_out} more not shown" if left_out else ""
    )
    for lane, box in enumerate(boxes):
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.text))
        row = QRectF(area.left(), box.top() - line - 2, area.width(), line)
        draw_text(painter, row, f"{titles[lane]}: {words}" if lanes > 1 else words, LEFT, elide=True)
        side, columns = _side(box, shown)
        for i in range(shown):
            row_i, column = divmod(i, columns)
            x, y = box.left() + column * (side + GAP_PX), box.top() + row_i * (side + GAP_PX)
            _draw_plane(painter, QRectF(x, y, side, side), samples, (lane, i), theme)


def without_room(painter: QPainter, area: QRectF, theme: Theme, fonts: Fonts) -> QRectF:
    """Say at the bottom that planes have no room; return what is left above."""
    line = line_height(fonts.tick)
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.muted))
    row = QRectF(area.left(), area.bottom() - line, area.width(), line)
    draw_text(painter, row, NO_ROOM, LEFT, elide=True)
    return area.adjusted(0, 0, 0, -line - 4)


def side_of(area: QRectF, samples: SeedSamples, fonts: Fonts) -> float:
    """Return the side of each plane in an area, in pixels."""
    lanes, shown = samples.generated.shape[:2]
    return _side(_boxes(area, lanes, fonts)[0], shown)[0]


def _boxes(area: QRectF, lanes: int, fonts: Fonts) -> list[QRectF]:
    """Return where each lane's planes stand, below its title."""
    line, height = line_height(fonts.tick), area.height() / lanes
    tops = [area.top() + lane * height + line + 2 for lane in range(lanes)]
    return [QRectF(area.left(), top, area.width(), height - line - 6) for top in tops]


def _side(box: QRectF, n: int) -> tuple[float, int]:
    """Return the largest side of ``n`` squares that fit, and how many stand in a row."""

    def side(columns: int) -> float:
        rows = math.ceil(n / columns)
        return min(
            (box.width() - (columns - 1) * GAP_PX) / columns, (box.height() - (rows - 1) * GAP_PX) / rows
        )

    columns = max(range(1, n + 1), key=side)
    return max(8.0, side(columns)), columns


def _draw_plane(
    painter: QPainter, box: QRectF, samples: SeedSamples, which: tuple[int, int], theme: Theme
) -> None:
    extent, points = samples.extent, samples.generated[which]
    painter.setPen(QPen(QColor(theme.grid), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    shares = np.stack(
        [
            (points[:, 0] - extent.x_min) / (extent.x_max - extent.x_min),
            (extent.y_max - points[:, 1]) / (extent.y_max - extent.y_min),
        ]
    )
    inside = ((shares >= 0) & (shares <= 1)).all(axis=0)
    x, y = box.left() + shares[0, inside] * box.width(), box.top() + shares[1, inside] * box.height()
    radius = min(MARK_PX, box.width() * MARK_SHARE)
    edge = theme.base if radius == MARK_PX else theme.generated  # of a small mark an edge leaves nothing
    draw_markers(painter, x, y, Marker(theme.generated, edge, False, radius))
