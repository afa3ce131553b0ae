"""Lines of a text file that a person chose: whatever its encoding, and within bounds of memory and time."""

from __future__ import annotations

import codecs
import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass

MAX_MEGABYTES = 200
MAX_LINES = 4_000_000
LONGEST_LINE = 100_000
_BLOCK = 1 << 18
"""Characters that are read at once."""

_COMMENTS = ("#", "%")
_LAST_OF_FEW, _FIRST_OF_OTHERS = "&", "\x7f"
"""Lines between these begin with a letter, a digit, a bracket …: they are data."""
_BEHIND_SPACE = "!"
"""Lines from here on begin with no space, and are not empty."""
_COLORS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""What a terminal makes colors of, and a log keeps."""
_ENCODINGS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins as UTF-16's does
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_FEWEST_ZEROS = 0.25
"""Of numbers in UTF-16 so many upper bytes are 0 at least, whatever the letters that name the columns."""
_OTHER_KINDS = {
    b"\x1f\x8b": "It is packed with gzip; unpack it, or choose the folder if these are images.",
    b"PK": "It is an archive or a spreadsheet's own format; save it as CSV.",
    b"\0\0\x08": "It is an IDX file; choose its folder.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a file that are neither blank nor comments.

    Attributes
    ----------
    texts : list of str
        Without white space around them, save for tabs.
    numbers : array of int
        Where each line is, counted from 1.
    """

    texts: list[str]
    numbers: array[int]


def read_lines(path: Path, most: int) -> Lines:
    """Return a file's lines of data, of which there may be ``most``.

    Raises
    ------
    InvalidValueError
        When it is no text, or longer, or has longer or more lines than the limits of this module allow.
    OSError
        When it cannot be read.
    """
    if not path.is_file():
        raise InvalidValueError(f"{str(path)!r} is not a file.")
    if path.stat().st_size > MAX_MEGABYTES * 1_000_000:
        raise InvalidValueError(
            f"The file {str(path)!r} is larger than {MAX_MEGABYTES} MB, which is the limit."
        )
    encoding = encoding_of(path)
    try:
        with path.open(encoding=encoding) as file:
            return _lines(file, path.name, most)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            name = encoding.removesuffix("-sig").upper()
            raise InvalidValueError(
                f"The file {str(path)!r} is not valid {name}; save it as UTF-8."
            ) from None
    with path.open(encoding="latin-1") as file:
        return _lines(file, path.name, most)


def first_lines(path: Path, n: int) -> list[str]:
    """Return the lines of data among a file's first ``n``, as :func:`read_lines` does, wrong characters replaced.

    Raises
    ------
    InvalidValueError
        When it is no file, or no text: whoever opens a pipe waits for somebody who writes.
    OSError
        When it cannot be read.
    """
    if not path.is_file():
        raise InvalidValueError(f"{str(path)!r} is not a file.")
    with path.open(encoding=encoding_of(path), errors="replace") as file:
        texts = [file.readline(LONGEST_LINE + 1).strip(" \n") for _ in range(n)]
    texts = [_COLORS.sub("", text) for text in texts]
    return [text for text in texts if not text.isspace() and text and not text.lstrip().startswith(_COMMENTS)]


def encoding_of(path: Path) -> str:
    """Return the encoding that a file's beginning tells; raise InvalidValueError where it is no text."""
    with path.open("rb") as file:
        start = file.read(1024)
    for mark, encoding in _ENCODINGS.items():
        if start.startswith(mark):
            return encoding
    for mark, words in _OTHER_KINDS.items():
        if start.startswith(mark):
            raise InvalidValueError(f"The file {str(path)!r} is not text. {words}")
    if b"\0" not in start:
        return "utf-8"
    if encoding := _unmarked(start):
        return encoding
    raise InvalidValueError(
        f"The file {str(path)!r} is not text in UTF-8, UTF-16 or Latin-1; save it as CSV in UTF-8."
    )


def _unmarked(start: bytes) -> str:
    """Return the encoding of a beginning with zeros in it but no mark, by where they are; nothing where none fits."""
    zeros = [start[k::4].count(0) / max(1, len(start[k::4])) for k in range(4)]
    if zeros[2] == zeros[3] == 1.0 > zeros[0]:
        return "utf-32-le"
    if zeros[0] == zeros[1] == 1.0 > zeros[3]:
        return "utf-32-be"
    first, second = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if max(first, second) < 2 * _FEWEST_ZEROS or min(first, second) > max(first, second) / 4:
        return ""
    return "utf-16-be" if first > second else "utf-16-le"


def _lines(file: TextIO, name: str, most: int) -> Lines:
    lines, n_before, left = Lines([], array("I")), 0, MAX_MEGABYTES * 1_000_000
    for block in _blocks(file):
        left -= sum(map(len, block)) + len(block)
        if max(map(len, block)) > LONGEST_LINE:
            at = n_before + 1 + next(k for k, text in enumerate(block) if len(text) > LONGEST_LINE)
            raise InvalidValueError(
                f"{name}, line {at}: it is longer than {LONGEST_LINE:,} characters, which is the limit."
            )
        _add(lines, block, n_before + 1)
        n_before += len(block)
        if n_before > MAX_LINES or left < 0:
            raise InvalidValueError(f"{name} has more than {MAX_LINES:,} lines, which is the limit.")
        if len(lines.texts) > most + 1:  # one may be a header
            raise InvalidValueError(f"{name} has more than {most:,} lines, which is the limit.")
    return lines


def _blocks(file: TextIO) -> Iterator[list[str]]:
    """Yield some lines after the other, without spaces around them; of one that is too long as much as shows that."""
    rest = ""
    while read := file.read(_BLOCK):
        text = rest + read
        *lines, rest = text.split("\n")
        if "\x1b" in text:
            lines = [_COLORS.sub("", line) for line in lines]
            text = "\n".join([*lines, ""])
        if any(lines) and (min(lines) < _BEHIND_SPACE or " \n" in text):
            lines = [line.strip(" ") for line in lines]
        if lines or len(rest) > LONGEST_LINE:
            yield lines or [rest]
    if rest:
        yield [_COLORS.sub("", rest).strip(" ")]


def _add(lines: Lines, texts: list[str], first: int) -> None:
    """Add those of some lines that are data; ``first`` is the number of the first one."""
    if min(texts) > _LAST_OF_FEW and max(texts) < _FIRST_OF_OTHERS:  # most files hold nothing else
        lines.texts.extend(texts)
        lines.numbers.extend(range(first, first + len(texts)))
        return
    for number, text in enumerate(texts if any(texts) else (), first):
        if text and not text.isspace() and not text.lstrip().startswith(_COMMENTS):
            lines.texts.append(text)
            lines.numbers.append(number)
