"""What a plot shows, as a table: for the clipboard, and for those who do not see the plot. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

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
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.headings)
        writer.writerows([repr(one) if isinstance(one, float) else one for one in row] for row in self.rows)
        return text.getvalue()
