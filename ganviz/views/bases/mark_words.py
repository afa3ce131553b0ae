"""What is said of changes that stand at one place, as those do that were made at one step."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TypeVar

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QToolTip, QWidget

from ganviz.training.history import ChangeMark
from ganviz.views.bases.horizontal import Along
from ganviz.views.look.outside_text import plain_tip

MOST_TOLD = 6
"""Changes that a tool tip tells one by one."""
WHO = re.compile(r".*? (learns|stands still)(?=: )")
"""What is kept of a label that tells who learns, where there is no room for the numbers."""
Place = TypeVar("Place", bound=Hashable)


def by_place(marks: Sequence[ChangeMark], places: Sequence[Place]) -> dict[Place, list[ChangeMark]]:
    """Return the marks of each place, both in order."""
    found = dict[Place, list[ChangeMark]]()
    for mark, place in zip(marks, places, strict=True):
        found.setdefault(place, []).append(mark)
    return found


def with_others(label: str, marks: Sequence[ChangeMark]) -> str:
    """Return the label of the last of the marks, with how many more there are, as in "Hinge → WGAN (+2)"."""
    return f"{label} (+{len(marks) - 1})" if len(marks) > 1 else label


def learner(marks: Sequence[ChangeMark]) -> str:
    """Return who learns alone from a step on, as "G", where it begins as the other ends; else nothing."""
    if len(marks) != 2 or marks[0].step != marks[1].step:
        return ""
    stops, learns = (begun[0] if (begun := WHO.match(mark.label)) else "" for mark in marks)
    who, other = learns.removesuffix(" learns"), stops.removesuffix(" stands still")
    are_players = {who[-1:], other[-1:]} == {"D", "G"} and who[:-1] == other[:-1]
    return who if are_players else ""


def named(marks: Sequence[ChangeMark]) -> str:
    """Return the last of the marks in full, with how many more there are, or who learns alone from there on."""
    who = learner(marks)
    return f"{who} learns alone" if who else with_others(marks[-1].label, marks)


def told(marks: Sequence[ChangeMark], along: Along) -> str:
    """Return a line for each mark, those of a step after what it is called; of many the first, and how many more."""
    lines, last = list[str](), -1
    for mark in marks[: len(marks) if len(marks) <= MOST_TOLD + 1 else MOST_TOLD]:
        lines.append(mark.label if mark.step == last else f"{along.place(mark.step)}: {mark.label}")
        last = mark.step
    missing = len(marks) - len(lines)
    return "\n".join([*lines, *[f"and {missing} more"] * bool(missing)])


class MarkTip:
    """Tells of the changes under the pointer, in a tool tip that goes with them; GUI thread only."""

    def __init__(self, widget: QWidget) -> None:
        self._widget, self._is_seen = widget, False

    def tell(self, at: QPointF | None, marks: Sequence[ChangeMark], along: Along) -> None:
        """Show what these marks at the pointer say, or nothing where there are none."""
        if at is not None and marks:
            here = self._widget.mapToGlobal(at.toPoint())
            QToolTip.showText(here, plain_tip(told(marks, along)), self._widget)
        elif self._is_seen:
            QToolTip.hideText()
        self._is_seen = at is not None and bool(marks)
