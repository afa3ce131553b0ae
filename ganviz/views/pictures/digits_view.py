"""Generated digits, each bordered by what the discriminator says of it, beside real ones."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.data.kinds import Image
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
from ganviz.views.pictures.digits_layout import (
    APART,
    Block,
    Layout,
    draw_images,
    image_of,
    mosaic,
    real_columns,
)
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.plot.plotting import Fonts, draw_text, first_fitting, line_height, number
from ganviz.views.plot.read_box import draw_read_out, draw_read_picture
from ganviz.views.plot.scales import round_up
from ganviz.views.plot.values import Value, Values

GENERATED = "generated"


class DigitsView(AbstractPaintedView):
    """A block of generated and a block of real digits for each lane; GUI thread only."""

    key: ClassVar[str] = "digits"
    title: ClassVar[str] = "Images"
    unfit_text = "They appear when the data are images"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid: ImageGrid | None = None
        self._painted: list[Block] = []
        self._seen: list[Block] = []
        self._pointed: QPointF | None = None
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

    def paint_canvas(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint, and remember where on the screen each image stands."""
        self._painted = []
        super().paint_canvas(painter, area, theme)
        self._seen, self._painted = self._painted, []

    def pointer_moved(self, at: QPointF | None) -> None:
        """Read what D says of the image under the pointer."""
        if at is not None or self._pointed is not None:
            self._pointed = at
            self.canvas.refresh_overlay()

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Frame the image under the pointer, and show it enlarged with what D says of it."""
        at = self._pointed
        for block in self._seen if at is not None and not self.absence() else ():
            if at is None or (i := block.at(at.x(), at.y())) is None:
                continue
            box, shown = block.box(i), block.read_out(i)
            painter.setPen(QPen(QColor(self.theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -1))
            border = block.shown.colors(block.scores[i : i + 1], self.theme)
            picture = mosaic(block.images[i : i + 1], border, 1, self.theme, is_photo=self._is_photo())
            if not draw_read_picture(painter, box, image_of(picture), shown, self.theme, self.fonts(), area):
                beside = block.place.translated(0, box.top() - block.place.top() - 6)
                draw_read_out(painter, beside, box.right(), shown, self.theme, self.fonts(), area)

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
        line, whose = line_height(fonts.label), self._whose(len(grid.generated[lane]))
        for images, scores, columns, at, role in blocks:
            painter.setFont(fonts.label)
            painter.setPen(theme.letters(role))
            room = (columns + APART / 2) * cell
            if layout.real[1]:  # above the color bar, or beside it
                room = layout.title_width if role == "generated" else columns * cell + BAR_GAP - 2
            head = QRectF(at.x(), at.y() - line - 3, room, line)
            texts = [
                f"{words}, {_mean_text(scores, shown)}" for words in (*whose, role) if words.startswith(role)
            ]
            texts.append(texts[-1].replace("mean ", ""))
            text = first_fitting(fonts.label, head.width(), *texts, role)
            draw_text(painter, head, text, Qt.AlignmentFlag.AlignLeft)
            place = QRectF(at.x(), at.y(), columns * cell, math.ceil(len(images) / columns) * cell)
            self._painted.append(Block(lane, role, place, columns, images, scores, shown))
            colors = shown.colors(scores, theme)
            draw_images(painter, place, mosaic(images, colors, columns, theme, is_photo=self._is_photo()))
        above = QRectF(left, top - 2 * line - 4, layout.title_width, line)
        name.draw(painter, above, theme, fonts)

    def _whose(self, n: int) -> tuple[str, ...]:
        """Return of what latents and by which weights generated images are, in ever fewer words."""
        assert self.snapshot is not None
        latents, by = f"{GENERATED} from {n} fixed latents", " by G's average"
        is_average = bool(self.snapshot.config.training.ema_decay)
        return (latents + by, GENERATED + by) if is_average else (latents,)

    def _is_photo(self) -> bool:
        assert self.snapshot is not None
        kind = self.snapshot.config.distribution.kind
        return isinstance(kind, Image) and kind.is_photo

    def _score_range(self, config: RunConfig, lane: int, grid: ImageGrid) -> ScoreRange:
        """Return how scores become colors: those of a loss that leaves their constant free are about their mean."""
        loss, found = (
            config.lanes[lane].formulation.loss,
            (grid.generated_scores[lane], grid.real_scores[lane]),
        )
        if loss.score_kind in ("logit", "none"):
            return ScoreRange(True)
        is_free = LaneScores(config).is_free(lane)
        center = float(np.mean([scores.mean() for scores in found])) if is_free else loss.decision_score()
        far = max(float(np.abs(scores - center).max()) for scores in found)
        if not math.isfinite(far):
            center, far = 0.0, 1.0
        title = f"score from these images’ mean, {number(center, mean_digits(center))}" if is_free else ""
        return ScoreRange(False, center, round_up(max(far, 1e-6)), is_mean=is_free, title=title)


def _mean_text(scores: FloatArray, shown: ScoreRange) -> str:
    if np.isnan(scores).all():
        return "no discriminator"
    if shown.is_probability:
        return f"mean D {float(shown.shares(scores).mean()):.2f}"
    mean = float(scores.mean())
    return f"mean score {number(mean, mean_digits(mean))}"
