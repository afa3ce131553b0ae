"""A browser of pages that are made when they are asked for, with formulas that are set as mathematics."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, QUrl
from PySide6.QtGui import QFontMetricsF, QPainter, QPyTextObject, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextBrowser, QWidget

from ganviz.views.look.typeset import SET_AT, paint_formula, typeset
from ganviz.views.window.losses_guide import FORMULA

LETTERS = 1.5
"""The size of a formula's letters, as a multiple of the text's line without the room below and above."""
MARGIN_PX = 12


class FormulaPictures(QPyTextObject):
    """Paints the pictures of a text, formulas all of them, in the color of its letters. GUI thread only."""

    def __init__(self, of: QWidget) -> None:
        super().__init__(of)
        self._of = of

    def _scale(self, latex: str, document: QTextDocument) -> float:
        """Return the size of letters, smaller where the page would be too narrow."""
        metrics = QFontMetricsF(document.defaultFont())
        wanted = LETTERS * metrics.ascent() / SET_AT
        return min(wanted, 0.9 * document.textWidth() / typeset(latex).width)

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Return the room that a formula takes."""
        latex = _latex(format)
        formula, scale = typeset(latex), self._scale(latex, document)
        return QSizeF(scale * formula.width, scale * (formula.above + formula.below))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        position: int,
        format: QTextFormat,
    ) -> None:
        """Paint a formula."""
        latex = _latex(format)
        scale = self._scale(latex, document)
        baseline = QPointF(rect.left(), rect.top() + scale * typeset(latex).above)
        paint_formula(painter, baseline, latex, scale * SET_AT, self._of.palette().text().color())


def _latex(format: QTextFormat) -> str:
    return unquote(format.toImageFormat().name().removeprefix(FORMULA))


class GuideBrowser(QTextBrowser):
    """Shows pages by their names. GUI thread only."""

    def __init__(self, page: Callable[[str], str | None]) -> None:
        super().__init__()
        self._page = page
        self._pictures = FormulaPictures(self)
        self.document().documentLayout().registerHandler(
            QTextFormat.ObjectTypes.ImageObject.value, self._pictures
        )
        self.document().setDocumentMargin(MARGIN_PX)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return a page."""
        if kind == QTextDocument.ResourceType.HtmlResource.value:
            return self._page(QUrl(name).path())
        return super().loadResource(kind, name)

    def changeEvent(self, event: QEvent) -> None:
        """Give links the colors of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not self.source().isEmpty():
            place = self.verticalScrollBar().value()
            self.reload()
            self.verticalScrollBar().setValue(place)
