"""Curves from arrays to pixels, fast enough to be drawn thirty times a second: polylines, pieces, dashes."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from shiboken6 import VoidPtr, wrapInstance

from ganviz.views.plot.plotting import Axis, is_vector
from ganviz.views.plot.scales import Array
from ganviz.views.plot.track import Track

FAR_PX = 1e12
"""Nothing is seen of what lies farther away; whole pixels are numbers up to there."""
FARTHEST_PX = 30_000
"""No screen shows what is beyond, and Qt takes minutes to fill up to there, or ends where it copies a picture to."""


def polygon(x: Array, y: Array) -> QPolygonF:
    """Return points as Qt draws them."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        memory = np.frombuffer(_memory(made), dtype=np.float64).reshape(-1, 2)
        memory[:, 0], memory[:, 1] = x, y
    return made


def _memory(points: QPolygonF) -> Any:
    """Return the writable memory of a polygon; the type stubs do not know this use of VoidPtr."""
    make: Any = VoidPtr
    return make(points.data(), 16 * points.size(), True)


def address(values: Array) -> int:
    """Return where NumPy has an array; ``ctypes.data`` says the same, slowly."""
    found: int = values.__array_interface__["data"][0]
    return found


def segments(x: Array, y: Array) -> Array:
    """Return the finite pieces between neighboring points as ``[n, 4]``: x and y of both ends."""
    return _between(x, y, np.ones(max(0, len(x) - 1), dtype=np.bool_))


def _between(x: Array, y: Array, chosen: NDArray[np.bool_]) -> Array:
    """Return the chosen pieces between neighboring points, as far as they are finite."""
    known = np.isfinite(x) & np.isfinite(y)
    first = np.flatnonzero(known[1:] & known[:-1] & chosen)
    found = np.empty((len(first), 4))
    found[:, 0], found[:, 1], found[:, 2], found[:, 3] = x[first], y[first], x[first + 1], y[first + 1]
    return found


def draw_segments(painter: QPainter, ends: Array) -> None:
    """Draw lines between ends ``[n, 4]``.

    Qt reads them where NumPy has them: to make an object of each would take as long as drawing them.
    """
    if len(ends):
        lines = np.ascontiguousarray(ends, dtype=np.float64)
        painter.drawLines(cast("QLineF", wrapInstance(address(lines), QLineF)), len(lines))


def draw_triangles(painter: QPainter, corners: Array) -> None:
    """Fill triangles ``[n, 6]``: x and y of each corner.

    In drawings they are one path. On screen they are drawn one by one, which takes Qt a third of the time, by one
    polygon that is moved: to make one of each takes as long as drawing it.
    """
    if is_vector(painter):
        painter.drawPath(_outlines(corners))
        return
    triangle = polygon(np.zeros(3), np.zeros(3))
    memory = np.frombuffer(_memory(triangle), dtype=np.float64)
    for corner in corners:
        memory[:] = corner
        painter.drawPolygon(triangle)


def _outlines(corners: Array) -> QPainterPath:
    path = QPainterPath()
    for x, y, left, below, right, above in corners.tolist():
        path.moveTo(x, y)
        path.lineTo(left, below)
        path.lineTo(right, above)
        path.lineTo(x, y)
    return path


def draw_curve(painter: QPainter, x: Array, y: Array, pen: QPen) -> None:
    """Draw a polyline through pixels, broken at NaN.

    On screen it is drawn piece by piece with square caps, which looks the same: Qt takes eight times as long to find
    the outline of a wide, noisy polyline. In drawings it stays one path.
    """
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return
    painter.setPen(pen)
    if is_vector(painter) or pen.widthF() <= 1:
        for start, end in runs(known):
            painter.drawPolyline(polygon(x[start:end], y[start:end]))
        return
    drawn = QPen(pen.color(), pen.widthF())
    drawn.setCapStyle(Qt.PenCapStyle.SquareCap)
    dash = [length * pen.widthF() for length in pen.dashPattern()]
    if dash:
        drawn.setCapStyle(Qt.PenCapStyle.FlatCap)
        seen = painter.clipBoundingRect() if painter.hasClipping() else QRectF(painter.window())
        both = (np.asarray(part, dtype=np.float64).tobytes() for part in (x, y))
        ends = _dashed_before(*both, tuple(dash), seen.getRect())
    else:
        ends = segments(x, y)
    painter.setPen(drawn)
    draw_segments(painter, ends)


@lru_cache(maxsize=32)
def _dashed_before(
    x: bytes, y: bytes, lengths: tuple[float, ...], seen: tuple[float, float, float, float]
) -> Array:
    """Return what :func:`dashed` does of numbers in memory: many a curve is drawn thirty times a second as it was."""
    return dashed(np.frombuffer(x), np.frombuffer(y), list(lengths), QRectF(*seen))


def dashed(x: Array, y: Array, lengths: list[float], seen: QRectF) -> Array:
    """Return the pieces of a dashed polyline, ``[n, 4]``; ``lengths`` are of dash, gap, dash, gap … in pixels.

    Only what is seen has gaps: a curve that leaves a picture one has zoomed into may be too long for memory. A curve
    that leaves it nowhere, as most do, is not asked where it does: that takes as long as all the rest.
    """
    left, top, right, bottom = seen.left(), seen.top(), seen.right(), seen.bottom()
    leaves = bool(((x < left) | (x > right) | (y < top) | (y > bottom)).any())  # NaN leaves it nowhere
    if leaves:
        x, y = np.clip(x, -FAR_PX, FAR_PX), np.clip(y, -FAR_PX, FAR_PX)
    dx, dy = x[1:] - x[:-1], y[1:] - y[:-1]
    step = np.hypot(dx, dy)
    step[~np.isfinite(step)] = 0.0
    along = np.zeros(len(x))
    np.cumsum(step, out=along[1:])
    period, ends = sum(lengths), np.cumsum(lengths)
    if leaves:
        periods = _periods(along[:-1] + shares_seen(x, y, seen) * step, period)
    else:
        periods = np.arange(int(along[-1] // period) + 1)
    cuts = (period * periods[:, None] + ends).ravel()
    cuts = cuts[(cuts > 0.0) & (cuts < along[-1])]
    finite = np.isfinite(x) & np.isfinite(y)
    places = along[finite]
    new_x, new_y = (np.interp(cuts, places, values[finite]) for values in (x, y))
    at = np.concatenate((along, cuts))
    order = np.argsort(at, kind="stable")
    x, y, at = np.concatenate((x, new_x))[order], np.concatenate((y, new_y))[order], at[order]
    is_dash = np.searchsorted(ends, (at[1:] + at[:-1]) / 2 % period, side="right") % 2 == 0
    return _between(x, y, is_dash)


def shares_seen(x: Array, y: Array, seen: QRectF) -> Array:
    """Return where each piece of a polyline comes into a rectangle and leaves it, ``[2, n]``; NaN where it does not."""
    begin, end = np.zeros(len(x) - 1), np.ones(len(x) - 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for values, low, high in ((x, seen.left(), seen.right()), (y, seen.top(), seen.bottom())):
            bounds = (np.array([[low], [high]]) - values[:-1]) / np.diff(values)
            inside = (values[:-1] >= low) & (values[:-1] <= high)
            bounds[:, np.diff(values) == 0] = np.where(inside, [[-np.inf], [np.inf]], np.nan)[
                :, np.diff(values) == 0
            ]
            begin, end = np.maximum(begin, bounds.min(axis=0)), np.minimum(end, bounds.max(axis=0))
    return np.where(begin <= end, (begin, end), np.nan)


def _periods(intervals: Array, period: float) -> NDArray[np.int64]:
    """Return the numbers of the periods that intervals ``[2, n]`` reach into, and of the one before each."""
    known = intervals[:, np.isfinite(intervals).all(axis=0)]
    first, last = np.floor(known / period).astype(np.int64) - np.array([[1], [0]])
    counts = last - first + 1
    before = np.cumsum(counts) - counts
    return np.unique(np.repeat(first - before, counts) + np.arange(counts.sum()))


def runs(finite: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the half-open index ranges in which ``finite`` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def draw_line(painter: QPainter, x: Axis, y: Axis, steps: np.ndarray, values: np.ndarray, pen: QPen) -> None:
    """Draw a curve, with a dot where a value has no neighbors."""
    at_x, at_y = x.pixels(steps), y.pixels(values)
    draw_curve(painter, at_x, at_y, pen)
    for start, end in runs(np.isfinite(at_x) & np.isfinite(at_y)):
        if end - start == 1:
            _draw_dot(painter, QPointF(at_x[start], at_y[start]), pen)


def _draw_dot(painter: QPainter, at: QPointF, pen: QPen) -> None:
    """Draw a dot that is told from a speck of the curve's own width."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    painter.drawEllipse(at, 0.75 * pen.widthF() + 0.75, 0.75 * pen.widthF() + 0.75)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_band(painter: QPainter, x: Axis, y: Axis, one: Track, color: QColor) -> None:
    """Fill what lies between a track's smallest and largest values."""
    at_x, low, high = x.pixels(one.steps), y.pixels(one.low), y.pixels(one.high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_vector(painter))
    for start, end in runs(np.isfinite(at_x) & np.isfinite(low) & np.isfinite(high)):
        if end - start >= 2 and float(np.abs(low[start:end] - high[start:end]).max()) >= 1.0:
            fill_below_line(painter, at_x[start:end], low[start:end], high[start:end])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def fill_below_line(painter: QPainter, x: Array, low: Array, high: Array) -> None:
    """Fill what lies between two finite curves whose edge need not be smooth: a noisy one, or under a line.

    On screen that is a column of each pixel: Qt takes three to ten times as long to fill such a polygon.
    """
    (_fill_outline if is_vector(painter) else _fill_columns)(painter, x, low, high)


def fill_between(painter: QPainter, x: Array, low: Array, high: Array) -> None:
    """Fill what lies between two curves, with gaps where one of them is unknown."""
    for start, end in runs(np.isfinite(x) & np.isfinite(low) & np.isfinite(high)):
        _fill_outline(painter, x[start:end], low[start:end], high[start:end])


def _fill_outline(painter: QPainter, x: Array, low: Array, high: Array) -> None:
    low, high = (np.clip(edge, -FARTHEST_PX, FARTHEST_PX) for edge in (low, high))
    painter.drawPolygon(polygon(np.concatenate((x, x[::-1])), np.concatenate((high, low[::-1]))))


def _fill_columns(painter: QPainter, x: Array, low: Array, high: Array) -> None:
    """Fill what lies between two curves, a column of each of the device's pixels, by one picture.

    Qt takes ten to fifty times as long for the columns as rectangles: each lies on as many lines as it is high.
    """
    scale, box = painter.combinedTransform().m11(), _seen(painter)
    first, end = math.floor(x[0] * scale), max(math.ceil(x[-1] * scale), math.floor(x[0] * scale) + 1)
    left = np.arange(max(first, math.floor(box.left() * scale)), min(end, math.ceil(box.right() * scale)))
    if not len(left):
        return
    top, bottom = (np.round(np.interp((left + 0.5) / scale, x, edge) * scale) for edge in (high, low))
    upper = max(top.min(), math.floor(box.top() * scale))
    lower = min(bottom.max(), math.ceil(box.bottom() * scale))
    if not upper < lower:
        return
    lines = np.arange(upper, lower)[:, None]
    color = np.uint32(_as_painted(painter.brush().color().rgba()))
    pixels = np.where((lines >= top) & (lines < bottom), color, np.uint32(0))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    painter.drawImage(QPointF(left[0] / scale, upper / scale), image)


def _seen(painter: QPainter) -> QRectF:
    """Return what is painted on at most, in the painter's own coordinates."""
    if painter.hasClipping():
        return painter.clipBoundingRect()
    device = painter.device()
    scale = device.devicePixelRatio()
    back, _ = painter.combinedTransform().inverted()
    return back.mapRect(QRectF(0, 0, device.width() * scale, device.height() * scale))


@lru_cache(maxsize=64)
def _as_painted(color: int) -> int:
    """Return the pixel that a color of QRgb leaves on an empty picture: what Qt blends, rounded as Qt does."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.fillRect(0, 0, 1, 1, QColor.fromRgba(color))
    painter.end()
    return int(np.frombuffer(image.constBits(), dtype=np.uint32)[0])
