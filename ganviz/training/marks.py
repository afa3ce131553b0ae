"""How changes are noted: one that is made several times at a step is one mark."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganviz.training.history import ChangeMark

TIMES = " × "
"""Between a label and how often its change was made at that step."""
OTHER_DATA = "other data"
"""What a file was saved with is not what there is."""
DIVERGED = "diverged"
"""How the mark of a lane begins that has stopped."""


def add_mark(marks: list[ChangeMark], change: ChangeMark) -> None:
    """Note a change, in place; one that repeats the last one at the same step is counted in its label."""
    last = marks[-1] if marks else None
    label, _, times = last.label.rpartition(TIMES) if last is not None else ("", "", "")
    if last is not None and times.isdigit() and dataclasses.replace(last, label=label) == change:
        marks[-1] = dataclasses.replace(change, label=f"{label}{TIMES}{int(times) + 1}")
    elif last == change:
        marks[-1] = dataclasses.replace(change, label=f"{change.label}{TIMES}2")
    else:
        marks.append(change)


def times_of(label: str, marks: Sequence[ChangeMark]) -> int:
    """Return how often the change with this label was made last; 0 where none of the marks has it."""
    mark = _last(label, marks)
    if mark is None:
        return 0
    made, _, times = mark.label.rpartition(TIMES)
    return int(times) if made else 1


def last_step_of(label: str, marks: Sequence[ChangeMark]) -> int | None:
    """Return the step at which the change with this label was made last; None where none of the marks has it."""
    mark = _last(label, marks)
    return None if mark is None else mark.step


def _last(label: str, marks: Sequence[ChangeMark]) -> ChangeMark | None:
    made = (mark for mark in reversed(marks) if label in (mark.label, mark.label.rpartition(TIMES)[0]))
    return next(made, None)


def without_marks(marks: Iterable[ChangeMark], lane: int) -> Iterator[ChangeMark]:
    """Yield the marks of a run that a lane is taken away from: its own go, those of later ones move up."""
    for mark in marks:
        if mark.lane is None or mark.lane < lane:
            yield mark
        elif mark.lane > lane:
            yield dataclasses.replace(mark, lane=mark.lane - 1)
