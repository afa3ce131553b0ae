"""Named columns of numbers out of a log: CSV, JSON, printed lines, event files; what is missing is NaN."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from ganviz.data.table_layout import MAX_COLUMNS, SEPARATORS, Layout, find_layout
from ganviz.data.text_lines import Lines, read_lines
from ganviz.data.written_numbers import number
from ganviz.session.logs.alike import alike_lines, columns_in, names_in
from ganviz.session.logs.cells import NestedError, cells_understood, is_json, json_number, json_understood
from ganviz.session.logs.event_files import event_table
from ganviz.session.logs.json_lines import JsonLines
from ganviz.session.logs.names import likely_columns
from ganviz.session.logs.patterns import DIGITS, is_plain
from ganviz.session.logs.pieces import Piece, json_pieces, pieces_of
from ganviz.session.logs.printed import is_printed, printed_columns
from ganviz.session.logs.table import MAX_ROWS, Array, Columns, Table
from ganviz.session.saved_run import EVENT_FILES
from ganviz.spec import InvalidValueError

_FIRST_RECORDS, _DEEPEST = 1000, 4
MOST_VALUES = 20_000_000
"""Of JSON that is read as objects, which take many times the memory of their text."""
_FEWEST = 20
"""Lines of a kind, in the mean, so that reading those of a kind at once is worth it."""
_DECIMALS = {".": ",", ",": ";"}
"""Signs before decimals, each with what would stand between columns."""
_NO_NUMBERS = ("nan", "inf")
_NO_DIGITS = str.maketrans("", "", DIGITS.decode())


def open_table(path: Path) -> Table:
    """Return the table in a file.

    Raises
    ------
    InvalidValueError
        When there is no file, it is neither text nor TensorBoard's, it is too large, or holds no table.
    OSError
        When it cannot be read.
    """
    if path.is_dir() or EVENT_FILES in path.name:
        return event_table(path)
    if pieces := json_pieces(path, MAX_ROWS):
        return _of_json_lines(pieces, path)
    lines = read_lines(path, MAX_ROWS)
    if not lines.texts:
        raise InvalidValueError(f"The file {str(path)!r} is empty.")
    if is_json(lines.texts[0]):
        return _of_json_lines(list(pieces_of(lines.texts)), path)
    if is_printed(lines.texts):
        names, load = printed_columns(lines.texts)
        return Table(_few_enough(names, path), "names before numbers", load)
    layout = _one_column(lines.texts) or find_layout(lines.texts, "auto")
    if layout is None and len(lines.texts) == 1:
        raise InvalidValueError(f"The file {str(path)!r} holds a single line, and no numbers below it.")
    if layout is None:
        raise InvalidValueError(
            f"The file {str(path)!r} holds no table: CSV with a line of names, JSON lines, and lines that name "
            "their numbers are read."
        )
    names = tuple(name or str(k + 1) for k, name in enumerate(layout.names or [""] * layout.n_columns))
    marks = SEPARATORS.get(layout.separator, repr(layout.separator))
    between = f"{marks} between columns" if layout.n_columns > 1 else "one column"
    header = "names in the first line" if layout.names else "no names of columns"
    return Table(names, f"{between}, {header}", partial(_written, lines, layout))


def _one_column(texts: list[str]) -> Layout | None:
    """Return the layout of numbers below each other, or None where these are none; their name may stand above."""
    has_name = not re.search(r"[,;|\t]", texts[0]) and number(texts[0], ".") is None
    body = [
        text for text in texts[has_name:_FIRST_RECORDS] if text.casefold().lstrip("+-") not in _NO_NUMBERS
    ]
    for decimal, separator in _DECIMALS.items():
        if body and (has_name or decimal == ".") and all(is_plain(text, decimal) for text in body):
            return Layout(int(has_name), separator, decimal, 1, (0,), -1, (texts[0],) * has_name)
    return None


def _written(lines: Lines, layout: Layout, chosen: Columns) -> tuple[Array, int]:
    """Return columns of a written table, without header lines that a restart has written again."""
    texts = lines.texts[layout.start :]
    groups = alike_lines(pieces_of(texts), cells_understood(layout, chosen), layout.decimal)
    found = columns_in(groups, list(map(str, chosen)), range(len(chosen)))
    return found, len(texts) - len(found)


def _of_json_lines(pieces: Sequence[Piece], path: Path) -> Table:
    """Return the table of JSON lines: many that are alike at once, or all of them as objects."""
    kind, first = "JSON lines", pieces[0].lines()[:_FIRST_RECORDS]
    with contextlib.suppress(NestedError):
        if _are_alike(first):
            lines = JsonLines(
                pieces, likely_columns(names_in(alike_lines(pieces_of(first), json_understood)))
            )
            if lines.names:
                return Table(_few_enough(lines.names, path), kind, lines.load)
    return _of_records(*_records([text for piece in pieces for text in piece.lines()]), path, kind)


def _are_alike(texts: Sequence[str]) -> bool:
    """Return whether lines are of few kinds, but for their digits."""
    return len({text.translate(_NO_DIGITS) for text in texts}) <= max(1, len(texts) // _FEWEST)


def _of_records(records: Sequence[Mapping[str, Any]], n_left: int, path: Path, kind: str) -> Table:
    keys = dict.fromkeys(chain.from_iterable(records))
    paths = list(islice((one for key in keys for one in _paths(records, (key,))), MAX_COLUMNS + 1))
    if not paths:
        raise InvalidValueError(f"The file {str(path)!r} holds no JSON lines of objects with numbers.")
    names = _few_enough(tuple(name for name, _ in paths), path)
    return Table(names, kind, partial(_recorded, records, paths, n_left))


def _few_enough(names: tuple[str, ...], path: Path) -> tuple[str, ...]:
    if len(names) > MAX_COLUMNS:
        raise InvalidValueError(f"{path.name} has more than {MAX_COLUMNS:,} columns, which is the limit.")
    return names


def _records(texts: list[str]) -> tuple[list[dict[str, Any]], int]:
    """Return the objects, and how many lines are none: JSON lines, or one list or object over all lines."""
    is_one = texts[0].startswith("[") or texts[0] == "{"
    whole = "\n".join(texts) if is_one else f"[{','.join(texts)}]"
    if whole.count(",") > MOST_VALUES:
        raise InvalidValueError(f"The log has more than {MOST_VALUES:,} values, which is the limit.")
    try:  # one call for all lines is twice as quick as one a line, and keeps each key once
        found = json.loads(whole)
    except (ValueError, RecursionError):
        found = list(map(_record, texts))
    if isinstance(found, dict) or len(found) == 1:
        found = _rows_in(found if isinstance(found, dict) else found[0])
    records = [one for one in found if isinstance(one, dict)]
    return records, len(found) - len(records)


def _rows_in(whole: Any) -> list[Any]:
    """Return what one object holds a row a step: its list of objects, its lists of numbers, or itself.

    Hugging Face's ``trainer_state.json`` has a list "log_history"; a Keras history has a list of numbers a column.
    """
    lists = (
        {key: one for key, one in whole.items() if isinstance(one, list)} if isinstance(whole, dict) else {}
    )
    objects = [one for one in lists.values() if one and isinstance(one[0], dict)]
    if objects:
        return max(objects, key=len)
    return [dict(zip(lists, row, strict=True)) for row in zip_longest(*lists.values())] or [whole]


def _record(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


Place = tuple[str, tuple[str, ...]]
"""A column's name, and the keys that lead to its numbers."""


def _paths(records: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> Iterator[Place]:
    """Yield a key's columns: those of an object's members, and of theirs, or the mean that it tells."""
    values = (_inner(one, keys) for one in records[:_FIRST_RECORDS])
    first = next((value for value in values if value is not None), None)
    if not isinstance(first, dict) or len(keys) == _DEEPEST:
        yield "/".join(keys), keys
    elif "mean" in first:
        yield "/".join(keys), (*keys, "mean")
    else:
        for inner in first:
            yield from _paths(records, (*keys, inner))


def _inner(record: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _recorded(
    records: Sequence[Mapping[str, Any]], paths: list[Place], n_left: int, chosen: Columns
) -> tuple[Array, int]:
    found = np.empty((len(records), len(chosen)))
    for place, k in enumerate(chosen):
        _, keys = paths[k]
        found[:, place] = _floats([_inner(one, keys) for one in records])
    return found, n_left


def _floats(values: list[Any]) -> Array:
    if set(map(type, values)) <= {int, float, type(None)}:
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:
            pass
    return np.array([json_number(value) for value in values], dtype=np.float64)
