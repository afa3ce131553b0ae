"""Generated digits, each bordered by what the discriminator says of it, beside real ones."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, FloatArray
from ganviz.training.probes.image_grid import ImageGrid, ImageGridProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.color_bar import draw_vertical_bar
from ganviz.views.planes import ScoreRange
from ganviz.views.plotting import Fonts, draw_text, is_vector, line_height
from ganviz.views.theme import Theme

BORDER = 2
GAP = 2
CELL = 28 + 2 * BORDER + GAP
BAR_WIDTH = 62.0


class DigitsView(AbstractPaintedView):
    """A block of generated and a block of real digits for each lane; GUI thread only."""

    key: ClassVar[str] = "digits"
    title: ClassVar[str] = "Digits"
    empty_text = "Digits appear when the data are images"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid: ImageGrid | None = None
        self.controls.setContentsMargins(0, 0, 0, 0)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether samples are images."""
        return config.distribution.is_image

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

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every lane's blocks side by side, as large as fits."""
        grid = self._grid
        if grid is None or self.snapshot is None:
            return
        fonts, config = self.fonts(), self.snapshot.config
        ranges = [self._score_range(config, lane, grid) for lane in range(len(grid.generated))]
        n = math.isqrt(grid.generated.shape[1])
        columns = n + 1 + max(1, n // 2)
        head = 2 * line_height(fonts.label) + 10
        bar = BAR_WIDTH if area.width() > 320 else 0.0
        body = area.adjusted(10, head, -10 - bar, -10)
        per_row = self._blocks_a_row(body, len(ranges), columns, n, head)
        rows = math.ceil(len(ranges) / per_row)
        scale = min(
            body.width() / (per_row * (columns + 1) - 1), (body.height() - (rows - 1) * head) / (rows * n)
        )
        scale = max(8.0, math.floor(scale))
        width = per_row * columns * scale + (per_row - 1) * scale
        left = body.left() + max(0.0, (body.width() - width) / 2)
        for lane, shown in enumerate(ranges):
            row, column = divmod(lane, per_row)
            top = body.top() + row * (n * scale + head)
            at = left + column * (columns + 1) * scale
            title = config.lane_title(lane) if len(ranges) > 1 else ""
            self._draw_lane(painter, at, top, scale, grid, lane, shown, title, theme, fonts)
        if bar:
            place = QRectF(left + width + 14, body.top(), BAR_WIDTH - 12, n * scale)
            draw_vertical_bar(painter, place, ranges[0], theme, fonts)

    def _blocks_a_row(self, body: QRectF, lanes: int, columns: int, n: int, head: float) -> int:
        def scale(per_row: int) -> float:
            rows = math.ceil(lanes / per_row)
            return min(
                body.width() / (per_row * (columns + 1) - 1), (body.height() - (rows - 1) * head) / (rows * n)
            )

        return max(range(1, lanes + 1), key=scale)

    def _draw_lane(
        self,
        painter: QPainter,
        left: float,
        top: float,
        scale: float,
        grid: ImageGrid,
        lane: int,
        shown: ScoreRange,
        title: str,
        theme: Theme,
        fonts: Fonts,
    ) -> None:
        n = math.isqrt(grid.generated.shape[1])
        n_real = max(1, n // 2)
        blocks = (
            (grid.generated[lane], grid.generated_scores[lane], n, left, "generated"),
            (
                grid.real[: n * n_real],
                grid.real_scores[lane][: n * n_real],
                n_real,
                left + (n + 1) * scale,
                "real",
            ),
        )
        line = line_height(fonts.label)
        for images, scores, columns, x, role in blocks:
            painter.setFont(fonts.label)
            painter.setPen(theme.letters(role))
            head = QRectF(x, top - line - 4, columns * scale, line)
            draw_text(
                painter, head, f"{role}, {_mean_text(scores, shown)}", Qt.AlignmentFlag.AlignLeft, elide=True
            )
            place = QRectF(x, top, columns * scale, n * scale)
            draw_images(painter, place, mosaic(images, shown.colors(scores, theme), columns, theme))
        if title:
            painter.setFont(fonts.strong)
            painter.setPen(QColor(theme.text))
            above = QRectF(left, top - 2 * line - 6, (n + 1 + n_real) * scale, line)
            draw_text(painter, above, title, Qt.AlignmentFlag.AlignLeft, elide=True)

    def _score_range(self, config: RunConfig, lane: int, grid: ImageGrid) -> ScoreRange:
        loss = config.lanes[lane].formulation.adversarial
        if loss.score_kind == "logit":
            return ScoreRange(True)
        center = loss.decision_score()
        far = max(
            float(np.abs(scores[lane] - center).max()) for scores in (grid.generated_scores, grid.real_scores)
        )
        power = 10.0 ** math.floor(math.log10(max(far, 1e-6)))
        reach = next(step * power for step in (1, 2, 5, 10) if step * power >= far * 0.999)
        return ScoreRange(False, center, reach)


def _mean_text(scores: FloatArray, shown: ScoreRange) -> str:
    if shown.is_probability:
        return f"mean D {float(shown.shares(scores).mean()):.2f}"
    return f"mean score {float(scores.mean()):.2f}".replace("-", "−")


def mosaic(images: FloatArray, borders: NDArray[np.uint32], columns: int, theme: Theme) -> NDArray[np.uint32]:
    """Return images ``[n, 28, 28]`` in -1 … 1 as one picture of ``0xAARRGGBB``, each in a border of its color."""
    rows = math.ceil(len(images) / columns)
    background, ink = QColor(theme.base), QColor(theme.text)
    picture = np.full((rows * CELL, columns * CELL), background.rgb(), dtype=np.uint32)
    levels = np.clip((images + 1) / 2, 0, 1)
    packed = np.full(images.shape, 0xFF000000, dtype=np.uint32)
    for shift, channel in ((16, "red"), (8, "green"), (0, "blue")):
        low, high = getattr(background, channel)(), getattr(ink, channel)()
        packed += (low + (high - low) * levels + 0.5).astype(np.uint32) << np.uint32(shift)
    for i, (image, border) in enumerate(zip(packed, borders, strict=True)):
        top, left = (at * CELL + GAP // 2 for at in divmod(i, columns))
        picture[top : top + CELL - GAP, left : left + CELL - GAP] = border
        inner = slice(top + BORDER, top + BORDER + 28), slice(left + BORDER, left + BORDER + 28)
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
