"""A formula on one line, which ends with an ellipsis where there is no room for all of it."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.views.look.formula import draw_formula, formula_lines, formula_width, plain_formula

_ELLIPSIS = " …"
_BEGINNING = re.compile(r"(;|\s+(=|L<sub>.</sub>|[+−·0-9½E]+))+$")
"""What a term or another loss begins with, and says nothing without what follows: a mean of what?"""


class FormulaLabel(QWidget):
    """Takes what room there is; what it shows is read aloud as plain text. GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self._markup = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_formula(self, markup: str) -> None:
        """Show a formula, HTML with subscripts and superscripts."""
        self._markup = markup
        self.setAccessibleDescription(plain_formula(markup) or "Different in each lane")
        self.update()

    def shown(self) -> str:
        """Return what there is room for: all of it, its first terms and an ellipsis, or nothing."""
        font, width = self.font(), float(self.width())
        if formula_width(self._markup, font) <= width:
            return self._markup
        first = formula_lines(self._markup, font, width - formula_width(_ELLIPSIS, font))[0]
        begun = _BEGINNING.sub("", first) + _ELLIPSIS
        is_part = "=" in begun  # the symbol alone says nothing
        return begun if is_part and formula_width(begun, font) <= width else ""

    def sizeHint(self) -> QSize:
        """Return the height of a line with subscripts."""
        return QSize(0, round(1.4 * QFontMetricsF(self.font()).height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it in the middle of the height."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        metrics = QFontMetricsF(self.font())
        baseline = 0.5 * (self.height() + metrics.ascent() - metrics.descent())
        draw_formula(painter, QPointF(0, baseline), self.shown(), self.font())
