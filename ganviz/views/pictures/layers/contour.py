"""The line on which the discriminator is undecided."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.surface import Surface, SurfaceProbe
from ganviz.views.bases.planes import draw_contour
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, LegendRow, Scene
from ganviz.views.plot.plotting import first_fitting

STROKE_PX = 21.0
"""Room for a piece of the line before its name."""


class ContourLayer(AbstractLayer):
    """The line at the decision score."""

    key: ClassVar[str] = "contour"
    title: ClassVar[str] = "Boundary"
    tip: ClassVar[str] = "Shows the line on which the discriminator is undecided."
    is_on: ClassVar[bool] = True
    depth: ClassVar[int] = 10

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the surface."""
        return (SurfaceProbe(),)

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw the line."""
        surface = scene.readings.get(Surface)
        if isinstance(surface, Surface):
            seen = scene.visible(surface.scores[scene.lane], surface.extent)
            draw_contour(painter, scene.frame, seen, scene.scores.decision(scene.lane), scene.theme)

    def name_itself(self, row: LegendRow) -> None:
        """Say what the score there is, shorter where the words would not fit, or nothing."""
        name = row.scores.contour_name()
        room = row.area.right() - row.x - row.share * STROKE_PX
        if name := first_fitting(row.fonts.label, room, name, name.split("’s ")[-1]):
            middle = row.area.center().y()
            row.painter.setPen(QPen(QColor(row.theme.text), 1.4))
            row.painter.drawLine(QPointF(row.x, middle), QPointF(row.x + row.share * 16, middle))
            row.painter.setPen(QColor(row.theme.muted))
            row.x += row.share * STROKE_PX
            row.label(name)

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw a bent line."""
        painter.setPen(QPen(QColor(theme.text), 1.6))
        painter.drawArc(QRectF(-5, 3, 17, 17), 0, 100 * 16)
        painter.drawArc(QRectF(-9, 3, 17, 17), 0, 0)
