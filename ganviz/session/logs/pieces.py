"""Text in pieces of whole lines, as bytes: lines that are read by their digits need not become strings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from pathlib import Path

import numpy as np

from ganviz.data.text_lines import LONGEST_LINE, MAX_MEGABYTES
from ganviz.spec.frozen import dataclass

_LINES = 8192
_BYTES = 1 << 20
_NEWLINE, _FIRST, _LAST = ord("\n"), ord("{"), ord("}")


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some lines, each with its end.

    Attributes
    ----------
    text : bytes
        UTF-8.
    n : int
        How many lines.
    known : sequence of str or None
        The lines without their ends, where they are strings already.
    """

    text: bytes
    n: int
    known: Sequence[str] | None = field(default=None, repr=False)

    def lines(self) -> Sequence[str]:
        """Return the lines without their ends."""
        return self.text.decode().split("\n")[:-1] if self.known is None else self.known


def block_of(lines: Sequence[str]) -> bytes:
    """Return lines as one piece, each with its end."""
    return ("\n".join(lines) + "\n").encode()


def pieces_of(texts: Sequence[str]) -> Iterator[Piece]:
    """Yield lines in pieces."""
    for first in range(0, len(texts), _LINES):
        lines = texts[first : first + _LINES]
        yield Piece(block_of(lines), len(lines), lines)


def json_pieces(path: Path, most: int) -> list[Piece] | None:
    """Return a file of JSON lines, an object each, in pieces.

    None where it is another file, or one that :func:`ganviz.data.text_lines.read_lines` would have to clean, decode
    or refuse: with blank lines, comments, characters that are not ASCII, or more than ``most`` lines.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    if not path.is_file() or path.stat().st_size > MAX_MEGABYTES * 1_000_000:
        return None
    pieces, n, left = list[Piece](), 0, MAX_MEGABYTES * 1_000_000
    with path.open("rb") as file:
        while text := file.read(_BYTES):
            text += file.readline(LONGEST_LINE + 2)  # the rest of its last line
            left -= len(text)
            piece = None if left < 0 or text.startswith(b"{'") else _json_piece(text, file.peek(1) == b"")
            n += piece.n if piece else 0
            if piece is None or n > most:
                return None
            pieces.append(piece)
    return pieces or None


def _json_piece(text: bytes, is_last: bool) -> Piece | None:
    """Return lines that begin and end with braces, and hold nothing that would be taken out of them."""
    text = text.replace(b"\r\n", b"\n")
    if is_last and not text.endswith(b"\n"):
        text += b"\n"
    if (
        not text.endswith(b"\n")
        or not text.startswith(b"{")
        or not text.isascii()
        or any(mark in text for mark in (b"\r", b"\x1b", b"\0"))
    ):
        return None
    characters = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(characters == _NEWLINE)
    if (characters[ends - 1] != _LAST).any() or (characters[ends[:-1] + 1] != _FIRST).any():
        return None
    return Piece(text, len(ends)) if int(np.diff(ends, prepend=-1).max()) <= LONGEST_LINE + 1 else None
