"""Words in tables and menus in which L_D and L_G are set with their subscripts, which Qt draws as they are typed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionHeaderV2,
    QStyleOptionViewItem,
    QWidget,
)

from ganviz.views.look.formula import draw_words, has_symbols

ABOVE_PX = BELOW_PX = 3


class SetHeader(QHeaderView):
    """The titles of columns; GUI thread only."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint a title as the style does, but for its symbols."""
        text = str(self.model().headerData(section, self.orientation()) or "")
        if not has_symbols(text):
            super().paintSection(painter, rect, section)
            return
        option = QStyleOptionHeaderV2()
        self.initStyleOption(option)
        option.rect, option.section, option.text = rect, section, ""
        self.style().drawControl(QStyle.ControlElement.CE_Header, option, painter, self)
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        lines, line = text.split("\n"), self.fontMetrics().height()
        top = rect.center().y() - len(lines) * line / 2
        for i, words in enumerate(lines):
            place = QRectF(rect.left() + 2, top + i * line, rect.width() - 4, line)
            draw_words(painter, place, words, Qt.AlignmentFlag.AlignHCenter)


class SetDelegate(QStyledItemDelegate):
    """Words in a table or in a menu that drops down; GUI thread only."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room of an item, with some above and below its words."""
        return super().sizeHint(option, index) + QSize(0, ABOVE_PX + BELOW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint an item as the style does, but for its symbols."""
        text = str(index.data() or "")
        if not has_symbols(text):
            super().paint(painter, option, index)
            return
        style = option.widget.style()
        self.initStyleOption(option, index)
        kind = QStyle.SubElement.SE_ItemViewItemText
        place = QRectF(style.subElementRect(kind, option, option.widget)).adjusted(3, 0, -3, 0)
        option.text = ""
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        is_chosen = option.state & QStyle.StateFlag.State_Selected
        role = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        painter.setFont(option.font)
        draw_words(painter, place, text, option.displayAlignment)
