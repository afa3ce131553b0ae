"""Areas of a chart that lie on each other: what the parts of a sum add up to is their upper edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Axis, translucent
from ganviz.views.plot.strokes import draw_band
from ganviz.views.plot.track import Track

if TYPE_CHECKING:
    from ganviz.views.bases.chart_content import Curve

Floats = NDArray[np.float64]
GROUND = "0"
"""What the lowest part is stacked on."""
OPACITY = 0.5


def stacked(parts: Sequence[Curve]) -> tuple[Curve, ...]:
    """Return the parts of a sum as areas that lie on each other, the first on the ground."""
    below = (GROUND, *(part.column for part in parts))
    return tuple(replace(part, stacked_on=on) for part, on in zip(parts, below, strict=False))


def draw_stacks(
    painter: QPainter, x: Axis, y: Axis, tracks: list[tuple[Curve, int, Track]], theme: Theme, role: str = ""
) -> None:
    """Fill each stacked curve's area by its mean, from where what it is stacked on ends: that comes before it.

    With a ``role`` only curves that have it are filled.
    """
    tops: dict[tuple[str, int], Floats] = {}
    for curve, lane, one in tracks:
        below = np.zeros_like(one.mean) if curve.stacked_on == GROUND else tops.get((curve.stacked_on, lane))
        if not curve.stacked_on or below is None:
            continue
        tops[curve.column, lane] = below + one.mean
        if role in ("", curve.role):
            area = replace(one, low=below, high=below + one.mean)
            draw_band(painter, x, y, area, translucent(theme.line(curve.role), OPACITY))
