"""Numbers as programs and people of all countries write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACES = " \u00a0\u2009\u202f'’"
_EXPONENT = r"(?:[eE][+-]?\d{1,4})?"
_SIGN = r"[+-]?"
# A point between two runs of digits: without one, a long run that ends otherwise would be parted at every place.
_PLAIN = re.compile(rf"{_SIGN}(?:\d+(?:\.\d*)?|\.\d+){_EXPONENT}", re.ASCII)
_GROUPED = {
    mark: re.compile(
        rf"{_SIGN}\d{{1,3}}(?:([{sign}{_SPACES}])\d{{3}})(?:\1\d{{3}})*(?:{decimal}\d*)?", re.ASCII
    )
    for mark, sign, decimal in ((".", ",", r"\."), (",", r"\.", ","))
}
_GROUPING = {".": re.compile(r"[^\d.+-]", re.ASCII), ",": re.compile(r"[^\d,+-]", re.ASCII)}
_MAYBE_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def number(text: str, decimal: str) -> float | None:
    """Return the number that a cell holds, or None; digits may be grouped by thousands.

    Parameters
    ----------
    text : str
    decimal : str
        "." or ",", which is the sign before the decimals; the other one may group digits.
    """
    found = _bare(text, decimal)
    if found is None and (cleaned := text.strip().strip('"').strip().replace("−", "-")) != text:
        found = _bare(cleaned, decimal)
    return found


def _bare(text: str, decimal: str) -> float | None:
    """Return a number without quotes or white space around it."""
    plain = text if decimal == "." else _with_point(text)
    if _PLAIN.fullmatch(plain):
        return float(plain)
    if _GROUPED[decimal].fullmatch(text):
        return float(_GROUPING[decimal].sub("", text).replace(",", "."))
    return None


def _with_point(text: str) -> str:
    """Return a number with a decimal comma as one with a point; a point in it makes it no plain number."""
    return "" if "." in text or text.endswith(",") else text.replace(",", ".")


def decimal_sign(cells: Iterable[str], *, prefers_comma: bool) -> str:
    """Return the decimal sign of most of the cells in which it is certain.

    Parameters
    ----------
    cells : iterable of str
    prefers_comma : bool
        Whether commas of which none is certain ("1,234") stand before decimals rather than between thousands.
    """
    votes, has_comma, has_point = 0, False, False
    for cell in cells:
        if number(cell, ".") is None and number(cell, ",") is None:
            continue
        last = "," if cell.rfind(",") > cell.rfind(".") else "." if "." in cell else ""
        if not last:
            continue
        if _MAYBE_GROUPED.fullmatch(cell.strip().strip('"')):
            has_comma, has_point = has_comma or last == ",", has_point or last == "."
        else:
            is_decimal = cell.count(last) == 1
            votes += 1 if (last == ",") == is_decimal else -1
    if votes:
        return "," if votes > 0 else "."
    return "," if has_comma and prefers_comma and not has_point else "."
