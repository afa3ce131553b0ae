"""Direction and range: who makes which number smaller, between which values it lies, and whether two may be added."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox

from ganviz.losses.addition import ADDABLE, Addition, addition
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.facts import AT_MOST_0, Range
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.views.bases.canvas import small_font
from ganviz.views.bases.equilibrium import value_name
from ganviz.views.bases.lane_cells import AbstractLaneCells, cells
from ganviz.views.look.formula import (
    draw_formula,
    draw_words,
    formula_lines,
    formula_width,
    plain_formula,
    subscripted,
)
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, number, text_width
from ganviz.views.plot.values import Value, Values

TRAINED, VALUE = "trained", "value"
HEADS = ("", "better", "any D", "best D", "at equilibrium", "last step")
LINES_OF_LANE = 6
"""A lane's title, heading, three rows and the verdict."""
D_LOSS, G_LOSS, TOTAL, V = "L<sub>D</sub>", "L<sub>G</sub>", "L<sub>D</sub> + L<sub>G</sub>", "V"


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """One number: its symbol, the role whose color it has, and a text for each further column of ``HEADS``."""

    symbol: str
    role: str
    texts: tuple[str, ...]


class DirectionView(AbstractLaneCells):
    """A small table for each lane with a verdict below it; GUI thread only."""

    key: ClassVar[str] = "direction"
    title: ClassVar[str] = "Direction and range"
    short_title: ClassVar[str] = "Range"
    is_of_run: ClassVar[bool] = True
    cell_px: ClassVar[float] = 450.0
    most_columns: ClassVar[int] = 2
    of_d: ClassVar[str] = "is nothing to add to L_G"
    reading: LossTrace | None

    def __init__(self) -> None:
        super().__init__()
        self._of_d = self._box("D's number", "Which number of D is added.", with_value=True)
        self._of_g = self._box("G's loss", "Which loss of G is added.", with_value=False)
        self.controls.addStretch(1)

    def _box(self, name: str, tip: str, *, with_value: bool) -> QComboBox:
        box = QComboBox()
        box.setFont(small_font(box.font()))
        box.setAccessibleName(name)
        box.view().setAccessibleName(f"{name}: choices")
        box.setToolTip(tip)
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
        """Return the history, whose newest values stand in the table."""
        return LossTraceProbe()

    def kind(self) -> type[Reading]:
        """Return the history's class."""
        return LossTrace

    def n_lanes(self) -> int:
        """Return how many lanes the history has."""
        return 0 if self.reading is None else len(self.reading.current)

    def n_cells(self) -> int:
        """Return a table for each lane, or one where no lane's own losses are in it."""
        is_picked = TRAINED not in (self._of_d.currentData(), self._of_g.currentData())
        return 1 if is_picked else self.n_lanes()

    def absence(self, lane: int | None = None) -> str:
        """Return why a lane's own losses cannot be added; nothing where others were picked."""
        is_own = TRAINED in (self._of_d.currentData(), self._of_g.currentData())
        return super().absence(lane) if is_own else ""

    def pair(
        self, config: RunConfig, lane: int
    ) -> tuple[AbstractAdversarialLoss | None, AbstractAdversarialLoss]:
        """Return the losses whose sum is judged for a lane; None is V."""
        own, (d, g) = (
            config.lanes[lane].formulation.loss,
            (box.currentData() for box in (self._of_d, self._of_g)),
        )
        of_d = None if d == VALUE else own if d == TRAINED else ADVERSARIAL_LOSSES[d]()
        return of_d, own if g == TRAINED else ADVERSARIAL_LOSSES[g]()

    def values(self) -> Values:
        """Return the tables, with the verdict in each row."""
        rows: list[tuple[Value, ...]] = []
        if self.reading is not None and self.snapshot is not None:
            config = self.snapshot.config
            for lane, title in enumerate(self.lane_titles(self.n_cells())):
                pair = self.pair(config, lane)
                verdict = addition(*pair)
                for row in table(*pair, verdict, _now(config, self.reading, lane, pair)):
                    rows.append((title, plain_formula(row.symbol), *row.texts, verdict.sentence))
        return Values(("lane", "number", *HEADS[1:], "sum"), rows)

    def draw_cells(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint each table, or a line a lane where several tables find no room."""
        n = self.n_cells()
        height = cells(area, n, self.cell_px, self.most_columns)[0].height()
        if n > 1 and height < LINES_OF_LANE * line_height(self.fonts().label) + 8:
            self._draw_verdicts(painter, area.adjusted(12, 4, -12, -4), n, theme)
        else:
            super().draw_cells(painter, area, theme)

    def _draw_verdicts(self, painter: QPainter, area: QRectF, n: int, theme: Theme) -> None:
        """Paint one line a lane, where tables find no room: its name, and whether its losses may be added."""
        assert self.snapshot is not None
        fonts = self.fonts()
        titles = [self.snapshot.config.lane_title(lane) for lane in range(n)]
        step = max(line_height(fonts.label), min(3.6 * line_height(fonts.label), area.height() / n))
        names = min(max(text_width(fonts.strong, title) for title in titles) + 12, 0.4 * area.width())
        for lane, title in enumerate(titles[: int(area.height() / step)]):
            row = QRectF(area.left(), area.top() + lane * step, area.width(), step)
            painter.setFont(fonts.strong)
            painter.setPen(QColor(theme.text))
            name = QRectF(row.left(), row.top(), names - 12, step)
            draw_text(painter, name, title, Qt.AlignmentFlag.AlignLeft, elide=True)
            verdict = addition(*self.pair(self.snapshot.config, lane))
            self._draw_verdict(painter, row.adjusted(names, 0, 0, 0), verdict, theme)

    def _draw_verdict(self, painter: QPainter, box: QRectF, verdict: Addition, theme: Theme) -> None:
        is_good = verdict.kind == ADDABLE
        painter.setPen(theme.letters("value") if is_good else QColor(theme.warning))
        painter.setFont(self.fonts().strong)
        words, font = f"{'✓' if is_good else '✗'} {verdict.sentence}", painter.font()
        lines, height = formula_lines(subscripted(words), font, box.width()), line_height(font)
        most = max(1, int((box.height() + 2) / height))
        if len(lines) == 1 or most == 1:
            draw_words(painter, box, words, Qt.AlignmentFlag.AlignLeft)
            return
        lines[most - 1 :] = [" ".join(lines[most - 1 :])] if lines[most - 1 :] else []
        for i, line in enumerate(lines):
            row = QRectF(box.left(), box.top() + (i + 0.2) * height, box.width(), height)
            plain = html.unescape(line.replace("<sub>", "_").replace("</sub>", ""))
            draw_words(painter, row, plain, Qt.AlignmentFlag.AlignLeft)

    def draw_cell(self, painter: QPainter, box: QRectF, lane: int, theme: Theme) -> None:
        """Paint a table, and the verdict below it."""
        assert self.snapshot is not None
        assert self.reading is not None
        fonts, config = self.fonts(), self.snapshot.config
        pair = self.pair(config, lane)
        verdict = addition(*pair)
        rows = table(*pair, verdict, _now(config, self.reading, lane, pair))
        line = line_height(fonts.label)
        is_long = text_width(fonts.strong, verdict.sentence) > box.width() - line
        step = max(line, min(1.7 * line, (box.height() - 4) / (len(rows) + 2 + is_long)))
        head = QRectF(box.left(), box.top(), box.width(), step)
        draw_table(painter, head, rows, theme, fonts)
        below = head.translated(0, step * (len(rows) + 1))
        if below.top() + line <= box.bottom() + 2:
            below.setBottom(max(below.bottom(), min(below.top() + 3.8 * line, box.bottom())))
            self._draw_verdict(painter, below, verdict, theme)


def _now(
    config: RunConfig, trace: LossTrace, lane: int,
    pair: tuple[AbstractAdversarialLoss | None, AbstractAdversarialLoss],
) -> dict[str, float]:  # fmt: skip
    """Return the newest values of what is in the table and was trained, by symbol."""
    own = config.lanes[lane].formulation.loss
    found = {}
    for symbol, column, is_own in (
        (D_LOSS, "d_loss", pair[0] == own), (V, "value", own.score_kind == "logit"),
        (G_LOSS, "g_loss", pair[1] == own), (TOTAL, "total", pair == (own, own)),
    ):  # fmt: skip
        if is_own:
            found[symbol] = float(trace.current[lane, trace.column(column)])
    return found


def table(
    of_d: AbstractAdversarialLoss | None,
    of_g: AbstractAdversarialLoss,
    verdict: Addition,
    now: dict[str, float],
) -> list[DirectionRow]:
    """Return the rows: D's number, G's loss and their sum."""
    is_game = of_d is not None and of_d.d_words() == of_g.d_words()
    best = of_g.best_ranges if is_game or of_d is None else None
    own, end = of_g.best_ranges, of_g.equilibrium()
    if of_d is None:
        plain = NonSaturating().equilibrium().d_loss
        limits = NonSaturating().best_ranges
        first = _row(
            V, "value", "D: larger", AT_MOST_0, -limits.d_loss if limits else None, -(plain or 0.0), now
        )
    else:
        d_best = of_d.best_ranges
        first = _row(
            D_LOSS,
            "d_loss",
            "D: smaller",
            verdict.d_range,
            None if d_best is None else d_best.d_loss,
            of_d.equilibrium().d_loss,
            now,
        )
    g_best = own.g_loss if own is not None and best is not None else None
    second = _row(G_LOSS, "g_loss", "G: smaller", verdict.g_range, g_best, end.g_loss, now)
    symbol = TOTAL if of_d is not None else "V + L<sub>G</sub>"
    total = best.total if best is not None and is_game else None
    third = _row(symbol, "total", "nobody's", verdict.total_range, total, end.total if is_game else None, now)
    return [first, second, third]


def _row(
    symbol: str,
    role: str,
    better: str,
    any_d: Range,
    best: Range | None,
    end: float | None,
    now: dict[str, float],
) -> DirectionRow:
    at_end = "open" if end is None else value_name(end)[0]
    newest = number(now[symbol]) if symbol in now else "–"
    return DirectionRow(
        symbol, role, (better, str(any_d), "–" if best is None else _brief(best), at_end, newest)
    )


def _brief(best: Range) -> str:
    """Return a range with bounds that have no name at four figures."""
    text = str(best)
    named = math.isinf(best.low) or best.low == 0 or "ln" in text.split(",")[0]
    return text if named else f"[{best.low:.4g}, ∞)".replace("-", "−")


def draw_table(painter: QPainter, head: QRectF, rows: list[DirectionRow], theme: Theme, fonts: Fonts) -> None:
    """Draw a heading and rows of its height below it; columns that find no room are left out, the last ones stay."""
    columns = [[HEADS[i], *(row.texts[i - 1] for row in rows)] for i in range(1, len(HEADS))]
    widths = [max(formula_width(text, fonts.label) for text in column) + 16 for column in columns]
    left = max(formula_width(row.symbol, fonts.label) for row in rows) + 16
    shown = list(range(len(columns)))
    for dropped in (2, 0, 3, 1):
        if left + sum(widths[i] for i in shown) > head.width() and dropped in shown:
            shown.remove(dropped)
    gap = max(0.0, head.width() - left - sum(widths[i] for i in shown)) / max(len(shown), 1)
    x = head.left() + left
    for i in shown:
        box = QRectF(x, head.top(), widths[i] + gap, head.height())
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        draw_text(painter, box, columns[i][0], Qt.AlignmentFlag.AlignLeft)
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.text))
        for k, text in enumerate(columns[i][1:], start=1):
            draw_text(painter, box.translated(0, k * head.height()), text, Qt.AlignmentFlag.AlignLeft)
        x += widths[i] + gap
    for k, row in enumerate(rows, start=1):
        y = head.top() + k * head.height()
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(head.left(), round(y) + 0.5), QPointF(head.right(), round(y) + 0.5))
        painter.setPen(theme.letters(row.role))
        baseline = y + head.height() / 2 + line_height(fonts.label) * 0.28
        draw_formula(painter, QPointF(head.left(), baseline), row.symbol, fonts.label)
