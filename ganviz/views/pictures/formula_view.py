"""The formula card: L_D, L_G, V and the total set as mathematics, with each term's present value under it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QToolButton

from ganviz.losses.latex import formulation_latex
from ganviz.session.scripting import formulation_script
from ganviz.spec import InvalidValueError
from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.ledger import Ledger, LedgerProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView, small_font
from ganviz.views.bases.copying import COPIED
from ganviz.views.look.status_words import missing_words
from ganviz.views.look.theme import Theme
from ganviz.views.look.typeset import SET_AT, paint_formula, typeset
from ganviz.views.pictures.formula_layout import (
    MARGIN_PX,
    MOST_COLUMNS,
    Shown,
    columns_of,
    in_columns,
    laid_terms,
    number_font,
    piece_width,
    with_room,
)
from ganviz.views.pictures.formula_rows import MOST_VALUES, Card, Piece, cards
from ganviz.views.plot.caption import caption_lines, draw_caption, most_lines
from ganviz.views.plot.plotting import draw_text, line_height, number, translucent
from ganviz.views.plot.values import Value, Values

CAPTION, VALUES = "Each player minimizes its own loss", "; values are of D's last batch, step {}"
NO_FORMULA = "This loss cannot be written as a formula."


class FormulaView(AbstractPaintedView):
    """The objectives of each formulation; GUI thread only."""

    key: ClassVar[str] = "formula"
    title: ClassVar[str] = "Formula card"
    short_title: ClassVar[str] = "Formula"

    def __init__(self) -> None:
        super().__init__()
        self._ledger: Ledger | None = None
        self._kept: tuple[object, int, float, int] | None = None
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
        """Put what is made of each lane's formulation on the clipboard, each once; or tell why it cannot be made."""
        if self.snapshot is None:
            return
        formulations = dict.fromkeys(lane.formulation for lane in self.snapshot.config.lanes)
        try:
            QGuiApplication.clipboard().setText("\n\n".join(made(one) for one in formulations))
            self.told.emit(COPIED)
        except InvalidValueError as error:
            self.told.emit(str(error))

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
            for card in cards(snapshot.config, ledger, self.lane_titles(len(ledger.parts))):
                for name, *pieces in card.rows:
                    for piece in (name, *pieces):
                        rows += [(card.title, name.latex, piece.latex, value) for value in piece.values]
        return Values(("formulation", "number", "term", "value"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the caption and as many cards as there is room for, in the largest letters that fit."""
        ledger, snapshot, made = self._ledger, self.snapshot, self._cards()
        if ledger is None or snapshot is None or made is None:
            return
        font, head = self.fonts().label, area.adjusted(MARGIN_PX, 4, -MARGIN_PX, 0)
        painter.setPen(QColor(theme.muted))
        if not made:
            draw_caption(painter, head, caption_lines(font, head.width(), NO_FORMULA), font)
            return
        size, shown = self._laid_out(made, area)
        n_lines, caption = len(self._caption_lines(area)), self._caption()
        if len(shown) < len(made):
            caption = f"{missing_words(len(made) - len(shown), 'larger')}. {caption}"
        draw_caption(painter, head, caption_lines(font, head.width(), caption, n_lines), font)
        for card, box in shown:
            self._draw_card(painter, box, card, size, theme)

    def _caption(self) -> str:
        """Return what stands above the cards where all have room."""
        assert self._ledger is not None
        assert self.snapshot is not None
        has_values = np.isfinite(self._ledger.parts[:, 0]).any()
        return CAPTION + (VALUES.format(grouped(self.snapshot.viewed_step)) if has_values else "")

    def _caption_lines(self, area: QRectF) -> list[str]:
        width, most = area.width() - 2 * MARGIN_PX, most_lines(area.height())
        return caption_lines(self.fonts().label, width, self._caption(), most)

    def _cards(self) -> tuple[Card, ...] | None:
        """Return the cards, none where a loss has no formula; None before there is a reading of these lanes."""
        ledger, snapshot = self._ledger, self.snapshot
        if ledger is None or snapshot is None or len(ledger.parts) != len(snapshot.config.lanes):
            return None
        try:
            return cards(snapshot.config, ledger, self.lane_titles(len(ledger.parts)))
        except (TypeError, AttributeError):
            return ()

    def _laid_out(self, made: tuple[Card, ...], area: QRectF) -> tuple[float, Shown]:
        """Return the size of letters, and the cards that find room with their places: in columns where that helps.

        The same terms in the same room keep their places while they fit: values that change move nothing.
        """
        fonts = self.fonts()
        head = len(self._caption_lines(area)) * line_height(fonts.label)
        box = area.adjusted(MARGIN_PX, head + 12, -MARGIN_PX, -6)
        terms = tuple((card.title, tuple(piece.latex for row in card.rows for piece in row)) for card in made)
        key = terms, len(made[0].lanes), box.width(), box.height(), fonts.strong.pointSizeF()
        if self._kept is not None and self._kept[0] == key:
            _, n, size, n_shown = self._kept
            if len(shown := with_room(made, columns_of(box, n), size, fonts)) == n_shown:
                return size, shown
        ways = [(n, *in_columns(made, box, n, fonts)) for n in range(1, min(len(made), MOST_COLUMNS) + 1)]
        n, size, shown = max(ways, key=lambda way: (len(way[2]), way[1]))
        self._kept = key, n, size, len(shown)
        return size, shown

    def places(self, area: QRectF) -> list[tuple[QRectF, str]]:
        """Return where each term stands with its values, and its role, where the view is painted into ``area``."""
        made, fonts, found = self._cards(), self.fonts(), list[tuple[QRectF, str]]()
        if not made:
            return found
        size, shown = self._laid_out(made, area)
        line = line_height(number_font(size, fonts))
        for card, box in shown:
            for at, piece in laid_terms(card, box.width(), size, fonts)[0]:
                formula, scale = typeset(piece.latex), size / SET_AT
                height = scale * (formula.above + formula.below) + len(piece.values) * line
                corner = QPointF(box.left() + at.x(), box.top() + at.y() - scale * formula.above)
                if piece.role in ("", "penalty"):  # which no curve has
                    continue
                found.append((QRectF(corner, QSizeF(piece_width(piece, size, fonts), height)), piece.role))
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
        placed, _ = laid_terms(card, box.width(), size, fonts)
        for at, piece in placed:
            self._draw_piece(painter, box.topLeft() + at, piece, size, theme)

    def _draw_piece(self, painter: QPainter, at: QPointF, piece: Piece, size: float, theme: Theme) -> None:
        """Paint a term with its values below, in the color of the term's curve."""
        fonts = self.fonts()
        color = QColor(theme.text) if piece.role in ("", "penalty") else theme.letters(piece.role)
        scale = size / SET_AT
        paint_formula(painter, at, piece.latex, size, color)
        painter.setFont(number_font(size, fonts))
        painter.setPen(color)
        width, line = piece_width(piece, size, fonts), line_height(number_font(size, fonts))
        top = at.y() + scale * typeset(piece.latex).below + 1
        for value in piece.values:
            if math.isfinite(value):
                draw_text(
                    painter, QRectF(at.x(), top, width, line), number(value), Qt.AlignmentFlag.AlignHCenter
                )
            top += line
