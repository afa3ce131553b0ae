"""The ledger: how V, both parts of L_D, L_G and their total come from one batch of scores, as bookkeeping."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QButtonGroup

from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.ledger import GENERATORS, Ledger, LedgerProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import toggle_button
from ganviz.views.bases.lane_cells import AbstractLaneCells, cells
from ganviz.views.look.formula import draw_formula, formula_lines, formula_width, plain_formula, subscripted
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.ledger_rows import LaneLedger, LedgerRow, equilibrium_text, lane_ledger
from ganviz.views.plot.plotting import Axis, Fonts, draw_text, line_height, number, text_width, translucent
from ganviz.views.plot.values import Value, Values

CAPTION = "Nobody minimizes the total."
CHOICES = (
    ("trained", "As trained", "Adds the generator loss that each lane trains."),
    ("saturating", "Saturating", "Adds E log(1 − D(G(z))): it takes L_D's fake part back."),
    ("non_saturating", "Non-saturating", "Adds −E log D(G(z))."),
)
NAMES_SHARE = 0.42
"""Of a lane's width, for the names of its rows at most."""
EMPTY = "Train a step: the ledger is of the batch that D has learned from."

FEWEST_ROWS = 5
ROW_GAP_PX = 2.0
"""Between the letters of two rows at least."""
NARROW_PX = 220
"""Width of a lane in which its rows have short names."""


class LedgerView(AbstractLaneCells):
    """A waterfall of signed bars for each lane; GUI thread only."""

    key: ClassVar[str] = "ledger"
    title: ClassVar[str] = "Ledger"
    of_d: ClassVar[str] = "is one loss, and nothing to add it to"
    reading: Ledger | None
    counted: str = "step"
    """What a log's rows are of: another word than "step" where its program counts something else."""

    def __init__(self) -> None:
        super().__init__()
        self._reach: tuple[float, float] = (0.0, 0.0)
        self._lanes: list[LaneLedger] = []
        self._brevity = 0
        self._chosen = GENERATORS[0]
        group = QButtonGroup(self)
        for key, title, tip in CHOICES:
            button = toggle_button(title, tip, checked=key == self._chosen)
            button.clicked.connect(lambda _=False, k=key: self.choose(k))
            group.addButton(button)
            self.controls.addWidget(button)
        self.controls.addStretch(1)

    def choose(self, generator: str) -> None:
        """Add another generator loss of ``GENERATORS``."""
        self._chosen = generator
        self.redraw()

    def probe(self) -> AbstractProbe:
        """Return what reads the ledger."""
        return LedgerProbe()

    def kind(self) -> type[Reading]:
        """Return the ledger's class."""
        return Ledger

    def n_lanes(self) -> int:
        """Return how many lanes the ledger is of."""
        return 0 if self.reading is None else len(self.reading.parts)

    def forget(self) -> None:
        """Drop the ledger and the scale."""
        super().forget()
        self._reach = (0.0, 0.0)

    def caption(self, snapshot: Snapshot) -> str:
        """Say of what batch all is."""
        if not self.n_cells():
            return EMPTY
        assert self.reading is not None
        if not self.reading.n:
            at = f"{self.counted} {grouped(snapshot.viewed_step)}"
            return f"{CAPTION} As logged at {at}; L_G may be of another batch."
        return f"{CAPTION} All of one batch: D's last, at step {grouped(snapshot.viewed_step)}"

    def n_cells(self) -> int:
        """Return a cell a lane, none before there was a batch."""
        assert self.reading is not None
        return 0 if np.isnan(self.reading.parts[:, 0]).all() else self.n_lanes()

    def values(self) -> Values:
        """Return every bar: its term, and where it begins, ends, and ends at equilibrium."""
        rows: list[tuple[Value, ...]] = []
        if self.reading is not None and self.snapshot is not None and self.n_cells():
            config = self.snapshot.config
            for lane, title in enumerate(self.lane_titles(self.n_lanes())):
                rows += [
                    (title, plain_formula(row.name), row.value, row.start, row.end, row.at_equilibrium)
                    for row in lane_ledger(config, self.reading, lane, self._chosen).rows
                ]
        return Values(("lane", "term", "value", "from", "to", "to at equilibrium"), rows)

    def draw_cells(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every lane's bars on the scale of those that go on, with names as long as there is room for in all."""
        if not self.n_cells():
            return
        ledger = self.reading
        assert self.snapshot is not None
        assert ledger is not None
        config, n = self.snapshot.config, self.n_lanes()
        self._lanes = [lane_ledger(config, ledger, lane, self._chosen) for lane in range(n)]
        self._follow([self._lanes[lane] for lane in self.snapshot.alive()])
        room = NAMES_SHARE * (self.cells_in(area)[0].width() - 24)
        fonts = self.fonts()
        self._brevity = next((k for k in (0, 1) if _names_width(self._lanes, k, fonts) <= room), 2)
        super().draw_cells(painter, area, theme)

    def cells_in(self, area: QRectF) -> list[QRectF]:
        """Return the part of each lane: below each other, in narrower ones beside each other where rows lack height."""
        found, n, line = super().cells_in(area), self.n_cells(), line_height(self.fonts().label)
        if found and found[0].height() < (FEWEST_ROWS + 1) * line + 8:
            return cells(area, n, NARROW_PX, self.most_columns)
        return found

    def _follow(self, lanes: list[LaneLedger]) -> None:
        """Let the range contain every bar and tick of these, and shrink only when much of it is empty."""
        ends = [
            x for lane in lanes for row in lane.rows for x in (row.start, row.end, row.at_equilibrium, 0.0)
        ]
        known = [x for x in ends if math.isfinite(x)]
        low, high = min(known), max(known)
        was_low, was_high = self._reach
        if not (was_low <= low and high <= was_high and 2 * (high - low) > was_high - was_low):
            self._reach = low - 0.08 * (high - low), high + 0.08 * (high - low) + 1e-9

    def draw_cell(self, painter: QPainter, box: QRectF, lane: int, theme: Theme) -> None:
        """Paint a lane's bars, and its notes below them."""
        self._draw_ledger(painter, box, self._lanes[lane], theme, self.fonts())

    def _draw_ledger(
        self, painter: QPainter, box: QRectF, lane: LaneLedger, theme: Theme, fonts: Fonts
    ) -> None:
        line, top = line_height(fonts.label), box.top()
        least = line + ROW_GAP_PX
        first = len(whole_lines(lane.notes[:1], fonts.tick, box.width(), 2))
        n_rows = int((box.height() - first * line) / least)
        # What becomes of G in the sum is worth more than the last rows, not more than all of them.
        if n_rows < FEWEST_ROWS:
            first, n_rows = 0, int(box.height() / least)
        rows = _with_room(lane.rows, n_rows)
        most = max(first, int((box.bottom() - top - len(rows) * least) / line))
        notes = whole_lines(lane.notes, fonts.tick, box.width(), most)
        height = min(54.0, (box.bottom() - top - len(notes) * line) / len(rows))
        numbers = max(text_width(fonts.strong, number(row.value)) for row in rows) + 6
        names = _names(rows, self._brevity)
        left = box.left() + max(formula_width(name, fonts.label) for name in names) + 10
        x = Axis(*self._reach, left, box.right() - numbers)
        for row, name in zip(rows, names, strict=True):
            strip = QRectF(box.left(), top, box.width(), height)
            self._draw_row(painter, strip, row, name, x, theme, fonts)
            top += height
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        for note in notes:
            draw_formula(painter, QPointF(box.left(), top + 0.76 * line), note, fonts.tick)
            top += line

    def _draw_row(
        self, painter: QPainter, strip: QRectF, row: LedgerRow, name: str, x: Axis, theme: Theme, fonts: Fonts
    ) -> None:
        middle = strip.center().y()
        if row.is_sum:
            painter.setPen(QPen(QColor(theme.grid), 1))
            painter.drawLine(
                QPointF(strip.left(), strip.top() + 0.5), QPointF(strip.right(), strip.top() + 0.5)
            )
        painter.setPen(_letters(theme, row.role))
        draw_formula(
            painter, QPointF(strip.left(), middle + line_height(fonts.label) * 0.28), name, fonts.label
        )
        painter.setPen(QColor(theme.text))
        painter.setFont(fonts.strong if row.is_sum else fonts.label)
        draw_text(painter, strip, number(row.value), Qt.AlignmentFlag.AlignRight)
        zero = x.pixel(0.0)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(zero, strip.top()), QPointF(zero, strip.bottom()))
        if not (math.isfinite(row.start) and math.isfinite(row.end)):
            return
        # Bars of a lane that has diverged may be too long for the others' scale.
        a, b = sorted(min(max(x.pixel(end), x.start), x.end) for end in (row.start, row.end))
        bar = QRectF(a, strip.top() + 3, max(b - a, 1.5), max(strip.height() - 6, 3.0))
        _fill(painter, bar, row, theme)
        self._draw_tick(painter, strip, row, x, theme, fonts)

    def _draw_tick(
        self, painter: QPainter, strip: QRectF, row: LedgerRow, x: Axis, theme: Theme, fonts: Fonts
    ) -> None:
        """Mark where a bar ends at equilibrium, with the value's name where a sum's bar leaves room for it."""
        at = x.pixel(row.at_equilibrium)
        if not (math.isfinite(at) and x.start <= at <= x.end):
            return
        painter.setPen(QPen(QColor(theme.text), 1.6))
        painter.drawLine(QPointF(at, strip.top() + 1), QPointF(at, strip.bottom() - 1))
        text = equilibrium_text(row.at_equilibrium)
        width = text_width(fonts.tick, text) + 4
        ends = sorted((x.pixel(0.0), x.pixel(row.end)))
        for box in (QRectF(at + 3, strip.top(), width, strip.height()),
                    QRectF(at - 3 - width, strip.top(), width, strip.height())):  # fmt: skip
            is_free = box.left() > ends[1] or box.right() < ends[0]
            if row.is_sum and is_free and x.start <= box.left() and box.right() <= x.end:
                painter.setPen(QColor(theme.muted))
                painter.setFont(fonts.tick)
                draw_text(painter, box, text, Qt.AlignmentFlag.AlignHCenter)
                return


def whole_lines(notes: Sequence[str], font: QFont, width: float, most: int) -> list[str]:
    """Return the lines (HTML) of as many notes, from the first on, as fit into ``most`` lines without being cut."""
    found: list[str] = []
    for note in notes:
        lines = formula_lines(subscripted(note), font, width)
        if len(found) + len(lines) > most:
            break
        found += lines
    return found


def _with_room(rows: tuple[LedgerRow, ...], n: int) -> tuple[LedgerRow, ...]:
    """Return the most important ``n`` rows, at least one: what cancels or adds up before V, which mirrors L_D."""
    roles = ("total", "d_loss", "g_loss", "generated", "real", "value")
    order = [row for role in roles for row in rows if row.role == role]
    kept = [*order, *(row for row in rows if row not in order)][: max(n, 1)]
    return tuple(row for row in rows if row in kept)


def _names(rows: tuple[LedgerRow, ...], brevity: int) -> list[str]:
    """Return the rows' names: in full (0), with L_G alone in short (1), all in short (2)."""
    return [row.short if brevity == 2 or (brevity and row.role == "g_loss") else row.name for row in rows]


def _names_width(lanes: list[LaneLedger], brevity: int, fonts: Fonts) -> float:
    return max(formula_width(name, fonts.label) for lane in lanes for name in _names(lane.rows, brevity))


def _letters(theme: Theme, role: str) -> QColor:
    return QColor(theme.muted) if role == "muted" else theme.letters(role)


def _fill(painter: QPainter, bar: QRectF, row: LedgerRow, theme: Theme) -> None:
    """Fill a bar: a term plainly, one that is taken back hatched, a sum with an edge."""
    color = QColor(theme.muted) if row.role == "muted" else theme.line(row.role)
    if row.is_lost:
        painter.fillRect(bar, translucent(color, 0.18))
        painter.fillRect(
            bar,
            QBrush(color, Qt.BrushStyle.BDiagPattern if row.role == "g_loss" else Qt.BrushStyle.FDiagPattern),
        )
    else:
        painter.fillRect(bar, translucent(color, 0.55 if row.is_sum else 0.9))
    painter.setPen(QPen(color, 1.2))
    painter.drawRect(bar)
