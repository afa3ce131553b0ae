"""Small labels at the top right of a plot that say what its range is, and give it up when they are pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, text_width, translucent

EDGE_PX, PADDING_PX = 4.0, 8.0
"""Between chips and around them; between their letters and their ends."""
Words = tuple[str, str]
"""What a chip says, and what is left of it where that has no room."""
FOLLOWING: Words = ("Following ×", "Following ×")
ROBUST: Words = ("Robust range ×", "Robust ×")
CALM: Words = ("Without extremes ×", "No extremes ×")
Act = Callable[[], None]
Placed = list[tuple[str, QRectF, Act]]
"""Words, place, and what a press does."""


def since(step: str) -> Words:
    """Return what a chip says of a range that fits the values since a step."""
    return f"Range since step {step} ×", f"Since {step} ×"


def placed(plot: QRectF, chips: Sequence[tuple[Words, Act]], fonts: Fonts) -> Placed:
    """Return where chips stand: at the top right within the plot, the first one outermost.

    Where they have no room in one row they say less, and stand in several: beside the plot are its axis's numbers.
    """
    for place, n_rows in ((0, 1), (1, 1), (1, len(chips))):
        found = _rows(plot, [(words[place], act) for words, act in chips], fonts)
        if len({box.top() for _, box, _ in found}) <= n_rows and all(
            box.left() >= plot.left() for _, box, _ in found
        ):
            break
    return found


def _rows(plot: QRectF, chips: Sequence[tuple[str, Act]], fonts: Fonts) -> Placed:
    right, top, height = plot.right() - EDGE_PX, plot.top() + EDGE_PX, line_height(fonts.tick) + EDGE_PX
    found = Placed()
    for text, act in chips:
        width = min(text_width(fonts.tick, text) + 2 * PADDING_PX, max(1.0, plot.width() - 2 * EDGE_PX))
        if found and right - width < plot.left() + EDGE_PX:
            right, top = plot.right() - EDGE_PX, top + height + EDGE_PX
        found.append((text, QRectF(right - width, top, width, height), act))
        right -= width + EDGE_PX
    return found


def below(plot: QRectF, box: QRectF, fonts: Fonts) -> QRectF:
    """Return a box at the upper edge of a plot, lower where it would lie under the chips that may stand there."""
    widths = (text_width(fonts.tick, words) + 2 * PADDING_PX + EDGE_PX for words, _ in (FOLLOWING, CALM))
    if box.right() <= plot.right() - sum(widths):
        return box
    return box.translated(0.0, line_height(fonts.tick) + 2 * EDGE_PX)


def draw_chip(painter: QPainter, box: QRectF, text: str, theme: Theme, fonts: Fonts) -> None:
    """Draw a small rounded label that can be pressed."""
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(translucent(QColor(theme.raised), 0.95))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(theme.text))
    painter.setFont(fonts.tick)
    draw_text(painter, box.adjusted(2, 0, -2, 0), text, Qt.AlignmentFlag.AlignHCenter, elide=True)
