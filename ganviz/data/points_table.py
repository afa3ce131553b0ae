"""Points of the plane from two columns of a text file, and a sentence that says how it was understood."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganviz.data.table_layout import SEPARATORS, Layout, cells_of, chosen_columns, find_layout
from ganviz.data.text_lines import Lines, encoding_of, read_lines
from ganviz.data.written_numbers import number
from ganviz.spec import InvalidValueError

MAX_POINTS = 2_000_000
LARGEST = 1e12
FINEST = 1e-3
"""Neighbors among float32 numbers, as runs keep points, may be so far apart, as a part of a standard deviation."""

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "."))
"""Cells, in lower case, that programs write where there is no value."""

_SKIPPING = "; Missing values: skip (distribution.missing=skip) leaves such lines out"
_EXCERPT = 60
_MOST_NAMED = 6
_SIGNS = {".": "decimal points", ",": "decimal commas"}


def read_points(
    path: Path, columns: str, header: str, missing: str = "refuse"
) -> tuple[NDArray[np.float64], str, tuple[str, ...]]:
    """Return the points, ``[n, 2]``, a sentence on columns, header, separator and decimal sign, and names of columns.

    Without a header there are none.

    Parameters
    ----------
    path : Path
    columns : str
        Two names or numbers from 1, or nothing: see :func:`chosen_columns`.
    header : str
        "yes", "no" or "auto".
    missing : str
        "refuse", or "skip": lines without a value in one of the two columns are left out.

    Raises
    ------
    InvalidValueError
        When the file cannot be understood; the text names the first line that is wrong.
    OSError
        When it cannot be read.
    """
    lines = read_lines(path, MAX_POINTS)
    layout = find_layout(lines.texts, header) if lines.texts else None
    if layout is None:
        raise InvalidValueError(_first_fault(lines, path))
    chosen = chosen_columns(layout, columns)
    if chosen[0] == chosen[1]:
        raise InvalidValueError(f"Two different columns are needed, not {layout.title(chosen[0])} twice.")
    texts = lines.texts[layout.start :]
    if not texts:
        raise InvalidValueError(f"The file {str(path)!r} holds no points.")
    points = _at_once(texts, layout, chosen)
    if points is None:
        each = _one_by_one(lines, layout, chosen, path.name, skips=missing == "skip")
        points = np.fromiter(each, dtype=np.dtype((np.float64, 2)))
    if not len(points):
        raise InvalidValueError(f"No line of {path.name} has a value in both columns.")
    _check_is_told_apart(points, layout, chosen, path.name)
    names = tuple(layout.names[k] or f"column {k + 1}" for k in chosen) if layout.names else ()
    return points, _summary(len(points), lines, layout, chosen), names


def reading_script(path: Path, columns: str, header: str) -> str:
    """Return Python that reads a simple table's ``points``; its arguments and errors are those of :func:`read_points`.

    Raises
    ------
    InvalidValueError
        Also for a table that only this module understands.
    """
    lines = read_lines(path, MAX_POINTS)
    layout = find_layout(lines.texts, header) if lines.texts else None
    if layout is None:
        raise InvalidValueError(_first_fault(lines, path))
    chosen = chosen_columns(layout, columns)
    if len(lines.texts) == layout.start or _at_once(lines.texts[layout.start :], layout, chosen) is None:
        raise InvalidValueError(
            f"A script cannot read {str(path)!r} in a few lines; save the points as two plain columns first."
        )
    encoding = encoding_of(path)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    line = 'line.replace(",", ".")' if layout.decimal == "," else "line"
    return (
        f'with open({str(path)!r}, encoding="{encoding}", errors="replace") as file:\n'
        f'    lines = [{line} for line in file if line.strip() and line.strip()[0] not in "#%"]\n'
        f"rows = [line.split({layout.separator!r}) for line in lines[{layout.start}:]]\n"
        f"points = torch.tensor([[float(row[k].strip(' \\n\"')) for k in {chosen}] for row in rows])\n"
    )


def _at_once(texts: list[str], layout: Layout, chosen: tuple[int, int]) -> NDArray[np.float64] | None:
    """Return the points, or None when some line is not simply cells with two usable numbers."""
    separator = layout.separator
    if separator is None:
        is_even = all(len(text.split()) == layout.n_columns for text in texts)
    else:
        is_even = all(text.count(separator) == layout.n_columns - 1 for text in texts)
    if not is_even:
        return None
    if layout.decimal == ",":
        if any("." in text for text in texts):
            return None
        texts = [text.replace(",", ".") for text in texts]
    try:
        points = np.loadtxt(texts, delimiter=separator, comments=None, ndmin=2, usecols=chosen, quotechar='"')
    except ValueError:
        return None
    return points if bool((np.abs(points) <= LARGEST).all()) else None


def _one_by_one(
    lines: Lines, layout: Layout, chosen: tuple[int, int], name: str, *, skips: bool
) -> Iterator[tuple[float, float]]:
    separator, decimal, (first, second) = layout.separator, layout.decimal, chosen
    for text, line in islice(zip(lines.texts, lines.numbers, strict=True), layout.start, None):
        cells = cells_of(text, separator) if '"' in text else text.split(separator)
        if len(cells) != layout.n_columns:
            columns = "1 column" if len(cells) == 1 else f"{len(cells)} columns"
            raise InvalidValueError(
                f"{name}, line {line}: it has {columns}, where {layout.n_columns} are expected: {_excerpt(text)}."
            )
        x, y = number(cells[first], decimal), number(cells[second], decimal)
        if x is None or y is None or not max(abs(x), abs(y)) <= LARGEST:
            lacks_a_value = any(_is_missing(cells[k]) for k in chosen)
            if not (skips and lacks_a_value and all(_is_missing_or_fits(cells[k], decimal) for k in chosen)):
                raise InvalidValueError(_not_a_point(name, line, text, _SKIPPING if lacks_a_value else ""))
            continue
        yield x, y


def _is_missing(cell: str) -> bool:
    return cell.strip(' \t\n"').casefold() in MISSING


def _is_missing_or_fits(cell: str, decimal: str) -> bool:
    value = number(cell, decimal)
    return _is_missing(cell) if value is None else abs(value) <= LARGEST


def _check_is_told_apart(
    points: NDArray[np.float64], layout: Layout, chosen: tuple[int, int], name: str
) -> None:
    """Raise where float32 numbers are too coarse: points would fall on a few lines, in pictures and for networks."""
    gaps, scales = np.spacing(np.abs(points).max(0).astype(np.float32)), points.std(0)
    for column, gap, scale, middle in zip(chosen, gaps, scales, points.mean(0), strict=True):
        if 0 < scale * FINEST < gap:
            raise InvalidValueError(
                f"{name}: the column {layout.title(column)} varies by {scale:.3g} around {middle:.6g}, too finely for "
                f"numbers of 32 bits, which are {gap:.2g} apart there; subtract {middle:.6g} from it first."
            )


def _not_a_point(name: str, line: int, text: str, hint: str = "") -> str:
    return (
        f"{name}, line {line}: two finite numbers up to ±{LARGEST:g} are needed, not {_excerpt(text)}{hint}."
    )


def _excerpt(text: str) -> str:
    return repr(text.strip()[:_EXCERPT])


def _first_fault(lines: Lines, path: Path) -> str:
    """Return what is wrong with a file in which no two columns are numbers: the first line that may not be a header."""
    for i, (text, line) in enumerate(zip(lines.texts, lines.numbers, strict=True)):
        separator = next((mark for mark in SEPARATORS if mark and mark in text), None)
        cells = [number(cell, ".") is not None for cell in cells_of(text, separator)]
        if (i or any(cells)) and sum(cells) < 2:
            return _not_a_point(path.name, line, text)
    return f"The file {str(path)!r} holds no points in two columns."


def _summary(n: int, lines: Lines, layout: Layout, chosen: tuple[int, int]) -> str:
    x, y = (layout.title(k) for k in chosen)
    points = "1 point" if n == 1 else f"{n:,} points"
    n_left = len(lines.texts) - layout.start - n
    left = f", {n_left:,} without a value left out" if n_left else ""
    between = SEPARATORS.get(layout.separator, repr(layout.separator))
    line = lines.numbers[layout.start - 1]
    header = f"names on line {line}" if layout.names else "no names of columns"
    return (
        f"{points} of the columns {x} and {y}{_without(layout, chosen)}{left}; {between} between columns, "
        f"{_SIGNS[layout.decimal]}, {header}."
    )


def _without(layout: Layout, chosen: tuple[int, int]) -> str:
    """Return which columns were left, without those that have neither name nor numbers."""
    is_there = [k in layout.numeric or not layout.names or layout.names[k] for k in range(layout.n_columns)]
    titles = [
        layout.title(k) if layout.names and layout.names[k] else f"column {k + 1}"
        for k in range(layout.n_columns)
    ]
    left = [titles[k] for k in range(layout.n_columns) if is_there[k] and k not in chosen]
    more = ["…"] if len(left) > _MOST_NAMED else []
    return f" (without {', '.join(left[:_MOST_NAMED] + more)})" if left else ""
