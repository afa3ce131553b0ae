"""What a plot tells those who do not see it: what is read at a place, in words; where Tab goes in a view."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganviz.views.bases.tight_row import widgets_in
from ganviz.views.look.outside_text import spoken
from ganviz.views.plot.read_out import ReadOut


def words_of(read: ReadOut) -> str:
    """Return a read-out as a sentence, each value behind its name and, with several columns, their heading."""
    parts = [spoken(read.title)]
    for row in read.rows:
        heads = [f"{spoken(one)} " for one in read.headings] or [""] * len(row.values)
        values = ", ".join(head + value for head, value in zip(heads, row.values, strict=False))
        parts.append(f"{spoken(row.name)} {values}".rstrip())
    return "; ".join(parts)


def put_in_order(row: QHBoxLayout, plot: QWidget) -> None:
    """Let Tab go through the controls of a view as they stand in their row, and on to the plot below them."""
    # Those that take no focus, as labels do, Qt would leave out with what stands before them.
    stops = [one for one in widgets_in(row) if one.focusPolicy()]
    for before, after in pairwise([*stops, plot]):
        QWidget.setTabOrder(before, after)
