"""The two buttons in the title of a dock, which Qt draws in the desktop's size whatever its letters are."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QStyle, QStyleOptionToolButton, QStylePainter

NAMES = ("qt_dockwidget_closebutton", "qt_dockwidget_floatbutton")
"""What Qt calls them, from the right."""
ICON_PX, EDGE_PX = 10, 4
"""Side of an icon beside letters of the desktop's size, and what a button has around it in all."""


class TitleButtons(QObject):
    """Makes them as large as the letters beside them; GUI thread only."""

    def __init__(self, docks: Iterable[QDockWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._factor = 1.0
        self._docks = list(docks)
        self._given: dict[QAbstractButton, QRect] = {}
        self._put: dict[QAbstractButton, QRect] = {}
        for dock in self._docks:
            for button in _buttons(dock):
                button.installEventFilter(self)

    def scale(self, factor: float) -> None:
        """Make them so many times as large as Qt has them."""
        self._factor = factor
        for dock in self._docks:
            self._place(dock)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put and paint a button anew after Qt has; where text is of the desktop's size, leave it to Qt."""
        if not isinstance(watched, QAbstractButton):
            return False
        dock, place = watched.parentWidget(), watched.geometry()
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and place != self._put.get(watched):
            self._given[watched] = place
            if isinstance(dock, QDockWidget):
                self._place(dock)
        if event.type() != QEvent.Type.Paint or self._factor == 1.0:
            return False
        self._paint(watched)
        return True

    def _place(self, dock: QDockWidget) -> None:
        """Let the buttons grow to the left, from where Qt has put the outer one."""
        shift, buttons = 0, _buttons(dock)
        for button in buttons:
            # Qt may have moved the other one, too, while the dock was hidden: that is told one by one when it is shown.
            if button in self._given and button.geometry() != self._put.get(button):
                self._given[button] = button.geometry()
        for button in buttons:
            if (given := self._given.get(button)) is None:
                continue
            side = round(self._factor * ICON_PX) + EDGE_PX
            place = QRect(given.topLeft(), given.size().expandedTo(QSize(side, side)))
            place.moveCenter(given.center())
            place.moveRight(given.right() - shift)
            shift += place.width() - given.width()
            self._put[button] = place
            button.setGeometry(place)

    def _paint(self, button: QAbstractButton) -> None:
        option = QStyleOptionToolButton()
        option.initFrom(button)
        painter = QStylePainter(button)
        painter.fillRect(
            option.rect, button.palette().brush(QPalette.ColorRole.Window)
        )  # a long title ends there
        option.state |= QStyle.StateFlag.State_AutoRaise
        if button.isDown():
            option.state |= QStyle.StateFlag.State_Sunken
        elif button.underMouse():
            option.state |= QStyle.StateFlag.State_Raised
        option.icon, side = button.icon(), round(self._factor * ICON_PX)
        option.iconSize = QSize(side, side)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.end()


def _buttons(dock: QDockWidget) -> list[QAbstractButton]:
    found = (dock.findChild(QAbstractButton, name) for name in NAMES)
    return [button for button in found if button is not None]
