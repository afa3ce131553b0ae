"""Light and dark for the whole window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtWidgets import QApplication

from ganviz.views.look.dressed import dress_again
from ganviz.views.look.style import style_sheet
from ganviz.views.look.theme import THEMES, Theme, apply_to_application, system_theme
from ganviz.views.plot.kept import in_turns

APPEARANCES = (("system", "Like the system"), ("light", "Light"), ("dark", "Dark"))


class Dressed(Protocol):
    """A part that draws in the colors of a theme."""

    def apply_theme(self, theme: Theme) -> None:
        """Draw anew."""


def dress(appearance: str, parts: Iterable[Dressed]) -> None:
    """Dress everything in "light", "dark" or what the system says."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    follows = appearance not in THEMES
    theme = system_theme(app) if follows else THEMES[appearance]
    apply_to_application(app, theme, follow_system=follows)
    if app.styleSheet():
        dress_again(app)
    else:
        app.setStyleSheet(style_sheet())
    with in_turns():  # one plot after the other, and keys are answered between them
        for part in parts:
            part.apply_theme(theme)
