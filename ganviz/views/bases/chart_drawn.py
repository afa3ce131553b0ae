"""Where the last picture of a chart put things, for the pointer."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from ganviz.views.bases.beside import Besides
from ganviz.views.bases.chart_annotations import MarkPlaces
from ganviz.views.bases.chart_content import Curve, Tracks
from ganviz.views.bases.mark_labels import MarkLabel
from ganviz.views.plot.chart_margin import MarginLabel
from ganviz.views.plot.legend import Legend
from ganviz.views.plot.plotting import Axis

AXIS_PX = 18.0
"""Height below a plot that belongs to its horizontal axis."""


@dataclass(slots=True)
class Drawn:
    """Where the last picture put things, for the crosshair."""

    area: QRectF
    x: Axis
    y: Axis
    tracks: Tracks
    legend: Legend
    legend_area: QRectF
    newest: float
    home: tuple[tuple[float, float], tuple[float, float]]
    labels: list[MarginLabel]
    lane_labels: tuple[str, ...]
    """Of the lanes that are drawn: some may have come or gone since."""
    caption: list[str]
    """The lines below the plot."""
    besides: Besides
    by_lane: tuple[Curve, ...] = ()
    """What :func:`curve_color` goes by."""
    since: int = 0
    """The step since which values fill the range; 0 where all do."""
    is_calm: bool = False
    """Whether the rarest values lie outside the range."""
    changes: list[MarkLabel] = field(default_factory=list)
    marks: MarkPlaces = field(default_factory=list)

    @property
    def axis_area(self) -> QRectF:
        """Return where the labels of the horizontal axis stand."""
        return QRectF(self.area.left(), self.area.bottom() + 1, self.area.width(), AXIS_PX)
