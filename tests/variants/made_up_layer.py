"""A layer of the plane: a line from the origin to the mean of the generated samples."""

from typing import ClassVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, LegendRow, Scene


class MadeUpLayer(AbstractLayer):
    """The mean of the samples."""

    key: ClassVar[str] = "made_up_layer"
    title: ClassVar[str] = "Mean"
    tip: ClassVar[str] = "Shows where the generated samples are on average."
    depth: ClassVar[int] = 50
    of_d: ClassVar[bool] = False

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the samples."""
        return (SamplesProbe(),)

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw the line."""
        samples = scene.readings.get(Samples)
        if isinstance(samples, Samples):
            x, y = samples.generated[scene.lane].mean(0).tolist()
            frame = scene.frame
            painter.setPen(QPen(QColor(scene.theme.text), 3))
            painter.drawLine(
                QPointF(frame.x.pixel(0.0), frame.y.pixel(0.0)), QPointF(frame.x.pixel(x), frame.y.pixel(y))
            )

    def name_itself(self, row: LegendRow) -> None:
        """Name the line."""
        row.label("mean")

    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw a line."""
        painter.setPen(QColor(theme.text))
        painter.drawLine(QPointF(3, 13), QPointF(13, 3))
