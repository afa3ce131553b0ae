"""Widgets that follow another palette under a style sheet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

AT_ONCE = 100
"""Widgets that nobody sees, in a turn of the event loop: some 5 ms."""


def dress_again(app: QApplication) -> None:
    """Let widgets take the application's palette, those that are seen at once, the others in the turns after.

    With a style sheet, Qt keeps in each widget the palette that it was dressed in, and the colors of its rules. To set
    another sheet dresses all of them, too, and asks each how large it is: a quarter of a second without a picture.
    """
    widgets = app.allWidgets()
    _dress([widget for widget in widgets if widget.isVisible()])
    _dress_later([widget for widget in widgets if not widget.isVisible()])


def _dress(widgets: list[QWidget]) -> None:
    for widget in widgets:
        if isValid(widget):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
            widget.update()


def _dress_later(widgets: list[QWidget]) -> None:
    if widgets:
        _dress(widgets[:AT_ONCE])
        QTimer.singleShot(0, partial(_dress_later, widgets[AT_ONCE:]))
