"""What a layer of the plane is: something drawn over every lane's plane, which is switched on and off."""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ganviz.data.base import Extent
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.views.bases.planes import Frame
from ganviz.views.look.formula import draw_formula
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.plot.plotting import Fonts, letters_share, line_height

Readings = Mapping[type[Reading], Reading]
Grid = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One lane's plane and what is known of it.

    ``visible`` returns the part of a grid ``[rows, columns]`` over an extent that is looked at.
    """

    frame: Frame
    lane: int
    readings: Readings
    scores: LaneScores
    visible: Callable[[Grid, Extent], NDArray[np.float32]]
    theme: Theme


@dataclass(slots=True)
class LegendRow:
    """The row above the planes in which layers name themselves, from ``x`` on; ``side`` is a plane's width.

    ``when`` is "at step …" where the layer that names itself is of another step than the samples, else empty.
    """

    painter: QPainter
    area: QRectF
    side: float
    scores: LaneScores
    theme: Theme
    fonts: Fonts
    x: float
    when: str = ""

    @property
    def share(self) -> float:
        """Return how many times as large as usual marks are: they grow with the letters beside them."""
        return letters_share(self.fonts)

    def label(self, text: str) -> None:
        """Write a name, HTML, in the painter's pen and go on behind it."""
        baseline = self.area.center().y() + line_height(self.fonts.label) * 0.28
        self.x += draw_formula(self.painter, QPointF(self.x, baseline), text, self.fonts.label) + 14


class AbstractLayer(abc.ABC):
    """A layer: ``key`` and names, whether it is on at first, and how far above the others it lies (``depth``)."""

    key: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    is_on: ClassVar[bool] = False
    depth: ClassVar[int]
    of_d: ClassVar[bool] = True
    """Whether it shows something of the discriminator."""

    def fits(self, config: RunConfig) -> bool:
        """Return whether the layer has a meaning for a run."""
        return True

    @abc.abstractmethod
    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the probes that it draws from."""

    @abc.abstractmethod
    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw it over a lane's plane, clipped to that; what has not been read yet is left out."""

    @abc.abstractmethod
    def draw_icon(self, painter: QPainter, theme: Theme) -> None:
        """Draw its button's icon into a square of 16 pixels."""

    def step(self, readings: Readings) -> int | None:
        """Return the step of what decides over what is drawn, where that is measured apart from the samples."""
        return None

    def name_itself(self, row: LegendRow) -> None:  # noqa: B027 - most are plain to see
        """Say in the legend what is what, where that is not plain to see."""
