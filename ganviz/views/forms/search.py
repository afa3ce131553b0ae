"""Which settings a search leaves: those that have all of its words in their title, their help, or what they are in."""

from __future__ import annotations

from collections.abc import Iterable


def has_all(wanted: Iterable[str], *texts: str) -> bool:
    """Return whether every one of some words, given in small letters, is a part of one of the texts."""
    text = "\n".join(texts).casefold()
    return all(word in text for word in wanted)
