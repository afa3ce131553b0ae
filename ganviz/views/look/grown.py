"""How many times as large as the desktop's letters and controls are, and the style that draws controls so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QComboBox, QSlider, QStyleFactory, QWidget

if TYPE_CHECKING:
    from ganviz.views.look.grown_style import GrownStyle

TITLE_ICON_PX = 10
"""Side of an icon in the title of a dock."""
_used: list[GrownStyle] = []
"""The one that the application has, while its text has another size than the desktop's."""


def grow(app: QApplication, factor: float) -> None:
    """Let all controls be so many times as large as the desktop has them."""
    if factor == shown_factor():
        return
    if factor == 1.0:  # then Fusion itself, which asks no Python
        _used.clear()
        app.setStyle(QStyleFactory.create("Fusion"))
        return
    if _used:
        _used[0].grow(factor)
        return
    from ganviz.views.look.grown_style import (
        GrownStyle,  # whose classes of Qt take 25 ms: at other sizes only
    )

    _used.append(GrownStyle())
    _used[0].grow(factor)
    app.setStyle(_used[0])


def shown_factor() -> float:
    """Return how many times as large as the desktop's controls are now."""
    return _used[0].factor if _used else 1.0


def ask_style_again(widgets: Iterable[QWidget]) -> None:
    """Let widgets that are there already ask how large their parts are."""
    for widget in widgets:
        if isinstance(widget, QSlider):  # for which rules of the style sheet are kept, in pixels
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
        if isinstance(widget, QComboBox):
            widget.updateGeometry()
