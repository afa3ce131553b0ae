"""What plots are made of: scales with their ticks, axes in pixels, polylines and text, painted with QPainter.

Nothing here keeps state, so the same calls paint to the screen, to an image, to SVG and to PDF. They paint the parts
of a plot in scene pixels: measured, that takes a fraction of the time of pyqtgraph's own items.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QPen

from ganviz.views.theme import Theme, scaled, tabular

Array = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

VECTOR_ENGINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
DASHES: tuple[tuple[float, ...], ...] = ((), (5.0, 3.0), (1.5, 2.0), (7.0, 2.5, 1.5, 2.5))
"""Dash patterns of the lanes, in line widths; the first lane is solid, the fifth starts anew."""

SYMLOG_UNIT = 0.1


def is_vector(painter: QPainter) -> bool:
    """Return whether what is painted becomes a drawing (SVG, PDF) rather than pixels."""
    return painter.paintEngine().type() in VECTOR_ENGINES


@dataclass(frozen=True, slots=True)
class Scale:
    """A way to lay values along an axis: "linear", "symlog" (linear within ±0.1, logarithmic beyond) or "log"."""

    key: str
    title: str

    def forward(self, values: Array) -> Floats:
        """Return positions; values that the scale cannot show become NaN."""
        at: Floats = np.asarray(values, dtype=np.float64)
        if self.key == "symlog":
            at = np.arcsinh(at / SYMLOG_UNIT)
        if self.key == "log":
            at = np.log10(np.where(at > 0, at, np.nan))
        return at

    def backward(self, position: float) -> float:
        """Return the value at a position."""
        if self.key == "symlog":
            return math.sinh(position) * SYMLOG_UNIT
        return 10.0**position if self.key == "log" else position

    def ticks(self, low: float, high: float, n: int) -> list[float]:
        """Return about ``n`` round values between ``low`` and ``high``."""
        if self.key == "linear":
            return linear_ticks(low, high, n)
        decades = _decades(low, high, self.key == "symlog")
        inside = [tick for tick in decades if low <= tick <= high]
        if len(inside) < 3:
            return [t for t in linear_ticks(low, high, n) if self.key == "symlog" or t > 0]
        return inside[:: math.ceil(len(inside) / max(n, 3))] if len(inside) > n + 2 else inside

    def rounded(self, low: float, high: float) -> tuple[float, float]:
        """Return a slightly larger range that ends at round values."""
        if self.key == "linear":
            step = tick_step(low, high, 8)
            return math.floor(low / step - 1e-9) * step, math.ceil(high / step + 1e-9) * step
        if self.key == "log":
            low = max(low, 1e-9)
            return _down(low), round_up(max(high, low * 1.5))
        return _down(low) if low < 0 else min(low, 0.0), round_up(high) if high > 0 else max(high, 0.0)


LINEAR = Scale("linear", "Linear")
SYMLOG = Scale("symlog", "Symlog")
LOG = Scale("log", "Log")
SCALES = (LINEAR, SYMLOG, LOG)


def _down(value: float) -> float:
    """Return the nearest of ±{1, 2, 5}·10ⁿ that is not larger."""
    steps = [s * 10.0**e for e in range(-10, 13) for s in (1, 2, 5)]
    if value >= 0:
        return max((s for s in steps if s <= value * (1 + 1e-9)), default=steps[0])
    return -min((s for s in steps if s >= -value * (1 - 1e-9)), default=steps[-1])


def round_up(value: float) -> float:
    """Return the nearest of {1, 2, 5}·10ⁿ that is not smaller than a positive value."""
    return -_down(-value)


def _decades(low: float, high: float, with_zero: bool) -> list[float]:
    powers = [10.0**e for e in range(-9, 10)]
    if not with_zero:
        narrow = high / max(low, 1e-12) < 200
        return [p * s for p in powers for s in ((1, 2, 5) if narrow else (1,))]
    powers = [p for p in powers if p >= SYMLOG_UNIT]
    return [-p for p in reversed(powers)] + [0.0] + powers


def tick_step(low: float, high: float, n: int) -> float:
    """Return the round distance (1, 2 or 5 times a power of ten) that gives at most about ``n`` ticks."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / max(n, 1)))
    return next((s * power for s in (1, 2, 5, 10) if span / (s * power) <= n), 10 * power)


def linear_ticks(low: float, high: float, n: int) -> list[float]:
    """Return the multiples of a round step between ``low`` and ``high``: about ``n``, and never one alone."""
    ticks: list[float] = []
    for more in range(6):
        step = tick_step(low, high, n + more)
        first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
        ticks = [round(i * step, 12) for i in range(first, last + 1)]
        if len(ticks) > 1:
            break
    return ticks


def number(value: float, digits: int = 3) -> str:
    """Return a value as plots write it: true minus sign, thin groups, no needless zeros in large numbers."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size != 0 and (size >= 1e6 or size < 10 ** -(digits + 1)):
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa}·10{_superscript(int(exponent))}".replace("-", "−")
    shown = digits if size < 100 else max(0, digits - 2)
    return f"{value:.{shown}f}".replace("-", "−")


def tick_text(value: float) -> str:
    """Return a tick's label."""
    if value != 0 and (abs(value) >= 1e6 or abs(value) < 1e-3):
        mantissa, exponent = f"{value:.0e}".split("e")
        head = "" if mantissa in ("1", "-1") else f"{mantissa.lstrip('-')}·"
        return ("−" if value < 0 else "") + f"{head}10{_superscript(int(exponent))}"
    text = f"{value:,.4f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace(",", "\u202f").replace("-", "−")


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


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
        """Return the value at a pixel (linear axes only)."""
        return self.low + (pixel - self.start) / (self.end - self.start) * (self.high - self.low)


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


def text_width(font: QFont, text: str) -> float:
    """Return the width of one line of text in pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def first_fitting(font: QFont, width: float, *texts: str) -> str:
    """Return the first text that is at most ``width`` pixels wide, and nothing when none is."""
    return next((text for text in texts if text_width(font, text) <= width), "")


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


TICK_OVERHANG = 12
"""Pixels by which the last label of a horizontal axis may stand out; charts leave a little more."""


def draw_grid(painter: QPainter, area: QRectF, x: Axis, y: Axis, theme: Theme, fonts: Fonts) -> None:
    """Draw grid lines and tick labels of both axes around ``area``."""
    painter.setFont(fonts.tick)
    height = line_height(fonts.tick)
    painter.setPen(QPen(QColor(theme.grid), 1))
    n_x, n_y = max(2, int(area.width() / 75)), max(2, int(area.height() / 38))
    x_ticks = [(x.pixel(t), tick_text(t)) for t in x.scale.ticks(x.low, x.high, n_x)]
    y_ticks = [(y.pixel(t), tick_text(t)) for t in y.scale.ticks(min(y.low, y.high), max(y.low, y.high), n_y)]
    for at, _ in x_ticks:
        painter.drawLine(QPointF(round(at) + 0.5, area.top()), QPointF(round(at) + 0.5, area.bottom()))
    for at, _ in y_ticks:
        painter.drawLine(QPointF(area.left(), round(at) + 0.5), QPointF(area.right(), round(at) + 0.5))
    painter.setPen(QColor(theme.muted))
    for at, text in x_ticks:
        at = min(at, area.right() + TICK_OVERHANG - text_width(fonts.tick, text) / 2)
        box = QRectF(at - 60, area.bottom() + 3, 120, height)
        draw_text(painter, box, text, Qt.AlignmentFlag.AlignHCenter)
    for at, text in y_ticks:
        box = QRectF(area.left() - 106, at - height / 2, 100, height)
        draw_text(painter, box, text, Qt.AlignmentFlag.AlignRight)


def y_tick_width(y: Axis, height: float, font: QFont) -> float:
    """Return the width that the labels of a vertical axis of that height need."""
    ticks = y.scale.ticks(min(y.low, y.high), max(y.low, y.high), max(2, int(height / 38)))
    return max((text_width(font, tick_text(t)) for t in ticks), default=0.0)


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
