"""The box of values beside a crosshair: a table of names and, with several lanes, a column of values a lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.look.formula import draw_formula, formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, text_width, translucent

WIDEST_SHARE = 0.6
"""Of the canvas: a box that would be wider shows its values in brief."""
WIDEST_HEADING_PX = 84.0
GAP_PX = 12.0
MARGIN_PX = 7.0
BESIDE_PX = 10.0
"""How far a box stands from the crosshair."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One line: ``role`` is its color, ``name`` is HTML, and ``values`` has a text a column.

    ``brief`` has shorter texts for boxes that have little room.
    """

    role: str
    name: str
    values: tuple[str, ...]
    brief: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadOut:
    """A title, the headings of the columns (none for a single one), and the lines."""

    title: str
    rows: tuple[ReadRow, ...]
    headings: tuple[str, ...] = ()

    def in_brief(self) -> ReadOut:
        """Return the same with the shorter texts."""
        return replace(self, rows=tuple(replace(row, values=row.brief or row.values) for row in self.rows))

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


def draw_read_out(
    painter: QPainter, plot: QRectF, at: float, shown: ReadOut, theme: Theme, fonts: Fonts, bounds: QRectF,
    avoided: Sequence[QRectF] = (),
) -> None:  # fmt: skip
    """Draw a box beside the crosshair at ``at``, where it covers least of what is ``avoided``.

    Where the plot has no room for it the box stands out, but it stays within ``bounds``; lines for which there is no
    room even so are counted in its last one.
    """
    height = line_height(fonts.tick) + 1
    shown = shown.fitting(int((bounds.height() - 12) / height) - 1)
    if _width(shown.widths(fonts)) > WIDEST_SHARE * bounds.width():
        shown = shown.in_brief()
    widths = shown.widths(fonts)
    size = QSizeF(_width(widths), height * (len(shown.rows) + 1) + 8)
    box = place_box(plot, at, size, bounds, avoided)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(translucent(QColor(theme.raised), 0.95))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(theme.muted))
    painter.setFont(fonts.tick)
    baseline = box.top() + height
    painter.drawText(QPointF(box.left() + MARGIN_PX, baseline), shown.title)
    _draw_values(painter, box, baseline, shown.headings, widths, fonts)
    for row in shown.rows:
        baseline += height
        painter.setPen(theme.letters(row.role))
        draw_formula(painter, QPointF(box.left() + MARGIN_PX, baseline), row.name, fonts.tick)
        painter.setPen(QColor(theme.text))
        painter.setFont(fonts.tick)
        _draw_values(painter, box, baseline, row.values, widths, fonts)


def _width(widths: tuple[float, ...]) -> float:
    return sum(widths) + GAP_PX * (len(widths) - 1) + 2 * MARGIN_PX


def place_box(plot: QRectF, at: float, size: QSizeF, bounds: QRectF, avoided: Sequence[QRectF]) -> QRectF:
    """Return a place right of ``at``, else left of it, else where it covers least of what is pointed at.

    Of the tops of both sides, from the plot's top down, it is the first that covers least of what is ``avoided``.
    """
    width, height = size.width(), size.height()
    left, right = at - BESIDE_PX - width, at + BESIDE_PX
    fits_right = right + width < plot.right()
    has_more_right = bounds.right() - at > at - bounds.left()
    sides = (right, left) if fits_right or (left < bounds.left() + 2 and has_more_right) else (left, right)
    highest, lowest, rightmost = bounds.top() + 2, bounds.bottom() - 2 - height, bounds.right() - 2 - width
    chips = [one.bottom() for one in avoided if plot.contains(one)]
    tops = plot.top() + 6, max(chips, default=plot.top()) + 4, plot.bottom() - 6 - height
    places = [
        (max(bounds.left() + 2, min(x, rightmost)), max(highest, min(y, lowest))) for x in sides for y in tops
    ]
    line = [(at - 1, bounds.top(), at + 1, bounds.bottom())]  # more than all else the crosshair is to be seen
    corners = [(one.left(), one.top(), one.right(), one.bottom()) for one in avoided]
    costs = [
        (_covered((x, y, x + width, y + height), line), _covered((x, y, x + width, y + height), corners))
        for x, y in places
    ]
    return QRectF(*places[costs.index(min(costs))], width, height)


Corners = tuple[float, float, float, float]


def _covered(box: Corners, others: Sequence[Corners]) -> float:
    """Return how many square pixels of others a box covers; rectangles of Qt's take several times as long."""
    left, top, right, bottom = box
    return sum(
        max(0.0, min(right, x1) - max(left, x0)) * max(0.0, min(bottom, y1) - max(top, y0))
        for x0, y0, x1, y1 in others
    )


def _draw_values(
    painter: QPainter,
    box: QRectF,
    baseline: float,
    texts: tuple[str, ...],
    widths: tuple[float, ...],
    fonts: Fonts,
) -> None:
    """Draw texts at the right of their columns, cut where they are headings too long for one."""
    metrics = QFontMetricsF(fonts.tick)
    x = box.left() + MARGIN_PX + widths[0]
    for text, width in zip(texts, widths[1:], strict=False):
        x += GAP_PX + width
        row = QRectF(x - width, baseline - metrics.ascent(), width, metrics.height())
        draw_text(
            painter, row, text, Qt.AlignmentFlag.AlignRight, elide=metrics.horizontalAdvance(text) > width
        )
