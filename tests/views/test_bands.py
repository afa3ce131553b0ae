"""Bands between a curve's smallest and largest values: filled by one picture as by a rectangle for each column."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from ganviz.views.plot.plotting import Axis
from ganviz.views.plot.scales import LINEAR
from ganviz.views.plot.strokes import draw_band
from ganviz.views.plot.track import Track

BOX = QRectF(20, 10, 160, 80)
COLOR = QColor(230, 159, 0, 46)


def painted(ratio: float, draw) -> object:
    """Return the picture that ``draw`` makes with a painter, cut to the chart's box."""
    picture = QPixmap(round(200 * ratio), round(100 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor("#1b1e23"))
    painter = QPainter(picture)
    painter.setClipRect(BOX)
    draw(painter)
    painter.end()
    return picture.toImage()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("span", [(0.0, 1000.0), (300.0, 310.0)], ids=["whole", "enlarged"])
def test_a_band_is_a_rectangle_for_each_of_the_devices_columns(qapp, ratio, span) -> None:
    chance = np.random.default_rng(5)
    steps = np.linspace(0, 1000, 700)
    low, high = chance.normal(-1, 0.4, 700), chance.normal(1, 0.4, 700)
    low[100], high[200] = -1e9, 1e9  # far outside
    x = Axis(*span, BOX.left(), BOX.right(), LINEAR)
    y = Axis(-2.0, 2.0, BOX.bottom(), BOX.top(), LINEAR)
    track = Track(steps, low, high, (low + high) / 2)

    def rectangles(painter: QPainter) -> None:
        at, lower, upper = x.pixels(steps), y.pixels(low), y.pixels(high)
        painter.setPen(Qt.PenStyle.NoPen)
        for column in range(int(BOX.left() * ratio), int(BOX.right() * ratio)):
            middle = (column + 0.5) / ratio
            if at[0] <= middle <= at[-1]:
                top, bottom = (round(float(np.interp(middle, at, edge)) * ratio) for edge in (upper, lower))
                cut = QRectF(column / ratio, max(top, -900) / ratio, 1 / ratio, 0)
                cut.setBottom(min(bottom, 900) / ratio)
                painter.fillRect(cut, COLOR)

    assert painted(ratio, lambda painter: draw_band(painter, x, y, track, COLOR)) == painted(
        ratio, rectangles
    )


def test_a_band_that_is_nowhere_in_sight_draws_nothing(qapp) -> None:
    steps, y = np.arange(10.0), Axis(-2.0, 2.0, BOX.bottom(), BOX.top(), LINEAR)
    empty = painted(1.0, lambda painter: None)
    for first, height in ((50.0, 0.0), (0.0, 900.0)):  # beside the box, and above it
        x = Axis(first, first + 9, BOX.left(), BOX.right(), LINEAR)
        track = Track(steps, steps * 0 + height - 1, steps * 0 + height + 1, steps * 0 + height)
        assert painted(1.0, lambda painter, x=x, one=track: draw_band(painter, x, y, one, COLOR)) == empty
