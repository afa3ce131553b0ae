"""How good the samples were over the run: one measure at a time, with what as many real samples score."""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar, TypeVar

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QWidget

from ganviz.session.figure_titles import SHARES, figure_title
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.training.config import RunConfig
from ganviz.training.floors import N_DRAWS, Level
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.probes.metrics_trace import MetricsTrace, MetricsTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.beside import Beside, value_beside
from ganviz.views.bases.canvas import small_font
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve, lane_key
from ganviz.views.bases.finer import Shown
from ganviz.views.look.elided_box import ElidedBox
from ganviz.views.look.outside_text import set_tip
from ganviz.views.plot.chart_margin import ReferenceLine
from ganviz.views.plot.plotting import CURVE_PX, number
from ganviz.views.plot.values import Values


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the metrics: its column, its axis, which field of the floors it has, called what, and its digits."""

    column: str
    y_label: str
    floor: str = ""
    reference: str = "floor"
    digits: int = 3

    @property
    def title(self) -> str:
        """Return what it is called."""
        return figure_title(self.column)


MEASURES = (
    Measure("quality_fraction", "within 3σ of a mode (%)", "quality", "ceiling", digits=1),
    Measure("modes_hit", "modes hit", digits=0),
    Measure("modes_with_a_sample", "modes with a sample", digits=0),
    Measure("reverse_kl", "reverse KL over modes (nats)", "reverse_kl"),
    Measure("good_reverse_kl", "reverse KL of good samples (nats)", "good_reverse_kl"),
    Measure("sliced_wasserstein", "sliced Wasserstein distance", "sliced_wasserstein"),
    Measure("js_divergence", "smoothed JSD (nats)", "js_divergence"),
)  # fmt: skip
OF_ANY_DATA = MEASURES[5]
NOT_MEASURED = "Metrics appear once they are measured, first at step 64"


class MetricsTraceView(AbstractChartView):
    """The metrics that the engine has measured by its schedule; GUI thread only."""

    key: ClassVar[str] = "metrics_trace"
    title: ClassVar[str] = "Metrics over time"
    short_title: ClassVar[str] = "Over time"
    plain_needs: tuple[AbstractProbe, ...] = (LossTraceProbe(), MetricsTraceProbe())
    empty_text = NOT_MEASURED

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tight.leave_out(self._smooth_label, self._slider)
        self._box = ElidedBox()
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box.setFont(small_font(self._box.font()))
        self._box.addItems([measure.title for measure in MEASURES])
        self._box.setAccessibleName("Measure")
        self._box.view().setAccessibleName("Measures")
        set_tip(
            self._box, "What is drawn; measures of modes need data whose modes are known.", about="Measure"
        )
        self._chosen = MEASURES[0]
        self._box.currentIndexChanged.connect(self._measure_changed)
        self.controls.insertWidget(0, self._box)

    def choose(self, column: str) -> None:
        """Draw this measure."""
        self._box.setCurrentIndex([measure.column for measure in MEASURES].index(column))

    def take(self, snapshot: Snapshot) -> bool:
        """Keep what was measured, and name what is drawn of it."""
        was_taken = super().take(snapshot)
        with QSignalBlocker(self._box):
            self._box.setCurrentIndex(MEASURES.index(self.measure))
        return was_taken

    def _measure_changed(self) -> None:
        self._chosen = MEASURES[self._box.currentIndex()]
        self._chart.reset()
        self._canvas.forget_heights()
        self.redraw()

    @property
    def measure(self) -> Measure:
        """Return what is drawn: what was chosen, or a distance to samples where that has no meaning for the data."""
        chosen, trace = self._chosen, self._trace
        has_modes = not isinstance(trace, MetricsTrace) or bool(trace.n_modes)
        needs_modes = chosen.column not in ("sliced_wasserstein", "js_divergence")
        return OF_ANY_DATA if needs_modes and not has_modes else chosen

    def trace_of(self, snapshot: Snapshot) -> LossTrace | None:
        """Return what was measured; nothing before the first step."""
        trace = snapshot.get(MetricsTrace)
        if trace is None or not trace.last[-1] > 0 or not np.isfinite(trace.mean).any():
            return None
        return in_percent(trace)

    def show_beside(self, beside: tuple[Beside, ...]) -> None:
        """Draw these saved runs beside the run that is open, their shares in percent, too."""
        super().show_beside(
            tuple(
                dataclasses.replace(
                    one, curves=dataclasses.replace(one.curves, measured=in_percent(one.curves.measured))
                )
                for one in beside
            )
        )

    def values(self) -> Values:
        """Return what is drawn; shares are named as what they are drawn in."""
        found = super().values()
        names = tuple(name.replace("quality_fraction", "quality_percent") for name in found.headings)
        return dataclasses.replace(found, headings=names)

    def _shown(self) -> Shown:
        """Ask for nothing finer: all that was measured is there."""
        return Shown(None, (), 0.0)

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return the one measure, with the steps of its numbers where they are not of the one that is shown."""
        one = self.measure
        when = self._when()
        return (Curve(one.column, "generated", one.title, width=CURVE_PX, when=when, digits=one.digits),)

    def _when(self) -> str:
        """Return of which step each number is, those of saved runs, too; nothing where all are of the step shown."""
        trace, snapshot = self._trace, self.snapshot
        if not isinstance(trace, MetricsTrace) or snapshot is None:
            return ""
        lanes = [trace.measured_at for lane in range(len(trace.mean)) if lane_key(lane) not in self._hidden]
        at = None if snapshot.viewed_step == snapshot.stamp.step else snapshot.viewed_step
        saved = [
            value_beside(one, self.measure.column, at)[1]
            for one in self.beside
            if one.key not in self._hidden
        ]
        steps = [*lanes, *saved]
        if not any(steps) or {*steps} == {snapshot.viewed_step}:
            return ""
        told = steps[:1] if len({*steps}) == 1 else steps
        return f"at step {' | '.join(grouped(step) if step else '–' for step in told)}"

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return what real samples score, with their band; of counts of modes, all that there are."""
        trace, one = self._trace, self.measure
        if not isinstance(trace, MetricsTrace) or trace.floors is None:
            return ()
        if not one.floor:
            return (_line(float(trace.n_modes), f"all {trace.n_modes}", "as many modes as there are", None),)
        level: Level = getattr(trace.floors, one.floor)
        if level.mean != level.mean:
            return ()
        mean, low, high = (
            value * (100 if one.column in SHARES else 1) for value in (level.mean, level.low, level.high)
        )
        words = f"{one.reference} {number(mean, one.digits)}"
        spread = (
            f"{grouped(trace.n)} real samples score {number(low, one.digits)} to {number(high, one.digits)}"
        )
        return (_line(mean, words, f"{words}: {spread} (5–95 %)", (low, high)),)

    def y_label(self, config: RunConfig) -> str:
        """Return the measure with its unit."""
        return self.measure.y_label

    def bounds(self, config: RunConfig) -> tuple[float, float]:
        """Return that none is negative, and no share above 100 %."""
        return 0.0, 100.0 if self.measure.column in SHARES else math.inf

    def caption(self, config: RunConfig) -> str:
        """Say what the numbers above rest on; of which step they are, the legend says."""
        trace, every = self._trace, config.training.metrics_every
        if not isinstance(trace, MetricsTrace):
            return ""
        off = "" if every else " Turned off: Metrics every, in the training's settings, is 0."
        band = "" if trace.n_seeds > 1 else f"; band: 5–95 % of {N_DRAWS} draws"  # else those of the seeds
        return f"{grouped(trace.n)} samples each{band}.{off}"


T = TypeVar("T", bound=LossTrace)


def in_percent(trace: T) -> T:
    """Return the trace with shares in percent, as they are told everywhere."""
    places = [place for place, name in enumerate(trace.columns) if name in SHARES]
    scaled = {}
    for name in ("low", "high", "mean", "current"):
        values = getattr(trace, name).copy()
        values[:, places] *= 100
        scaled[name] = values
    if trace.seeds is not None:
        seeds = trace.seeds.copy()
        seeds[:, :, places] *= 100
        scaled["seeds"] = seeds
    return dataclasses.replace(trace, **scaled)


def _line(value: float, words: str, label: str, band: tuple[float, float] | None) -> ReferenceLine:
    return ReferenceLine(value, "real", label, words, words, heading="real samples", band=band)
