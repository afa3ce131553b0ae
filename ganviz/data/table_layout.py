"""How a table in a text file is laid out: what stands between columns, the decimal sign, the header, the columns."""

from __future__ import annotations

import csv
import re
from collections import Counter

from ganviz.data.written_numbers import decimal_sign, number
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.spec.values import quoted

SEPARATORS: dict[str | None, str] = {
    ";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars", None: "spaces",
}  # fmt: skip

MAX_COLUMNS = 2000

_ANNOUNCED = re.compile(r'"?sep=([^"\w.+-])"?', re.IGNORECASE)
_INDEX_NAMES = frozenset(("", "index", "id", "row", "unnamed: 0"))
_LABEL_NAMES = frozenset(("label", "labels", "class", "target", "cluster", "species", "kind", "lane"))
_HEAD, _SPREAD, _MOST_CELLS = 200, 100, 20_000


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found.

    Attributes
    ----------
    start : int
        The first line of data.
    separator : str or None
        None for any white space.
    decimal : str
        "." or ",".
    n_columns : int
    numeric : tuple of int
        Columns of numbers.
    index : int
        A column that counts the rows, or -1.
    names : tuple of str
        Of all columns; empty where there is no header.
    """

    start: int
    separator: str | None
    decimal: str
    n_columns: int
    numeric: tuple[int, ...]
    index: int
    names: tuple[str, ...]

    def title(self, column: int) -> str:
        """Return how a column is called: its name as a quotation, or its number from 1."""
        name = self.names[column] if self.names else ""
        return quoted(name) if name else str(column + 1)


def cells_of(line: str, separator: str | None) -> list[str]:
    """Return the cells of a line; those in quotes may hold the separator."""
    if separator is None or '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    try:
        row = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
    except csv.Error:
        row = line.split(separator)
    return [cell.strip() for cell in row]


def find_layout(lines: list[str], header: str) -> Layout | None:
    """Return the layout in which most columns are numbers, or None where no two are.

    Parameters
    ----------
    lines : list of str
        At least one.
    header : str
        "yes", "no", or "auto": where the first line holds no number in a column of numbers, or the whole numbers from 0
        above cells that all have decimals, as pandas writes columns without names.
    """
    announced = _ANNOUNCED.fullmatch(lines[0])
    first = 1 if announced else 0
    sample = lines[first : first + _HEAD]
    rest = lines[first + _HEAD :]
    sample += rest[:: max(1, len(rest) // _SPREAD)]
    separators = [announced[1]] if announced else list(SEPARATORS)
    best, best_share = None, 0.0
    for separator in separators:
        found = _laid_out(sample, separator, header, first) if sample else None
        if found is not None and len(found.numeric) / found.n_columns > best_share:
            best, best_share = found, len(found.numeric) / found.n_columns
    return best


def _laid_out(sample: list[str], separator: str | None, header: str, first: int) -> Layout | None:
    rows = [cells_of(line, separator) for line in sample]
    sizes = Counter(len(row) for row in rows if len(row) >= 2)
    ((n_columns, n_alike),) = sizes.most_common(1) or ((0, 0),)
    if n_alike * 2 < len(rows) - 1 or not n_columns:
        return None
    if n_columns > MAX_COLUMNS:
        raise InvalidValueError(f"There are {n_columns:,} columns; {MAX_COLUMNS:,} are the limit.")
    even = [row for row in rows if len(row) == n_columns]
    body = (even[1:] if rows[0] is even[0] and len(even) > 1 else even)[: 20 + _MOST_CELLS // n_columns]
    decimal = decimal_sign((cell for row in body for cell in row), prefers_comma=separator in (";", "\t"))
    known = [[number(row[k], decimal) is not None for row in body] for k in range(n_columns)]
    numeric = tuple(k for k in range(n_columns) if sum(known[k]) * 2 >= len(body))
    if len(numeric) < 2:
        return None
    names = _names(rows[0], n_columns)
    is_header = header == "yes" or (
        header == "auto" and len(rows) > 1 and _is_header(names, body, numeric, decimal)
    )
    if not is_header:
        names = ()
    counted = body if is_header else rows
    index = next((k for k in numeric[:1] if _counts(counted, k, names)), -1)
    return Layout(first + is_header, separator, decimal, n_columns, numeric, index, names)


def _names(row: list[str], n_columns: int) -> tuple[str, ...]:
    """Return the first line's cells; R writes none above the names of rows."""
    names = [""] * (len(row) == n_columns - 1) + row
    return tuple((names + [""] * n_columns)[:n_columns])


def _is_header(names: tuple[str, ...], body: list[list[str]], numeric: tuple[int, ...], decimal: str) -> bool:
    if all(number(names[k], decimal) is None for k in numeric):
        return True
    named = [k for k in range(len(names)) if k > 0 or names[k]]
    counts_up = [names[k] for k in named] == [str(i) for i in range(len(named))]
    return counts_up and all(
        decimal in row[k] or "e" in row[k].lower() for row in body for k in named if k in numeric
    )


def _counts(rows: list[list[str]], column: int, names: tuple[str, ...]) -> bool:
    """Return whether a column is named as an index, or counts the rows from 0 or 1."""
    if names and names[column].casefold() in _INDEX_NAMES:
        return True
    cells = [row[column] for row in rows[:_HEAD] if len(row) > column]
    return len(cells) >= 3 and any(cells == [str(i + start) for i in range(len(cells))] for start in (0, 1))


def chosen_columns(layout: Layout, wanted: str) -> tuple[int, int]:
    """Return two columns: those wanted, by name or number from 1; else x and y, or the first that are measurements.

    Raises
    ------
    InvalidValueError
        When not two columns are wanted, or there is none of that name.
    """
    if wanted.strip():
        parts = _wanted_parts(wanted)
        if len(parts) != 2:
            raise InvalidValueError(
                f"columns must name two columns, 'x, y' for example, not {quoted(wanted)}."
            )
        x, y = (_column(layout, part) for part in parts)
        return x, y
    names = [name.casefold() for name in layout.names]
    if all(axis in names and names.index(axis) in layout.numeric for axis in "xy"):
        return names.index("x"), names.index("y")
    left = list(layout.numeric)
    for is_less in (
        lambda k: k == layout.index,
        lambda k: bool(names) and names[k] in _LABEL_NAMES,
    ):
        kept = [k for k in left if not is_less(k)]
        left = kept if len(kept) >= 2 else left
    return left[0], left[1]


def _wanted_parts(wanted: str) -> list[str]:
    return cells_of(wanted, ";" if ";" in wanted else ",")


def wanted_names(wanted: str) -> tuple[str, ...]:
    """Return the two names of columns that are wanted; nothing where they are numbers, or none are."""
    parts = _wanted_parts(wanted)
    is_named = len(parts) == 2 and all(part and not part.isdigit() for part in parts)
    return tuple(parts) if is_named else ()


def _column(layout: Layout, wanted: str) -> int:
    for names, name in ((layout.names, wanted), ([n.casefold() for n in layout.names], wanted.casefold())):
        if name and name in names:
            return names.index(name)
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= layout.n_columns:
        return int(wanted) - 1
    known = ", ".join(layout.title(k) for k in range(min(layout.n_columns, 20)))
    raise InvalidValueError(f"There is no column {quoted(wanted)}; the file has {known}.")
