"""What D says of real and of generated samples, as many programs log it: D(x) and D(G(z)) over steps."""

from __future__ import annotations

from typing import ClassVar

from ganviz.training.config import RunConfig
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.equilibrium import merged, named_line
from ganviz.views.plot.chart_margin import ReferenceLine


class OutputsView(AbstractChartView):
    """Both means of D's outputs, from 0 to 1; only in the window of a log. GUI thread only."""

    key: ClassVar[str] = "outputs"
    title: ClassVar[str] = "Outputs of D"
    short_title: ClassVar[str] = "Outputs"

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return D(x) and D(G(z))."""
        return Curve("real_probability", "real", "D(x)"), Curve("fake_probability", "generated", "D(G(z))")

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return ½, where scores are logits: D tells nothing apart when the game is over."""
        is_logit = [lane.formulation.loss.score_kind == "logit" for lane in config.lanes]
        return merged(
            [named_line(0.5, "total", "D", "D", "", i) for i, known in enumerate(is_logit) if known]
        )

    def y_label(self, config: RunConfig) -> str:
        """Return what is drawn."""
        return "D's output, mean"
