"""The two buttons in the title of a dock, whose pictures Qt has in the desktop's size only, and no tool tips."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QStyle, QStyleOptionToolButton, QStylePainter

from ganviz.views.look.grown import TITLE_ICON_PX, shown_factor

TIPS = {
    "qt_dockwidget_closebutton": "Closes this panel. The menu View opens it again.",
    "qt_dockwidget_floatbutton": "Gives this panel a window of its own, or puts it back.",
}
"""What they do, by what Qt calls them."""


class TitleButtons(QObject):
    """Paints them as large as the letters beside them; GUI thread only. Where they are is Qt's and the style's."""

    def __init__(self, docks: Iterable[QDockWidget], parent: QObject) -> None:
        super().__init__(parent)
        for dock in docks:
            for name, tip in TIPS.items():
                if (button := dock.findChild(QAbstractButton, name)) is not None:
                    button.setToolTip(tip)
                    button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint a button; where text is of the desktop's size, leave it to Qt."""
        if (
            event.type() != QEvent.Type.Paint
            or shown_factor() == 1.0
            or not isinstance(watched, QAbstractButton)
        ):
            return False
        _paint(watched)
        return True


def _paint(button: QAbstractButton) -> None:
    option = QStyleOptionToolButton()
    option.initFrom(button)
    painter = QStylePainter(button)
    painter.fillRect(option.rect, button.palette().brush(QPalette.ColorRole.Window))
    option.subControls = QStyle.SubControl.SC_None  # else Qt draws the arrow of a menu into it
    option.state |= QStyle.StateFlag.State_AutoRaise
    if button.isDown():
        option.state |= QStyle.StateFlag.State_Sunken
    elif button.underMouse():
        option.state |= QStyle.StateFlag.State_Raised
    option.icon, side = button.icon(), round(shown_factor() * TITLE_ICON_PX)
    option.iconSize = QSize(side, side)
    painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
    painter.end()
