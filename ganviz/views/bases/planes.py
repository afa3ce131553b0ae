"""Paints one lane's plane: surface, contour, samples, arrows, latent map."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPixmapCache, QPolygonF
from shiboken6 import wrapInstance

from ganviz.data.base import Extent
from ganviz.spec.frozen import dataclass
from ganviz.views.look.theme import Theme
from ganviz.views.plot.contour import extended, iso_segments
from ganviz.views.plot.looks import EVERYTHING, Look
from ganviz.views.plot.plotting import Axis, Fonts, draw_grid, is_vector, line_pen, translucent
from ganviz.views.plot.strokes import FARTHEST_PX, address, draw_segments, draw_triangles, polygon

Floats = NDArray[np.float32]

ARROW_SHARE = 0.05
"""Length of an arrow of one unit, as a share of the plane's width; the same for every lane, loss and step."""
CROWD_SHARE = 1 / 32
"""Side of the cells that have one arrow each, as a share of the plane's width."""


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """How scores become colors: probability σ(t) for logits, else ``center ± reach`` in raw scores.

    ``symbol`` names what the probability is of; ``is_mean`` says that the center is the mean score of a batch.
    ``title`` says what else the numbers are, and ``ends`` what the lower and the upper colors mean.
    """

    is_probability: bool
    center: float = 0.0
    reach: float = 1.0
    symbol: str = "D(x)"
    is_mean: bool = False
    title: str = ""
    ends: tuple[str, str] = ("generated", "real")

    def shares(self, scores: Floats) -> NDArray[np.float64]:
        """Return where scores lie between certainly generated (0) and certainly real (1)."""
        wide = scores.astype(np.float64)
        if self.is_probability:
            return 1.0 / (1.0 + np.exp(-np.clip(wide, -40, 40)))
        return np.clip((wide - self.center) / (2 * self.reach) + 0.5, 0.0, 1.0)

    def colors(self, scores: Floats, theme: Theme) -> NDArray[np.uint32]:
        """Return ``0xAARRGGBB`` colors; scores that are not numbers are shown as undecided."""
        shares = np.nan_to_num(self.shares(scores), nan=0.5)
        return theme.surface_lut[(shares * 255.0 + 0.5).astype(np.intp)]


@dataclass(frozen=True, slots=True)
class Frame:
    """A plane's place on the canvas."""

    area: QRectF
    x: Axis
    y: Axis

    @classmethod
    def of(cls, area: QRectF, extent: Extent, look: Look = EVERYTHING) -> Frame:
        """Lay the extent, or the part of it that is looked at, into a square with equal aspect."""
        x, y = look.x or (extent.x_min, extent.x_max), look.y or (extent.y_min, extent.y_max)
        return cls(area, Axis(*x, area.left(), area.right()), Axis(*y, area.bottom(), area.top()))

    def points(self, points: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the pixels of ``[n, 2]`` points, without those that are not finite or far outside."""
        x, y = self.x.pixels(points[:, 0]), self.y.pixels(points[:, 1])
        margin = 8.0
        with np.errstate(invalid="ignore"):
            near = (x > self.area.left() - margin) & (x < self.area.right() + margin)
            near &= (y > self.area.top() - margin) & (y < self.area.bottom() + margin)
        return x[near], y[near]


NO_PLOT = Frame(QRectF(), Axis(0, 1, 0, 1), Axis(0, 1, 0, 1))
"""In place of a plot that there is no room for, or nothing to show in."""


def draw_surface(painter: QPainter, frame: Frame, colors: NDArray[np.uint32]) -> None:
    """Blit the colors of all cells, row 0 at the bottom, smoothly enlarged."""
    flipped = np.ascontiguousarray(colors[::-1])
    rows, columns = flipped.shape
    image = QImage(flipped.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if is_vector(painter):
        size = frame.area.size().toSize() * 2
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    painter.drawImage(frame.area, image)
    painter.restore()


def draw_contour(painter: QPainter, frame: Frame, scores: Floats, level: float, theme: Theme) -> None:
    """Draw the line on which the score is ``level``."""
    rows, columns = scores.shape
    segments = iso_segments(extended(scores.astype(np.float64)), level) - 0.5
    x = frame.area.left() + segments[..., 0] / columns * frame.area.width()
    y = frame.area.bottom() - segments[..., 1] / rows * frame.area.height()
    ends = np.stack((x[:, 0], y[:, 0], x[:, 1], y[:, 1]), axis=1)
    for color, width in ((translucent(QColor(theme.base), 0.6), 2.8), (QColor(theme.text), 1.4)):
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        draw_segments(painter, ends)


def draw_latent_map(painter: QPainter, frame: Frame, lattice: Floats, theme: Theme) -> None:
    """Draw the image of a lattice ``[rows, columns, 2]`` of latents."""
    x, y = frame.x.pixels(lattice[..., 0]), frame.y.pixels(lattice[..., 1])
    path, is_known = QPainterPath(), np.isfinite(x) & np.isfinite(y)
    for lines_x, lines_y, known in ((x, y, is_known), (x.T, y.T, is_known.T)):
        if known.all():  # all as one line, there and back: it is drawn sooner, and looks the same
            path.addPolygon(polygon(_there_and_back(lines_x), _there_and_back(lines_y)))
            continue
        for line_x, line_y in zip(lines_x[known.all(axis=1)], lines_y[known.all(axis=1)], strict=True):
            path.addPolygon(polygon(line_x, line_y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(translucent(theme.letters("generated"), 0.75), 0.8))
    painter.drawPath(path)


def _there_and_back(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``[rows, columns]`` in one line, every second row backwards: from its end one goes along the lattice."""
    turned = lines.copy()
    turned[1::2] = lines[1::2, ::-1]
    return turned.ravel()


def draw_arrows(painter: QPainter, frame: Frame, points: Floats, vectors: Floats, theme: Theme) -> None:
    """Draw arrows from ``points`` along ``vectors``, all at the one common scale, one of each crowd at most."""
    unit = ARROW_SHARE * frame.area.width()
    x, y = frame.x.pixels(points[:, 0]), frame.y.pixels(points[:, 1])
    to_x, to_y = x + vectors[:, 0].astype(float) * unit, y - vectors[:, 1].astype(float) * unit
    finite = np.isfinite(x + y + to_x + to_y)
    ends = np.clip(np.stack([x, y, to_x, to_y], axis=1)[finite], -1e4, 1e4)
    arrow_path(painter, ends[uncrowded(ends[:, :2], frame)], theme)


def uncrowded(at: NDArray[np.float64], frame: Frame) -> NDArray[np.intp]:
    """Return which of the places ``[n, 2]``, in pixels, are the first in a cell of a lattice that moves with the data.

    Arrows of samples that all lie in one mode are a clump otherwise; enlarged, the mode has more cells.
    """
    origin = np.array([frame.x.pixel(0.0), frame.y.pixel(0.0)])
    cells = np.floor((at - origin) / (CROWD_SHARE * frame.area.width()))
    numbers = cells @ np.array([2.0**26, 1.0])  # one of its own for each cell: rows take eight times as long
    return np.sort(np.unique(numbers, return_index=True)[1])


def arrow_path(painter: QPainter, ends: NDArray[np.float64], theme: Theme) -> None:
    """Draw arrows from and to pixels ``[n, 4]``; heads shrink with arrows shorter than they are."""
    color = translucent(QColor(theme.text), 0.85)
    painter.setPen(QPen(color, 1.1))
    draw_segments(painter, ends)
    delta = ends[:, 2:] - ends[:, :2]
    length = np.hypot(delta[:, 0], delta[:, 1])
    shown = length > 1.5
    along = delta[shown] / length[shown, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    size = np.minimum(6.0, length[shown] * 0.6)[:, None]
    tip = ends[shown, 2:]
    left, right = tip - along * size + across * size * 0.45, tip - along * size - across * size * 0.45
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    draw_triangles(painter, np.concatenate([tip, left, right], axis=1))
    painter.setBrush(Qt.BrushStyle.NoBrush)


@dataclass(frozen=True, slots=True)
class Marker:
    """A sample's mark: a disc for real samples, a diamond for generated ones, with an edge in the base color."""

    color: str
    edge: str
    is_disc: bool
    radius: float

    def path(self) -> QPainterPath:
        """Return the outline around the origin."""
        path = QPainterPath()
        if self.is_disc:
            path.addEllipse(QPointF(0, 0), self.radius, self.radius)
        else:
            r = self.radius * 1.3
            path.addPolygon(
                QPolygonF([QPointF(0, -r), QPointF(r, 0), QPointF(0, r), QPointF(-r, 0), QPointF(0, -r)])
            )
        return path

    def sprite(self, ratio: float) -> QPixmap:
        """Return the marker as a picture with its center in the middle, painted once."""
        key = f"ganviz {self.color} {self.edge} {self.is_disc} {self.radius} {ratio}"
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        side = int(np.ceil(self.radius * 2.6 + 3))
        pixmap = QPixmap(int(side * ratio), int(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / 2, side / 2)
        painter.setPen(QPen(translucent(QColor(self.edge), 0.85), 1.0))
        painter.setBrush(QColor(self.color))
        painter.drawPath(self.path())
        painter.end()
        QPixmapCache.insert(key, pixmap)
        return pixmap


def draw_markers(painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], marker: Marker) -> None:
    """Draw one marker at every point: copies of one sprite on screen, a path each in drawings.

    What is unknown or far outside is left out: Qt ends the program where it copies a picture to such places.
    """
    near = (np.abs(x) < FARTHEST_PX) & (np.abs(y) < FARTHEST_PX)
    x, y = x[near], y[near]
    if not len(x):
        return
    if is_vector(painter):
        one = marker.path()
        painter.setPen(QPen(translucent(QColor(marker.edge), 0.85), 0.6))
        painter.setBrush(QColor(marker.color))
        # One by one, as on screen: in a single path the edges of all would lie over the colors of all.
        for at_x, at_y in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawPath(one.translated(at_x, at_y))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return
    ratio = painter.device().devicePixelRatioF()
    sprite = marker.sprite(ratio)
    # Qt's PixmapFragment: x, y, source left and top, width, height, scale x and y, rotation, opacity.
    fragments = np.zeros((len(x), 10))
    fragments[:, 0], fragments[:, 1] = x, y
    fragments[:, 4:6] = sprite.width(), sprite.height()
    fragments[:, 6:8] = 1 / ratio
    fragments[:, 9] = 1
    first = cast("QPainter.PixmapFragment", wrapInstance(address(fragments), QPainter.PixmapFragment))
    painter.drawPixmapFragments(first, len(fragments), sprite)


def draw_frame(painter: QPainter, frame: Frame, theme: Theme, fonts: Fonts, *, with_axes: bool) -> None:
    """Draw the plane's edge and, where there is room, its ticks."""
    if with_axes:
        draw_grid(painter, frame.area, frame.x, frame.y, theme, fonts, is_plane=True)
    else:
        painter.fillRect(frame.area, QColor(theme.base))
    painter.setPen(line_pen(QColor(theme.border), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame.area)
