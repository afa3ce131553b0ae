"""The widgets that values are typed into or chosen from: they leave the wheel to the panel and the keys to the run."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QThread, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from ganviz.views.look.elided_box import ElidedBox

BUTTONS_PX = 30
RETRY_MS = 500
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def delete_later(widget: QWidget) -> None:
    """Delete a widget as soon as no dialog is open.

    An edit may open a dialog. Where the form changes while it is open, its loop would delete the very field that is in
    the middle of being edited, and end the program.
    """
    if QThread.currentThread().loopLevel() > 1:
        QTimer.singleShot(RETRY_MS, widget, partial(delete_later, widget))
    else:
        widget.deleteLater()


def _leave(widget: QWidget) -> None:
    """Give the focus back to the window, whose keys act on the run again."""
    widget.window().setFocus(Qt.FocusReason.OtherFocusReason)


class Line(QLineEdit):
    """A line of text: Enter takes it, Esc takes it back, and both leave it; GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self._before = ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember what there is."""
        super().focusInEvent(event)
        self._before = self.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Enter or Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._before)
            self.textEdited.emit(self._before)
            _leave(self)
            return
        super().keyPressEvent(event)
        if event.key() in ENTER:
            _leave(self)


class Spin(QSpinBox):
    """A spin box that does not change while the panel is scrolled; Enter and Esc leave it; GUI thread only.

    Its least value stands for "no single value", as its special text says: arrows do not start from there.
    """

    def __init__(self) -> None:
        super().__init__()
        # Qt would leave room for the widest number that there is.
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("000000") + BUTTONS_PX)

    def stepBy(self, steps: int) -> None:
        """Go up or down."""
        if self.value() != self.minimum():
            super().stepBy(steps)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember what there is."""
        super().focusInEvent(event)
        self._before = self.value()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Enter or Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.lineEdit().setText(self.textFromValue(self._before))
            _leave(self)
            return
        super().keyPressEvent(event)
        if event.key() in ENTER:
            _leave(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, unless the person is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Switch(QCheckBox):
    """A switch that leaves the keys to the run when it has been clicked: Space would undo the click."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class Menu(ElidedBox):
    """A menu that does not change while the panel is scrolled, and leaves the keys to the run."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()


class SearchLine(QLineEdit):
    """A line to search in: Esc empties it and leaves it; GUI thread only."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            _leave(self)
        else:
            super().keyPressEvent(event)
