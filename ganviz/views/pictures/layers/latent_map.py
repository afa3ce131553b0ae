"""Where the generator sends a square lattice of latents."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.latent_map import LatentMap, LatentMapProbe
from ganviz.views.bases.planes import draw_latent_map
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, Scene


class LatentMapLayer(AbstractLayer):
    """The image of the lattice."""

    key: ClassVar[str] = "latent_map"
    title: ClassVar[str] = "Latent map"
    tip: ClassVar[str] = "Shows where the generator sends a square lattice of latents."
    depth: ClassVar[int] = 20
    of_d: ClassVar[bool] = False

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the lattice's image."""
        return (LatentMapProbe(),)

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw the lattice."""
        lattice = scene.readings.get(LatentMap)
        if isinstance(lattice, LatentMap):
            draw_latent_map(painter, scene.frame, lattice.points[scene.lane], scene.theme)

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw a bent lattice."""
        painter.setPen(QPen(theme.letters("generated"), 1.1))
        for i in range(3):
            painter.drawLine(QPointF(2, 4 + 4 * i), QPointF(14, 3 + 5 * i))
            painter.drawLine(QPointF(3 + 5 * i, 2), QPointF(4 + 4 * i, 14))
