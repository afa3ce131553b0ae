"""Direction and range: who makes which number smaller, between which values it lies, and whether two may be added."""

from __future__ import annotations

import html
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QComboBox

from ganviz.losses.addition import ADDABLE, Addition, addition
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.spec.words import grouped
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.ledger import Ledger, LedgerProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import small_font
from ganviz.views.bases.lane_cells import AbstractLaneCells
from ganviz.views.look.elided_box import ElidedBox
from ganviz.views.look.formula import draw_words, formula_lines, plain_formula, subscripted
from ganviz.views.look.outside_text import set_tip
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.direction_drawing import (
    BESIDE_PX,
    BESIDE_SHARE,
    LEAST_PX,
    MOST_PX,
    NAMED_PX,
    draw_table,
    draw_terms,
)
from ganviz.views.pictures.direction_rows import HEADS, DirectionRow, OwnTerms, Pair, now_of, own_terms, table
from ganviz.views.plot.plotting import line_height, text_width
from ganviz.views.plot.values import Value, Values

TRAINED, VALUE = "trained", "value"
LINES_OF_LANE = 6
"""A lane's title, heading, three rows and the verdict."""
LOW_CELL_PX = LEAST_PX + 22
"""A lane's title, and the verdict beside what one sample adds: a cell that is too low for a table."""


class DirectionView(AbstractLaneCells):
    """A small table for each lane with a verdict below it; GUI thread only."""

    key: ClassVar[str] = "direction"
    title: ClassVar[str] = "Direction and range"
    short_title: ClassVar[str] = "Range"
    cell_px: ClassVar[float] = 450.0
    most_columns: ClassVar[int] = 2
    most_lines: ClassVar[int] = 1
    of_d: ClassVar[str] = "is nothing to add to G's loss"
    reading: Ledger | None

    def __init__(self) -> None:
        super().__init__()
        self._of_d = self._box("D's number", "Which number of D is added.", with_value=True)
        self._of_g = self._box("G's loss", "Which loss of G is added.", with_value=False)
        self.controls.addStretch(1)

    def _box(self, name: str, tip: str, *, with_value: bool) -> QComboBox:
        box = ElidedBox()
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setFont(small_font(box.font()))
        box.setAccessibleName(name)
        box.view().setAccessibleName(f"{name}: choices")
        set_tip(box, tip, about=name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(14)
        box.addItem(f"{name}: as trained", TRAINED)
        if with_value:
            box.addItem("V(D, G)", VALUE)
        for key, cls in ADVERSARIAL_LOSSES.items():
            if cls.has_discriminator and not key.startswith("custom"):
                box.addItem(f"{'L_D' if with_value else 'L_G'}: {cls.title}", key)
        box.currentIndexChanged.connect(lambda _: self.redraw())
        self.controls.addWidget(box)
        return box

    def choose(self, of_d: str, of_g: str) -> None:
        """Choose both numbers: a loss's key, "trained", or "value" for D's."""
        for box, key in ((self._of_d, of_d), (self._of_g, of_g)):
            box.setCurrentIndex(box.findData(key))

    def probe(self) -> AbstractProbe:
        """Return the ledger, so that the same numbers stand in both."""
        return LedgerProbe()

    def kind(self) -> type[Reading]:
        """Return the ledger's class."""
        return Ledger

    def n_lanes(self) -> int:
        """Return how many lanes the ledger is of."""
        return 0 if self.reading is None else len(self.reading.parts)

    def caption(self, snapshot: Snapshot) -> str:
        """Say of what batch the present values are."""
        if self.reading is None or np.isnan(self.reading.parts[:, 0]).all():
            return ""
        return f"Now: all of D's last batch, step {grouped(snapshot.viewed_step)}; as in the Ledger"

    def n_cells(self) -> int:
        """Return a table for each lane, or one where no lane's own losses are in it."""
        is_picked = TRAINED not in (self._of_d.currentData(), self._of_g.currentData())
        return 1 if is_picked else self.n_lanes()

    def absence(self, lane: int | None = None) -> str:
        """Return why a lane's own losses cannot be added; nothing where others were picked."""
        is_own = TRAINED in (self._of_d.currentData(), self._of_g.currentData())
        return super().absence(lane) if is_own else ""

    def pair(self, config: RunConfig, lane: int) -> Pair:
        """Return the losses whose sum is judged for a lane."""
        own, (d, g) = (
            config.lanes[lane].formulation.loss,
            (box.currentData() for box in (self._of_d, self._of_g)),
        )
        of_d = None if d == VALUE else own if d == TRAINED else ADVERSARIAL_LOSSES[d]()
        return of_d, own if g == TRAINED else ADVERSARIAL_LOSSES[g]()

    def rows(self, lane: int, verdict: Addition) -> list[DirectionRow]:
        """Return a lane's table."""
        assert self.snapshot is not None
        assert self.reading is not None
        config = self.snapshot.config
        pair = self.pair(config, lane)
        return table(pair, verdict, now_of(config.lanes[lane].formulation.loss, self.reading, lane, pair))

    def values(self) -> Values:
        """Return the tables, with the verdict in each row."""
        rows: list[tuple[Value, ...]] = []
        if self.reading is not None and self.snapshot is not None:
            config = self.snapshot.config
            for lane, title in enumerate(self.lane_titles(self.n_cells())):
                verdict = addition(*self.pair(config, lane))
                for row in self.rows(lane, verdict):
                    rows.append((title, plain_formula(row.symbol), *row.texts, verdict.sentence))
        heads = (head.format("D(G(z)) or the score") for head in HEADS[1:])
        return Values(("lane", "number", *heads, "sum"), rows)

    def draw_cells(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint each table, or a line a lane where neither tables nor curves of several find room."""
        n = self.n_cells()
        cell = self.cells_in(area)[0]
        if n > 1 and self._is_too_low_for_table(cell) and not self._has_room_for_curves(cell):
            self._draw_verdicts(painter, area.adjusted(12, 4, -12, -4), n, theme)
        else:
            super().draw_cells(painter, area, theme)

    def _is_too_low_for_table(self, cell: QRectF) -> bool:
        return cell.height() < LINES_OF_LANE * line_height(self.fonts().label) + 8

    def _has_room_for_curves(self, cell: QRectF) -> bool:
        if cell.width() < BESIDE_PX + 24 or cell.height() < LOW_CELL_PX:
            return False
        fonts = self.fonts()
        width = (cell.width() - 24) * (1 - BESIDE_SHARE) - line_height(fonts.label)
        n_lines = self._most_lines(self._verdicts(), width)
        return n_lines * line_height(fonts.strong) <= cell.height() - LOW_CELL_PX + LEAST_PX

    def _verdicts(self) -> list[Addition]:
        assert self.snapshot is not None
        return [addition(*self.pair(self.snapshot.config, lane)) for lane in range(self.n_cells())]

    def _most_lines(self, verdicts: list[Addition], width: float) -> int:
        """Return how many lines the longest of some verdicts takes in this width."""
        font, said = self.fonts().strong, (subscripted(_words(verdict)) for verdict in verdicts)
        return max(len(formula_lines(words, font, width)) for words in said)

    def _draw_verdicts(self, painter: QPainter, area: QRectF, n: int, theme: Theme) -> None:
        """Paint one line a lane, where tables find no room: its name, and whether its losses may be added."""
        fonts = self.fonts()
        titles = self.lane_names()[:n]
        names = min(max(text_width(fonts.strong, one.brief) for one in titles) + 12, 0.4 * area.width())
        verdicts = self._verdicts()
        n_lines = self._most_lines(verdicts, area.width() - names)
        step = max(1.0, min(n_lines + 0.6, area.height() / n / line_height(fonts.label))) * line_height(
            fonts.label
        )
        for lane, title in enumerate(titles[: int(area.height() / step)]):
            row = QRectF(area.left(), area.top() + lane * step, area.width(), step)
            title.draw(painter, QRectF(row.left(), row.top(), names - 12, step), theme, fonts)
            self._draw_verdict(painter, row.adjusted(names, 0, 0, 0), verdicts[lane], theme)

    def _draw_verdict(self, painter: QPainter, box: QRectF, verdict: Addition, theme: Theme) -> None:
        is_good = verdict.kind == ADDABLE
        painter.setPen(theme.letters("value") if is_good else QColor(theme.warning))
        painter.setFont(self.fonts().strong)
        words, font = _words(verdict), painter.font()
        lines, height = formula_lines(subscripted(words), font, box.width()), line_height(font)
        most = max(1, int((box.height() + 2) / height))
        if len(lines) == 1 or most == 1:
            brief = words if len(lines) == 1 else words.partition(":")[0]  # the verdict without its reason
            draw_words(painter, box, brief, Qt.AlignmentFlag.AlignLeft)
            return
        lines[most - 1 :] = [" ".join(lines[most - 1 :])] if lines[most - 1 :] else []
        top = box.top() + max(0.0, (box.height() - len(lines) * height) / 2)
        for i, line in enumerate(lines):
            row = QRectF(box.left(), top + i * height, box.width(), height)
            plain = html.unescape(line.replace("<sub>", "_").replace("</sub>", ""))
            draw_words(painter, row, plain, Qt.AlignmentFlag.AlignLeft)

    def draw_cell(self, painter: QPainter, box: QRectF, lane: int, theme: Theme) -> None:
        """Paint a table, the verdict, and where there is room what one sample adds to either number."""
        assert self.snapshot is not None
        fonts, pair = self.fonts(), self.pair(self.snapshot.config, lane)
        verdict, own = addition(*pair), own_terms(pair)
        rows, line = self.rows(lane, verdict), line_height(fonts.label)
        if box.height() < (len(rows) + 2) * line and box.width() >= BESIDE_PX:
            self._draw_without_table(painter, box, verdict, rows, own, theme)
            return
        is_beside = box.width() >= BESIDE_PX and box.height() < 7 * line + NAMED_PX
        table_px = box.width() * (1 - BESIDE_SHARE if is_beside else 1)
        said = subscripted(_words(verdict))
        n_said = len(formula_lines(said, fonts.strong, table_px))
        is_low = box.height() < max(6.5, len(rows) + 1.2 + 1.2 * n_said) * line
        words_px = box.width() if is_low else table_px
        if is_low:
            n_said = len(formula_lines(said, fonts.strong, words_px))
        step = max(line, min(1.7 * line, (box.height() - 4) / (len(rows) + 1 + n_said)))
        head = QRectF(box.left(), box.top(), table_px - (line if is_beside else 0), step)
        draw_table(painter, head, rows, own.name, theme, fonts)
        below = QRectF(box.left(), box.top() + step * (len(rows) + 1), words_px, step)
        plot = QRectF(box.left() + table_px, box.top(), box.width() - table_px, min(box.height(), 9 * line))
        if below.top() + line <= box.bottom() + 2:
            below.setHeight(min((0.2 + 1.2 * n_said) * line, box.bottom() - below.top()))
            self._draw_verdict(painter, below, verdict, theme)
        if not is_beside:
            room = min(box.bottom() - below.bottom() - 4, MOST_PX)
            plot = QRectF(box.left(), below.bottom() + 4, box.width(), room)
        elif is_low:
            plot.setBottom(below.top())
        draw_terms(painter, plot, rows, own, theme, fonts)

    def _draw_without_table(
        self,
        painter: QPainter,
        box: QRectF,
        verdict: Addition,
        rows: list[DirectionRow],
        own: OwnTerms,
        theme: Theme,
    ) -> None:
        """Paint the verdict, and beside it what one sample adds, where that can be added."""
        line = line_height(self.fonts().label)
        plot_px = box.width() * BESIDE_SHARE if own.total is not None else -line
        words_px = box.width() - plot_px - line
        n_lines = self._most_lines([verdict], words_px)
        words = QRectF(box.left(), box.top(), words_px, min(1.1 * n_lines * line, box.height()))
        self._draw_verdict(painter, words, verdict, theme)
        plot = QRectF(box.right() - plot_px, box.top(), plot_px, box.height())
        draw_terms(painter, plot, rows, own, theme, self.fonts())


def _words(verdict: Addition) -> str:
    return f"{'✓' if verdict.kind == ADDABLE else '✗'} {verdict.sentence}"
