"""Buttons that stand in a text, each where a link of one scheme was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextLine,
)
from PySide6.QtWidgets import QPushButton, QTextBrowser

ROOM = "room"
"""The name of the empty picture that keeps a button's place among the words."""
GAP_PX = 3
"""Between buttons of neighboring lines."""


class TextButtons(QObject):
    """Makes a button of each link that begins with ``scheme``; GUI thread only.

    Text documents hold no widgets: an empty picture of a button's size moves with the words, and the button, a child of
    the viewport, is put over it.

    Parameters
    ----------
    browser : QTextBrowser
        With its text.
    scheme : str

    Attributes
    ----------
    by_target : list of (str, QPushButton)
        What stands behind the scheme, and its button, from the text's beginning to its end.
    """

    pressed = Signal(str)
    """Emitted with what stands behind the scheme."""

    def __init__(self, browser: QTextBrowser, scheme: str) -> None:
        super().__init__(browser)
        self._browser, document = browser, browser.document()
        empty = QImage(1, 1, QImage.Format.Format_ARGB32)
        empty.fill(0)
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(ROOM), empty)
        links = list(_links(document, scheme))
        self._placed = [(cursor, self._button(cursor, target)) for cursor, target in links]
        self.by_target = [
            (target, button) for (_, target), (_, button) in zip(links, self._placed, strict=True)
        ]
        document.documentLayout().documentSizeChanged.connect(self._place)
        browser.verticalScrollBar().valueChanged.connect(self._place)
        self._place()

    def _button(self, cursor: QTextCursor, target: str) -> QPushButton:
        """Return a button with the selected words, which give way to its room."""
        button = QPushButton(cursor.selectedText(), self._browser.viewport())
        button.clicked.connect(lambda: self.pressed.emit(target))
        button.installEventFilter(self)
        size, room = button.sizeHint(), QTextImageFormat()
        room.setName(ROOM)
        room.setWidth(size.width())
        room.setHeight(size.height() + GAP_PX)
        room.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cursor.insertImage(room)
        cursor.movePosition(QTextCursor.MoveOperation.Left)
        button.resize(size)
        return button

    def _place(self, *_: object) -> None:
        """Put each button over its room."""
        scrolled = self._browser.verticalScrollBar().value()
        lines = self._browser.document().documentLayout()
        for cursor, button in self._placed:
            lines.blockBoundingRect(cursor.block())  # lays it out, which otherwise is done some time later
            block = cursor.block().layout()
            line = block.lineForTextPosition(cursor.positionInBlock())
            if line.isValid():
                x = block.position().x() + _along(line, cursor.positionInBlock())
                y = block.position().y() + line.y() + (line.height() - button.height()) / 2
                button.move(round(x), round(y) - scrolled)
                button.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll to a button that the keyboard has come to; leave it the space bar, which is a key of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_space = event.key() == Qt.Key.Key_Space and not event.modifiers()
            event.setAccepted(is_space)
            return is_space
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QPushButton):
            bar, seen = self._browser.verticalScrollBar(), self._browser.viewport().height()
            place = watched.geometry().adjusted(0, -GAP_PX, 0, GAP_PX)
            beyond = max(0, place.bottom() + 1 - seen) + min(0, place.top())
            bar.setValue(bar.value() + beyond)
        return super().eventFilter(watched, event)


def _along(line: QTextLine, place: int) -> float:
    """Return where a place of a line's block stands, which the stub takes for one number."""
    return cast(tuple[float, int], line.cursorToX(place))[0]


def _links(document: QTextDocument, scheme: str) -> Iterator[tuple[QTextCursor, str]]:
    """Yield each link of a scheme, selected, and what stands behind it."""
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            fragment = pieces.fragment()
            pieces += 1
            url = QUrl(fragment.charFormat().anchorHref())
            if url.scheme() == scheme:
                cursor = QTextCursor(document)
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                yield cursor, url.path()
        block = block.next()
