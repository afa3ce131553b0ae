"""Plots that are read at two places: cursors A and B that stay, and how what is read differs between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ganviz.views.bases.chart_cursors import MISSING, Cursors, draw_cursors, signed
from ganviz.views.bases.chart_menu import Act
from ganviz.views.bases.copying import copy_values
from ganviz.views.bases.touched_plots import AbstractTouchedPlots
from ganviz.views.plot.looks import Range
from ganviz.views.plot.read_out import ReadOut, ReadRow

HERE = "here"


class AbstractComparedPlots(AbstractTouchedPlots):
    """Plots of curves over an axis, with cursors on it as charts have them; GUI thread only."""

    place_columns: ClassVar[tuple[int, int]] = (0, 0)
    """Which columns of :meth:`values` say from where to where along the axis a row is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.cursors = self._cursors_before = Cursors()
        self._cursors_on = 0
        super().__init__(parent)

    def axis(self, index: int) -> int:
        """Return which plots have the same axis as this one, and its cursors with it."""
        return 0 if self.shares_x else self.group(index)

    def forget_looks(self) -> None:
        """Show everything, without cursors, for other data."""
        super().forget_looks()
        self.cursors = self._cursors_before = Cursors()

    def clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put cursor A at a place, or B with Shift."""
        name = "b" if modifiers & Qt.KeyboardModifier.ShiftModifier else "a"
        for index, frame in enumerate(self._frames_here()):
            if frame.area.contains(at):
                self._put(name, index, frame.x.value(at.x()))

    def unclicked(self) -> None:
        """Take back the last click, which was the first half of a double one."""
        self._set(self._cursors_before)

    def _put(self, name: str, index: int, x: float) -> None:
        kept = self.cursors if self.axis(index) == self._cursors_on else Cursors()
        self._cursors_on = self.axis(index)
        self._set(replace(kept, **{name: x}))

    def _set(self, cursors: Cursors) -> None:
        self._cursors_before, self.cursors = self.cursors, cursors
        self._canvas.refresh_overlay()

    def act_of(self, key: int) -> Callable[[], object] | None:
        """Return what a key does here: A and B put cursors where is read, Escape removes them, T opens the table."""
        if key == Qt.Key.Key_Escape and self.cursors.are_set:
            return partial(self._set, Cursors())
        names: dict[int, str] = {Qt.Key.Key_A: "a", Qt.Key.Key_B: "b"}
        if key in names and self._pointed is not None:
            index, x, _ = self._pointed
            return partial(self._put, names[key], index, x)
        return super().act_of(key)

    def acts(self) -> list[Act]:
        """Return what the menu offers, with what is done with cursors."""
        found, span = super().acts(), self.cursors.span
        if span is not None:
            found.append(("Copy values from A to B (CSV)", "", partial(self._copy, span)))
        if self.cursors.are_set:
            found.append(("Remove cursors", "Esc", partial(self._set, Cursors())))
        return found

    def _copy(self, span: Range) -> None:
        """Put the values between the cursors on the clipboard."""
        known, (first, last) = self.values(), self.place_columns
        rows = [row for row in known.rows if span[0] <= float(row[last]) and float(row[first]) <= span[1]]
        copy_values(self, replace(known, rows=rows))

    def read_here(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return what is read at a place, or at the cursors with the difference; with one alone, from it to here."""
        if not self.cursors.are_set or self.axis(index) != self._cursors_on:
            return super().read_here(index, x, y)
        ends = self.cursors.named()
        ends = ends if len(ends) > 1 else [*ends, (HERE, x)]
        read = [(name, self.read_out(index, at, y)) for name, at in ends]
        found = [(name, one) for name, one in read if one is not None]
        return compared(found[0], found[1]) if len(found) > 1 else None

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Draw the cursors, and over them what is read."""
        for index, frame in enumerate(self._frames_here() if self.cursors.are_set else ()):
            if self.axis(index) == self._cursors_on and not frame.area.isEmpty():
                draw_cursors(painter, frame.area, frame.x, self.cursors, self.theme, self.fonts())
        super().draw_overlay(painter, area)


def compared(one: tuple[str, ReadOut], other: tuple[str, ReadOut]) -> ReadOut:
    """Return two read-outs in one, each with the name of its place, and the differences of their figures."""
    (name, read), (other_name, other_read) = one, other
    title = f"{name} {read.title} → {other_name} {other_read.title}"
    rows, others = [], {row.name: row for row in other_read.rows}
    for row in read.rows:
        end = others.get(row.name, ReadRow(row.role, row.name, (MISSING,) * len(row.values)))
        cells = list(zip(row.values, end.values, _differences(row, end), strict=True))
        if read.headings:
            texts = tuple(f"{low} → {high}, {delta}" for low, high, delta in cells)
            rows.append(replace(row, values=texts, brief=tuple(f"Δ {delta}" for _, _, delta in cells)))
        else:
            rows.append(replace(row, values=cells[0], brief=()))
    return ReadOut(title, tuple(rows), read.headings or (name, other_name, "Δ"), f"{name} → {other_name}")


def _differences(row: ReadRow, end: ReadRow) -> Sequence[str]:
    """Return how much larger each figure is at the end, with the unit that its text ends with."""
    unit, digits = (" %", 1) if row.values[0].endswith(" %") else ("", 3)
    differences = [high - low for low, high in zip(row.figures, end.figures, strict=False)]
    found = [f"{signed(one, digits)}{unit}" if math.isfinite(one) else MISSING for one in differences]
    return found + [MISSING] * (len(row.values) - len(found))
