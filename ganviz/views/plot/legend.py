"""Legends of charts: line samples with symbols, formulas and current values, in as many rows as fit."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.look.formula import draw_formula, formula_width, plain_formula
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, letters_share, line_height, text_width

SAMPLE_PX, BEHIND_PX = 20.0, 5.0
"""Length of a line sample, and the gap behind it, in letters of the usual size."""
GAP_PX = 14.0
MORE_ROWS = 2
"""Rows that a legend may have beyond those that are wanted, before it leaves an entry out."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: its pen, a symbol, and what is left out where space is short: a formula and values.

    ``short`` replaces a symbol that is too long even without those, and ``shortest`` what is still too long. Where that
    has to be cut, it is its ``name`` that loses letters, with which it begins, rather than what follows.

    Of ``values``, only those that are ``told`` are written, where it is said: all keep their room, so that nothing
    moves away under the pointer that hides something. Values that are ``lesser`` go before others do.
    """

    pen: QPen
    symbol: str
    letters: QColor
    formula: str = ""
    values: str = ""
    short: str = ""
    hidden: bool = False
    shortest: str = ""
    name: str = ""
    told: str | None = None
    lesser: bool = False

    def width(self, fonts: Fonts) -> float:
        """Return the width in pixels."""
        width = _sample_room(fonts) + formula_width(self.symbol, fonts.strong)
        if self.formula:
            width += formula_width(self._shown_formula(), fonts.label)
        if self.values:
            width += 6 + text_width(fonts.strong, self.values)
        return width

    def _shown_formula(self) -> str:
        return f" = {self.formula}"

    def cut(self, width: float, fonts: Fonts) -> LegendEntry:
        """Return the entry with its symbol cut, where it is wider than ``width`` pixels."""
        if self.width(fonts) <= width:
            return self
        room, metrics, elide = (
            width - _sample_room(fonts),
            QFontMetricsF(fonts.strong),
            Qt.TextElideMode.ElideRight,
        )
        rest = self.symbol.removeprefix(html.escape(self.name)) if self.name else ""
        left = room - formula_width(rest, fonts.strong)
        if self.name and rest != self.symbol and left > metrics.horizontalAdvance(self.name[:2] + "…"):
            return replace(self, symbol=html.escape(metrics.elidedText(self.name, elide, left)) + rest)
        return replace(self, symbol=html.escape(metrics.elidedText(plain_formula(self.symbol), elide, room)))

    def before(self, other: LegendEntry, width: float, fonts: Fonts) -> LegendEntry | None:
        """Return what of the entry finds room in front of another one: its long name goes before its value does."""
        plain = replace(self, formula="")
        brief = replace(plain, symbol=self.short or self.symbol)
        for one in (self, plain, brief, replace(plain, values=""), replace(brief, values="")):
            if _row_width([one, other], fonts) <= width:
                return one
        return None

    def counting(self, n: int) -> LegendEntry:
        """Return what stands in this entry's place for so many that have none."""
        return replace(self, symbol=f"… {n} more", formula="", values="")

    def draw(self, painter: QPainter, left: float, middle: float, theme: Theme, fonts: Fonts) -> None:
        """Draw the entry with its vertical middle at ``middle``."""
        painter.setOpacity(0.35 if self.hidden else 1.0)
        painter.setPen(self.pen)
        painter.drawLine(QPointF(left, middle), QPointF(left + letters_share(fonts) * SAMPLE_PX, middle))
        x = left + _sample_room(fonts)
        baseline = middle + line_height(fonts.label) * 0.28
        painter.setPen(self.letters)
        x += draw_formula(painter, QPointF(x, baseline), self.symbol, fonts.strong)
        if self.formula:
            painter.setPen(QColor(theme.muted))
            x += draw_formula(painter, QPointF(x, baseline), self._shown_formula(), fonts.label)
        if self.values:
            painter.setPen(QColor(theme.text))
            painter.setFont(fonts.strong)
            painter.drawText(QPointF(x + 6, baseline), self.values if self.told is None else self.told)
        painter.setOpacity(1.0)


@dataclass(frozen=True, slots=True)
class Legend:
    """Entries laid out in rows of a given width; ``n_missing`` of many found no place, which the last one says."""

    rows: tuple[tuple[LegendEntry, ...], ...]
    height: float
    n_missing: int = 0
    width: float = math.inf

    @classmethod
    def fit(cls, entries: list[LegendEntry], width: float, max_rows: int, fonts: Fonts) -> Legend:
        """Lay entries out; formulas, long symbols, then values go until ``max_rows`` rows of ``width`` hold them.

        Lesser values go before others. Where that is not enough, names are cut to half of a row, and there are up to
        :data:`MORE_ROWS` rows more.
        """
        for candidate, allowed in _ever_shorter(entries, width, max_rows, fonts):
            rows = _rows(candidate, width, fonts)
            if len(rows) <= allowed and all(entry.width(fonts) <= width for entry in candidate):
                break
        whole = cls(tuple(map(tuple, rows)), (line_height(fonts.label) + 3) * len(rows), width=width)
        return whole.cropped(max_rows + MORE_ROWS, fonts)

    def cropped(self, n_rows: int, fonts: Fonts | None = None) -> Legend:
        """Return the legend with at most so many of its rows; its last entry counts those that have no place.

        Drawn in ``fonts``, that one, too, lies within the legend's width.
        """
        if len(self.rows) <= n_rows:
            return self
        kept, gone = self.rows[:n_rows], sum(map(len, self.rows[n_rows:]))
        # The entry that counts already stands for some; a new one takes the place of one.
        n_missing, row = gone + (self.n_missing or 1), list(kept[-1])
        first = row[0]
        row[-1] = row[-1].counting(n_missing)
        if fonts is not None:  # the last one of several may have been shorter than what counts
            while len(row) > 1 and _row_width(row, fonts) > self.width:
                n_missing += 1
                row[-2:] = [row[-2].counting(n_missing)]
            if len(row) == 1:  # which names nothing
                counter = first.counting(n_missing - 1)
                named = first.before(counter, self.width, fonts)
                n_missing, row = (n_missing, row) if named is None else (n_missing - 1, [named, counter])
        return Legend((*kept[:-1], tuple(row)), self.height * n_rows / len(self.rows), n_missing, self.width)

    def places(self, area: QRectF, fonts: Fonts) -> list[QRectF]:
        """Return where the entries of a legend drawn into ``area`` stand, without the one that counts missing ones."""
        step, found = line_height(fonts.label) + 3, list[QRectF]()
        for i, row in enumerate(self.rows):
            x = area.left()
            for entry in row:
                found.append(QRectF(x, area.top() + i * step, entry.width(fonts), step))
                x += found[-1].width() + GAP_PX
        return found[:-1] if self.n_missing else found

    def draw(self, painter: QPainter, area: QRectF, theme: Theme, fonts: Fonts) -> None:
        """Draw from the top left of ``area`` on."""
        step = line_height(fonts.label) + 3
        for i, row in enumerate(self.rows):
            x = area.left()
            for entry in row:
                entry.draw(painter, x, area.top() + (i + 0.5) * step, theme, fonts)
                x += entry.width(fonts) + GAP_PX


def _ever_shorter(
    entries: list[LegendEntry], width: float, max_rows: int, fonts: Fonts
) -> Iterator[tuple[list[LegendEntry], int]]:
    """Yield entries with ever less in them, and in how many rows they are good enough.

    Legends are laid out at every redraw, and mostly fit at once: what is shorter is made when it is asked for.
    """
    yield entries, max_rows
    valued = [replace(entry, formula="") for entry in entries]
    yield valued, max_rows
    brief = [replace(entry, symbol=entry.short or entry.symbol) for entry in valued]
    yield brief, max_rows
    if any(entry.lesser for entry in entries):
        for all_valued in (valued, brief):
            yield [replace(entry, values="") if entry.lesser else entry for entry in all_valued], max_rows
    yield [replace(entry, values="") for entry in valued], max_rows
    short = [replace(entry, values="") for entry in brief]
    yield short, max_rows
    shortest = [replace(entry, symbol=entry.shortest or entry.symbol) for entry in short]
    cut = [entry.cut((width - GAP_PX) / 2, fonts) for entry in shortest]
    yield shortest, max(max_rows, len(_rows(cut, width, fonts)))  # nothing is cut for no row less
    yield cut, max_rows


def _sample_room(fonts: Fonts) -> float:
    return letters_share(fonts) * (SAMPLE_PX + BEHIND_PX)


def _row_width(row: list[LegendEntry], fonts: Fonts) -> float:
    return sum(entry.width(fonts) for entry in row) + GAP_PX * (len(row) - 1)


def _rows(entries: list[LegendEntry], width: float, fonts: Fonts) -> list[list[LegendEntry]]:
    rows: list[list[LegendEntry]] = [[]]
    used = 0.0
    for entry in entries:
        needed = entry.width(fonts)
        if rows[-1] and used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += needed + GAP_PX
    return rows
