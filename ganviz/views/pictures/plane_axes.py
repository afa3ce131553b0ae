"""What the axes of a plane are called: as the columns of a person's own table, where these have names."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from ganviz.data.base import Extent
from ganviz.views.bases.planes import Frame
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import (
    TICK_EVERY,
    Fonts,
    draw_text,
    draw_vertical_label,
    line_height,
    number,
    text_width,
    y_tick_width,
)
from ganviz.views.plot.scales import LINEAR

Names = tuple[str, ...]
"""Of both axes, or none."""
LONGEST = 20
"""Letters of a name in the title of a read-out."""
_UNIT = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


def axes_room(extent: Extent, names: Names, fonts: Fonts) -> tuple[float, float]:
    """Return the width and the height that numbers and names of a plane's axes take beside and below it."""
    line = line_height(fonts.tick)
    ticks = [LINEAR.text(tick) for tick in LINEAR.ticks(extent.y_min, extent.y_max, 5)]
    widest = max(text_width(fonts.tick, text) for text in ticks)
    if not names:
        return max(widest, text_width(fonts.tick, "−0.5")) + 10, line + 6
    more = text_width(fonts.tick, ".5")  # digits of enlarged numbers
    return widest + more + line + 12, 2 * line + 6


def draw_axis_names(
    painter: QPainter, frame: Frame, names: Names, left: float, theme: Theme, fonts: Fonts
) -> None:
    """Write the names below and beside a plane's numbers; the one beside gives way to numbers that need its room."""
    if not names:
        return
    area, line = frame.area, line_height(fonts.tick)
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.muted))
    below = QRectF(area.left(), area.bottom() + 3 + line, area.width(), line)
    draw_text(painter, below, shortened(fonts.tick, area.width(), names[0]), Qt.AlignmentFlag.AlignHCenter)
    if y_tick_width(frame.y, area.height(), fonts.tick, TICK_EVERY) + 8 + line <= left:
        words = shortened(fonts.tick, area.height(), names[1])
        draw_vertical_label(painter, area.left() - left, area, words)


def shortened(font: QFont, width: float, name: str) -> str:
    """Return a name, one that is too wide without its unit in brackets, and that is cut only where it is, too."""
    if text_width(font, name) <= width:
        return name
    return QFontMetricsF(font).elidedText(_without_unit(name), Qt.TextElideMode.ElideRight, width)


def _without_unit(name: str) -> str:
    return _UNIT.sub("", name) or name


def place_words(names: Names, x: float, y: float) -> str:
    """Return a place: its numbers, each after its name where there are names."""
    values = number(x, 2), number(y, 2)
    if not names:
        return f"x = ({values[0]}, {values[1]})"
    return ", ".join(f"{_brief(name)} {value}" for name, value in zip(names, values, strict=True))


def _brief(name: str) -> str:
    bare = name if len(name) <= LONGEST else _without_unit(name)
    return bare if len(bare) <= LONGEST else f"{bare[: LONGEST - 1].rstrip()}…"
