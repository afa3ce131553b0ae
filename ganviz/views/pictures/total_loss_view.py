"""The total loss, what it is made of, and the other total that cancels."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.losses.adversarial.facts import LN2
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_stack import stacked
from ganviz.views.bases.equilibrium import is_article, merged, named_line, open_lines, part_lines, value_lines
from ganviz.views.pictures import losses_view
from ganviz.views.plot.chart_margin import ReferenceLine

TOTAL = Curve(
    "total_non_saturating", "total", "L<sub>D</sub> + L<sub>G</sub>", "total, non-saturating L<sub>G</sub>", 2.6,
    short="total",
)  # fmt: skip
NON_SATURATING = dataclasses.replace(
    TOTAL, symbol="non-saturating total", formula="L<sub>D</sub> − E log D(G(z))", short="total (NS)"
)
"""Its name where L_G, as trained, is another loss."""

TRAINED = dataclasses.replace(TOTAL, column="batch_total", formula="as trained")
"""The sum of what lanes minimize, of one batch, where that is more or something else than the paper's losses."""
SATURATING = Curve(
    "total_saturating", "real", "saturating total", "−E log D(x)", 6.0, has_band=False, underlay=True,
    short="total (sat.)",
)  # fmt: skip
PARTS = (
    Curve("d_real", "real", "−E log D(x)", "", 1.2, has_band=False, short="real"),
    Curve("d_fake", "generated", "−E log(1 − D(G(z)))", "", 1.2, has_band=False, short="fake"),
    Curve("g_non_saturating", "g_loss", "−E log D(G(z))", "", 1.2, has_band=False, short="L<sub>G</sub>"),
)
*TRAINED_PARTS, PENALTY = (
    dataclasses.replace(part, width=1.2) for part in (*losses_view.PARTS, losses_view.PENALTY)
)
TAKES_BACK = Curve(
    "g_saturating", "g_loss", "E log(1 − D(G(z)))", "", 1.2, has_band=False, short="L<sub>G</sub>"
)
V_FORMULA = "E log D(x) + E log(1 − D(G(z)))"
VALUE = Curve("value", "value", "V(D, G)", "−L<sub>D</sub>", 1.7)
OTHER_TIP = "Shows L_D + L_G with the saturating generator loss: it collapses to −E log D(x)."
NO_OTHER = "Only of the original paper's L_D: with smoothed targets or a penalty L_D is more than −V."
_NON_SATURATING_LOSS = NonSaturating()
"""Made once: its fields are checked when it is made, and to make one for each question took a tenth of a redraw."""


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
            "Lays the terms on each other, where there is one lane: they add up to the non-saturating total.",
            checked=False,
        )
        self._other = self.add_toggle(
            "Saturating total",
            OTHER_TIP,
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
        is_paper = self._is_paper(snapshot.config)
        self._other.setEnabled(is_paper)
        self._stacked.setEnabled(self._stacked.isEnabled() and len(snapshot.config.lanes) == 1)
        self._other.setToolTip(OTHER_TIP if is_paper or not is_own else NO_OTHER)
        return super().take(snapshot)

    def _is_of_logits(self, config: RunConfig) -> bool:
        """Return whether cross-entropies are drawn: those of lanes that train by them, or because somebody asks."""
        return is_article(config) or self._as_logits.isChecked()

    def _is_paper(self, config: RunConfig) -> bool:
        """Return whether L_D is the paper's: that of all lanes, or what somebody asks to read scores as."""
        return is_the_papers(config) or (self._as_logits.isChecked() and not is_article(config))

    def _is_trained(self, config: RunConfig) -> bool:
        """Return whether the total is what lanes train, now and at the step looked at, whose values the legend has."""
        now = config if self.snapshot is None else self.snapshot.config
        return all(map(_is_trained, (config, now, self.viewed_config or config)))

    def in_force(self, config: RunConfig) -> RunConfig:
        """Return what was in force at the step looked at, unless its scores are not read as those of now are."""
        viewed = super().in_force(config)
        read = (self._is_of_logits, self._is_paper)
        return viewed if all(one(viewed) == one(config) for one in read) else config

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return the total and whatever else is on."""
        if not self._is_of_logits(config):
            return (TRAINED,)
        is_paper, is_stacked = self._is_paper(config), self._stacked.isChecked() and len(config.lanes) == 1
        curves = [_trained(config) if not is_paper else TOTAL if self._is_trained(config) else NON_SATURATING]
        if self._other.isChecked() and is_paper:
            curves.append(SATURATING)
        parts = PARTS if is_paper else _trained_parts(config)
        if is_stacked and parts[-1].column == PARTS[-1].column:
            curves += stacked(parts)
        elif self._parts.isChecked():
            curves += parts
        if self._value.isChecked():
            curves.append(VALUE if is_paper else dataclasses.replace(VALUE, formula=V_FORMULA))
        return tuple(curves)

    def references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return 3 ln 2, ln 2 and, with V, −2 ln 2; of other losses, of smoothed targets and penalties their own."""
        if not self._is_paper(config):
            return self._trained_references(config)
        lines: list[ReferenceLine] = []
        for lane, one in enumerate(config.lanes):
            if not one.has_discriminator:
                continue
            total = "total" if self._is_trained(config) else "non-saturating total"
            lines.append(named_line(3 * LN2, "total", total, "", "", lane))
            if self._other.isChecked() or self._parts.isChecked():
                name = "saturating total" if self._other.isChecked() else "each part"
                lines.append(named_line(LN2, "real", name, "", "", lane))
            if self._value.isChecked():
                lines.append(named_line(-2 * LN2, "value", "V", "", "", lane))
        return merged(lines)

    def _trained_references(self, config: RunConfig) -> tuple[ReferenceLine, ...]:
        """Return where the sums of what lanes minimize end, and their parts and V where these are drawn."""
        lines: list[ReferenceLine] = []
        is_of_logits = self._is_of_logits(config)
        for lane in range(len(config.lanes)):
            end = config.equilibrium(lane)
            if end.total is not None:
                lines.append(named_line(end.total, "total", "total", "", "", lane))
            if is_of_logits and self._parts.isChecked() and end.d_real is not None and end.d_fake is not None:
                lines += part_lines(end.d_real, end.d_fake, lane)
            lines += open_lines(config, lane, ("total",))
        if is_of_logits and self._value.isChecked():
            lines += value_lines(config, "")
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
    return all(lane.formulation.loss == _NON_SATURATING_LOSS for lane in _playing(config))


def _playing(config: RunConfig) -> list[LaneConfig]:
    return [lane for lane in config.lanes if lane.has_discriminator]


def is_the_papers(config: RunConfig) -> bool:
    """Return whether every lane's L_D is −V of the original paper: with plain targets and without a penalty."""
    playing = [lane.formulation for lane in _playing(config)]
    return is_article(config) and not any(one.penalties or not is_plain(one.loss) for one in playing)


def is_plain(loss: AbstractAdversarialLoss) -> bool:
    """Return whether a cross-entropy has the targets 1 and 0, which other losses of the article always have."""
    return (getattr(loss, "real_target", 1), getattr(loss, "fake_target", 0)) == (1, 0)


def _trained(config: RunConfig) -> Curve:
    """Return the sum as it is trained, and what L_D has that the paper's has not."""
    has = {
        "smoothed targets": any(not is_plain(lane.formulation.loss) for lane in config.lanes),
        "penalty": any(lane.formulation.penalties for lane in config.lanes),
    }
    gained = " and ".join(name for name, is_there in has.items() if is_there)
    return dataclasses.replace(TRAINED, formula=f"as trained, with {gained}")


def _trained_parts(config: RunConfig) -> tuple[Curve, ...]:
    """Return the terms of the sum as it is trained: L_G last, where it is the same one of the paper's everywhere."""
    losses = [lane.formulation.loss for lane in _playing(config)]
    penalty = (PENALTY,) if any(lane.formulation.penalties for lane in config.lanes) else ()
    g_loss: tuple[Curve, ...] = ()
    if all(isinstance(loss, NonSaturating) for loss in losses):
        g_loss = (PARTS[-1],)
    elif all(isinstance(loss, Saturating) for loss in losses):
        g_loss = (TAKES_BACK,)
    return (*TRAINED_PARTS, *penalty, *g_loss)
