"""A small picture of what an experiment shows, drawn from kept numbers in the window's colors.

Where a person is asked what will come, it shows the data alone, and a question mark.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ganviz.session.experiment_pictures import LEVELS, Curve, Pane, Picture, kept_picture
from ganviz.session.experiments import Experiment
from ganviz.views.look.theme import Theme, scaled, theme_of
from ganviz.views.plot.plotting import translucent

SIZE = QSize(116, 74)
LINE_PX = 14
"""The height of a line of the letters beside pictures of that size: larger ones have larger pictures."""
DOT_PX = 1.1
CROSS_PX = 3.5
N_REAL = {"plane": 120, "line": 400}
"""How many real samples stand for data of a kind."""
ROLES = {
    "d_loss": "d_loss", "g_loss": "g_loss", "d_real": "real", "d_fake": "generated", "value": "value",
    "real_probability": "real", "fake_probability": "generated",
}  # fmt: skip
"""The color of a column; all others are totals."""
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
"""Lanes are told apart by them."""

Values = NDArray[np.float64]


class ExperimentPicture(QWidget):
    """Reads its numbers when it is first painted; of an experiment without any it shows the data. GUI thread only."""

    def __init__(self, one: Experiment) -> None:
        super().__init__()
        self._one = one
        self._picture: Picture | None = None
        self.setFixedSize(SIZE * max(1.0, self.fontMetrics().height() / LINE_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture in its frame."""
        is_asked = self._one.prediction is not None
        if self._picture is None:
            kept = None if is_asked else kept_picture(self._one.key)
            self._picture = kept or _of_the_data(self._one)
        theme, frame = theme_of(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(frame, QColor(theme.base))
        if self._picture.curves:
            _draw_curves(painter, frame.adjusted(4, 5, -4, -5), self._picture.curves, theme)
        n = max(1, len(self._picture.panes))
        for i, pane in enumerate(self._picture.panes):
            part = QRectF(
                frame.left() + i * frame.width() / n, frame.top(), frame.width() / n, frame.height()
            )
            if i:
                painter.setPen(QPen(QColor(theme.border), 1))
                painter.drawLine(part.topLeft(), part.bottomLeft())
            _DRAWN[self._picture.kind](painter, part.adjusted(3, 3, -3, -3), pane, theme)
        if is_asked:
            painter.setFont(scaled(self.font(), 1.8, bold=True))
            painter.setPen(QColor(theme.muted))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, "?")
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        painter.end()


def _of_the_data(one: Experiment) -> Picture:
    """Return what is known before anything was played: some real samples, where they are points or numbers."""
    data = one.config.distribution
    if data.kind.name not in N_REAL:
        return Picture("", 0.0, data.kind.name, [], [])
    real = data.sample(N_REAL[data.kind.name], np.random.default_rng(3))
    return Picture("", 0.0, data.kind.name, [Pane(real.squeeze().tolist(), [])], [])


def _draw_points(painter: QPainter, area: QRectF, pane: Pane, theme: Theme) -> None:
    """Paint samples of the plane, both axes in one scale, generated ones in front."""
    real = np.array(pane.real, dtype=float)
    middle = (real.min(axis=0) + real.max(axis=0)) / 2
    unit = min(area.width(), area.height()) / (1.15 * float(np.ptp(real, axis=0).max()))
    painter.save()
    painter.setClipRect(area.adjusted(-2, -2, 2, 2))
    painter.setPen(Qt.PenStyle.NoPen)
    for points, role in ((pane.real, "real"), (pane.generated, "generated")):
        painter.setBrush(theme.line(role))
        for x, y in ((np.array(points, dtype=float).reshape(-1, 2) - middle) * unit * [1, -1]).tolist():
            painter.drawEllipse(area.center() + QPointF(x, y), DOT_PX, DOT_PX)
    painter.restore()


def _draw_densities(painter: QPainter, area: QRectF, pane: Pane, theme: Theme) -> None:
    """Paint histograms of numbers on a line: the data filled, the generator's as a line."""
    real = np.array(pane.real, dtype=float)
    reach = real.min() - 1, real.max() + 1
    real_counts = np.histogram(real, 24, reach)[0]
    made_counts = np.histogram(np.array(pane.generated, dtype=float), 24, reach)[0]
    for values, role in ((real_counts, "real"), (made_counts, "generated")):
        if not values.any():
            continue
        xs = np.linspace(area.left(), area.right(), len(values))
        ys = area.bottom() - np.minimum(values / (1.6 * real_counts.max()), 1) * area.height()
        line = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        painter.setPen(QPen(theme.line(role), 1.4))
        if role == "real":
            fill = theme.line(role)
            fill.setAlphaF(0.35)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([*line, area.bottomRight(), area.bottomLeft()]))
        else:
            painter.drawPolyline(QPolygonF(line))


def _draw_images(painter: QPainter, area: QRectF, pane: Pane, theme: Theme) -> None:
    """Paint generated images, two beside each other."""
    side = min(area.width() / 2, area.height() / 3)
    left = area.left() + (area.width() - 2 * side) / 2
    for i, rows in enumerate(pane.generated):
        assert isinstance(rows, list)
        levels = np.array([[LEVELS.index(letter) for letter in row] for row in rows])
        gray = np.ascontiguousarray(levels * 255 // (len(LEVELS) - 1)).astype(np.uint8)
        high, wide = gray.shape
        image = QImage(gray.data, wide, high, wide, QImage.Format.Format_Grayscale8)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left + i % 2 * side, area.top() + i // 2 * side, side - 1, side - 1), image)


_DRAWN = {"plane": _draw_points, "line": _draw_densities, "image": _draw_images}


def _draw_curves(painter: QPainter, area: QRectF, curves: Sequence[Curve], theme: Theme) -> None:
    """Paint curves on one axis; what leaves it by far, as a beginning or a divergence does, is cut at its edge."""
    values = [np.array(curve.values, dtype=float) for curve in curves]
    low, high = _range(np.concatenate(values))
    painter.save()
    painter.setClipRect(area.adjusted(-2, -2, 2, 2))
    for curve, heights in zip(curves, values, strict=True):
        ys = area.bottom() - np.clip((heights - low) / (high - low), -1, 2) * area.height()
        xs = np.linspace(area.left(), area.right(), len(ys))
        known = np.isfinite(ys)
        line = QPolygonF([QPointF(*at) for at in zip(xs[known].tolist(), ys[known].tolist(), strict=True)])
        painter.setPen(
            QPen(theme.line(ROLES.get(curve.column, "total")), 1.5, DASHES[curve.lane % len(DASHES)])
        )
        painter.drawPolyline(line)
        if known.any() and not known[-1]:  # it has diverged
            _draw_end(painter, area, float(xs[known][-1]), theme)
    painter.restore()


def _draw_end(painter: QPainter, area: QRectF, x: float, theme: Theme) -> None:
    """Mark where a curve has no further value: a line on a gap among what goes on, with a cross at its top."""
    top = QPointF(x, area.top() + CROSS_PX)
    painter.fillRect(
        QRectF(x - CROSS_PX, area.top(), 2 * CROSS_PX, area.height()), translucent(QColor(theme.base), 0.75)
    )
    painter.setPen(QPen(QColor(theme.warning), 1.6))
    painter.drawLine(top, QPointF(x, area.bottom()))
    for side in (-1, 1):
        arm = QPointF(CROSS_PX, side * CROSS_PX)
        painter.drawLine(top - arm, top + arm)


def _range(values: Values) -> tuple[float, float]:
    """Return between which numbers most values lie, as the whiskers of a box plot do, and never a line's width."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    lower, median, upper = (float(one) for one in np.quantile(known, (0.25, 0.5, 0.75)))
    reach = max(1.5 * (upper - lower), 0.1 * max(1.0, abs(median)))
    return max(float(known.min()), lower - reach) - 1e-9, min(float(known.max()), upper + reach) + 1e-9
