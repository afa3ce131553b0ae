"""What a plot shows, as a table: for the clipboard, and for those who do not see the plot. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from ganviz.spec.frozen import dataclass

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Values:
    """Headings and rows; numbers are kept as they are. Tips say what is below a heading, or nothing."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]
    tips: Mapping[str, str] | None = None

    def csv(self) -> str:
        """Return the table with commas, every number in full."""
        return _written((self.headings, *self.rows), ",")

    def tabs(self, rows: Iterable[int], columns: Sequence[int], *, has_headings: bool) -> str:
        """Return some rows and columns with tabs, every number in full: what spreadsheets take apart into cells."""
        above = [self.headings] if has_headings else []
        chosen = (*above, *(self.rows[row] for row in rows))
        return _written(((row[column] for column in columns) for row in chosen), "\t").removesuffix("\n")


def _written(rows: Iterable[Iterable[Value]], between: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=between, lineterminator="\n")
    writer.writerows([repr(one) if isinstance(one, float) else one for one in row] for row in rows)
    return text.getvalue()
