"""What a banner says at some length: words for everybody, and for the eye a card with a part that is folded away."""

from __future__ import annotations

from collections.abc import Callable

from ganviz.spec.frozen import dataclass
from ganviz.views.look.formula import subscripted
from ganviz.views.look.theme import Theme

MUTED = "muted-letters"
"""Stands in markup for the theme's color."""
FOLD = "details"
"""What the link says to itself that folds and unfolds the rest of a card."""


@dataclass(frozen=True, slots=True)
class Said:
    """All words of what is said, and the same as markup; a sentence has none.

    ``details`` are folded away, and where it lies over views so is ``table``; ``rows`` say the same as the table for
    where that is too wide.
    """

    text: str
    markup: str = ""
    table: str = ""
    details: str = ""
    rows: str = ""

    @property
    def is_card(self) -> bool:
        """Return whether it is more than a sentence."""
        return bool(self.markup)

    @property
    def is_set(self) -> bool:
        """Return whether it is shown as markup: a card, or a sentence with symbols, which are set as formulas."""
        return self.is_card or "<sub>" in subscripted(self.text)

    def shown(self, theme: Theme, *, is_unfolded: bool, is_short: bool, is_narrow: bool = False) -> str:
        """Return the markup of a card."""
        fold = f'<p style="margin: 4px 0"><a href="{FOLD}">Details {"▾" if is_unfolded else "▸"}</a></p>'
        table, rest = self.rows if is_narrow else self.table, self.details
        if is_short:
            table, rest = "", f"{table}{rest}"
        return f"{self.markup}{table}{fold}{rest if is_unfolded else ''}".replace(MUTED, theme.muted)


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, its kind ("info", "warning"), what the button says and does, and whether it goes with the run."""

    said: Said
    kind: str = "info"
    action: str = ""
    does: Callable[[], object] | None = None
    of_run: bool = False
