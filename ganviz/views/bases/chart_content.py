"""What a chart shows: which columns as which curves, and the part of the run that is looked at."""

from __future__ import annotations

import math
from dataclasses import field

import numpy as np

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.beside import Beside
from ganviz.views.bases.horizontal import Along
from ganviz.views.bases.traces import between, tracks
from ganviz.views.plot.chart_margin import ReferenceLine
from ganviz.views.plot.looks import EVERYTHING, Look
from ganviz.views.plot.plotting import number
from ganviz.views.plot.scales import LINEAR, Scale
from ganviz.views.plot.track import Track


@dataclass(frozen=True, slots=True)
class Curve:
    """What one column looks like: ``role`` is its color, ``symbol`` and ``formula`` are HTML, ``width`` in pixels.

    ``short`` replaces the symbol in legends that are too small for it. ``when`` says there, where they have room, of
    which step its value is.

    What is ``stacked_on`` another column, or on "0", has its area filled from there to the sum of both. An ``underlay``
    is drawn wide and pale beneath all others, so that a curve that coincides with it stays visible.

    Values have so many ``digits``; without any they are counts. Lanes that are ``without`` what it is of have none now.
    """

    column: str
    role: str
    symbol: str
    formula: str = ""
    width: float = 1.7
    has_band: bool = True
    underlay: bool = False
    short: str = ""
    stacked_on: str = ""
    when: str = ""
    digits: int = 3
    without: frozenset[int] = frozenset()

    def text(self, value: float) -> str:
        """Return a value as the chart writes it: between two counts, which a mean can be, with one digit."""
        return number(value, self.digits or (0 if float(value).is_integer() else 1))

    def difference(self, value: float) -> str:
        """Return a difference of two values with its sign."""
        return ("+" if value > 0 else "") + self.text(value)


@dataclass(frozen=True, slots=True)
class ChartContent:
    """Everything a chart shows. ``lane_labels`` is empty for a single lane; ``values`` are shown in the legend.

    ``finer`` is a trace with more detail or averages of what is visible, where there is one. A ``robust`` range leaves
    out the outermost values, one that ``is_whole`` has those of earlier formulations, none goes beyond ``bounds``.
    ``along`` is how steps are laid out; all but the axis itself is in steps. ``beside`` are saved runs,
    ``stopped`` lanes that have diverged.
    """

    trace: LossTrace
    curves: tuple[Curve, ...]
    references: tuple[ReferenceLine, ...]
    lane_labels: tuple[str, ...]
    y_label: str
    smoothing: float = 0.0
    scale: Scale = LINEAR
    caption: str = ""
    look: Look = EVERYTHING
    hidden: frozenset[str] = frozenset()
    finer: LossTrace | None = None
    robust: bool = False
    is_whole: bool = False
    along: Along = field(default_factory=Along)
    bounds: tuple[float, float] = (-math.inf, math.inf)
    beside: tuple[Beside, ...] = ()
    is_by_lane: bool = False
    stopped: frozenset[int] = frozenset()

    @property
    def by_lane(self) -> tuple[Curve, ...]:
        """Return all curves where colors are those of lanes, of which there are several; none where of quantities."""
        return self.curves if self.is_by_lane and self.lane_labels else ()

    @property
    def viewed(self) -> int | None:
        """Return the step that is looked at, None where it is the newest."""
        trace = self.trace
        return trace.step if len(trace.last) and 0 <= trace.step < trace.last[-1] else None

    def visible(self) -> LossTrace:
        """Return the finest trace there is of the visible steps."""
        trace = self.trace if self.finer is None else self.finer
        return trace if self.look.x is None else between(trace, *self.look.x)

    def shows(self, curve: Curve, lane: int) -> bool:
        """Return whether a lane's curve is not hidden."""
        return not {curve.column, lane_key(lane)} & self.hidden

    def shown_references(self) -> tuple[ReferenceLine, ...]:
        """Return the lines that do not belong to hidden curves or lanes alone."""
        roles = {curve.role: False for curve in self.curves}
        for curve in self.curves:
            roles[curve.role] |= curve.column not in self.hidden
        lanes = {lane for lane in range(len(self.lane_labels)) if lane_key(lane) not in self.hidden}
        return tuple(
            line
            for line in self.references
            if roles.get(line.role, True)
            and (not line.lanes or not self.lane_labels or lanes & set(line.lanes))
        )


def lane_key(lane: int) -> str:
    """Return what stands for a whole lane among the hidden columns."""
    return f"lane {lane}"


Tracks = list[tuple[Curve, int, Track]]
"""Curve, lane and what is drawn of it."""


def content_tracks(content: ChartContent, trace: LossTrace, width: float) -> Tracks:
    """Return what is drawn of a trace in ``width`` pixels, curve by curve, without what is hidden.

    A lane that is without what a curve is of has none, where it is 0 all along.
    """
    columns, n_points = [curve.column for curve in content.curves], max(60, int(width / 1.8))
    made = [tracks(trace, lane, columns, n_points) for lane in range(trace.mean.shape[0])]
    return [
        (curve, lane, of_lane[i])
        for i, curve in enumerate(content.curves)
        for lane, of_lane in enumerate(made)
        if content.shows(curve, lane) and not (lane in curve.without and _is_nothing(of_lane[i]))
    ]


def _is_nothing(one: Track) -> bool:
    return not (np.nan_to_num(one.low).any() or np.nan_to_num(one.high).any())
