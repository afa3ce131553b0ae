"""What colors the plane: what D says, what the best possible D would say, or how far the two are apart.

One of them colors a lane, the last of those that are on and known: :mod:`ganviz.views.pictures.plane_colors`.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.optimal_surface import OptimalSurfaceProbe, has_density
from ganviz.training.probes.surface import SurfaceProbe
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, Scene


class AbstractColorLayer(AbstractLayer):
    """A layer that colors the plane below all others."""

    depth: ClassVar[int] = 0

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw nothing more: the plane is colored once, whichever of these are on."""


class SurfaceLayer(AbstractColorLayer):
    """What D says."""

    key: ClassVar[str] = "surface"
    title: ClassVar[str] = "Surface"
    tip: ClassVar[str] = "Shows what the discriminator says of every place in the plane."
    is_on: ClassVar[bool] = True

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the surface."""
        return (SurfaceProbe(),)

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw a square in the surface's colors."""
        gradient = QLinearGradient(2, 14, 14, 2)
        stops = theme.surface_stops
        for i, stop in enumerate(stops):
            gradient.setColorAt(i / (len(stops) - 1), QColor(stop))
        painter.setPen(QPen(QColor(theme.muted), 0.8))
        painter.setBrush(gradient)
        painter.drawRoundedRect(QRectF(2, 2, 12, 12), 2, 2)


class OptimalLayer(AbstractColorLayer):
    """What the best possible D would say."""

    key: ClassVar[str] = "optimal"
    title: ClassVar[str] = "Optimal D*"
    tip: ClassVar[str] = (
        "Colors the surface by the best possible discriminator, p / (p + q), both densities smoothed by 0.1. "
        "The boundary stays that of D. For losses whose scores are logits, and data whose density is known."
    )

    def fits(self, config: RunConfig) -> bool:
        """Return whether the data's density is known, and some D says probabilities: a critic's best is another."""
        kinds = {lane.formulation.loss.score_kind for lane in config.lanes}
        return "logit" in kinds and has_density(config.distribution)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the best surface."""
        return (OptimalSurfaceProbe(),)

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Write D*."""
        _write(painter, theme, "D*")


class DifferenceLayer(OptimalLayer):
    """How far D is above or below the best possible one."""

    key: ClassVar[str] = "difference"
    title: ClassVar[str] = "Difference D − D*"
    tip: ClassVar[str] = (
        "Colors the surface by how far D is above or below the best possible discriminator. "
        "For losses whose scores are logits, and data whose density is known."
    )

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return both surfaces."""
        return (SurfaceProbe(), OptimalSurfaceProbe())

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Write ΔD*."""
        _write(painter, theme, "ΔD*")


def _write(painter: QPainter, theme: Theme, text: str) -> None:
    """Write as large as an icon has room for."""
    font = painter.font()
    font.setBold(True)
    font.setPixelSize(12)
    path = QPainterPath()
    path.addText(0, 0, font, text)
    box = path.boundingRect()
    scale = min(1.0, 15 / box.width())
    painter.translate(8, 8)
    painter.scale(scale, scale)
    painter.translate(-box.center())
    painter.fillPath(path, QColor(theme.text))
