"""Where the cards of formulas stand: in the largest letters in which all have room, in columns where that helps."""

from __future__ import annotations

import bisect
import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont

from ganviz.views.look.theme import scaled
from ganviz.views.look.typeset import SET_AT, typeset
from ganviz.views.pictures.formula_rows import Card, Piece
from ganviz.views.plot.plotting import Fonts, line_height, number, text_width

SIZES = tuple(12.0 + 0.5 * i for i in range(31))
"""Of letters in pixels, from the smallest that can be read."""
MOST_COLUMNS = 4
MARGIN_PX, GAP, BETWEEN = 14.0, 0.32, 0.6
"""Around the card; between terms and between cards, as parts of the letters' size."""
Placed = list[tuple[QPointF, Piece]]
Shown = list[tuple[Card, QRectF]]


def number_font(size: float, fonts: Fonts) -> QFont:
    """Return the letters of values: as large as goes with the formulas."""
    return scaled(fonts.strong, min(1.25, max(0.85, size / SET_AT)))


def piece_width(piece: Piece, size: float, fonts: Fonts) -> float:
    """Return the room that a term and its values take."""
    numbers = [
        text_width(number_font(size, fonts), number(value)) for value in piece.values if math.isfinite(value)
    ]
    return max([size / SET_AT * typeset(piece.latex).width, *numbers])


def laid_terms(card: Card, width: float, size: float, fonts: Fonts) -> tuple[Placed, float]:
    """Return where each term's baseline begins, from the card's corner, and the card's height; lines are broken."""
    scale, value_line = size / SET_AT, line_height(number_font(size, fonts))
    indent = max(piece_width(row[0], size, fonts) for row in card.rows) + GAP * size
    top = line_height(fonts.strong) + 8
    placed: Placed = []
    for row in card.rows:
        lines: list[list[Piece]] = [[row[0]]]
        x = indent
        for piece in row[1:]:
            room = piece_width(piece, size, fonts)
            if x > indent and x + room > width:
                lines.append([])
                x = indent
            lines[-1].append(piece)
            x += room + GAP * size
        for i, pieces in enumerate(lines):
            baseline = top + scale * max(typeset(piece.latex).above for piece in pieces)
            below = max(
                scale * typeset(piece.latex).below + len(piece.values) * value_line for piece in pieces
            )
            x = indent if i else 0.0
            for piece in pieces:
                placed.append((QPointF(x, baseline), piece))
                x = indent if piece is row[0] else x + piece_width(piece, size, fonts) + GAP * size
            top = baseline + below + 0.3 * size
    return placed, top


def card_height(card: Card, width: float, size: float, fonts: Fonts) -> float:
    """Return the height of a card."""
    return laid_terms(card, width, size, fonts)[1]


def columns_of(box: QRectF, n: int) -> list[QRectF]:
    """Return ``n`` columns of the room for cards."""
    width = (box.width() - (n - 1) * MARGIN_PX) / n
    return [QRectF(box.left() + i * (width + MARGIN_PX), box.top(), width, box.height()) for i in range(n)]


def in_columns(made: tuple[Card, ...], box: QRectF, n: int, fonts: Fonts) -> tuple[float, Shown]:
    """Return the largest letters in which all cards have room in ``n`` columns, and those that do with their places."""
    columns = columns_of(box, n)
    width = columns[0].width()

    def is_too_large(size: float) -> bool:
        has_room = len(with_room(made, columns, size, fonts, is_any=False)) == len(made)
        return not (has_room and least_width(made, size, fonts) <= width)

    size = SIZES[max(bisect.bisect_left(SIZES, True, key=is_too_large) - 1, 0)]
    if n > 1 and least_width(made, size, fonts) > width:
        return size, []
    return size, with_room(made, columns, size, fonts)


def with_room(
    made: tuple[Card, ...], columns: list[QRectF], size: float, fonts: Fonts, *, is_any: bool = True
) -> Shown:
    """Return the cards for which there is room, with their places; with ``is_any`` the first one in any case."""
    found: Shown = []
    column, *others = columns
    top = column.top()
    for card in made:
        height = card_height(card, column.width(), size, fonts)
        if (found or not is_any) and top + height > column.bottom() + 1:
            if not others or height > column.height() + 1:
                break
            column, *others = others
            top = column.top()
        found.append((card, QRectF(column.left(), top, column.width(), 0)))
        top += height + BETWEEN * size
    return found


def least_width(made: tuple[Card, ...], size: float, fonts: Fonts) -> float:
    """Return the width with which every term of every card is on one line."""
    widest = max(
        piece_width(piece, size, fonts) for card in made for row in card.rows for piece in row[1:] or row
    )
    indent = max(piece_width(row[0], size, fonts) for card in made for row in card.rows)
    return indent + GAP * size + widest
