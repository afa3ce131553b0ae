"""Numbers of lines that differ in their digits alone, many lines at once.

A program prints its lines by one pattern or a few. Where everything but the digits of a line is as in another one, and
each run of digits stands at the same place of it, its numbers stand where those of the other do. That is seen for
thousands of lines by one comparison, and their digits are made numbers together: a tenth of the time that
understanding each line takes. Lines that are like no other are understood one by one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field

import numpy as np

from ganviz.session.logs.patterns import DIGITS, Pattern, Understood, pattern_of
from ganviz.session.logs.pieces import Piece, block_of
from ganviz.session.logs.table import Array, Columns, Whole
from ganviz.spec.frozen import dataclass

Understand = Callable[[str], Understood]

_FEWEST, _MOST_PATTERNS = 16, 10_000
_THREADS, _AHEAD = 2, 4
"""NumPy lets another thread read digits meanwhile; how many pieces wait for that at most."""


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


def alike_lines(pieces: Iterable[Piece], understand: Understand, decimal: str = ".") -> list[Alike]:
    """Return the numbers of lines, those with the same names together, by their first line.

    Parameters
    ----------
    pieces : iterable of Piece
    understand : callable
        Returns what a line says. Of lines that differ in their digits alone, where these stand in as many runs and
        are the same where it calls them fixed, it must say the same.
    decimal : str
        The sign before decimals, "." or ",".
    """
    with ThreadPoolExecutor(_THREADS, "ganviz-digits") as pool:
        reader = _Reader(understand, decimal, pool)
        for piece in pieces:
            reader.read(piece)
        return reader.found()


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    piece: Piece
    rows: Whole
    bare: bytes


@dataclass
class _Reader:
    understand: Understand
    decimal: str
    pool: ThreadPoolExecutor
    n_lines: int = 0
    patterns: dict[bytes, Pattern | None] = field(default_factory=dict)
    newest: Pattern | None = None
    waiting: deque[tuple[_Block, Pattern, Future[Array | None]]] = field(default_factory=deque)
    many: dict[tuple[str, ...], list[tuple[Whole, Array]]] = field(default_factory=dict)
    single: dict[tuple[str, ...], list[tuple[int, list[float]]]] = field(default_factory=dict)

    def read(self, piece: Piece) -> None:
        """Add the lines that follow."""
        rows, usual = np.arange(self.n_lines, self.n_lines + piece.n), self.newest
        self.n_lines += piece.n
        block = _Block(piece, rows, piece.text.translate(None, DIGITS))
        if usual is None or block.bare != usual.skeleton * piece.n:
            self._add_kinds(block)
            return
        self.waiting.append((block, usual, self.pool.submit(usual.values, piece.text, piece.n)))
        if len(self.waiting) > _AHEAD:
            self._take()

    def _take(self) -> None:
        """Add the piece that has waited longest."""
        block, pattern, read = self.waiting.popleft()
        if not self._keep(pattern, block.rows, read.result()):
            self._add_kinds(block)

    def _add_kinds(self, block: _Block) -> None:
        """Add lines, those of a kind together."""
        lines, usual, skeletons = block.piece.lines(), self.newest, block.bare.split(b"\n")[:-1]
        for skeleton, places in _places_of(skeletons, None if usual is None else usual.skeleton[:-1]):
            some, rows = [lines[place] for place in places], block.rows[places]
            pattern = self._pattern(skeleton, some[0]) if len(some) >= _FEWEST else None
            if pattern is not None and self._keep(pattern, rows, pattern.values(block_of(some), len(some))):
                self.newest = pattern
            else:
                self._add_each(some, rows.tolist())

    def _pattern(self, key: bytes, text: str) -> Pattern | None:
        if key not in self.patterns:
            if len(self.patterns) > _MOST_PATTERNS:
                self.patterns.clear()
            self.patterns[key] = pattern_of(text, self.understand(text), self.decimal)
        return self.patterns[key]

    def _keep(self, pattern: Pattern, rows: Whole, values: Array | None) -> bool:
        """Keep what lines with the skeleton of a pattern say, and return whether they are of it."""
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
        while self.waiting:
            self._take()
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
    """Return some columns of the lines in all groups, ``[rows, columns]``, NaN where a line has no number.

    Numbers of a column lie beside each other: what comes after takes column by column.
    """
    rows = np.sort(np.concatenate([one.rows for one in groups])) if groups else np.empty(0, dtype=np.int64)
    found = np.full((len(rows), len(chosen)), np.nan, order="F")
    for one in groups:
        places = slice(None) if len(groups) == 1 else np.searchsorted(rows, one.rows)
        for column, k in enumerate(chosen):
            if names[k] in one.names:
                found[places, column] = one.values[:, one.names.index(names[k])]
    return found
