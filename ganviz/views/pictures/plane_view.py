"""The plane: real and generated samples over the discriminator's surface, one plane a lane."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from ganviz.data.base import Extent
from ganviz.spec.words import grouped
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.optimal_surface import OptimalSurface
from ganviz.training.probes.samples import Samples
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.training.probes.surface import Surface, SurfaceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.planes import Frame, ScoreRange, draw_surface
from ganviz.views.bases.touched_planes import AbstractTouchedPlanes
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layer_button import LayerButton
from ganviz.views.pictures.layers import LAYERS
from ganviz.views.pictures.layers.base import AbstractLayer, Scene
from ganviz.views.pictures.plane_axes import place_words
from ganviz.views.pictures.plane_colors import PlaneColors, difference_at
from ganviz.views.pictures.plane_drawing import PlaneDrawing
from ganviz.views.pictures.plane_layout import draw_foot, draw_outside
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.pictures.plane_values import (
    Outside,
    bilinear,
    enlarged,
    inside,
    nearest_mode,
    outside,
    probability,
    ranges_of,
)
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import number
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.still import Still
from ganviz.views.plot.values import Value, Values

_DRAWN = frozenset({probe for layer in LAYERS for probe in layer.needs()} | {ScoreHistogramProbe()})


class PlaneView(AbstractTouchedPlanes):
    """One plane a lane, side by side, with layers that are switched on and off; GUI thread only."""

    key: ClassVar[str] = "plane"
    title: ClassVar[str] = "The plane"

    def __init__(self, parent: QWidget | None = None) -> None:
        self._known: tuple[object, PlaneDrawing] | None = None
        super().__init__(parent)
        self._readings: dict[type[Reading], Reading] = {}
        self._colors, self._still = PlaneColors(), Still()
        self._layers_on: tuple[AbstractLayer, ...] | None = None
        self._is_any_free = self._is_moving = False
        self._buttons = {layer.key: LayerButton(layer) for layer in LAYERS}
        for button in self._buttons.values():
            self.controls.addWidget(button)
            button.toggled.connect(self._layers_changed)
        self.controls.addStretch(1)

    unfit_text = "The plane appears when the data are points in a plane"

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the probes of the layers that are on, and that of the mean score where colors are about it."""
        wanted = list(dict.fromkeys(probe for layer in self._on() for probe in layer.needs()))
        if SurfaceProbe() in wanted and self._asks_for_scores():
            wanted.append(ScoreHistogramProbe())
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
        self._is_moving = before is not None and before.viewed_step != snapshot.viewed_step
        is_other = before is None or before.config.distribution != snapshot.config.distribution
        if before is None or before.config != snapshot.config:
            for layer in LAYERS:
                self._buttons[layer.key].setEnabled(layer.fits(snapshot.config))
            self._layers_on = None
        if before is not None and before.stamp.run != snapshot.stamp.run:
            self.forget()
        # Other views ask for scores too, of another batch.
        found: dict[type[Reading], Reading] = {
            type(reading): reading for probe, reading in snapshot.readings if probe in _DRAWN
        }
        stale = before is not None and len(before.config.lanes) != len(snapshot.config.lanes)
        self._readings = found if stale else {**self._readings, **found}
        if is_other:
            self.forget_looks()
        return bool(found)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw a snapshot, and ask for what its losses need beside the layers."""
        drawn, before = self.snapshot, (self._asks_for_scores(), self._on())
        super().show_snapshot(snapshot)
        now = self.snapshot
        if now is not None and (drawn is None or drawn.config.lanes != now.config.lanes):
            self._is_any_free = self._scores().is_any_free()
        if (self._asks_for_scores(), self._on()) != before:
            self.needs_changed.emit()

    def _asks_for_scores(self) -> bool:
        return self.snapshot is not None and self._is_any_free

    def forget(self) -> None:
        """Drop all readings."""
        self._readings = {}
        self._colors.forget()

    def apply_theme(self, theme: Theme) -> None:
        """Redraw in the colors of ``theme``, the layers' buttons too."""
        for button in self._buttons.values():
            button.apply_theme(theme)
        super().apply_theme(theme)

    def redraw(self) -> None:
        """Paint anew at the next frame, with nothing that was found out for the last one."""
        self._known = None
        super().redraw()

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every lane's plane."""
        shown, fonts, scores = self._drawing(area), self.fonts(), self._scores()

        def draw_still(own: QPainter) -> None:
            shown.draw_still(own, area, scores, theme, fonts)

        self._still.paint(painter, area, (shown.still_key, theme, fonts), QColor(theme.base), draw_still)
        for lane, frame in enumerate(shown.frames):
            with clipped(painter, frame.area):
                self._draw_layers(painter, shown, lane, theme)
                draw_foot(painter, frame.area, shown.absences[lane], theme, fonts)
                draw_outside(painter, frame.area, self._outside(frame, lane), theme, fonts)
        shown.draw_moving_bars(painter, theme, fonts)

    def _when(self, layer: AbstractLayer) -> str:
        """Return of which step a layer is, where it is another than the samples'.

        While steps go by it is said all the time: it would come and go with every measurement.
        """
        samples, at = self._readings.get(Samples), layer.step(self._readings)
        is_another = at is not None and samples is not None and (self._is_moving or at != samples.step)
        return f"at step {grouped(at)}" if at is not None and is_another else ""

    def _drawing(self, area: QRectF) -> PlaneDrawing:
        """Return what is drawn into ``area``, found out once for each picture."""
        assert self.snapshot is not None
        key = (area.width(), area.height(), self.fonts())
        if self._known is None or self._known[0] != key:
            config, lanes = self.snapshot.config, range(self._n_lanes())
            colored = tuple(self._layer(lane) for lane in lanes)
            ranges = tuple(self._score_range(lane) for lane in lanes)
            titles = tuple(self.headings(with_seed=True))
            data, fonts = config.distribution, self.fonts()
            drawing = PlaneDrawing.of(
                area,
                (self._on(), tuple(self._when(layer) for layer in self._on())),
                colored,
                ranges,
                self._scores(),
                titles,
                fonts,
                (data.extent, data.axis_names),
            )
            self._known = key, drawing.looking_at(data.extent, self.look(0))
        return self._known[1]

    def frames(self, area: QRectF) -> list[Frame]:
        """Return each lane's plane where the view is painted into ``area``."""
        return [] if self.snapshot is None else list(self._drawing(area).frames)

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the ranges of the whole plane."""
        assert self.snapshot is not None
        return ranges_of(self.snapshot.config.distribution.extent)

    def read_out(self, index: int, x: float, y: float) -> ReadOut:
        """Return D's answer at a place, the best possible one where it is shown, and the nearest mode."""
        assert self.snapshot is not None
        config, rows = self.snapshot.config, []
        surface, optimal = self._readings.get(Surface), self._readings.get(OptimalSurface)
        if isinstance(surface, Surface) and config.lanes[index].has_discriminator:
            score = float(bilinear(surface.scores[index], surface.extent, np.array(x), np.array(y)))
            if config.lanes[index].formulation.loss.score_kind == "logit":
                rows.append(ReadRow("text", "D(x)", (number(probability(score)),)))
            rows.append(ReadRow("text", "score", (number(score),)))
        shows_best = {"optimal", "difference"} & self._shown() and self._scores().is_probability(index)
        if shows_best and isinstance(optimal, OptimalSurface):
            best = float(bilinear(optimal.scores[index], optimal.extent, np.array(x), np.array(y)))
            rows.append(ReadRow("text", "D*(x)", (number(probability(best)),)))
            if self._is_on("difference") and isinstance(surface, Surface):
                rows.append(ReadRow("text", "D − D*", (number(difference_at(score, best)),)))
        mode = nearest_mode(config.distribution.modes(), x, y)
        if mode is not None:
            rows.append(ReadRow("real", f"mode {mode[0]}", (f"{number(mode[1], 2)} away",)))
        title, brief = (place_words(names, x, y) for names in (config.distribution.axis_names, ()))
        return ReadOut(title, tuple(rows), brief_title=brief)

    def values(self) -> Values:
        """Return the samples that are in sight."""
        samples, rows = self._readings.get(Samples), list[tuple[Value, ...]]()
        if self.snapshot is not None and isinstance(samples, Samples):
            (x, y), config = self._ranges(), self.snapshot.config
            if self._is_on("real"):
                rows += [("real", "", *point) for point in inside(samples.real, x, y).tolist()]
            titles = self.lane_titles(len(config.lanes) if self._is_on("generated") else 0)
            for lane, title in enumerate(titles):
                points = inside(samples.generated[lane], x, y).tolist()
                rows += [("generated", title, *point) for point in points]
        names = () if self.snapshot is None else self.snapshot.config.distribution.axis_names
        return Values(("sample", "lane", *(names or ("x1", "x2"))), rows)

    def _ranges(self) -> tuple[Range, Range]:
        x, y = self.home(0)
        return self.look(0).x or x, self.look(0).y or y

    def _outside(self, frame: Frame, lane: int) -> Outside:
        samples, shown = self._readings.get(Samples), [np.empty((0, 2), dtype=np.float32)]
        if isinstance(samples, Samples):
            shown += [samples.real] * self._is_on("real")
            shown += [samples.generated[lane]] * self._is_on("generated")
        return outside(np.concatenate(shown), (frame.x.low, frame.x.high), (frame.y.low, frame.y.high))

    def _draw_layers(self, painter: QPainter, shown: PlaneDrawing, lane: int, theme: Theme) -> None:
        frame, scores = shown.frames[lane], self._scores()
        colored = self._colors.grid(shown.colored[lane], self._readings, scores, lane)
        if colored is not None:
            draw_surface(painter, frame, shown.ranges[lane].colors(self._visible(*colored), theme))
        scene = Scene(frame, lane, self._readings, scores, self._visible, theme)
        for layer in sorted(shown.layers, key=lambda one: one.depth):
            if scores.has_d(lane) or not layer.of_d:
                layer.draw(painter, scene)

    def _visible(self, values: NDArray[np.floating[Any]], extent: Extent) -> NDArray[np.float32]:
        """Return the values of what is looked at."""
        look = self.look(0)
        if look.x is None or look.y is None:
            return values.astype(np.float32)
        return enlarged(values, extent, look.x, look.y)

    def _n_lanes(self) -> int:
        return 0 if self.snapshot is None else len(self.snapshot.config.lanes)

    def _scores(self) -> LaneScores:
        assert self.snapshot is not None
        batch = self._readings.get(ScoreHistogram)
        return LaneScores(self.snapshot.config, batch if isinstance(batch, ScoreHistogram) else None)

    def _on(self) -> tuple[AbstractLayer, ...]:
        if self._layers_on is None:
            self._layers_on = tuple(layer for layer in LAYERS if self._is_on(layer.key))
        return self._layers_on

    def _shown(self) -> frozenset[str]:
        return frozenset(layer.key for layer in self._on())

    def _layer(self, lane: int) -> str:
        """Return the layer that colors a lane's plane, or nothing."""
        return self._colors.layer(self._shown(), self._readings, self._scores(), lane)

    def _score_range(self, lane: int) -> ScoreRange:
        return self._colors.range_of(self._layer(lane), self._readings, self._scores(), lane)

    def _is_on(self, key: str) -> bool:
        return self._buttons[key].isChecked() and self._buttons[key].isEnabled()

    def _layers_changed(self) -> None:
        self._layers_on = None
        self.redraw()
        self.needs_changed.emit()
