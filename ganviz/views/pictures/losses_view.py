"""The two losses that are trained, each player's own, with the two parts of the discriminator's."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.equilibrium import equilibrium_lines
from ganviz.views.plot.chart_margin import ReferenceLine
from ganviz.views.plot.plotting import CURVE_PX


class LossesView(AbstractChartView):
    """L_D with its real and fake part, and L_G, of the formulation that each lane trains; GUI thread only."""

    key: ClassVar[str] = "losses"
    title: ClassVar[str] = "Separate losses"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = self.add_toggle(
            "Parts of the discriminator's loss",
            "Shows what real and generated samples each add to the discriminator's loss.",
            checked=True,
            text="Parts",
        )

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return L_D and L_G, and L_D's parts where they are on."""
        adversarial = [lane.formulation.loss for lane in config.lanes]
        is_one = len({(a.d_words(), a.g_formula) for a in adversarial}) == 1
        d_formula, g_formula = (adversarial[0].d_words(), adversarial[0].g_formula) if is_one else ("", "")
        if any(lane.formulation.penalties for lane in config.lanes):
            d_formula = f"{d_formula} + penalty" if d_formula else ""
        main = (
            Curve("d_loss", "d_loss", "L<sub>D</sub>", d_formula, CURVE_PX),
            Curve("g_loss", "g_loss", "L<sub>G</sub>", g_formula, CURVE_PX),
        )
        if not self._parts.isChecked():
            return main
        return (
            *main,
            Curve("d_loss_real", "real", "real part", width=1.0, has_band=False, short="real"),
            Curve("d_loss_fake", "generated", "fake part", width=1.0, has_band=False, short="fake"),
        )

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return the equilibrium of each trained loss."""
        return equilibrium_lines(config, with_parts=self._parts.isChecked())

    def y_label(self, config: RunConfig) -> str:
        """Return nats where every lane's loss is measured in them."""
        is_nats = all(lane.formulation.loss.is_nats for lane in config.lanes)
        return "loss (nats)" if is_nats else "loss"
