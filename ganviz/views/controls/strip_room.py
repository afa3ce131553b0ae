"""What of the formulations' row gives way where it has little room: its title, words of buttons, the last buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget

SPACING_PX = 2
GAPS_PX = 40
"""Margins, and the gaps between the parts of the row."""
MORE_PX = 164
"""Room for the button of all others, which names the one in force; longer names are cut in the middle."""
LEAST_BUTTONS = 2
"""Formulations that keep a button of their own before the workspaces give way."""


class StripRoom:
    """Knows what has room; the formula takes what is left. GUI thread only.

    Parameters
    ----------
    formulations : sequence of QAbstractButton
        The first ones stay longest.
    title : QWidget
        Gives way first.
    lanes : sequence of QToolButton
        Icons with words, which give way next.
    beside : sequence of QWidget
        What stays.
    """

    def __init__(
        self,
        formulations: Sequence[QAbstractButton],
        title: QWidget,
        lanes: Sequence[QToolButton],
        beside: Sequence[QWidget],
    ) -> None:
        self._formulations, self._title, self._lanes, self._beside = formulations, title, lanes, beside
        self._widths: dict[tuple[QToolButton, str], tuple[int, int]] = {}

    def fit(self, width: int) -> int:
        """Show what a row of this width has room for; return how many formulations have a button."""
        widths = self._formulation_widths()
        wide, narrow = (width - self._around(is_wide=one) for one in (True, False))
        has_words = sum(widths) <= wide
        for button in self._lanes:
            button.setToolButtonStyle(_style(has_words))
        room = wide if has_words else narrow
        n = next((i for i in range(len(widths)) if sum(widths[: i + 1]) > room), len(widths))
        self._title.setVisible(sum(widths) + self._title.sizeHint().width() <= wide)
        for i, formulation in enumerate(self._formulations):
            formulation.setVisible(i < n)
        return n

    @property
    def least(self) -> int:
        """Return the width with a few formulations, and no words that icons can say."""
        return self._around(is_wide=False) + sum(self._formulation_widths()[:LEAST_BUTTONS])

    def _formulation_widths(self) -> list[int]:
        return [button.sizeHint().width() + SPACING_PX for button in self._formulations]

    def _around(self, *, is_wide: bool) -> int:
        """Return what everything takes but the formulations, with words beside icons or without."""
        lanes = sum(self._lane_widths(one)[is_wide] for one in self._lanes if not one.isHidden())
        beside = sum(one.sizeHint().width() for one in self._beside if not one.isHidden())
        return GAPS_PX + MORE_PX + lanes + beside

    def _lane_widths(self, button: QToolButton) -> tuple[int, int]:
        """Return the widths without and with words, which a button tells of its present style alone."""
        key = button, button.font().key()
        if key not in self._widths:
            before, found = button.toolButtonStyle(), []
            for has_words in (False, True):
                button.setToolButtonStyle(_style(has_words))
                found.append(button.sizeHint().width())
            button.setToolButtonStyle(before)
            self._widths[key] = found[0], found[1]
        return self._widths[key]


def _style(has_words: bool) -> Qt.ToolButtonStyle:
    styles = Qt.ToolButtonStyle
    return styles.ToolButtonTextBesideIcon if has_words else styles.ToolButtonIconOnly
