"""What is read at a place: lines of values with their names and, with several lanes, a column a lane."""

from __future__ import annotations

from dataclasses import replace

from ganviz.spec.frozen import dataclass
from ganviz.views.look.formula import formula_width
from ganviz.views.plot.plotting import Fonts, text_width

WIDEST_HEADING_PX = 84.0
GAP_PX = 12.0
MARGIN_PX = 7.0


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One line: ``role`` is its color, ``name`` is HTML, and ``values`` has a text a column.

    ``brief`` has shorter texts, and ``short`` is a shorter name, for where there is little room; ``figures`` are the
    numbers that the texts say, where they can be compared with those of another place.
    """

    role: str
    name: str
    values: tuple[str, ...]
    brief: tuple[str, ...] = ()
    short: str = ""
    figures: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadOut:
    """A title and a shorter one, the headings of the columns (none for a single one), and the lines."""

    title: str
    rows: tuple[ReadRow, ...]
    headings: tuple[str, ...] = ()
    brief_title: str = ""

    def in_brief(self) -> ReadOut:
        """Return the same with the shorter texts."""
        return replace(self, rows=tuple(replace(row, values=row.brief or row.values) for row in self.rows))

    def in_short(self) -> ReadOut:
        """Return the same with the shorter texts, names and title."""
        rows = tuple(replace(row, name=row.short or row.name) for row in self.in_brief().rows)
        return replace(self, title=self.brief_title or self.title, rows=rows)

    def fitting(self, n: int) -> ReadOut:
        """Return at most ``n`` (but one at least) lines, the last of which counts those that are left out."""
        n = max(n, 1)
        if len(self.rows) <= n:
            return self
        more = ReadRow("muted", f"and {len(self.rows) - n + 1} more", ())
        return replace(self, rows=(*self.rows[: n - 1], more))

    def widths(self, fonts: Fonts) -> tuple[float, ...]:
        """Return the widths of the names and of each column of values."""
        names = max((formula_width(row.name, fonts.tick) for row in self.rows), default=0.0)
        columns = [
            max(
                min(text_width(fonts.tick, self.headings[i]), WIDEST_HEADING_PX) if self.headings else 0.0,
                *(text_width(fonts.tick, row.values[i]) for row in self.rows if row.values),
            )
            for i in range(max((len(row.values) for row in self.rows), default=0))
        ]
        title = text_width(fonts.tick, self.title)
        missing = title - names - (0.0 if self.headings else sum(columns) + GAP_PX * len(columns))
        return (names + max(0.0, missing), *columns)
