"""Which modes of the data the generator misses."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.data.base import Modes
from ganviz.training.config import RunConfig
from ganviz.training.distances import mode_coverage
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, LegendRow, Readings, Scene
from ganviz.views.plot.plotting import first_fitting, translucent

NAME = "missed mode"
RADIUS_PX, LEAST_PX, SHARE = 7.0, 3.0, 0.035
"""Of a mark: this share of the plane's side, between the other two."""
MARK_PX = 15.0
"""Room for the mark before its name."""


class MissedModes:
    """Finds the modes that generated samples miss; GUI thread only.

    Real samples are looked at once: every lane of every reading is compared with the same ones.
    """

    def __init__(self) -> None:
        self._real: NDArray[np.float32] | None = None
        self._good_shares = np.empty(0)

    def centers(
        self, config: RunConfig, samples: Samples, metrics: Metrics | None, lane: int
    ) -> NDArray[np.float32]:
        """Return where the modes are that a lane's samples miss, ``[n, 2]``; none where that is not known.

        No mode is marked that the metrics count as hit, so that marks and the number of modes that is told agree. They
        alone decide at the samples' own step, where those that are shown are the first of theirs. Where they are of an
        earlier step, a mode that has been found since is not marked either; of a later one, they say nothing.
        """
        modes, made = config.distribution.modes(), samples.generated[lane]
        if modes is None or not np.isfinite(made).all():
            return np.empty((0, 2), dtype=np.float32)
        told = np.zeros(len(modes.centers), dtype=np.bool_)
        if metrics is not None and metrics.step <= samples.step and metrics.n_modes == len(told):
            told = metrics.are_hit(lane)
        if (metrics is None or metrics.step != samples.step) and not told.all():
            told = told | mode_coverage(made, modes).are_hit(self._shares_of(samples.real, modes))
        return modes.centers[~told].astype(np.float32)

    def _shares_of(self, real: NDArray[np.float32], modes: Modes) -> NDArray[np.float64]:
        if self._real is None or not np.array_equal(self._real, real):
            self._real = real
            self._good_shares = mode_coverage(real, modes).good_counts / len(real)
        return self._good_shares


class MissedModesLayer(AbstractLayer):
    """A crossed ring at each mode with less than a tenth of the samples within 3σ that real ones have there."""

    key: ClassVar[str] = "missed_modes"
    title: ClassVar[str] = "Missed modes"
    tip: ClassVar[str] = (
        "Marks modes that have less than a tenth of the samples within 3σ that real ones have there: "
        "of the 2\u202f500 that the number of modes is counted in, or of those shown until they are there."
    )
    is_on: ClassVar[bool] = True
    depth: ClassVar[int] = 40
    of_d: ClassVar[bool] = False

    def __init__(self) -> None:
        self._missed = MissedModes()

    def fits(self, config: RunConfig) -> bool:
        """Return whether the data's modes are known."""
        return config.distribution.modes() is not None

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the samples that are shown, and the metrics that count the modes in more of them."""
        return (SamplesProbe(), MetricsProbe())

    def step(self, readings: Readings) -> int | None:
        """Return the step of the metrics, where they have a say."""
        samples, metrics = _read(readings)
        has_say = samples is not None and metrics is not None and metrics.step <= samples.step
        return metrics.step if metrics is not None and has_say else None

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Mark each missed mode, with a rim that stands out from the samples around it."""
        (samples, known), frame = _read(scene.readings), scene.frame
        if samples is None:
            return
        missed = self._missed.centers(scene.scores.config, samples, known, scene.lane)
        radius = min(max(SHARE * frame.area.width(), LEAST_PX), RADIUS_PX)
        for x, y in zip(*(at.tolist() for at in frame.points(missed)), strict=True):
            _draw_mark(painter, QPointF(x, y), radius, scene.theme)

    def name_itself(self, row: LegendRow) -> None:
        """Say what the mark means and of which step it is, as far as the words fit."""
        room, font = row.area.right() - row.x - row.share * MARK_PX, row.fonts.label
        dated = (f"{NAME} {row.when}", f"missed {row.when}") if row.when else ()
        words = first_fitting(font, room, *dated, NAME)
        if words and self.fits(row.scores.config):
            at = QPointF(row.x + row.share * 4, row.area.center().y())
            _draw_mark(row.painter, at, row.share * 5, row.theme)
            row.painter.setPen(QColor(row.theme.muted))
            row.x += row.share * MARK_PX
            row.label(words)

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw the mark."""
        _draw_mark(painter, QPointF(8, 8), 5.5, theme)


def _read(readings: Readings) -> tuple[Samples | None, Metrics | None]:
    samples, metrics = readings.get(Samples), readings.get(Metrics)
    return (
        samples if isinstance(samples, Samples) else None,
        metrics if isinstance(metrics, Metrics) else None,
    )


def _draw_mark(painter: QPainter, at: QPointF, radius: float, theme: Theme) -> None:
    """Draw a crossed ring in the color of real samples over a wider one in that of the ground."""
    arm = 0.6 * radius
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((translucent(QColor(theme.base), 0.85), 4.0), (theme.letters("real"), 1.6)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(at, radius, radius)
        painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
        painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
