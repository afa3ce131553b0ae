"""The box of values beside a crosshair: a table of names and, with several lanes, a column of values a lane."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from ganviz.views.look.formula import draw_formula
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, line_height, translucent
from ganviz.views.plot.read_head import ReadHead, covered_share, share_of
from ganviz.views.plot.read_out import GAP_PX, MARGIN_PX, ReadOut

WIDEST_SHARE = 0.6
"""Of the canvas: a box that would be wider shows its values in brief."""
MOST_COVERED = 0.3
"""Of a plot: where a box would cover more, its values stand above the plot if they cover less there."""
BESIDE_PX = 10.0
"""How far a box stands from the crosshair."""
MOST_ENLARGED_PX = 210.0
LEAST_ENLARGED = 1.5
"""Times what is pointed at: what would be less is not worth a box over its neighbors."""


def draw_read_out(
    painter: QPainter, plot: QRectF, at: float, shown: ReadOut, theme: Theme, fonts: Fonts, bounds: QRectF,
    avoided: Sequence[QRectF] = (),
) -> None:  # fmt: skip
    """Draw a box beside the crosshair at ``at``, where it covers least of what is ``avoided``.

    Where the plot has no room for it the box stands out, but it stays within ``bounds``; lines for which there is no
    room even so are counted in its last one. Of a low plot it would leave little to be seen: the values stand above it.
    """
    whole = shown
    shown = shown.fitting(int((bounds.height() - 12) / _row_height(fonts)) - 1)
    if _width(shown.widths(fonts)) > WIDEST_SHARE * bounds.width():
        shown = shown.in_brief()
    if _width(shown.widths(fonts)) > bounds.width() - 4:
        shown = shown.in_short()
    widths = shown.widths(fonts)
    size = QSizeF(_width(widths), _height(shown, fonts))
    if (covered := share_of(plot, size)) > MOST_COVERED:
        head = ReadHead.fit(whole, plot, at, bounds, fonts)
        is_cut = size.width() > bounds.width() - 4
        if head is not None and (is_cut or covered_share(plot, head.box) < covered):
            head.draw(painter, theme, fonts)
            return
        shown = whole.in_short().fitting(len(shown.rows))  # which leaves more of the plot to be seen
        widths = shown.widths(fonts)
        size.setWidth(_width(widths))
    box = place_box(plot, at, size, bounds, avoided)
    _draw_box(painter, box, shown, widths, theme, fonts)


def draw_read_picture(
    painter: QPainter, cell: QRectF, image: QImage, shown: ReadOut, theme: Theme, fonts: Fonts, bounds: QRectF
) -> bool:
    """Draw a box beside what is pointed at: its values and, below them, an enlarged image of whole square pixels.

    Returns False, and draws nothing, where the image would not be clearly larger than the ``cell`` that shows it.
    """
    widths, head = shown.widths(fonts), _height(shown, fonts)
    room = min(MOST_ENLARGED_PX, 0.45 * bounds.width(), bounds.height() - head - 12)
    times = int(room / max(image.width(), image.height()))
    width, height = float(times * image.width()), float(times * image.height())
    if width < LEAST_ENLARGED * cell.width():
        return False
    size = QSizeF(max(_width(widths), width + 2 * MARGIN_PX), head + height + MARGIN_PX)
    x = cell.right() + BESIDE_PX
    if x + size.width() > bounds.right() - 2:
        x = max(bounds.left() + 2, cell.left() - BESIDE_PX - size.width())
    y = min(max(cell.center().y() - size.height() / 2, bounds.top() + 2), bounds.bottom() - 2 - size.height())
    box = QRectF(QPointF(round(x), round(y)), size)
    _draw_box(painter, box, shown, widths, theme, fonts)
    place = QRectF(round(box.center().x() - width / 2), round(box.top() + head), width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, image)
    painter.restore()
    return True


def _draw_box(
    painter: QPainter, box: QRectF, shown: ReadOut, widths: tuple[float, ...], theme: Theme, fonts: Fonts
) -> None:
    height = _row_height(fonts)
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


def _row_height(fonts: Fonts) -> float:
    return line_height(fonts.tick) + 1


def _height(shown: ReadOut, fonts: Fonts) -> float:
    return _row_height(fonts) * (len(shown.rows) + 1) + 8


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
