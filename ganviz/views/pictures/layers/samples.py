"""Real samples as blue discs, generated ones as vermillion diamonds."""

from __future__ import annotations

import abc
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.views.bases.planes import Marker, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, LegendRow, Scene

LEGEND_RADIUS = 4.2


class AbstractSamplesLayer(AbstractLayer):
    """Samples of one kind, each with its mark."""

    is_on: ClassVar[bool] = True
    of_d: ClassVar[bool] = False
    is_disc: ClassVar[bool]
    radius: ClassVar[float]

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the samples."""
        return (SamplesProbe(),)

    @abc.abstractmethod
    def of(self, samples: Samples, lane: int) -> NDArray[np.float32]:
        """Return a lane's samples of this kind, ``[n, 2]``."""

    def _marker(self, theme: Theme, edge: str, radius: float) -> Marker:
        return Marker(getattr(theme, self.key), edge, self.is_disc, radius)

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw a mark at each sample."""
        samples = scene.readings.get(Samples)
        if isinstance(samples, Samples):
            edge = "#ffffff" if not scene.theme.is_dark else "#dbe3ec"
            marker = self._marker(scene.theme, edge, self.radius)
            draw_markers(painter, *scene.frame.points(self.of(samples, scene.lane)), marker)

    def name_itself(self, row: LegendRow) -> None:
        """Name the mark."""
        marker = self._marker(row.theme, row.theme.base, row.share * LEGEND_RADIUS)
        draw_markers(
            row.painter, np.array([row.x + row.share * 2]), np.array([row.area.center().y()]), marker
        )
        row.painter.setPen(row.theme.letters(self.key))
        row.x += row.share * 11
        row.label(self.key)


class RealLayer(AbstractSamplesLayer):
    """Real samples."""

    key: ClassVar[str] = "real"
    title: ClassVar[str] = "Real samples"
    tip: ClassVar[str] = "Shows real samples as blue discs."
    depth: ClassVar[int] = 30
    is_disc: ClassVar[bool] = True
    radius: ClassVar[float] = 2.3

    def of(self, samples: Samples, lane: int) -> NDArray[np.float32]:
        """Return the real samples, alike in all lanes."""
        return samples.real

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw a disc."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.line("real"))
        painter.drawEllipse(QPointF(8, 8), 4.6, 4.6)


class GeneratedLayer(AbstractSamplesLayer):
    """Generated samples."""

    key: ClassVar[str] = "generated"
    title: ClassVar[str] = "Generated samples"
    tip: ClassVar[str] = "Shows the generator's samples as vermillion diamonds."
    depth: ClassVar[int] = 31
    is_disc: ClassVar[bool] = False
    radius: ClassVar[float] = 2.6

    def of(self, samples: Samples, lane: int) -> NDArray[np.float32]:
        """Return what the lane's generator makes."""
        made: NDArray[np.float32] = samples.generated[lane]
        return made

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw a diamond."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.line("generated"))
        painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(14, 8), QPointF(8, 14), QPointF(2, 8)]))
