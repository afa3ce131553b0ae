"""JSON lines that are alike: the numbers of the columns that are likely to be asked for, of others when they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from ganviz.session.logs.alike import alike_lines, columns_in, names_in
from ganviz.session.logs.cells import json_understood
from ganviz.session.logs.pieces import Piece
from ganviz.session.logs.table import Array, Columns


class JsonLines:
    """Lines of a file with an object each. Programs log dozens of numbers a step, of which a log needs a few.

    Parameters
    ----------
    pieces : sequence of Piece
    likely : collection of str
        Columns that are read at once.

    Attributes
    ----------
    names : tuple of str
        Of all columns.

    Raises
    ------
    NestedError
        When one of their values is an object or a list.
    """

    def __init__(self, pieces: Sequence[Piece], likely: Collection[str]) -> None:
        self._pieces, self._read = pieces, likely
        self._groups = alike_lines(pieces, partial(json_understood, wanted=likely))
        self.names = names_in(self._groups)

    def load(self, chosen: Columns) -> tuple[Array, int]:
        """Return columns, ``[rows, columns]``, and how many lines are no objects."""
        if not {self.names[k] for k in chosen} <= set(self._read):
            self._read, self._groups = self.names, alike_lines(self._pieces, json_understood)
        found = columns_in(self._groups, self.names, chosen)
        return found, sum(piece.n for piece in self._pieces) - len(found)
