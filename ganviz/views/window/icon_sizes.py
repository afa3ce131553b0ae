"""Icons as large as the text beside them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton, QWidget

OWN_SIZE = "own_icon_size"
"""The property in which a widget's icon size is kept that goes with text as the desktop has it."""


def scale_icons(widgets: Iterable[QWidget], factor: float) -> None:
    """Make the icons of widgets so many times as large as they are at first."""
    for widget in widgets:
        if isinstance(widget, QToolButton | QPushButton) or (
            isinstance(widget, QComboBox) and not widget.itemIcon(0).isNull()
        ):
            own = widget.property(OWN_SIZE)
            if not isinstance(own, QSize):
                own = widget.iconSize()
                widget.setProperty(OWN_SIZE, own)
            widget.setIconSize(own * factor)
