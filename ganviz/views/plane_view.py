"""The plane: real and generated samples over the discriminator's surface, one plane a lane."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.gradients import GradientArrows, GradientArrowsProbe
from ganviz.training.probes.latent_map import LatentMap, LatentMapProbe
from ganviz.training.probes.optimal_surface import OptimalSurface, OptimalSurfaceProbe, has_density
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.probes.surface import Surface, SurfaceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.clipping import clipped
from ganviz.views.color_bar import BAR_GAP, BAR_ROOM, draw_vertical_bar
from ganviz.views.formula import draw_formula
from ganviz.views.layers import LAYERS, LayerButton
from ganviz.views.planes import (
    ARROW_SHARE,
    Frame,
    Marker,
    ScoreRange,
    arrow_path,
    draw_arrows,
    draw_contour,
    draw_frame,
    draw_latent_map,
    draw_markers,
    draw_surface,
)
from ganviz.views.plotting import Fonts, draw_text, line_height, round_up, text_width
from ganviz.views.theme import Theme


class PlaneView(AbstractPaintedView):
    """One plane a lane, side by side, with layers that are switched on and off; GUI thread only."""

    key: ClassVar[str] = "plane"
    title: ClassVar[str] = "The plane"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readings: dict[type[Reading], Reading] = {}
        self._reaches: dict[int, float] = {}
        self._buttons = {layer.key: LayerButton(layer) for layer in LAYERS}
        for button in self._buttons.values():
            self.controls.addWidget(button)
            button.toggled.connect(self._layers_changed)
        self.controls.addStretch(1)

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the probes of the layers that are on."""
        wanted: list[AbstractProbe] = []
        if self._is_on("real") or self._is_on("generated"):
            wanted.append(SamplesProbe())
        if self._is_on("surface") or self._is_on("contour"):
            wanted.append(SurfaceProbe())
        if self._is_on("optimal"):
            wanted.append(OptimalSurfaceProbe())
        if self._is_on("arrows"):
            wanted.append(GradientArrowsProbe())
        if self._is_on("latent_map"):
            wanted.append(LatentMapProbe())
        return tuple(wanted)

    def set_layer(self, key: str, is_on: bool) -> None:
        """Switch a layer by its key in ``LAYERS``."""
        self._buttons[key].setChecked(is_on)

    def layers(self) -> dict[str, bool]:
        """Return which layers are on."""
        return {key: button.isChecked() for key, button in self._buttons.items()}

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the readings of the snapshot's layers."""
        if not self.supports(snapshot.config):
            return False
        before = self.snapshot
        if before is None or before.config.distribution != snapshot.config.distribution:
            self._buttons["optimal"].setEnabled(has_density(snapshot.config.distribution))
        if before is not None and before.stamp.run != snapshot.stamp.run:
            self.forget()
        found: dict[type[Reading], Reading] = {
            type(reading): reading for _, reading in snapshot.readings if isinstance(reading, _DRAWN)
        }
        stale = before is not None and len(before.config.lanes) != len(snapshot.config.lanes)
        self._readings = found if stale else {**self._readings, **found}
        return bool(found)

    def forget(self) -> None:
        """Drop all readings."""
        self._readings, self._reaches = {}, {}

    def apply_theme(self, theme: Theme) -> None:
        """Redraw in the colors of ``theme``, the layers' buttons too."""
        for button in self._buttons.values():
            button.apply_theme(theme)
        super().apply_theme(theme)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every lane's plane."""
        assert self.snapshot is not None
        config, fonts = self.snapshot.config, self.fonts()
        n = len(config.lanes)
        ranges = [self._score_range(lane) for lane in range(n)]
        has_bar = self._colored() is not None and area.width() > 240
        is_shared = len(set(ranges)) == 1
        legend = line_height(fonts.label) + 8
        body = area.adjusted(6, legend + 2, -6, -4)
        cells, with_axes = self._cells(body, n, BAR_ROOM if has_bar else 0.0, is_shared, fonts)
        for lane, (cell, has_own_bar) in enumerate(cells):
            frame = Frame.of(cell, config.distribution.extent)
            draw_frame(painter, frame, theme, fonts, with_axes=with_axes)
            if n > 1:
                painter.setFont(fonts.strong)
                painter.setPen(QColor(theme.text))
                row = QRectF(cell.left(), cell.top() - legend, cell.width(), legend - 2)
                draw_text(painter, row, config.lane_title(lane), Qt.AlignmentFlag.AlignLeft, elide=True)
            with clipped(painter, cell):
                self._draw_layers(painter, frame, lane, ranges[lane], theme)
            if has_bar and has_own_bar:
                bar = QRectF(cell.right() + BAR_GAP, cell.top(), BAR_ROOM - BAR_GAP, cell.height())
                draw_vertical_bar(painter, bar, ranges[lane], theme, fonts)
        left, above = min(cell.left() for cell, _ in cells), legend * (2 if n > 1 else 1)
        row = QRectF(left, cells[0][0].top() - above - 2, area.right() - left, legend)
        self._draw_legend(painter, row, cells[0][0], theme, fonts)

    def _cells(
        self, body: QRectF, n: int, bar: float, is_shared: bool, fonts: Fonts
    ) -> tuple[list[tuple[QRectF, bool]], bool]:
        """Return each plane's square and whether a color bar stands beside it, and whether axes have room."""
        with_axes = min(body.width(), body.height()) > 240
        title = line_height(fonts.label) + 8 if n > 1 else 0.0
        tick = line_height(fonts.tick) + 6 if with_axes else 2.0
        side_room = text_width(fonts.tick, "−0.5") + 10 if with_axes else 2.0

        def room(k: int) -> float:
            width = (body.width() - bar * (1 if is_shared else k)) / k - side_room - 8
            return min(width, body.height() / math.ceil(n / k) - title - tick)

        # Side by side is easier to compare, so planes may be somewhat smaller for it.
        columns = max(range(1, n + 1), key=lambda k: room(k) * (1 + 0.25 * min(k, 2)))
        side = max(20.0, math.floor(room(columns)))
        rows = math.ceil(n / columns)
        own = 0.0 if is_shared else bar
        step_x, step_y = side + side_room + 8 + own, side + title + tick
        left = body.left() + max(0.0, (body.width() - columns * step_x - (bar if is_shared else 0.0)) / 2)
        top = body.top() + max(0.0, (body.height() - rows * step_y) / 2)
        cells = []
        for i in range(n):
            row, column = divmod(i, columns)
            x, y = left + column * step_x + side_room, top + row * step_y + title
            is_last = column == min(columns, n - row * columns) - 1
            cells.append((QRectF(round(x), round(y), side, side), is_last or not is_shared))
        return cells, with_axes

    def _draw_layers(
        self, painter: QPainter, frame: Frame, lane: int, shown: ScoreRange, theme: Theme
    ) -> None:
        surface, samples, colored = self._readings.get(Surface), self._readings.get(Samples), self._colored()
        if colored is not None:
            draw_surface(painter, frame, shown.colors(colored.scores[lane], theme))
        if self._is_on("contour") and isinstance(surface, Surface):
            draw_contour(painter, frame, surface.scores[lane], self._decision(lane), theme)
        lattice = self._readings.get(LatentMap)
        if self._is_on("latent_map") and isinstance(lattice, LatentMap):
            draw_latent_map(painter, frame, lattice.points[lane], theme)
        if isinstance(samples, Samples):
            edge = "#ffffff" if not theme.is_dark else "#dbe3ec"
            if self._is_on("real"):
                draw_markers(painter, *frame.points(samples.real), Marker(theme.real, edge, True, 2.3))
            if self._is_on("generated"):
                draw_markers(
                    painter, *frame.points(samples.generated[lane]), Marker(theme.generated, edge, False, 2.6)
                )
        arrows = self._readings.get(GradientArrows)
        if self._is_on("arrows") and isinstance(arrows, GradientArrows):
            draw_arrows(painter, frame, arrows.points[lane], arrows.vectors[lane], theme)

    def _draw_legend(self, painter: QPainter, row: QRectF, cell: QRectF, theme: Theme, fonts: Fonts) -> None:
        painter.setFont(fonts.label)
        x, middle = row.left() + 4, row.center().y()
        for key, role, is_disc in (("real", "real", True), ("generated", "generated", False)):
            if self._is_on(key):
                marker = Marker(getattr(theme, role), theme.base, is_disc, 4.2)
                draw_markers(painter, np.array([x + 2]), np.array([middle]), marker)
                painter.setPen(theme.letters(role))
                x = _label(painter, x + 11, row, key, fonts)
        if self._is_on("contour") and row.width() > 230:
            painter.setPen(QPen(QColor(theme.text), 1.4))
            painter.drawLine(QPointF(x, middle), QPointF(x + 16, middle))
            painter.setPen(QColor(theme.muted))
            x = _label(painter, x + 21, row, self._contour_name(), fonts)
        if self._is_on("arrows") and row.width() > 330:
            end = x + ARROW_SHARE * cell.width()
            arrow_path(painter, np.array([[x, middle, end, middle]]), theme)
            painter.setPen(QColor(theme.muted))
            x = _label(painter, end + 5, row, "arrow = 1 unit of −∇L<sub>G</sub>", fonts)

    def _contour_name(self) -> str:
        assert self.snapshot is not None
        kinds = {lane.formulation.loss.score_kind for lane in self.snapshot.config.lanes}
        values = {self._decision(lane) for lane in range(len(self.snapshot.config.lanes))}
        if len(values) != 1 or ("logit" in kinds and len(kinds) > 1):
            return "boundary"
        (value,) = values
        if kinds != {"logit"}:
            return f"score {value:g}"
        return "D = ½" if value == 0 else f"D = {0.5 + 0.5 * math.tanh(0.5 * value):.3g}"

    def _decision(self, lane: int) -> float:
        assert self.snapshot is not None
        return self.snapshot.config.lanes[lane].formulation.loss.decision_score()

    def _colored(self) -> Surface | OptimalSurface | None:
        """Return what the surface shows: D*, else D, else nothing."""
        optimal, surface = self._readings.get(OptimalSurface), self._readings.get(Surface)
        if self._is_on("optimal") and isinstance(optimal, OptimalSurface):
            return optimal
        return surface if self._is_on("surface") and isinstance(surface, Surface) else None

    def _score_range(self, lane: int) -> ScoreRange:
        """Return the colors' range: fixed for logits, round and slow to change for raw scores."""
        assert self.snapshot is not None
        if isinstance(self._colored(), OptimalSurface):
            return ScoreRange(True, symbol="D*(x)")
        if self.snapshot.config.lanes[lane].formulation.loss.score_kind == "logit":
            return ScoreRange(True)
        center = self._decision(lane)
        surface = self._readings.get(Surface)
        reach = self._reaches.get(lane, 0.0)
        if isinstance(surface, Surface):
            scores = surface.scores[lane]
            far = float(np.nanmax(np.abs(scores - center), initial=1e-6, where=np.isfinite(scores)))
            if not 0.4 * reach <= far <= reach:
                reach = self._reaches[lane] = round_up(far)
        return ScoreRange(False, center, reach or 1.0)

    def _is_on(self, key: str) -> bool:
        return self._buttons[key].isChecked() and self._buttons[key].isEnabled()

    def _layers_changed(self) -> None:
        self.redraw()
        self.needs_changed.emit()


_DRAWN = (Samples, Surface, OptimalSurface, GradientArrows, LatentMap)


def _label(painter: QPainter, x: float, row: QRectF, text: str, fonts: Fonts) -> float:
    baseline = row.center().y() + line_height(fonts.label) * 0.28
    return x + draw_formula(painter, QPointF(x, baseline), text, fonts.label) + 14
