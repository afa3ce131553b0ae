"""What a search leaves: what has all of its words in its name, its help, or what it is in; and what it means first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def has_all(wanted: Iterable[str], *texts: str) -> bool:
    """Return whether every one of some words, given in small letters, is a part of one of the texts."""
    text = "\n".join(texts).casefold()
    return all(word in text for word in wanted)


def distance(wanted: Sequence[str], name: str) -> int:
    """Return how far a name is from some words, given in small letters: 0 where it begins as all of them.

    A word that stands elsewhere than in the name counts twice, and one with which none of the name's begins once.
    """
    name = name.casefold()
    if name.startswith(" ".join(wanted)):
        return 0
    starts = sum(any(part.startswith(word) for part in name.split()) for word in wanted)
    return 1 + 2 * len(wanted) - sum(word in name for word in wanted) - starts
