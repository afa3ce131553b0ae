"""A menu in a view or form whose choice ends with an ellipsis where it is too long; Qt's own would cut a letter."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from ganviz.views.look.formula import draw_words, has_symbols

BESIDE_PX = 4
"""What styles leave free beside words, and between an icon and them."""


class ElidedBox(QComboBox):
    """Shows as much of its choice as there is room for; GUI thread only."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as the style does, with the words that fit; what stands where nothing is chosen is Qt's to paint."""
        if self.currentIndex() < 0:
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_words(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        text = option.currentText
        if has_symbols(text) and option.currentIcon.isNull():
            option.currentText = ""
            painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
            kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
            place = self.style().subControlRect(kind, option, part, self)
            painter.setPen(option.palette.color(QPalette.ColorRole.ButtonText))
            draw_words(painter, QRectF(place).adjusted(1, 0, -1, 0), text, Qt.AlignmentFlag.AlignLeft)
        else:
            painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def shown_words(self, option: QStyleOptionComboBox) -> str:
        """Return what is shown of the choice."""
        kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(kind, option, part, self).width() - BESIDE_PX
        if not option.currentIcon.isNull():
            room -= option.iconSize.width() + BESIDE_PX
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
