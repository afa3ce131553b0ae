"""What stands around the plot of the loss shape: in a low view it gives way before the plot does."""

from __future__ import annotations

from collections.abc import Callable

from ganviz.spec.frozen import dataclass
from ganviz.views.bases.chart import LEAST_PLOT_PX
from ganviz.views.plot.legend import Legend
from ganviz.views.plot.plotting import Fonts, line_height

GOOD_PLOT_PX = 56.0
"""In a lower plot curves are hard to tell apart: the axis's line and the sentence give way to it, and names of lanes to
:data:`ganviz.views.bases.chart.LEAST_PLOT_PX`."""


@dataclass(frozen=True, slots=True)
class ShapeRoom:
    """A legend, whether a sentence stands below it, and whether the lower axis has a line for its name.

    Where it has none, a short name stands beside its numbers, as in charts.
    """

    legend: Legend
    has_sentence: bool
    has_axis_line: bool

    @classmethod
    def fit(cls, height: float, whole: Legend, brief: Callable[[], Legend], fonts: Fonts) -> ShapeRoom:
        """Return what a view of this height has room for.

        First the axis's line goes, then the sentence, then what the brief legend lacks, and at last the legend: the
        crosshair names lanes, too.
        """
        ways: tuple[tuple[Callable[[], Legend], bool, bool], ...] = (
            (lambda: whole, True, True), (lambda: whole, True, False), (lambda: whole, False, False),
            (brief, False, False),
        )  # fmt: skip
        for legend, has_sentence, has_axis_line in ways:
            room = cls(legend(), has_sentence, has_axis_line)
            least = GOOD_PLOT_PX if has_sentence else LEAST_PLOT_PX
            if height - room.above(fonts) - room.below(fonts) >= least:
                return room
        return cls(Legend((), 0.0), False, False)

    def above(self, fonts: Fonts) -> float:
        """Return how many pixels the plot begins below the upper edge."""
        return self.legend.height + 12 + (line_height(fonts.tick) if self.has_sentence else 0.0)

    def below(self, fonts: Fonts) -> float:
        """Return how many pixels the plot ends above the lower edge."""
        return line_height(fonts.tick) + (line_height(fonts.label) + 8 if self.has_axis_line else 5.0)
