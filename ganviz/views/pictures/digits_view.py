"""Generated digits, each bordered by what the discriminator says of it, beside real ones."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from ganviz.data.kinds import Image
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, FloatArray
from ganviz.training.probes.image_grid import ImageGrid, ImageGridProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.color_bar import BAR_GAP, bar_room, draw_vertical_bar
from ganviz.views.bases.lane_names import LaneName
from ganviz.views.bases.planes import ScoreRange
from ganviz.views.look.status_words import mean_digits
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, first_fitting, is_vector, line_height, number
from ganviz.views.plot.scales import round_up
from ganviz.views.plot.values import Value, Values

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


class DigitsView(AbstractPaintedView):
    """A block of generated and a block of real digits for each lane; GUI thread only."""

    key: ClassVar[str] = "digits"
    title: ClassVar[str] = "Images"
    unfit_text = "They appear when the data are images"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid: ImageGrid | None = None
        self.controls.setContentsMargins(0, 0, 0, 0)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether samples are images."""
        return config.distribution.kind.name == "image"

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the images."""
        return (ImageGridProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading; a run of other data empties the view."""
        grid = snapshot.get(ImageGrid)
        if grid is None and not self.supports(snapshot.config) and self.snapshot is not None:
            self.clear()
        self._grid = grid or self._grid
        return grid is not None

    def forget(self) -> None:
        """Drop the images."""
        self._grid = None

    def values(self) -> Values:
        """Return what D says of each image: raw scores."""
        rows: list[tuple[Value, ...]] = []
        if (grid := self._grid) is not None:
            for lane, title in enumerate(self.lane_titles(len(grid.generated))):
                for kind, scores in (("generated", grid.generated_scores), ("real", grid.real_scores)):
                    rows += [(title, kind, k + 1, score) for k, score in enumerate(scores[lane].tolist())]
        return Values(("lane", "images", "number", "score"), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every lane's blocks side by side, as large as fits."""
        grid = self._grid
        if grid is None or self.snapshot is None:
            return
        fonts, config = self.fonts(), self.snapshot.config
        ranges = [self._score_range(config, lane, grid) for lane in range(len(grid.generated))]
        n, is_shared = math.isqrt(grid.generated.shape[1]), len(set(ranges)) == 1
        between = line_height(fonts.label) + 8
        names = self.headings()
        head = between + (line_height(fonts.label) if any(one.words for one in names) else 0.0)
        bar = bar_room(ranges, fonts, is_slim=not is_shared)
        bar = bar if area.width() > max(320, 4 * bar) else 0.0
        layout = Layout.fit(
            area.adjusted(10, 6, -10, -8), len(ranges), n, head, between, bar, is_shared=is_shared
        )
        for lane, shown in enumerate(ranges):
            left, top = layout.places[lane]
            self._draw_lane(painter, layout, grid, lane, shown, names[lane], theme, fonts)
            if bar and (not is_shared or layout.is_last(lane)):
                x = left + layout.lane_width + BAR_GAP
                place = QRectF(x, top, bar - BAR_GAP, layout.lane_height)
                draw_vertical_bar(painter, place, shown, theme, fonts)

    def _draw_lane(
        self,
        painter: QPainter,
        layout: Layout,
        grid: ImageGrid,
        lane: int,
        shown: ScoreRange,
        name: LaneName,
        theme: Theme,
        fonts: Fonts,
    ) -> None:
        n, cell, (left, top) = math.isqrt(grid.generated.shape[1]), layout.cell, layout.places[lane]
        real = slice(0, n * real_columns(n))
        columns = n if layout.real[1] else real_columns(n)  # below generated ones they are as wide as those
        at = QPointF(left + layout.real[0], top + layout.real[1])
        blocks = (
            (grid.generated[lane], grid.generated_scores[lane], n, QPointF(left, top), "generated"),
            (grid.real[real], grid.real_scores[lane][real], columns, at, "real"),
        )
        line = line_height(fonts.label)
        for images, scores, columns, at, role in blocks:
            painter.setFont(fonts.label)
            painter.setPen(theme.letters(role))
            room = (columns + APART / 2) * cell
            if layout.real[1]:  # above the color bar, or beside it
                room = layout.title_width if role == "generated" else columns * cell + BAR_GAP - 2
            head = QRectF(at.x(), at.y() - line - 3, room, line)
            text = first_fitting(fonts.label, head.width(), f"{role}, {_mean_text(scores, shown)}", role)
            draw_text(painter, head, text, Qt.AlignmentFlag.AlignLeft)
            place = QRectF(at.x(), at.y(), columns * cell, math.ceil(len(images) / columns) * cell)
            colors = shown.colors(scores, theme)
            draw_images(painter, place, mosaic(images, colors, columns, theme, is_photo=self._is_photo()))
        above = QRectF(left, top - 2 * line - 4, layout.title_width, line)
        name.draw(painter, above, theme, fonts)

    def _is_photo(self) -> bool:
        assert self.snapshot is not None
        kind = self.snapshot.config.distribution.kind
        return isinstance(kind, Image) and kind.is_photo

    def _score_range(self, config: RunConfig, lane: int, grid: ImageGrid) -> ScoreRange:
        loss = config.lanes[lane].formulation.loss
        if loss.score_kind in ("logit", "none"):
            return ScoreRange(True)
        center = loss.decision_score()
        far = max(
            float(np.abs(scores[lane] - center).max()) for scores in (grid.generated_scores, grid.real_scores)
        )
        return ScoreRange(False, center, round_up(max(far, 1e-6)))


def _mean_text(scores: FloatArray, shown: ScoreRange) -> str:
    if np.isnan(scores).all():
        return "no discriminator"
    if shown.is_probability:
        return f"mean D {float(shown.shares(scores).mean()):.2f}"
    mean = float(scores.mean())
    return f"mean score {number(mean, mean_digits(mean))}"


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


def draw_images(painter: QPainter, place: QRectF, picture: NDArray[np.uint32]) -> None:
    """Blit a picture into ``place``, smoothly where it shrinks."""
    height, width = picture.shape
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGB32)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_vector(painter))
    painter.drawImage(place, image)
    painter.restore()
