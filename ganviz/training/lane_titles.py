"""What lanes are called wherever there are several: each by a name that no other lane of the run has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol


class Called(Protocol):
    """A lane as far as its name goes."""

    @property
    def called(self) -> str:
        """Return the name that it has of itself."""


_known: tuple[Sequence[Called], tuple[str, ...]] = ((), ())


def lane_titles(lanes: Sequence[Called]) -> tuple[str, ...]:
    """Return the title of each lane: "Hinge", or "1. Hinge" and "3. Hinge" where two are called so.

    Every view asks for every lane's title at every frame, so those of the lanes that were asked for last are kept. A
    configuration is frozen: the same tuple has the same titles. One assignment swaps both, whichever thread makes it.
    """
    global _known
    known = _known
    if known[0] is not lanes:
        _known = known = lanes, told_apart([lane.called for lane in lanes])
    return known[1]


def in_column(lane: int, title: str) -> str:
    """Return what the heading of a lane's column says of it: its number, counted from 1, and its title."""
    return f"lane {lane + 1}: {title.removeprefix(f'{lane + 1}. ')}"


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, those that occur more than once with their number, counted from 1, in front.

    In front, because what has no room is cut at its end. Again until all differ: one may be called "1. Hinge" already.
    """
    found = tuple(names)
    while len(counts := Counter(found)) < len(found):
        found = tuple(f"{i}. {name}" if counts[name] > 1 else name for i, name in enumerate(found, 1))
    return found
