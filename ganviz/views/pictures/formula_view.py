"""The formula card: L_D, L_G, V and the total set as mathematics, with each term's present value under it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QToolButton

from ganviz.losses.latex import formulation_latex
from ganviz.session.scripting import formulation_script
from ganviz.spec import InvalidValueError
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.ledger import Ledger, LedgerProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView, small_font
from ganviz.views.look.status_words import grouped
from ganviz.views.look.theme import Theme, scaled
from ganviz.views.look.typeset import SET_AT, paint_formula, typeset
from ganviz.views.pictures.formula_rows import MOST_VALUES, Card, Piece, cards
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, number, text_width, translucent
from ganviz.views.plot.values import Value, Values

CAPTION = "Each player minimizes its own loss"
LARGEST_PX, SMALLEST_PX = 27.0, 13.0
MARGIN_PX, GAP, BETWEEN = 14.0, 0.32, 0.6
"""Around the card; between terms and between cards, as parts of the letters' size."""
Placed = list[tuple[QPointF, Piece]]


class FormulaView(AbstractPaintedView):
    """The objectives of each formulation; GUI thread only."""

    key: ClassVar[str] = "formula"
    title: ClassVar[str] = "Formula card"
    short_title: ClassVar[str] = "Formula"

    def __init__(self) -> None:
        super().__init__()
        self._ledger: Ledger | None = None
        for text, made in (("LaTeX", formulation_latex), ("PyTorch", formulation_script)):
            self.controls.addWidget(self._copy_button(text, made))
        self.controls.addStretch(1)

    def _copy_button(self, text: str, made: Callable[..., str]) -> QToolButton:
        button = QToolButton()
        button.setText(f"Copy as {text}")
        button.setAccessibleName(f"Copy the formulas as {text}")
        button.setToolTip(f"Puts both objectives, with their penalties, on the clipboard as {text}.")
        button.setAutoRaise(True)
        button.setFont(small_font(button.font()))
        button.clicked.connect(lambda: self.copy(made))
        return button

    def copy(self, made: Callable[..., str]) -> None:
        """Put what is made of each lane's formulation on the clipboard, each once."""
        if self.snapshot is None:
            return
        formulations = dict.fromkeys(lane.formulation for lane in self.snapshot.config.lanes)
        try:
            QGuiApplication.clipboard().setText("\n\n".join(made(one) for one in formulations))
        except InvalidValueError as error:
            QGuiApplication.clipboard().setText(str(error))

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the ledger, which has every term of one batch."""
        return (LedgerProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading."""
        found = snapshot.get(Ledger)
        self._ledger = found or self._ledger
        return found is not None

    def forget(self) -> None:
        """Drop the reading."""
        self._ledger = None

    def values(self) -> Values:
        """Return every term as LaTeX with its values, one a lane; their median where there are many."""
        rows: list[tuple[Value, ...]] = []
        ledger, snapshot = self._ledger, self.snapshot
        if ledger is not None and snapshot is not None and len(ledger.parts) == len(snapshot.config.lanes):
            for card in cards(snapshot.config, ledger):
                for name, *pieces in card.rows:
                    for piece in (name, *pieces):
                        rows += [(card.title, name.latex, piece.latex, value) for value in piece.values]
        return Values(("formulation", "number", "term", "value"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the caption and as many cards as there is room for, in the largest letters that fit."""
        ledger, snapshot, made = self._ledger, self.snapshot, self._cards()
        if ledger is None or snapshot is None or made is None:
            return
        line = line_height(self.fonts().label)
        head = QRectF(area.left() + MARGIN_PX, area.top() + 4, area.width() - 2 * MARGIN_PX, line)
        painter.setFont(self.fonts().label)
        painter.setPen(QColor(theme.muted))
        if not made:
            draw_text(painter, head, "This loss cannot be written as a formula.", Qt.AlignmentFlag.AlignLeft)
            return
        box, size, shown = self._laid_out(made, area)
        caption = CAPTION
        if np.isfinite(ledger.parts[:, 0]).any():
            caption += f"; values are of D's last batch, step {grouped(snapshot.viewed_step)}"
        if len(shown) < len(made):
            missing = len(made) - len(shown)
            caption = f"{missing} more {'needs' if missing == 1 else 'need'} a larger view. {caption}"
        draw_text(painter, head, caption, Qt.AlignmentFlag.AlignLeft, elide=True)
        for card, top in shown:
            self._draw_card(painter, QRectF(box.left(), top, box.width(), 0), card, size, theme)

    def _cards(self) -> tuple[Card, ...] | None:
        """Return the cards, none where a loss has no formula; None before there is a reading of these lanes."""
        ledger, snapshot = self._ledger, self.snapshot
        if ledger is None or snapshot is None or len(ledger.parts) != len(snapshot.config.lanes):
            return None
        try:
            return cards(snapshot.config, ledger)
        except (TypeError, AttributeError):
            return ()

    def _laid_out(
        self, made: tuple[Card, ...], area: QRectF
    ) -> tuple[QRectF, float, list[tuple[Card, float]]]:
        """Return the room for cards, the size of letters, and the cards that find room with their tops."""
        fonts = self.fonts()
        box = area.adjusted(MARGIN_PX, line_height(fonts.label) + 12, -MARGIN_PX, -6)
        size = _size(made, box, fonts)
        return box, size, _with_room(made, box, size, fonts)

    def places(self, area: QRectF) -> list[tuple[QRectF, str]]:
        """Return where each term stands with its values, and its role, where the view is painted into ``area``."""
        made, fonts, found = self._cards(), self.fonts(), list[tuple[QRectF, str]]()
        if not made:
            return found
        box, size, shown = self._laid_out(made, area)
        line = line_height(_numbers(size, fonts))
        for card, top in shown:
            for at, piece in _placed(card, box.width(), size, fonts)[0]:
                formula, scale = typeset(piece.latex), size / SET_AT
                height = scale * (formula.above + formula.below) + len(piece.values) * line
                corner = QPointF(box.left() + at.x(), top + at.y() - scale * formula.above)
                if piece.role in ("", "penalty"):  # which no curve has
                    continue
                found.append((QRectF(corner, QSizeF(_width(piece, size, fonts), height)), piece.role))
        return found

    def pointer_moved(self, at: QPointF | None) -> None:
        """Let the curves of the term under the pointer stand out everywhere."""
        here = self.places(QRectF(self.canvas.rect())) if at is not None else []
        self.point_at(next((role for box, role in here if at is not None and box.contains(at)), ""))

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Mark the terms that stand out."""
        if not self._lit_role:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(translucent(self.theme.line(self._lit_role), 0.24))
        for box, role in self.places(area):
            if role == self._lit_role:
                painter.drawRoundedRect(box.adjusted(-4, -2, 4, 2), 5, 5)

    def _draw_card(self, painter: QPainter, box: QRectF, card: Card, size: float, theme: Theme) -> None:
        fonts, line = self.fonts(), line_height(self.fonts().strong)
        painter.setFont(fonts.strong)
        painter.setPen(QColor(theme.text))
        many = ", medians" if len(card.lanes) > MOST_VALUES else ""
        title = QRectF(box.left(), box.top(), box.width(), line)
        draw_text(painter, title, f"{card.title}{many}", Qt.AlignmentFlag.AlignLeft, elide=True)
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(title.bottomLeft() + QPointF(0, 3), title.bottomRight() + QPointF(0, 3))
        placed, _ = _placed(card, box.width(), size, fonts)
        for at, piece in placed:
            self._draw_piece(painter, box.topLeft() + at, piece, size, theme)

    def _draw_piece(self, painter: QPainter, at: QPointF, piece: Piece, size: float, theme: Theme) -> None:
        """Paint a term with its values below, in the color of the term's curve."""
        fonts = self.fonts()
        color = QColor(theme.text) if piece.role in ("", "penalty") else theme.letters(piece.role)
        scale = size / SET_AT
        paint_formula(painter, at, piece.latex, size, color)
        painter.setFont(_numbers(size, fonts))
        painter.setPen(color)
        width, line = _width(piece, size, fonts), line_height(_numbers(size, fonts))
        top = at.y() + scale * typeset(piece.latex).below + 1
        for value in piece.values:
            if math.isfinite(value):
                draw_text(
                    painter, QRectF(at.x(), top, width, line), number(value), Qt.AlignmentFlag.AlignHCenter
                )
            top += line


def _numbers(size: float, fonts: Fonts) -> QFont:
    """Return the letters of values: as large as goes with the formulas."""
    return scaled(fonts.strong, min(1.25, max(0.85, size / SET_AT)))


def _width(piece: Piece, size: float, fonts: Fonts) -> float:
    """Return the room that a term and its values take."""
    numbers = [
        text_width(_numbers(size, fonts), number(value)) for value in piece.values if math.isfinite(value)
    ]
    return max([size / SET_AT * typeset(piece.latex).width, *numbers])


def _placed(card: Card, width: float, size: float, fonts: Fonts) -> tuple[Placed, float]:
    """Return where each term's baseline begins, from the card's corner, and the card's height; lines are broken."""
    scale, value_line = size / SET_AT, line_height(_numbers(size, fonts))
    indent = max(_width(row[0], size, fonts) for row in card.rows) + GAP * size
    top = line_height(fonts.strong) + 8
    placed: Placed = []
    for row in card.rows:
        lines: list[list[Piece]] = [[row[0]]]
        x = indent
        for piece in row[1:]:
            room = _width(piece, size, fonts)
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
                x = indent if piece is row[0] else x + _width(piece, size, fonts) + GAP * size
            top = baseline + below + 0.3 * size
    return placed, top


def _height(card: Card, width: float, size: float, fonts: Fonts) -> float:
    return _placed(card, width, size, fonts)[1]


def _with_room(made: tuple[Card, ...], box: QRectF, size: float, fonts: Fonts) -> list[tuple[Card, float]]:
    """Return the cards for which there is room, the first one always, with their tops."""
    found: list[tuple[Card, float]] = []
    top = box.top()
    for card in made:
        bottom = top + _height(card, box.width(), size, fonts)
        if found and bottom > box.bottom() + 1:
            break
        found.append((card, top))
        top = bottom + BETWEEN * size
    return found


def _size(made: tuple[Card, ...], box: QRectF, fonts: Fonts) -> float:
    """Return the largest letters in which all cards have room."""
    size = LARGEST_PX
    while size > SMALLEST_PX and not _fits(made, box, size, fonts):
        size -= 0.5
    return size


def _fits(made: tuple[Card, ...], box: QRectF, size: float, fonts: Fonts) -> bool:
    """Return whether all cards have room, and every term is on one line."""
    height = sum(_height(card, box.width(), size, fonts) + BETWEEN * size for card in made)
    widest = max(_width(piece, size, fonts) for card in made for row in card.rows for piece in row[1:] or row)
    indent = max(_width(row[0], size, fonts) for card in made for row in card.rows)
    return height <= box.height() and indent + GAP * size + widest <= box.width()
