"""Lines of written tables and JSON lines, understood one by one so that those which are alike can be read together."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from typing import Any

from ganviz.data.table_layout import Layout, cells_of
from ganviz.data.written_numbers import number
from ganviz.session.logs.alike import Understand
from ganviz.session.logs.patterns import NOT_SAID, Span, Understood, Value, is_plain
from ganviz.session.logs.table import Columns

_STRING = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(
    rf"({_STRING})\s*:\s*(?:({_STRING})|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN|null|true|false))",
    re.ASCII,
)


def is_json(first: str) -> bool:
    """Return whether a file's first line begins JSON; Python's own dictionaries are printed lines."""
    return first == "[" or (first.startswith(("{", "[{")) and not first.startswith(("{'", "[{'")))


class NestedError(Exception):
    """A value is an object or a list."""


def cells_understood(layout: Layout, chosen: Columns) -> Understand:
    """Return what understands the chosen cells of a table's lines; a header that a restart has written says nothing."""
    n_needed, names = max(chosen) + 1, tuple(map(str, chosen))

    def understand(text: str) -> Understood:
        spans = _cell_spans(text, layout.separator)
        cells = cells_of(text, layout.separator) if spans is None else [text[a:b] for a, b in spans]
        if len(cells) < n_needed or tuple(cells) == layout.names:
            return NOT_SAID
        if spans is None:
            return Understood(
                names, tuple(cell_number(cells[k], layout.decimal) for k in chosen), is_alone=True
            )
        values = [_cell(text, spans[k], layout.decimal) for k in chosen]
        return Understood(
            names, tuple(value for value, _ in values), is_alone=any(alone for _, alone in values)
        )

    return understand


def _cell_spans(text: str, separator: str | None) -> list[Span] | None:
    """Return where the cells of a line are, without white space and quotes; None where that is intricate."""
    if separator is None:
        return [part.span() for part in re.finditer(r"\S+", text)]
    spans, start = [], 0
    for part in text.split(separator):
        end = start + len(part)
        first, last = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        if '"' in part:
            if not (last - first > 1 and text[first] == text[last - 1] == '"' and part.count('"') == 2):
                return None
            first, last = first + 1, last - 1
        spans.append((min(first, last), last))
        start = end + len(separator)
    return spans


def _cell(text: str, span: Span, decimal: str) -> tuple[Value, bool]:
    """Return where a cell's number is, or the number, and whether it may be another one where digits are."""
    written = text[slice(*span)]
    if is_plain(written, decimal):
        return span, False
    return cell_number(written, decimal), any(map(str.isdigit, written))


def cell_number(cell: str, decimal: str) -> float:
    """Return the number in a cell, NaN where it holds none."""
    if decimal == ".":
        try:
            return float(cell)
        except ValueError:
            pass
    found = number(cell, decimal)
    if found is not None:
        return found
    return {"inf": math.inf, "-inf": -math.inf}.get(cell.strip().casefold(), math.nan)


def json_understood(text: str, wanted: Collection[str] | None = None) -> Understood:
    """Return what a JSON line says; numbers of other names than are wanted are NaN. None wants all.

    Raises
    ------
    NestedError
        When one of its values is an object or a list.
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return NOT_SAID
    if not isinstance(record, dict):
        return NOT_SAID
    if any(isinstance(value, dict | list) for value in record.values()):
        raise NestedError
    pairs = list(_PAIR.finditer(text))
    if [json.loads(pair[1]) for pair in pairs] != list(record):  # names twice
        return Understood(tuple(record), tuple(map(json_number, record.values())), is_alone=True)
    numbers = [
        _json_span(pair) if wanted is None or name in wanted else (math.nan, False)
        for pair, name in zip(pairs, record, strict=True)
    ]
    is_alone = any(alone for _, alone in numbers)
    return Understood(
        tuple(record),
        tuple(value for value, _ in numbers),
        tuple(pair.span(1) for pair in pairs),
        is_alone=is_alone,
    )


def _json_span(pair: re.Match[str]) -> tuple[Value, bool]:
    """Return where the number of a pair is, or the number, and whether it may be another one where digits are."""
    if pair[3] is not None and is_plain(pair[3], "."):
        return pair.span(3), False
    value = json_number(json.loads(pair[2] or pair[3]))
    return value, bool(pair[2]) and not math.isnan(value) and any(map(str.isdigit, pair[2]))


def json_number(value: Any) -> float:
    """Return a value of a record as a number, NaN where it is none."""
    try:
        return float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf
