"""What plots are made of: axes in pixels, polylines and text, painted with QPainter.

Nothing here keeps state, so the same calls paint to the screen, to an image, to SVG and to PDF. They paint the parts
of a plot in scene pixels: measured, that takes a fraction of the time of pyqtgraph's own items.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintDevice, QPaintEngine, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.look.theme import Theme, scaled, tabular
from ganviz.views.plot.scales import LINEAR, Array, Floats, Scale, superscript, told_ticks

VECTOR_ENGINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
DASHES: tuple[tuple[float, ...], ...] = ((), (5.0, 3.0), (1.5, 2.0), (7.0, 2.5, 1.5, 2.5))
"""Dash patterns of the lanes, in line widths; the first lane is solid, the fifth starts anew."""
CURVE_PX = 2.0
"""The width of the curves that a chart is about."""


def is_vector(painter: QPainter) -> bool:
    """Return whether what is painted becomes a drawing (SVG, PDF) rather than pixels."""
    return painter.paintEngine().type() in VECTOR_ENGINES


def number(value: float, digits: int = 3) -> str:
    """Return a value as plots write it: true minus sign, no needless zeros, and none at all for what is not zero."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size != 0 and (size >= 1e6 or size < 0.5 * 10.0 ** -max(digits, 3)):
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa}·10{superscript(int(exponent))}".replace("-", "−")
    shown = digits if size < 100 else max(0, digits - 2)
    return f"{value:z.{shown}f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values laid along pixels: ``low`` at ``start``, ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float
    scale: Scale = LINEAR

    def pixels(self, values: Array) -> Floats:
        """Return pixel positions; NaN where the scale cannot show a value."""
        a, b = self.scale.forward(np.array([self.low, self.high]))
        found: Floats = self.start + (self.scale.forward(values) - a) * ((self.end - self.start) / (b - a))
        return found

    def pixel(self, value: float) -> float:
        """Return one pixel position."""
        return float(self.pixels(np.array([value]))[0])

    def value(self, pixel: float) -> float:
        """Return the value at a pixel."""
        a, b = self.scale.forward(np.array([self.low, self.high])).tolist()
        return self.scale.backward(a + (pixel - self.start) / (self.end - self.start) * (b - a))


@dataclass(frozen=True, slots=True)
class Fonts:
    """The four letter sizes of plots."""

    tick: QFont
    label: QFont
    strong: QFont
    large: QFont

    @classmethod
    def of(cls, base: QFont) -> Fonts:
        """Return the sizes that go with a widget's font."""
        base = tabular(base)
        strong = scaled(base, 0.96)
        strong.setWeight(QFont.Weight.DemiBold)
        return cls(scaled(base, 0.86), scaled(base, 0.92), strong, scaled(base, 1.75, bold=True))


def line_pen(color: QColor, width: float, lane: int = 0) -> QPen:
    """Return the pen of a lane's curve: solid for the first, dashed for further ones."""
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    dash = DASHES[lane % len(DASHES)]
    if dash:
        pen.setDashPattern([length / max(width, 1.0) * 1.6 for length in dash])
    return pen


def translucent(color: QColor, alpha: float) -> QColor:
    """Return the color at an opacity of 0 … 1."""
    result = QColor(color)
    result.setAlphaF(alpha)
    return result


def mixed(color: QColor, base: QColor, share: float) -> QColor:
    """Return what ``color`` looks like on ``base`` at an opacity of ``share``."""
    red, green, blue = (
        share * one + (1 - share) * other
        for one, other in (
            (color.redF(), base.redF()), (color.greenF(), base.greenF()), (color.blueF(), base.blueF())
        )
    )  # fmt: skip
    return QColor.fromRgbF(red, green, blue)


@contextlib.contextmanager
def painting_on(device: QPaintDevice, painter: QPainter | None = None) -> Iterator[QPainter]:
    """Give a painter and end it whatever happens: a painter that an exception leaves open takes the process down."""
    painter = QPainter() if painter is None else painter
    painter.begin(device)
    try:
        yield painter
    finally:
        painter.end()


@lru_cache(maxsize=4096)
def text_width(font: QFont, text: str) -> float:
    """Return the width of one line of text in pixels; kept, for most of a picture's words stand in the next, too."""
    return QFontMetricsF(font).horizontalAdvance(text)


USUAL_LINE_PX = 13.0
"""Height of a line of labels in letters of the usual size, about."""


def letters_share(fonts: Fonts) -> float:
    """Return how many times as large as usual letters are, at least 1: marks beside words grow with them."""
    return max(1.0, line_height(fonts.label) / USUAL_LINE_PX)


def first_fitting(font: QFont, width: float, *texts: str) -> str:
    """Return the first text that is at most ``width`` pixels wide, and nothing when none is."""
    return next((text for text in texts if text_width(font, text) <= width), "")


def wrapped(font: QFont, width: float, text: str, most: int) -> list[str]:
    """Return words on at most so many lines that are not wider; the last has all that is left, however wide."""
    lines = [""]
    for word in filter(None, text.split(" ")):  # bare split() splits at the thin spaces in numbers, too
        longer = f"{lines[-1]} {word}".strip()
        if len(lines) < most and lines[-1] and text_width(font, longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def flowed(font: QFont, width: float, pieces: Sequence[str], gap: str = "   ") -> list[str]:
    """Return pieces on as many lines as it takes, with a gap between two; one that is wider than a line is cut."""
    lines: list[str] = []
    metrics = QFontMetricsF(font)
    for piece in pieces:
        cut = metrics.elidedText(piece, Qt.TextElideMode.ElideRight, width)
        longer = f"{lines[-1]}{gap}{cut}" if lines else ""
        if longer and text_width(font, longer) <= width:
            lines[-1] = longer
        else:
            lines.append(cut)
    return lines


def line_height(font: QFont) -> float:
    """Return the height of one line of text in pixels."""
    return QFontMetricsF(font).height()


def draw_text(
    painter: QPainter, area: QRectF, text: str, align: Qt.AlignmentFlag, *, elide: bool = False
) -> None:
    """Draw one line of text in the painter's font and pen; with ``elide`` it is cut to fit."""
    metrics = QFontMetricsF(painter.font())
    if elide:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    x = area.left()
    if align & Qt.AlignmentFlag.AlignRight:
        x = area.right() - metrics.horizontalAdvance(text)
    elif align & Qt.AlignmentFlag.AlignHCenter:
        x = area.center().x() - metrics.horizontalAdvance(text) / 2
    y = area.center().y() + (metrics.ascent() - metrics.descent()) / 2
    if align & Qt.AlignmentFlag.AlignTop:
        y = area.top() + metrics.ascent()
    elif align & Qt.AlignmentFlag.AlignBottom:
        y = area.bottom() - metrics.descent()
    painter.drawText(QPointF(x, y), text)


def draw_sentence(painter: QPainter, area: QRectF, text: str) -> None:
    """Draw text in the middle of an area, in as many lines as it takes, each centered."""
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(area.adjusted(14, 6, -14, -6), flags, text)


TICK_OVERHANG = 12
"""Pixels by which the last label of a horizontal axis may stand out; charts leave a little more."""


TICK_GAP, TICK_OVERLAP, TICK_BELOW = 4, 3, 4
"""Between labels below an axis, by how much lines of labels beside one may share (a line has room above letters), and
how far such a line may stand out below."""


TICK_EVERY, ROW_EVERY = 75, 38
"""Pixels between ticks of a horizontal axis, about, and of a vertical one; a plane has the first on both."""


def axis_ticks(axis: Axis, length: float, every: float) -> list[tuple[float, str]]:
    """Return places in pixels and labels of an axis's ticks, one in so many of its ``length`` pixels."""
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    ticks = axis.scale.ticks(low, high, max(2, int(length / every)))
    return [(axis.pixel(t), axis.scale.text(t)) for t in ticks]


def draw_grid(
    painter: QPainter,
    area: QRectF,
    x: Axis,
    y: Axis,
    theme: Theme,
    fonts: Fonts,
    *,
    is_plane: bool = False,
    begin: float = -math.inf,
) -> None:
    """Draw grid lines and tick labels of both axes around ``area``; a plane's stand as close on both.

    Those below it stand right of ``begin``, the first one beside its line where it has to.
    """
    painter.setFont(fonts.tick)
    height = line_height(fonts.tick)
    painter.setPen(QPen(QColor(theme.grid), 1))
    x_ticks = axis_ticks(x, area.width(), TICK_EVERY)
    y_ticks = axis_ticks(y, area.height(), TICK_EVERY if is_plane else ROW_EVERY)
    for at, _ in x_ticks:
        painter.drawLine(QPointF(round(at) + 0.5, area.top()), QPointF(round(at) + 0.5, area.bottom()))
    for at, _ in y_ticks:
        painter.drawLine(QPointF(area.left(), round(at) + 0.5), QPointF(area.right(), round(at) + 0.5))
    painter.setPen(QColor(theme.muted))
    free = begin
    for at, text in x_ticks:
        half = text_width(fonts.tick, text) / 2
        at = min(max(at, min(begin, area.left()) + half), area.right() + TICK_OVERHANG - half)
        if at - half >= free:
            free = at + half + TICK_GAP
            draw_text(
                painter, QRectF(at - 60, area.bottom() + 3, 120, height), text, Qt.AlignmentFlag.AlignHCenter
            )
    lowest = area.bottom() + TICK_BELOW - height / 2  # farther down is the word beside the other axis
    for at, text in told_ticks([(min(at, lowest), text) for at, text in y_ticks], height - TICK_OVERLAP):
        box = QRectF(area.left() - 106, at - height / 2, 100, height)
        draw_text(painter, box, text, Qt.AlignmentFlag.AlignRight)


def y_tick_width(y: Axis, height: float, font: QFont, every: float = ROW_EVERY) -> float:
    """Return the width that the labels of a vertical axis of that height need, one in so many pixels."""
    return max((text_width(font, text) for _, text in axis_ticks(y, height, every)), default=0.0)


def draw_vertical_label(painter: QPainter, left: float, area: QRectF, *texts: str) -> None:
    """Draw the first of ``texts`` that fits upwards beside ``area``, centered, with its left edge at ``left``."""
    text = first_fitting(painter.font(), area.height() + 8, *texts)
    painter.save()
    painter.translate(left, area.center().y())
    painter.rotate(-90)
    height = line_height(painter.font())
    draw_text(
        painter, QRectF(-area.height() / 2, 0, area.height(), height), text, Qt.AlignmentFlag.AlignHCenter
    )
    painter.restore()
