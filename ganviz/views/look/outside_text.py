"""Text from outside (paths, what files hold, names that people type, errors) shown as it is, never as markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ganviz.views.look.formula import markup_of, plain_formula

LONGEST_LINE = 100
"""Letters of a tool tip that stay on one line."""


def plain_label(text: str = "") -> QLabel:
    """Return a label that shows every text as it is; Qt's own would take ``<img …>`` for a picture to load."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def set_label(text: str) -> QLabel:
    """Return a label of plain words in which L_D and L_G are set with their subscripts."""
    label = QLabel(markup_of(text))
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setAccessibleName(text)
    return label


def plain_tip(text: str) -> str:
    """Return a tool tip that shows ``text`` as it is, L_D set as such; tips take for markup what looks like it."""
    markup = markup_of(text)
    if "<" not in text + markup and max(map(len, text.split("\n"))) <= LONGEST_LINE:
        return text  # Qt breaks lines of markup alone: a long tip would be as wide as the screen
    return f"<qt>{markup.replace(chr(10), '<br>')}</qt>"


def set_tip(widget: QWidget, text: str, *, about: str = "") -> None:
    """Give a widget a tool tip, markup or what :func:`plain_tip` returns; screen readers get it without its tags.

    They read ``about`` before it: what the widget is, where its name tells only what is chosen.
    """
    widget.setToolTip(text)
    widget.setAccessibleDescription(f"{about}. {spoken(text)}" if about else spoken(text))


def spoken(markup: str) -> str:
    """Return a tool tip as it is read aloud: without tags, L<sub>D</sub> as L_D."""
    return plain_formula(markup.replace("<br>", "\n")) if "<" in markup or "&" in markup else markup


def menu_words(text: str) -> str:
    """Return an entry of a menu that shows ``text`` as it is: "&" would underline, a tab begin a key."""
    return text.replace("&", "&&").replace("\t", " ")
