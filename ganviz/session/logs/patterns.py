"""A line with gaps for its runs of digits: which lines are alike but for these, and the numbers of all of them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from ganviz.session.logs.decimals import MOST_DIGITS, doubles, joined, whole_number, words_of
from ganviz.session.logs.pieces import block_of
from ganviz.session.logs.table import Array, Whole
from ganviz.spec.frozen import dataclass

Span = tuple[int, int]
"""The first character and the one behind the last."""
Value = Span | float
"""Where a number stands, or the number where it has no digits (nan, inf, an empty cell)."""

LONGEST = 4000
"""Characters of a line that is read with others."""
DIGITS = b"0123456789"
_ZERO, _NO_DIGIT = np.uint8(ord("0")), np.uint8(255)
_THOUSANDS = 3
_PARTS = ("whole", "part", "ten")
_FORMS = {
    decimal: re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>\d*(?:{grouping}\d+)*)(?:{point}(?P<part>\d*))?(?:[eE](?P<power>[+-]?)(?P<ten>\d+))?",
        re.ASCII,
    )
    for decimal, point, grouping in ((".", r"\.", ","), (",", ",", r"\."))
}
_RUN = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a line says.

    Attributes
    ----------
    names : tuple of str
    values : tuple of (int, int) or float
        Of each name.
    fixed : tuple of (int, int)
        Where digits must be the same in a line that says the same.
    grouped : tuple of (int, int)
        Digits with commas between them: how many there are decides whether these part thousands.
    is_alone : bool
        Whether a line with other digits may say something else.
    is_said : bool
        False for a line that is none of the log's.
    """

    names: tuple[str, ...]
    values: tuple[Value, ...]
    fixed: tuple[Span, ...] = ()
    grouped: tuple[Span, ...] = ()
    is_alone: bool = False
    is_said: bool = True

    def numbers(self, text: str, decimal: str) -> list[float]:
        """Return the numbers of the line that this was made of."""
        return [
            value if isinstance(value, float) else number_of(text[slice(*value)], decimal)
            for value in self.values
        ]


NOT_SAID = Understood((), (), is_said=False)


def is_plain(text: str, decimal: str) -> bool:
    """Return whether a text is a number of digits, with a decimal sign, a power of ten, or neither."""
    form = _FORMS[decimal].fullmatch(text)
    return (
        form is not None and bool(form["whole"] or form["part"]) and _grouping(decimal) not in form["whole"]
    )


def number_of(text: str, decimal: str) -> float:
    """Return a number as programs print it, perhaps with marks between thousands."""
    return float(text.replace(_grouping(decimal), "").replace(decimal, "."))


def _grouping(decimal: str) -> str:
    return "," if decimal == "." else "."


@dataclass(frozen=True, slots=True)
class _Number:
    """How a number is written, and which runs of digits are whole, which decimals, which its power of ten's.

    ``first`` and ``last`` are how far it reaches before its first run and behind its last one.
    """

    sign: float
    power_sign: int
    whole: tuple[int, ...]
    part: tuple[int, ...]
    ten: tuple[int, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A line with gaps for runs of digits.

    Attributes
    ----------
    said : Understood
    numbers : tuple of _Number or float
    skeleton : bytes
        The line and its end without digits.
    before : ndarray, ``[n_runs]``
        How many characters of the skeleton stand before each run.
    fixed : tuple of (int, bytes)
        Runs that must have these digits.
    sizes : tuple of (int, int, int)
        Runs that must have so many digits, at least and at most.
    """

    said: Understood
    decimal: str
    numbers: tuple[_Number | float, ...]
    skeleton: bytes
    before: NDArray[np.int64]
    fixed: tuple[tuple[int, bytes], ...]
    sizes: tuple[tuple[int, int, int], ...]

    def values(self, block: bytes, n: int) -> Array | None:
        """Return the numbers of ``n`` lines with this skeleton, ``[n, n_names]``; None where digits are elsewhere."""
        characters = np.frombuffer(block, np.uint8)
        digits = np.full(len(characters) + MOST_DIGITS, _NO_DIGIT, np.uint8)
        np.subtract(characters, _ZERO, out=digits[MOST_DIGITS:])
        starts, ends = _runs(digits[MOST_DIGITS - 1 :])
        if len(starts) != n * len(self.before) or not self._stand(starts, ends, n):
            return None
        by_run = (each.reshape(n, -1).T for each in (starts, ends, ends - starts))
        runs = _Runs(block, digits, words_of(digits), *by_run)
        if not self._fits(runs):
            return None
        columns = [
            np.full(n, one) if isinstance(one, float) else runs.numbers(one, self.decimal)
            for one in self.numbers
        ]
        return np.stack(columns, axis=1) if columns else np.empty((n, 0))

    def _stand(self, starts: Whole, ends: Whole, n: int) -> bool:
        """Return whether runs stand where those of the pattern do: as far from each other."""
        if not len(starts):
            return True
        between = np.diff(self.before, append=self.before[0] + len(self.skeleton))
        found = np.empty_like(starts)
        np.subtract(starts[1:], ends[:-1], out=found[:-1])
        found[-1] = between[-1]
        return bool(starts[0] == self.before[0] and (found.reshape(n, -1) == between).all())

    def _fits(self, runs: _Runs) -> bool:
        """Return whether no line is too long, and digits are as they must be."""
        last = len(self.skeleton) - int(self.before[-1]) if len(self.before) else 0
        ends = runs.ends[-1] + last if last else np.array([len(self.skeleton)])  # of lines
        return (
            int(np.diff(ends, prepend=0).max(initial=0)) <= LONGEST
            and all(runs.are(run, digits) for run, digits in self.fixed)
            and all(
                ((runs.lengths[run] >= least) & (runs.lengths[run] <= most)).all()
                for run, least, most in self.sizes
            )
        )


def _runs(digits: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where runs of digits start and end, of the digits that characters are: others are 10 or more.

    The first one is before the characters, and is none; the last ends a line.
    """
    is_digit = digits < 10
    edges = np.flatnonzero(is_digit[1:] != is_digit[:-1])
    return edges[::2], edges[1::2]


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Runs of digits in a block of lines.

    Attributes
    ----------
    block : bytes
    digits : ndarray, ``[MOST_DIGITS + n_characters]`` uint8
        The digit that each character is.
    words : ndarray, ``[n]`` uint64
        Eight of them from each on.
    starts, ends, lengths : ndarray, ``[n_runs, n_lines]``
    """

    block: bytes
    digits: NDArray[np.uint8]
    words: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def are(self, run: int, digits: bytes) -> bool:
        """Return whether a run has these digits in every line."""
        if (self.lengths[run] != len(digits)).any():
            return False
        return all(
            (self.digits[self.starts[run] + MOST_DIGITS + k] == digit - _ZERO).all()
            for k, digit in enumerate(digits)
        )

    def whole(self, *runs: int) -> tuple[Whole, NDArray[np.bool_]]:
        """Return the whole numbers that the digits of some runs are in turn, and which of them 64 bits hold."""
        found, is_held = self._of_run(runs[0])
        for run in runs[1:]:
            more, is_more = self._of_run(run)
            found, is_joined = joined(found, more, self.lengths[run])
            is_held = is_held & is_more & is_joined
        return found, is_held

    def _of_run(self, run: int) -> tuple[Whole, NDArray[np.bool_]]:
        return whole_number(self.words, self.ends[run] + MOST_DIGITS, self.lengths[run])

    def numbers(self, form: _Number, decimal: str) -> Array:
        """Return the numbers of this form, rounded as Python does."""
        whole, is_short = self.whole(*form.whole, *form.part)
        power = -self.lengths[form.part[0]] if form.part else np.zeros_like(whole)
        if form.ten:
            ten, is_small = self.whole(*form.ten)
            power, is_short = power + form.power_sign * ten, is_short & is_small
        values, is_sure = doubles(np.where(is_short, whole, 0), power)
        found = form.sign * values
        for line in np.flatnonzero(~(is_short & is_sure)).tolist():
            found[line] = number_of(self._text(form, line).decode(), decimal)
        return found

    def _text(self, form: _Number, line: int) -> bytes:
        runs = (*form.whole, *form.part, *form.ten)
        return self.block[self.starts[runs[0], line] - form.first : self.ends[runs[-1], line] + form.last]


def pattern_of(text: str, said: Understood, decimal: str) -> Pattern | None:
    """Return the pattern of a line; None where lines like it have to be understood one by one."""
    if said.is_alone or len(text) > LONGEST:
        return None
    block = block_of([text])
    starts, ends = _runs(np.frombuffer(b"\n" + block, np.uint8) - _ZERO)
    places = list(zip(starts.tolist(), ends.tolist(), strict=True))
    numbers = [one if isinstance(one, float) else _form_of(text, one, places, decimal) for one in said.values]
    known = tuple(one for one in numbers if one is not None)
    if len(known) < len(numbers):
        return None
    fixed = [run for span in said.fixed for run in _runs_in(text, span, places)]
    sizes = [one for span in said.grouped for one in _sizes(_runs_in(text, span, places), places)]
    lengths = ends - starts
    return Pattern(
        said, decimal, known, block.translate(None, DIGITS), starts - (np.cumsum(lengths) - lengths),
        tuple((run, block[slice(*places[run])]) for run in fixed), tuple(sizes),
    )  # fmt: skip


def _runs_in(text: str, span: Span, places: list[Span]) -> list[int]:
    """Return the runs of digits that begin in a span of characters."""
    first, end = (len(text[:place].encode()) for place in span)
    return [run for run, (start, _) in enumerate(places) if first <= start < end]


def _sizes(runs: list[int], places: list[Span]) -> list[tuple[int, int, int]]:
    """Return how many digits runs between commas have: the first from one to three, others as many as there are."""
    n = [end - start for start, end in (places[run] for run in runs)]
    firsts = [(runs[0], 1, _THOUSANDS) if n[0] <= _THOUSANDS else (runs[0], _THOUSANDS + 1, LONGEST)]
    return firsts + [(run, size, size) for run, size in zip(runs[1:], n[1:], strict=True)]


def _form_of(text: str, span: Span, places: list[Span], decimal: str) -> _Number | None:
    """Return how a number is written; None where it is otherwise than by digits.

    ``places`` has the runs of the line.
    """
    written = text[slice(*span)]
    form = _FORMS[decimal].fullmatch(written)
    if form is None or not (form["whole"] or form["part"]):
        return None
    start = len(text[: span[0]].encode())
    runs: dict[str, tuple[int, ...]] = dict.fromkeys(_PARTS, ())
    for name in _PARTS:
        for digits in _RUN.finditer(written, *form.span(name)) if form[name] else ():
            place = (start + digits.start(), start + digits.end())
            if place not in places:
                return None
            runs[name] += (places.index(place),)
    edges = [form.span(name) for name in _PARTS if form[name]]
    return _Number(
        -1.0 if form["sign"] == "-" else 1.0, -1 if form["power"] == "-" else 1, **runs,
        first=edges[0][0], last=len(written) - edges[-1][1],
    )  # fmt: skip
