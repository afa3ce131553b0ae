"""Where changes are named above a chart: in full on one level or two, wherever there is room, and never on a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

import numpy as np
from PySide6.QtCore import QRectF

from ganviz.spec.frozen import dataclass
from ganviz.training.history import ChangeMark
from ganviz.views.bases.mark_words import WHO, by_place, learner, named, with_others
from ganviz.views.plot.plotting import Axis, Fonts, line_height, text_width

GAP_PX, DIAMOND_PX = 6.0, 5.0
"""Between a name and its line or another name, and between a name on the lower level and another line's diamond."""
LEAST_PX, LEAST_SHARE = 40.0, 0.5
"""A name is not cut to less."""
TWO_LEVELS_PX, MOST_ON_TWO = 90.0, 40
"""A plot is at least as high, and has at most as many changes, that has two levels of names above it."""

_AFTER = re.compile(r"[^→]* → ([^→,·\d][^→,·]*?)(?: ·.*|,.*)?$")
"""What is kept of a label that names two formulations: the one that begins."""


@dataclass(frozen=True, slots=True)
class MarkLabel:
    """A line at ``at`` with its changes; in ``box``, on a ``level`` of 0 or 1, stands ``text``, if there is room."""

    at: float
    marks: list[ChangeMark]
    text: str = ""
    box: QRectF = field(default_factory=QRectF)
    level: int = 0


def levels_of_names(plot: QRectF, x: Axis, marks: list[ChangeMark], fonts: Fonts) -> int:
    """Return how many levels of names a chart needs above its plot, if that is high enough for them: 1 or 2."""
    if plot.height() < TWO_LEVELS_PX or not 0 < len(marks) <= MOST_ON_TWO:
        return 1
    return 1 + max((one.level for one in mark_labels(plot, x, marks, fonts, 2)), default=0)


def mark_labels(
    plot: QRectF, x: Axis, marks: list[ChangeMark], fonts: Fonts, n_levels: int
) -> list[MarkLabel]:
    """Return the visible lines from the left on, and where the newest change of each is named.

    Later ones choose first: in full if that can be, on the lower level if that can be, right of their line or left of
    it; on the upper level also over it. Only what has no room anywhere is cut, or has no name.
    """
    pixels = np.round(x.pixels(np.array([mark.step + 0.5 for mark in marks]))) + 0.5
    known = by_place(marks, pixels.tolist()).items()
    made = sorted((at, of) for at, of in known if plot.left() <= at <= plot.right())
    lines = [plot.left() - DIAMOND_PX, *(at for at, _ in made), plot.right() + 2]
    taken = [list[tuple[float, float]]() for _ in range(n_levels)]
    found = []
    for i, (at, of) in reversed(list(enumerate(made, 1))):
        if n_levels == 1 and lines[i + 1] - lines[i - 1] < LEAST_PX:  # as most are of thousands
            found.append(MarkLabel(at, of))
            continue
        free = [(lines[i - 1], lines[i + 1]), (lines[0], lines[-1])][:n_levels]
        rooms = [_room(at, *ends, names) for ends, names in zip(free, taken, strict=True)]
        label = _placed(at, of, rooms, plot.top(), fonts)
        if label.text:  # a line on the upper level reaches up to its name
            taken[label.level].append((min(at, label.box.left()), max(at, label.box.right())))
        found.append(label)
    return found[::-1]


def _room(at: float, before: float, after: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Return how far names may reach to either side of a line: not at all where another name stands above it."""
    if any(begin <= at <= end for begin, end in taken):
        return at, at
    low = [before + DIAMOND_PX, *(end + GAP_PX for _, end in taken if end < at)]
    high = [after - DIAMOND_PX, *(begin - GAP_PX for begin, _ in taken if begin > at)]
    return max(low), min(high)


def _placed(
    at: float, marks: list[ChangeMark], rooms: list[tuple[float, float]], top: float, fonts: Fonts
) -> MarkLabel:
    height = line_height(fonts.tick)
    tops = [top - (level + 1) * height for level in range(len(rooms))]
    for text, may_precede in _forms(marks):
        width = text_width(fonts.tick, text) + 2
        for level, room in enumerate(rooms):
            left = _left(at, width, room, may_precede=may_precede, may_cover=level > 0)
            if left is not None:
                return MarkLabel(at, marks, text, QRectF(left, tops[level], width, height), level)
    ends = [(level, at + GAP_PX, high) for level, (_, high) in enumerate(rooms)]
    if may_precede:
        ends += [(level, low, high if level else at - GAP_PX) for level, (low, high) in enumerate(rooms)]
    level, left, right = max(ends, key=lambda one: one[2] - one[1])
    cut = QRectF(left, tops[level], right - left, height)
    is_told = right - left >= max(LEAST_PX, LEAST_SHARE * width)
    return MarkLabel(at, marks, text, cut, level) if is_told else MarkLabel(at, marks)


def _left(
    at: float, width: float, room: tuple[float, float], *, may_precede: bool, may_cover: bool
) -> float | None:
    """Return where a name begins: right of its line, left of it or over it; None where it has no room."""
    low, high = room
    if at + GAP_PX + width <= high:
        return at + GAP_PX
    if may_precede and low <= at - GAP_PX - width:
        return at - GAP_PX - width
    return high - width if may_precede and may_cover and low <= high - width else None


def _forms(marks: list[ChangeMark]) -> Iterator[tuple[str, bool]]:
    """Yield ever shorter names of the newest change, and whether they may stand left of its line."""
    label = marks[-1].label
    who, after = WHO.match(label), _AFTER.match(label)
    # Who learns follows the line: on its other side it would be said of what precedes it.
    yield named(marks), not who
    if alone := learner(marks):
        yield f"{alone} alone", False
    elif who or after:
        yield with_others(who[0] if who else f"→ {after[1] if after else ''}", marks), not who
