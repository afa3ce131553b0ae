"""The total loss, what it is made of, and the other total that cancels."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ganviz.losses.adversarial.binary_cross_entropy import softplus_of
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_stack import GROUND
from ganviz.views.bases.equilibrium import is_article, merged, named_line
from ganviz.views.plot.chart_margin import ReferenceLine

TOTAL = Curve(
    "total_non_saturating", "total", "L<sub>D</sub> + L<sub>G</sub>", "total, non-saturating L<sub>G</sub>", 2.6,
    short="total",
)  # fmt: skip
NON_SATURATING = dataclasses.replace(
    TOTAL, symbol="non-saturating total", formula="L<sub>D</sub> − E log D(G(z))", short="total (NS)"
)
"""Its name where L_G, as trained, is another loss."""

TRAINED = dataclasses.replace(TOTAL, column="total", formula="as trained")
"""The sum of other losses, which are no cross-entropies of single samples."""
SATURATING = Curve(
    "total_saturating", "real", "saturating total", "−E log D(x)", 6.0, has_band=False, underlay=True,
    short="total (sat.)",
)  # fmt: skip
PARTS = (
    Curve("d_real", "real", "−E log D(x)", "", 1.2, has_band=False, short="real"),
    Curve("d_fake", "generated", "−E log(1 − D(G(z)))", "", 1.2, has_band=False, short="fake"),
    Curve("g_non_saturating", "g_loss", "−E log D(G(z))", "", 1.2, has_band=False, short="L<sub>G</sub>"),
)
VALUE = Curve("value", "value", "V(D, G)", "−L<sub>D</sub>", 1.7)


class TotalLossView(AbstractChartView):
    """L_D + L_G for both generator losses of the original paper, from one batch of scores; GUI thread only.

    With the saturating generator loss the two fake terms cancel and the total is −E log D(x) alone: it is drawn pale
    and wide beneath that part, which shows the two as one.
    """

    key: ClassVar[str] = "total_loss"
    title: ClassVar[str] = "Total loss"
    short_title: ClassVar[str] = "Total"
    of_d: ClassVar[str] = "is no total"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = self.add_toggle("Parts", "Shows the three terms that the total adds up.", checked=True)
        self._stacked = self.add_toggle(
            "Stacked",
            "Lays the three terms on each other, where there is one lane: they add up to the non-saturating total.",
            checked=False,
        )
        self._other = self.add_toggle(
            "Saturating total",
            "Shows L_D + L_G with the saturating generator loss: it collapses to −E log D(x).",
            checked=True,
        )
        self._value = self.add_toggle(
            "V", "Shows the value function V(D, G) = −L_D of the original paper.", checked=False
        )
        self._as_logits = self.add_toggle(
            "Read as logits",
            "Shows what the original paper's losses would be if these scores were logits. They are not trained.",
            checked=False,
        )

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the trace, and offer what has a meaning for the losses."""
        is_own = is_article(snapshot.config)
        self._as_logits.setVisible(not is_own)
        for button in (self._parts, self._stacked, self._other, self._value):
            button.setEnabled(is_own or self._as_logits.isChecked())
        return super().take(snapshot)

    def _is_of_logits(self, config: RunConfig) -> bool:
        """Return whether cross-entropies are drawn: those of lanes that train by them, or because somebody asks."""
        return is_article(config) or self._as_logits.isChecked()

    def _is_trained(self, config: RunConfig) -> bool:
        """Return whether the total is what lanes train, now and at the step looked at, whose values the legend has."""
        now = config if self.snapshot is None else self.snapshot.config
        return all(map(_is_trained, (config, now, self.viewed_config or config)))

    def in_force(self, config: RunConfig) -> RunConfig:
        """Return what was in force at the step looked at, unless its scores are not read as those of now are."""
        viewed = super().in_force(config)
        return viewed if self._is_of_logits(viewed) == self._is_of_logits(config) else config

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return the total and whatever else is on."""
        if not self._is_of_logits(config):
            return (TRAINED,)
        curves = [TOTAL if self._is_trained(config) else NON_SATURATING]
        if self._other.isChecked():
            curves.append(SATURATING)
        if self._stacked.isChecked() and len(config.lanes) == 1:
            below = (GROUND, "d_real", "d_fake")
            curves += [
                dataclasses.replace(part, stacked_on=on) for part, on in zip(PARTS, below, strict=True)
            ]
        elif self._parts.isChecked():
            curves += PARTS
        if self._value.isChecked():
            curves.append(VALUE)
        return tuple(curves)

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return 3 ln 2, ln 2 and, with V, −2 ln 2, which smoothed labels move; of other losses their own totals."""
        lines: list[ReferenceLine] = []
        if not self._is_of_logits(config):
            totals = ((lane, config.equilibrium(lane).total) for lane in range(len(config.lanes)))
            return merged(
                [named_line(value, "total", "total", "", "", i) for i, value in totals if value is not None]
            )
        for lane, score in enumerate(_equilibrium_scores(config)):
            if not config.lanes[lane].has_discriminator:
                continue
            real, fake = softplus_of(-score), softplus_of(score)
            total = "total" if self._is_trained(config) else "non-saturating total"
            lines.append(named_line(2 * real + fake, "total", total, "", "", lane))
            if self._other.isChecked() or self._parts.isChecked():
                part = "each part" if score == 0 else "real part"
                name = "saturating total" if self._other.isChecked() else part
                lines.append(named_line(real, "real", name, "", "", lane))
            if self._value.isChecked():
                lines.append(named_line(-(real + fake), "value", "V", "", "", lane))
        return merged(lines)

    def y_label(self, config: RunConfig) -> str:
        """Return the sum's unit."""
        is_nats = self._is_of_logits(config) or all(lane.formulation.loss.is_nats for lane in config.lanes)
        return "total (nats)" if is_nats else "total"

    def caption(self, config: RunConfig) -> str:
        """Say what the total is not."""
        if self._is_of_logits(config):
            is_read = not is_article(config)
            hint = " Scores are read as logits here: these are not the trained losses." if is_read else ""
        else:
            is_critic = any(lane.formulation.loss.equilibrium().total is None for lane in _playing(config))
            hint = " A critic's score has no origin." if is_critic else ""
        return f"Nobody minimizes the total.{hint}"


def _is_trained(config: RunConfig) -> bool:
    """Return whether the non-saturating total is the sum of the losses that every lane trains."""
    return all(lane.formulation.loss == NonSaturating() for lane in _playing(config))


def _playing(config: RunConfig) -> list[LaneConfig]:
    return [lane for lane in config.lanes if lane.has_discriminator]


def _equilibrium_scores(config: RunConfig) -> list[float]:
    """Return the score at which each lane's game ends; 0 where scores are no logits, which are only read as such."""
    return [
        loss.decision_score() if loss.score_kind == "logit" else 0.0
        for loss in (lane.formulation.loss for lane in config.lanes)
    ]
