"""Captions: as many of their sentences as there is room for, and none that is cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from ganviz.views.look.formula import draw_words
from ganviz.views.plot.plotting import line_height, text_width, wrapped

TALL_PX = 200
"""A view that is higher has room for a caption on two lines: a figure as wide as a journal's column is."""
_BETWEEN = re.compile("(?<=[.;]) ")


def most_lines(height: float) -> int:
    """Return on how many lines a view so high has room for a caption."""
    return 2 if height > TALL_PX else 1


def caption_lines(font: QFont, width: float, text: str, most: int = 2) -> list[str]:
    """Return the first sentences and clauses of a caption, those that stand whole on at most so many lines.

    Only where not even the first finds room, its last line is wider.
    """
    pieces = _BETWEEN.split(text)
    for n in range(len(pieces), 0, -1):
        lines = wrapped(font, width, " ".join(pieces[:n]).rstrip(";"), most)
        if text_width(font, lines[-1]) <= width:
            break
    return lines


def draw_caption(painter: QPainter, box: QRectF, lines: Sequence[str], font: QFont) -> float:
    """Draw lines below each other from the top of a box on; return where they end."""
    painter.setFont(font)
    row = QRectF(box.left(), box.top(), box.width(), line_height(font))
    for words in lines:
        draw_words(painter, row, words, Qt.AlignmentFlag.AlignLeft)
        row.translate(0, row.height())
    return row.top()
