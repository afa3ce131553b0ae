"""Icons of a size of their own, as large beside large letters as beside those of the desktop.

Icons of the usual size grow with the style; see :mod:`ganviz.views.look.grown`.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from ganviz.views.look.grown import shown_factor

OWN_SIDE = "own_icon_side"
"""The property in which the side is kept that goes with text as the desktop has it."""


def set_icon_side(widget: QAbstractButton | QComboBox, px: int) -> None:
    """Give a widget icons of this side beside letters as the desktop has them, larger ones beside larger letters."""
    widget.setProperty(OWN_SIDE, px)
    _resize(widget, px)


def scale_icons(widgets: Iterable[QWidget]) -> None:
    """Make icons that have a size of their own as large as letters are now."""
    for widget in widgets:
        if isinstance(widget, QAbstractButton | QComboBox) and isinstance(
            px := widget.property(OWN_SIDE), int
        ):
            _resize(widget, px)


def _resize(widget: QAbstractButton | QComboBox, px: int) -> None:
    widget.setIconSize(QSize(px, px) * shown_factor())
