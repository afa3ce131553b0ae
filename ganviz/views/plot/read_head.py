"""Values of a place above its plot, for plots too low for a box: a line a lane, and a column a quantity."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.look.formula import draw_formula, formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, text_width
from ganviz.views.plot.read_out import GAP_PX, MARGIN_PX, ReadOut

NARROWEST_NAME_PX = 40.0
"""A lane's name is cut to this, but no further."""
NARROWEST_SHARE = 0.5
"""Of the canvas: a plot that is narrower is one of several."""
APART_PX = 3.0
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class ReadHead:
    """A table and where it stands; ``widths`` are those of the names of lanes and of each quantity.

    ``names`` are those of the quantities, each as its one or two lines.
    """

    shown: ReadOut
    box: QRectF
    widths: tuple[float, ...]
    names: tuple[tuple[str, ...], ...]

    @classmethod
    def fit(cls, shown: ReadOut, plot: QRectF, at: float, bounds: QRectF, fonts: Fonts) -> ReadHead | None:
        """Return the table from the top of ``bounds``, or above a plot far from there.

        Where it reaches into the plot it is no wider than its values, on the side that ``at`` is not. Names of two
        words are broken before it is too wide. None where it is so even then, or for a plot among others side by side:
        it would cover what stands above those.
        """
        if plot.width() < NARROWEST_SHARE * bounds.width() or not all(row.values for row in shown.rows):
            return None
        room = bounds.width() - 4 - 2 * MARGIN_PX
        short = shown.in_short()
        ways = (shown, 1.0, False), (shown.in_brief(), 1.0, False), (short, 0.0, False), (short, 0.0, True)
        for one, narrowest, is_broken in ways:
            heads = tuple(_lines(row.name) if is_broken else (row.name,) for row in one.rows)
            names, columns = _widths(one, heads, fonts)
            left = min(names, room - sum(columns) - GAP_PX * len(columns))
            if left >= max(narrowest * names, min(names, NARROWEST_NAME_PX)):
                break
        else:
            return None
        n_lines = max(map(len, heads)) + max(len(row.values) for row in one.rows)
        height = (line_height(fonts.tick) + 1) * n_lines + 6
        above = plot.top() - APART_PX - height
        top = bounds.top() + 1 if above < bounds.top() + height else above
        bottom = max(top + height, plot.top() - APART_PX)  # no half line of a legend below it
        box = QRectF(bounds.left() + 2, top, bounds.width() - 4, bottom - top)
        if bottom > plot.top():
            box.setWidth(left + sum(columns) + GAP_PX * len(columns) + 2 * MARGIN_PX)
            if at < plot.center().x():
                box.moveRight(bounds.right() - 2)
        return cls(one, box, (left, *columns), heads)

    def draw(self, painter: QPainter, theme: Theme, fonts: Fonts) -> None:
        """Draw names of quantities in their colors, and below them a line a lane."""
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(self.box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        height, ascent = line_height(fonts.tick) + 1, QFontMetricsF(fonts.tick).ascent()
        x, top = self.box.left() + MARGIN_PX, self.box.top() + 3
        first = max(map(len, self.names))  # the first lane's line; names of one line stand right above it
        painter.setPen(QColor(theme.muted))
        painter.setFont(fonts.tick)
        for i, name in enumerate((self.shown.title, *self.shown.headings), first - 1):
            draw_text(painter, QRectF(x, top + i * height, self.widths[0], height), name, LEFT, elide=True)
        x += self.widths[0]
        for row, names, width in zip(self.shown.rows, self.names, self.widths[1:], strict=True):
            x += GAP_PX + width
            painter.setPen(theme.letters(row.role))
            for i, name in enumerate(names, first - len(names)):
                start = QPointF(x - formula_width(name, fonts.tick), top + i * height + ascent)
                draw_formula(painter, start, name, fonts.tick)
            painter.setPen(QColor(theme.text))
            painter.setFont(fonts.tick)
            for i, text in enumerate(row.values, first):
                draw_text(painter, QRectF(x - width, top + i * height, width, height), text, RIGHT)


def covered_share(plot: QRectF, box: QRectF) -> float:
    """Return how much of a plot a box covers."""
    both = plot.intersected(box)
    return share_of(plot, both.size())


def share_of(plot: QRectF, size: QSizeF) -> float:
    """Return how much of a plot a box of this size can cover, wherever it stands: layouts do not change on the way."""
    width, height = min(size.width(), plot.width()), min(size.height(), plot.height())
    return width * height / max(1.0, plot.width() * plot.height())


def _lines(name: str) -> tuple[str, ...]:
    """Return a name in two lines where it has several words."""
    return tuple(part for part in name.partition(" ") if part.strip())


def _widths(shown: ReadOut, heads: tuple[tuple[str, ...], ...], fonts: Fonts) -> tuple[float, list[float]]:
    """Return how wide the names of lanes with the title are, and each quantity with its values."""
    names = max(text_width(fonts.tick, text) for text in (shown.title, *shown.headings))
    columns = [
        max(
            *(formula_width(line, fonts.tick) for line in head),
            *(text_width(fonts.tick, text) for text in row.values),
        )
        for row, head in zip(shown.rows, heads, strict=True)
    ]
    return names, columns
