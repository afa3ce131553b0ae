"""Where the generator's loss moves each sample."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.gradients import GradientArrows, GradientArrowsProbe
from ganviz.views.bases.planes import ARROW_SHARE, arrow_path, draw_arrows
from ganviz.views.look.formula import formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, LegendRow, Scene


class ArrowsLayer(AbstractLayer):
    """An arrow at each generated sample, but one alone where they crowd."""

    key: ClassVar[str] = "arrows"
    title: ClassVar[str] = "Gradient arrows"
    tip: ClassVar[str] = (
        "Shows where the chosen generator loss moves samples, −∇L_G: one arrow where they crowd."
    )
    depth: ClassVar[int] = 40

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the gradients."""
        return (GradientArrowsProbe(),)

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw the arrows."""
        arrows = scene.readings.get(GradientArrows)
        if isinstance(arrows, GradientArrows):
            at, along = arrows.points[scene.lane], arrows.vectors[scene.lane]
            draw_arrows(painter, scene.frame, at, along, scene.theme)

    def name_itself(self, row: LegendRow) -> None:
        """Say how long an arrow of length 1 is."""
        words = "arrow = 1 unit of −∇L<sub>G</sub>"
        room = row.area.right() - row.x - ARROW_SHARE * row.side - 5
        if formula_width(words, row.fonts.label) > room:
            words = "−∇L<sub>G</sub>"
        if row.area.width() > 330 and formula_width(words, row.fonts.label) <= room:
            end, middle = row.x + ARROW_SHARE * row.side, row.area.center().y()
            arrow_path(row.painter, np.array([[row.x, middle, end, middle]]), row.theme)
            row.painter.setPen(QColor(row.theme.muted))
            row.x = end + 5
            row.label(words)

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw an arrow."""
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(3, 13), QPointF(11, 5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawPolygon(QPolygonF([QPointF(14, 2), QPointF(12.5, 8.5), QPointF(7.5, 3.5)]))
