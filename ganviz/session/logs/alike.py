"""Numbers of lines that differ in their digits alone, many lines at once.

A program prints its lines by one pattern or a few. Where everything but the digits of a line is as in another one, and
each run of digits stands at the same place of it, its numbers stand where those of the other do. That is seen for
thousands of lines by one comparison, and their digits are made numbers together: a tenth of the time that
understanding each line takes. Lines that are like no other are understood one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

import numpy as np

from ganviz.session.logs.patterns import DIGITS, Pattern, Understood, block_of, pattern_of
from ganviz.session.logs.table import Array, Columns, Whole
from ganviz.spec.frozen import dataclass

Understand = Callable[[str], Understood]

_AT_ONCE, _FEWEST, _MOST_PATTERNS = 8192, 16, 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Lines with numbers of the same names.

    Attributes
    ----------
    names : tuple of str
    rows : ndarray, ``[n]`` int64
        Which lines these are, rising.
    values : ndarray, ``[n, n_names]`` float64
    """

    names: tuple[str, ...]
    rows: Whole
    values: Array


def alike_lines(texts: Sequence[str], understand: Understand, decimal: str = ".") -> list[Alike]:
    """Return the numbers of lines, those with the same names together, by their first line.

    Parameters
    ----------
    texts : sequence of str
    understand : callable
        Returns what a line says. Of lines that differ in their digits alone, where these stand in as many runs and
        are the same where it calls them fixed, it must say the same.
    decimal : str
        The sign before decimals, "." or ",".
    """
    reader = _Reader(understand, decimal)
    for first in range(0, len(texts), _AT_ONCE):
        reader.read(texts[first : first + _AT_ONCE], first)
    return reader.found()


@dataclass
class _Reader:
    understand: Understand
    decimal: str
    patterns: dict[bytes, Pattern | None] = field(default_factory=dict)
    newest: Pattern | None = None
    many: dict[tuple[str, ...], list[tuple[Whole, Array]]] = field(default_factory=dict)
    single: dict[tuple[str, ...], list[tuple[int, list[float]]]] = field(default_factory=dict)

    def read(self, lines: Sequence[str], first: int) -> None:
        """Add lines, of which the first is this one of all."""
        rows, block = np.arange(first, first + len(lines)), block_of(lines)
        bare, usual = block.translate(None, DIGITS), self.newest
        if usual is not None and bare == usual.skeleton * len(lines) and self._add(usual, block, rows):
            return
        skeletons = bare.split(b"\n")[:-1]
        for skeleton, places in _places_of(skeletons, None if usual is None else usual.skeleton[:-1]):
            some = [lines[place] for place in places]
            pattern = self._pattern(skeleton, some[0]) if len(some) >= _FEWEST else None
            if pattern is not None and self._add(pattern, block_of(some), rows[places]):
                self.newest = pattern
            else:
                self._add_each(some, rows[places].tolist())

    def _pattern(self, key: bytes, text: str) -> Pattern | None:
        if key not in self.patterns:
            if len(self.patterns) > _MOST_PATTERNS:
                self.patterns.clear()
            self.patterns[key] = pattern_of(text, self.understand(text), self.decimal)
        return self.patterns[key]

    def _add(self, pattern: Pattern, block: bytes, rows: Whole) -> bool:
        """Add lines with the skeleton of a pattern, and return whether they are of it."""
        values = pattern.values(block, len(rows))
        if values is not None and pattern.said.is_said:
            self.many.setdefault(pattern.said.names, []).append((rows, values))
        return values is not None

    def _add_each(self, lines: Sequence[str], rows: list[int]) -> None:
        for text, row in zip(lines, rows, strict=True):
            said = self.understand(text)
            if said.is_said:
                self.single.setdefault(said.names, []).append((row, said.numbers(text, self.decimal)))

    def found(self) -> list[Alike]:
        """Return everything that was added."""
        for names, lines in self.single.items():
            rows, values = zip(*lines, strict=True)
            of_all = np.array(values, dtype=np.float64).reshape(len(rows), len(names))
            self.many.setdefault(names, []).append((np.array(rows), of_all))
        return sorted(
            (_joined(names, parts) for names, parts in self.many.items()), key=lambda one: one.rows[0]
        )


def _places_of(skeletons: list[bytes], usual: bytes | None) -> list[tuple[bytes, list[int]]]:
    """Return where each skeleton is, the usual one first."""
    places: dict[bytes, list[int]] = {}
    if usual is not None and usual in skeletons:
        places[usual] = [place for place, skeleton in enumerate(skeletons) if skeleton == usual]
    for place, skeleton in enumerate(skeletons):
        if skeleton != usual:
            places.setdefault(skeleton, []).append(place)
    return list(places.items())


def _joined(names: tuple[str, ...], parts: list[tuple[Whole, Array]]) -> Alike:
    rows, values = (np.concatenate(each) for each in zip(*parts, strict=True))
    if (rows[1:] > rows[:-1]).all():
        return Alike(names, rows, values)
    order = np.argsort(rows, kind="stable")
    return Alike(names, rows[order], values[order])


def names_in(groups: Sequence[Alike]) -> tuple[str, ...]:
    """Return all names, as they come first."""
    return tuple(dict.fromkeys(name for one in groups for name in one.names))


def columns_in(groups: Sequence[Alike], names: Sequence[str], chosen: Columns) -> Array:
    """Return some columns of the lines in all groups, ``[rows, columns]``, NaN where a line has no number."""
    if len(groups) == 1 and {names[k] for k in chosen} <= set(groups[0].names):
        return groups[0].values[:, [groups[0].names.index(names[k]) for k in chosen]]
    rows = np.sort(np.concatenate([one.rows for one in groups])) if groups else np.empty(0, dtype=np.int64)
    found = np.full((len(rows), len(chosen)), np.nan)
    for one in groups:
        places = np.searchsorted(rows, one.rows)
        for column, k in enumerate(chosen):
            if names[k] in one.names:
                found[places, column] = one.values[:, one.names.index(names[k])]
    return found
