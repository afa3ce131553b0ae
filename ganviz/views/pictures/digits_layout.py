"""Where images stand, and how they become one picture: blocks of generated and of real ones, lane by lane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import FloatArray
from ganviz.views.bases.color_bar import BAR_GAP
from ganviz.views.bases.planes import ScoreRange
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import is_vector, number
from ganviz.views.plot.read_out import ReadOut, ReadRow

BORDER = 2
GAP = 2
FRAME = 2 * BORDER + GAP
APART = 0.5
"""Room between generated and real digits, in digits."""


def real_columns(n: int) -> int:
    """Return how many columns of real digits stand beside ``n`` of generated ones."""
    return max(1, n // 2)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where lanes lie: the top left of each one's digits, a digit's side, and a lane's size, in pixels.

    ``real`` is how far right of its generated digits, and how far below them, a lane's real ones begin; ``title_width``
    is what a lane's words have with its color bar or, in the last of a row, with what is left beside it.
    """

    places: tuple[tuple[float, float], ...]
    cell: float
    lane_width: float
    lane_height: float
    per_row: int
    real: tuple[float, float]
    title_width: float

    @classmethod
    def fit(
        cls, body: QRectF, lanes: int, n: int, head: float, between: float, bar: float, *, is_shared: bool
    ) -> Layout:
        """Return the layout with the largest digits: ``head`` pixels above each lane, color bars of ``bar`` beside.

        Real digits stand beside generated ones or, where that makes all larger, ``between`` pixels below them.
        """
        n_real = real_columns(n)

        def cell(per_row: int, is_below: bool) -> float:
            rows, bars = math.ceil(lanes / per_row), bar * (1 if is_shared else per_row)
            columns, high, heads = (
                (n, n + n_real, head + between) if is_below else (n + APART + n_real, n, head)
            )
            width = (body.width() - bars - (per_row - 1) * 2 * BAR_GAP) / (per_row * columns)
            return min(width, (body.height() / rows - heads) / high)

        ways = [(per_row, is_below) for is_below in (False, True) for per_row in range(1, lanes + 1)]
        per_row, is_below = max(ways, key=lambda way: math.floor(cell(*way)))
        side = max(8.0, math.floor(cell(per_row, is_below)))
        real = (0.0, n * side + between) if is_below else ((n + APART) * side, 0.0)
        width = (n if is_below else n + APART + n_real) * side
        height = n_real * side + real[1] if is_below else n * side
        step = width + 2 * BAR_GAP + (0.0 if is_shared else bar)
        used = per_row * step - 2 * BAR_GAP + (bar if is_shared else 0.0)
        left = body.left() + max(0.0, (body.width() - used) / 2)
        top = body.top() + max(0.0, (body.height() - math.ceil(lanes / per_row) * (height + head)) / 2)
        cells = (divmod(lane, per_row) for lane in range(lanes))
        places = tuple((left + column * step, top + row * (height + head) + head) for row, column in cells)
        return cls(places, side, width, height, per_row, real, step - (2 * BAR_GAP if per_row > 1 else 0.0))

    def is_last(self, lane: int) -> bool:
        """Return whether a lane is the last of its row."""
        return (lane + 1) % self.per_row == 0 or lane + 1 == len(self.places)


@dataclass(frozen=True, slots=True)
class Block:
    """A lane's generated or real images ``[n, channels, height, width]``, and what D says of each, ``[n]``.

    They lie on the canvas row by row, ``columns`` of them in each.
    """

    lane: int
    role: str
    place: QRectF
    columns: int
    images: FloatArray
    scores: FloatArray
    shown: ScoreRange

    def at(self, x: float, y: float) -> int | None:
        """Return the image at a place on the canvas; None beside them."""
        side = self.place.width() / self.columns
        column, row = (x - self.place.left()) // side, (y - self.place.top()) // side
        found = int(row * self.columns + column)
        return found if 0 <= column < self.columns and 0 <= found < len(self.scores) else None

    def box(self, i: int) -> QRectF:
        """Return where an image stands."""
        side = self.place.width() / self.columns
        row, column = divmod(i, self.columns)
        return QRectF(self.place.left() + column * side, self.place.top() + row * side, side, side)

    def read_out(self, i: int) -> ReadOut:
        """Return what D says of an image."""
        score = float(self.scores[i])
        rows = [ReadRow("text", "score", (number(score),))] if math.isfinite(score) else []
        if rows and self.shown.is_probability:
            name = "D(x)" if self.role == "real" else "D(G(z))"
            rows.insert(0, ReadRow("text", name, (number(float(self.shown.shares(self.scores)[i])),)))
        return ReadOut(f"{self.role} {i + 1}", tuple(rows))


def mosaic(
    images: FloatArray, borders: NDArray[np.uint32], columns: int, theme: Theme, *, is_photo: bool = False
) -> NDArray[np.uint32]:
    """Return images ``[n, channels, height, width]`` in -1 … 1 as one picture of ``0xAARRGGBB``, each in a border.

    Photographs have their own colors; what is ink on paper has the theme's.
    """
    rows = math.ceil(len(images) / columns)
    paper, ink = (QColor("black"), QColor("white")) if is_photo else (QColor(theme.base), QColor(theme.text))
    height, width = images.shape[2:]
    down, right = height + FRAME, width + FRAME
    picture = np.full((rows * down, columns * right), QColor(theme.base).rgb(), dtype=np.uint32)
    levels = np.nan_to_num(np.clip((images + 1) / 2, 0, 1))
    levels = np.broadcast_to(levels, (len(images), 3, height, width))
    packed = np.full((len(images), height, width), 0xFF000000, dtype=np.uint32)
    for i, (shift, channel) in enumerate(((16, "red"), (8, "green"), (0, "blue"))):
        low, high = getattr(paper, channel)(), getattr(ink, channel)()
        packed += (low + (high - low) * levels[:, i] + 0.5).astype(np.uint32) << np.uint32(shift)
    for i, (image, border) in enumerate(zip(packed, borders, strict=True)):
        row, column = divmod(i, columns)
        top, left = row * down + GAP // 2, column * right + GAP // 2
        picture[top : top + down - GAP, left : left + right - GAP] = border
        inner = slice(top + BORDER, top + BORDER + height), slice(left + BORDER, left + BORDER + width)
        picture[inner] = image
    return picture


def image_of(picture: NDArray[np.uint32]) -> QImage:
    """Return a picture for Qt, which uses its memory as long as the picture lives."""
    height, width = picture.shape
    return QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGB32)


def draw_images(painter: QPainter, place: QRectF, picture: NDArray[np.uint32]) -> None:
    """Blit a picture into ``place``, smoothly where it shrinks."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_vector(painter))
    painter.drawImage(place, image_of(picture))
    painter.restore()
