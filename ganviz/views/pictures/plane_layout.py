"""Where planes stand on a canvas, and what their edges say of samples out of sight."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.spec.frozen import dataclass
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.plane_values import NOBODY, Outside
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    first_fitting,
    line_height,
    text_width,
    translucent,
    wrapped,
)

GAP_PX = 8.0
TITLED_PX, SMALL_PX, TINY_PX = 230.0, 150.0, 100.0
"""Several planes have slim bars where they are smaller than the first of these, no axes below the second, and no bars
where they would be smaller than the last beside slim ones."""
MOST_LINES = 4
"""Lines that words at the foot of a plane have at most."""
BELOW_GAIN = 1.08
"""How many times as large planes have to become for their bars to lie below them."""


@dataclass(frozen=True, slots=True)
class BarRoom:
    """What a color bar takes: a width beside a plane or a height below it."""

    beside: float = 0.0
    below: float = 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where planes stand: each one's square, and whether a bar stands at it; all bars are beside or below them.

    ``room`` is a bar's width or height, ``under`` the height that a plane's axis takes below it, ``left`` the width of
    the other one, ``name`` the width that there is for a name above it.
    """

    cells: tuple[QRectF, ...]
    has_bar: tuple[bool, ...]
    room: float
    under: float
    left: float
    name: float
    is_below: bool
    with_axes: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What each of ``n`` planes needs room for around itself; the bar is ``is_shared`` or each plane's own.

    ``name`` is the width of the longest name above one, which planes stand apart for.
    """

    body: QRectF
    n: int
    name: float
    left: float
    title: float
    under: float
    bar: float
    is_below: bool
    is_shared: bool

    def side(self, columns: int) -> float:
        """Return how large planes are in so many columns."""
        rows = math.ceil(self.n / columns)
        beside, below = self.bars(columns, rows)
        width = (self.body.width() - beside) / columns - self.left - GAP_PX
        return min(width, (self.body.height() - below) / rows - self.title - self.under)

    def bars(self, columns: int, rows: int) -> tuple[float, float]:
        """Return the width and the height that all bars take."""
        if self.is_below:
            return 0.0, self.bar * (1 if self.is_shared else rows)
        return self.bar * (1 if self.is_shared else columns), 0.0

    @property
    def columns(self) -> int:
        """Return the best number of columns: side by side is easier to compare, so planes may be smaller for it."""
        return max(range(1, self.n + 1), key=lambda k: self.side(k) * (1 + 0.25 * min(k, 2)))


def squares(
    body: QRectF,
    n: int,
    bars: tuple[BarRoom, BarRoom],
    is_shared: bool,
    fonts: Fonts,
    *,
    name: float,
    axes: tuple[float, float],
) -> Layout:
    """Return where ``n`` planes stand; their bars lie below them where that makes them clearly larger.

    ``bars`` are the room that a bar needs with its title and a slim one. Of several planes that would be small, first
    the bars' titles give way, then the axes, then the bars. ``name`` is the width of the longest name, 0 where there
    is none; ``axes`` are the width and the height that numbers and names of axes take.
    """
    with_axes = min(body.width(), body.height()) > 240
    title = line_height(fonts.label) + 8 if name else 0.0

    def best(bar: BarRoom) -> _Around:
        left, under = axes if with_axes else (2.0, 2.0)
        beside, below = (
            _Around(body, n, name, left, title, under, room, is_below, is_shared)
            for room, is_below in ((bar.beside, False), (bar.below, True))
        )
        return below if below.side(below.columns) > BELOW_GAIN * beside.side(beside.columns) else beside

    around = best(bars[0])
    if n > 1 and (side := around.side(around.columns)) < TITLED_PX:
        with_axes = with_axes and side >= SMALL_PX
        # Words below a plane take a line, which is the slim bar's only where axes are left out, too.
        around = best(BarRoom(bars[1].beside, bars[0].below) if with_axes else bars[1])
        if around.side(around.columns) < TINY_PX:
            around = best(BarRoom())
    return _placed(around, with_axes=with_axes)


def _placed(around: _Around, *, with_axes: bool) -> Layout:
    """Return the squares row by row in the middle of the body; a shared bar is at the end of each row or column."""
    body, n, columns = around.body, around.n, around.columns
    side, rows = max(20.0, math.floor(around.side(columns))), math.ceil(n / columns)
    own_width, own_height = (0.0, 0.0) if around.is_shared else around.bars(1, 1)
    step_x, step_y = side + around.left + GAP_PX + own_width, side + around.title + around.under + own_height
    shared_width, shared_height = around.bars(1, 1) if around.is_shared else (0.0, 0.0)
    step_x = max(step_x, min(around.name + around.left + 6, (body.width() - shared_width) / columns))
    left = body.left() + max(0.0, (body.width() - columns * step_x - shared_width) / 2)
    top = body.top() + max(0.0, (body.height() - rows * step_y - shared_height) / 2)
    cells, has_bar = [], []
    for i in range(n):
        row, column = divmod(i, columns)
        x, y = left + column * step_x + around.left, top + row * step_y + around.title
        cells.append(QRectF(round(x), round(y), side, side))
        is_last = i + columns >= n if around.is_below else column == min(columns, n - row * columns) - 1
        has_bar.append(is_last or not around.is_shared)
    return Layout(
        tuple(cells),
        tuple(has_bar),
        around.bar,
        around.under,
        around.left,
        step_x - around.left - 4,
        around.is_below,
        with_axes,
    )


def draw_foot(painter: QPainter, area: QRectF, words: str, theme: Theme, fonts: Fonts) -> None:
    """Write words near the lower edge of a plane, above what is said of samples beyond it; nothing for no words.

    They stand on as many lines as they need, over a ground on which they can be read above the samples.
    """
    if not words:
        return
    painter.setFont(fonts.tick)
    height, width = line_height(fonts.tick), area.width() - 18
    lines = wrapped(fonts.tick, width, words, MOST_LINES)
    widest = min(width, max(text_width(fonts.tick, line) for line in lines))
    top = area.bottom() - (len(lines) + 1) * height - 6
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(QColor(theme.base), 0.9))
    painter.drawRoundedRect(QRectF(area.left() + 5, top, widest + 8, len(lines) * height), 3, 3)
    painter.setPen(QColor(theme.muted))
    for i, line in enumerate(lines):
        row = QRectF(area.left() + 9, top + i * height, width, height)
        draw_text(painter, row, line, Qt.AlignmentFlag.AlignLeft, elide=True)


def draw_outside(painter: QPainter, area: QRectF, counts: Outside, theme: Theme, fonts: Fonts) -> None:
    """Say at each edge of a plane how many samples lie beyond it; upright edges are written upwards."""
    if counts == NOBODY:
        return
    painter.setFont(fonts.tick)
    height = line_height(fonts.tick)
    upright = QRectF(-area.height() / 2, -area.width() / 2, area.height(), area.width())
    level = QRectF(-area.width() / 2, -area.height() / 2, area.width(), area.height())
    # Turned with their text, arrows that point up and down point left and right.
    for count, arrow, row, is_end in (
        (counts.left, "↑", upright, False),
        (counts.right, "↓", upright, True),
        (counts.above, "↑", level, False),
        (counts.below, "↓", level, True),
    ):
        noun = "sample" if count == 1 else "samples"
        texts = (f"{count} {noun} outside {arrow}", f"{count} {arrow}")
        text = first_fitting(fonts.tick, row.width() * 0.6, *texts) if count else ""
        if not text:
            continue
        width = text_width(fonts.tick, text) + 10
        top = row.bottom() - height - 3 if is_end else row.top() + 3
        box = QRectF(-width / 2, top, width, height)
        painter.save()
        painter.translate(area.center())
        if row is upright:
            painter.rotate(-90)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(translucent(QColor(theme.base), 0.8))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(theme.text))
        draw_text(painter, box, text, Qt.AlignmentFlag.AlignHCenter)
        painter.restore()
