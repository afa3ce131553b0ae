"""The two losses that are trained, each player's own, with the parts of the discriminator's."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QWidget

from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_stack import stacked
from ganviz.views.bases.equilibrium import equilibrium_lines, is_article, value_lines
from ganviz.views.plot.chart_margin import ReferenceLine
from ganviz.views.plot.plotting import CURVE_PX

PARTS = (
    Curve("d_loss_real", "real", "real part", width=1.0, has_band=False, short="real"),
    Curve("d_loss_fake", "generated", "fake part", width=1.0, has_band=False, short="fake"),
)
PENALTY = Curve("penalty", "muted", "penalty", width=1.0, has_band=False)
VALUE = Curve("value", "value", "V(D, G)", width=2.4)
MOVES_V = "D raises V, G lowers it; each minimizes a loss of its own."
SHADOWED = "Shadows: other losses on the same scores, not trained."
SHADOWS = (
    (
        Saturating,
        Curve("g_saturating", "g_loss", "E log(1 − D(G(z)))", width=0.8, has_band=False, short="saturating"),
    ),
    (
        NonSaturating,
        Curve("g_non_saturating", "g_loss", "−E log D(G(z))", width=0.8, has_band=False, short="NS"),
    ),
)


class LossesView(AbstractChartView):
    """L_D with its parts and penalties, and L_G, of the formulation that each lane trains; GUI thread only."""

    key: ClassVar[str] = "losses"
    title: ClassVar[str] = "Separate losses"
    short_title: ClassVar[str] = "Losses"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._without = frozenset[str]()
        self._parts = self.add_toggle(
            "Parts of the discriminator's loss",
            "Shows what real and generated samples, and penalties, each add to the discriminator's loss.",
            checked=True,
            text="Parts",
        )
        self._stacked = self.add_toggle(
            "Stacked",
            "Lays L_D's parts on each other and leaves L_G out, where there is one lane: they add up.",
            checked=False,
        )
        self._value = self.add_toggle(
            "Value function", "Shows V(D, G), which D raises and G lowers.", checked=False, text="V"
        )
        self._shadows = self.add_toggle(
            "Shadows",
            "Draws thin what nobody trains on here: the original paper's log(1 − D) and −log D, on the same scores.",
            checked=False,
        )

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the trace, and offer what there is to see: parts lie on each other where there is one lane."""
        self._stacked.setEnabled(len(snapshot.config.lanes) == 1)
        self._value.setEnabled(is_article(snapshot.config))
        return super().take(snapshot)

    def leave_out(self, columns: frozenset[str]) -> None:
        """Draw nothing of these columns, which a log does not have: neither curves nor lines."""
        self._without = columns

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return L_D and L_G, and L_D's parts where they are on."""
        return tuple(curve for curve in self._all_curves(config) if curve.column not in self._without)

    def _all_curves(self, config: RunConfig) -> tuple[Curve, ...]:
        d_formula, g_formula = self._formulas(config)
        main = (
            Curve("d_loss", "d_loss", "L<sub>D</sub>", d_formula, CURVE_PX),
            Curve("g_loss", "g_loss", "L<sub>G</sub>", g_formula, CURVE_PX),
        )
        if not any(lane.has_discriminator for lane in config.lanes):
            return main[1:]
        also = [VALUE] if self._value.isChecked() and is_article(config) else []
        also += _shadows(config) if self._shadows.isChecked() else []
        if not self._parts.isChecked():
            return (*main, *also)
        parts = (
            *(PARTS if self._has_parts() else ()),
            *((self._penalty(config),) if self._has_penalty(config) else ()),
        )
        if not self._is_stacked(config):
            return (*main, *parts, *also)
        return (main[0], *stacked(parts), *also)

    def _formulas(self, config: RunConfig) -> tuple[str, str]:
        """Return L_D and L_G as they are at the step whose values the legend has; nothing where lanes differ.

        ``config`` is of now. A lane that came after that step has no value there; its formula is asked nevertheless,
        for its curve stands beside.
        """
        viewed = self.viewed_config or config
        of = [viewed] if len(viewed.lanes) == len(config.lanes) else [viewed, config]
        formulas = {
            (lane.formulation.loss.d_words(), one.training.rule.g_formula(lane.formulation.loss))
            for one in of
            for lane in one.lanes
        }
        d_formula, g_formula = next(iter(formulas)) if len(formulas) == 1 else ("", "")
        if d_formula and any(lane.formulation.penalties for one in of for lane in one.lanes):
            d_formula = f"{d_formula} + penalty"
        return d_formula, g_formula

    def _has_parts(self) -> bool:
        """Return whether any lane's L_D has parts; a loss of pairs has none."""
        trace = self._trace
        return trace is None or bool(np.isfinite(trace.current[:, trace.column("d_loss_real")]).any())

    def _has_penalty(self, config: RunConfig) -> bool:
        """Return whether any lane has a penalty now or at the step looked at, or had one at any that is drawn."""
        lanes, trace = (*config.lanes, *(self.viewed_config or config).lanes), self._trace
        if any(lane.formulation.penalties for lane in lanes):
            return True
        return trace is not None and bool((np.abs(trace.mean[:, trace.column("penalty")]) > 0).any())

    def _penalty(self, config: RunConfig) -> Curve:
        """Return the penalties' curve: a lane that has none at the step whose values the legend has, has no value."""
        lanes = enumerate((self.viewed_config or config).lanes)
        return replace(PENALTY, without=frozenset(i for i, lane in lanes if not lane.formulation.penalties))

    def _is_stacked(self, config: RunConfig) -> bool:
        """Return whether D's loss alone is drawn, as the sum of its parts."""
        is_wished = self._stacked.isChecked() and self._parts.isChecked() and len(config.lanes) == 1
        return is_wished and self._has_parts()

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return the equilibrium of each trained loss."""
        lines = equilibrium_lines(config, with_parts=self._parts.isChecked(), without=self._without)
        if self._is_stacked(config):
            lines = tuple(line for line in lines if line.role != "g_loss")
        if not self._value.isChecked() or not is_article(config):
            return lines
        return (*lines, *value_lines(config, "V"))

    def caption(self, config: RunConfig) -> str:
        """Say who moves V, or why there is none where somebody asks for it, and what shadows are."""
        if self._value.isChecked() and not is_article(config):
            return "V(D, G) is of losses whose L_D is its negative; these scores are no logits."
        told = [MOVES_V] if any(curve is VALUE for curve in self._all_curves(config)) else []
        told += [SHADOWED] if self._shadows.isChecked() else []
        return " ".join(told)

    def y_label(self, config: RunConfig) -> str:
        """Return nats where every lane's loss is measured in them."""
        is_nats = all(lane.formulation.loss.is_nats for lane in config.lanes)
        return "loss (nats)" if is_nats else "loss"


def _shadows(config: RunConfig) -> list[Curve]:
    """Return the original paper's generator losses that no lane trains; none where scores are no logits."""
    losses = {type(lane.formulation.loss) for lane in config.lanes}
    return [curve for cls, curve in SHADOWS if cls not in losses] if is_article(config) else []
