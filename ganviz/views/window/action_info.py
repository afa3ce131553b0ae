"""What is said of one thing that can be done."""

from __future__ import annotations

from ganviz.spec.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """One thing that can be done.

    Attributes
    ----------
    key : str
        Its name in the program; what stands behind a colon is handed to the command.
    menu : str
        Where it stands, as "Run" or "Run/Presets".
    words : str
        What it is called in menus and in the palette.
    shortcut : str
        Its key, as in "Ctrl+S"; empty where it has none.
    tip : str
        One sentence of what it does.
    icon : str
        File in ``resources/icons``; empty where it has none.
    short : str
        What a button calls it, where that is shorter.
    plot_key : str
        Its key on a plot that has the focus, which answers it itself.
    has_gap : bool
        Whether a line stands above it in its menu.
    is_switch : bool
        Whether it is on or off, which is shown.
    """

    key: str
    menu: str
    words: str
    shortcut: str = ""
    tip: str = ""
    icon: str = ""
    short: str = ""
    plot_key: str = ""
    has_gap: bool = False
    is_switch: bool = False

    @property
    def full_tip(self) -> str:
        """Return the sentence with the key behind it."""
        return f"{self.tip} ({self.shortcut})" if self.tip and self.shortcut else self.tip
