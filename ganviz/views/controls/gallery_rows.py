"""How a formulation looks in the gallery: its shape at the left, name and formula beside it, a sentence below."""

from __future__ import annotations

import html
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ganviz.losses.presets import ALSO, NamedFormulation
from ganviz.views.look.formula import draw_formula, formula_lines, plain_formula
from ganviz.views.look.theme import LIGHT, Theme, scaled

FAMILY = int(Qt.ItemDataRole.UserRole)
NAMED = FAMILY + 1
Index = QModelIndex | QPersistentModelIndex

ELSEWHERE = {"Your own": "custom formula, user defined"}
"""Other words for a family, by which it is sought."""
SHAPE = QSize(64, 48)
GAP_PX = 10
REACH = 5.0
"""Scores from -5 to 5, and losses likewise: shapes can be compared."""


def words_of(named: NamedFormulation) -> str:
    """Return all that is known of a formulation in one line, for searching and for reading aloud."""
    loss = named.formulation.loss
    markup = (
        html.escape(named.title),
        html.escape(named.formulation.title),
        loss.family,
        named.formulation.d_line(),
        f"L<sub>G</sub> = {loss.g_formula}",
        named.behavior,
        loss.warning,
        loss.divergence,
        *named.papers,
        *(name for name, key in ALSO.items() if key == named.key),
    )
    return ". ".join(plain_formula(text) for text in dict.fromkeys(markup) if text)


def sought_in(named: NamedFormulation) -> str:
    """Return what a search looks through: beside its words, what one that is typed is called elsewhere."""
    return f"{words_of(named)} {ELSEWHERE.get(named.formulation.loss.family, '')}"


@lru_cache(maxsize=128)
def shape_path(named: NamedFormulation) -> QPainterPath:
    """Return the generator's own term over the score (or lead), both from -5 to 5, in a square of that size."""
    places = np.linspace(-REACH, REACH, 81)
    values = named.formulation.loss.g_shape(places)
    path = QPainterPath()
    is_down = False
    for x, y in zip(places.tolist(), values.tolist(), strict=True):
        is_inside = abs(y) <= 1.2 * REACH
        if is_inside and is_down:
            path.lineTo(x, -y)
        elif is_inside:
            path.moveTo(x, -y)
        is_down = is_inside
    return path


class GalleryRows(QStyledItemDelegate):
    """Paints families as headings and formulations as rows; as wide as the list."""

    def __init__(self, of: QListWidget) -> None:
        super().__init__(of)
        self._list = of
        self.theme: Theme = LIGHT

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        font = self._list.font()
        return scaled(font, 1.0, bold=True), font, scaled(font, 0.92)

    def _texts(self, named: NamedFormulation, width: float) -> list[tuple[str, QFont, str]]:
        """Return the lines beside the shape: markup, font and color."""
        bold, plain, small = self._fonts()
        loss = named.formulation.loss
        lines = [(html.escape(named.title), bold, self.theme.text)]
        formulas = [f"L<sub>G</sub> = {loss.g_formula}", named.formulation.d_line()]
        lines += [
            (line, plain, self.theme.text) for text in formulas for line in formula_lines(text, plain, width)
        ]
        for text, color in ((named.behavior, self.theme.muted), (loss.warning, self.theme.warning)):
            lines += [(line, small, color) for line in formula_lines(text, small, width)]
        return lines

    def _text_width(self) -> float:
        return self._list.viewport().width() - SHAPE.width() - 3 * GAP_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of all lines."""
        width = self._list.viewport().width()
        named = index.data(NAMED)
        if named is None:
            return QSize(width, round(1.9 * QFontMetricsF(self._fonts()[0]).height()))
        height = sum(_height(font) for _, font, _ in self._texts(named, self._text_width()))
        return QSize(width, max(SHAPE.height(), round(height)) + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a heading or a row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, state = QRectF(option.rect), option.state
        named = index.data(NAMED)
        if named is None:
            self._paint_family(painter, rect, str(index.data(FAMILY)))
        else:
            is_current = bool(state & QStyle.StateFlag.State_Selected)
            if is_current or bool(state & QStyle.StateFlag.State_MouseOver):
                painter.fillRect(rect, QColor(self.theme.grid if is_current else self.theme.window))
            if is_current:
                painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(self.theme.accent))
            self._paint_row(painter, rect, named)
        painter.restore()

    def _paint_family(self, painter: QPainter, rect: QRectF, family: str) -> None:
        painter.setFont(self._fonts()[0])
        painter.setPen(QColor(self.theme.muted))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect.adjusted(GAP_PX, 0, 0, -5), int(flags), family)
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_row(self, painter: QPainter, rect: QRectF, named: NamedFormulation) -> None:
        shape = QRectF(rect.left() + GAP_PX, rect.top() + 6, SHAPE.width(), SHAPE.height())
        self._paint_shape(painter, shape, named)
        y = rect.top() + 6
        for text, font, color in self._texts(named, self._text_width()):
            painter.setPen(QColor(color))
            draw_formula(
                painter, QPointF(shape.right() + GAP_PX, y + QFontMetricsF(font).ascent()), text, font
            )
            y += _height(font)

    def _paint_shape(self, painter: QPainter, frame: QRectF, named: NamedFormulation) -> None:
        theme = self.theme
        painter.save()
        painter.setClipRect(frame)
        painter.fillRect(frame, QColor(theme.base))
        painter.setPen(QPen(QColor(theme.grid if not theme.is_dark else theme.border), 1))
        painter.drawLine(
            QPointF(frame.left(), frame.center().y()), QPointF(frame.right(), frame.center().y())
        )
        painter.drawLine(
            QPointF(frame.center().x(), frame.top()), QPointF(frame.center().x(), frame.bottom())
        )
        painter.translate(frame.center())
        painter.scale(0.5 * frame.width() / REACH, 0.5 * frame.height() / REACH)
        pen = QPen(theme.line("g_loss"), 2.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPath(shape_path(named))
        painter.restore()
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(frame)


def _height(font: QFont) -> float:
    """Return the height of a line with subscripts."""
    return QFontMetricsF(font).height() + 2
