"""How a parameter, its value, large numbers and what the system refuses are told within a line of text."""

from __future__ import annotations

import re

from ganviz.spec.values import ParamInfo

_COMMAS = re.compile(r"(?<=\d),(?=\d{3}(?:,\d{3})*(?!\d))")


def grouped(number: float) -> str:
    """Return a whole number with thin spaces between groups of three figures."""
    return f"{number:,.0f}".replace(",", "\u202f")


def regrouped(sentence: str) -> str:
    """Return a sentence of the command line with its numbers written as :func:`grouped` writes them."""
    return _COMMAS.sub("\u202f", sentence)


def name_in_line(info: ParamInfo) -> str:
    """Return a parameter's title as it stands inside a line: symbols and abbreviations keep their capitals."""
    title = info.title
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def symbol(info: ParamInfo) -> str:
    """Return the letter that a parameter's title ends with, "α" of "Real target α"; its whole name where none does."""
    last = info.title.split()[-1]
    return last if len(last) == 1 else name_in_line(info)


def value_in_line(value: object) -> str:
    """Return a value as people write it: six digits, on or off."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def both_in_line(before: object, after: object) -> tuple[str, str]:
    """Return two different values so that they look different."""
    a, b = value_in_line(before), value_in_line(after)
    return (a, b) if a != b else (str(before), str(after))


def unit_behind(info: ParamInfo) -> str:
    """Return a parameter's unit with a space before it; nothing where it has none."""
    return f" {info.unit}" if info.unit else ""


def reason_of(error: OSError) -> str:
    """Return why the system has refused something, without a stop; also where a sentence tells it of one file."""
    if error.strerror is None and isinstance(error.__cause__, OSError):
        return reason_of(error.__cause__)
    return (error.strerror or str(error)).rstrip(".")
