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
    line, (lanes, shown) = line_height(fonts.tick), samples.generated.shape[:2]
    height = area.height() / lanes
    left_out = samples.n_seeds - shown
    words = f"seeds {first_seed} … {first_seed + shown - 1}" + (
        f", {left_out} more not shown" if left_out else ""
    )
    for lane in range(lanes):
        top = area.top() + lane * height
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.text))
        row = QRectF(area.left(), top, area.width(), line)
        draw_text(painter, row, f"{titles[lane]}: {words}" if lanes > 1 else words, LEFT, elide=True)
        box = QRectF(area.left(), top + line + 2, area.width(), height - line - 6)
        side, columns = _side(box, shown)
        for i in range(shown):
            row_i, column = divmod(i, columns)
            x, y = box.left() + column * (side + GAP_PX), box.top() + row_i * (side + GAP_PX)
            _draw_plane(painter, QRectF(x, y, side, side), samples, (lane, i), theme)


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
    draw_markers(painter, x, y, Marker(theme.generated, theme.base, False, 1.6))
