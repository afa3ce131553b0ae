"""What the f-GANs share: the variational bound of an f-divergence, in terms of the log-ratio v = ln(p/q).

For a convex f with f(1) = 0 or, where the literature has it so, another value there, D maximizes
E_p T - E_q f*(T) <= D_f(p ‖ q) = E_q f(p/q). With T = f'(e^v) the network's output is v, every member of the family has
the best output v* = ln(p/q), and surfaces can be compared: L_D = -E f'(e^v_real) + E f*(f'(e^v_fake)). At the best D it
is -D_f, at equilibrium -f(1). The generator descends what D ascends, -E f*(T) (saturating: D_f itself), or raises E T
(alternative), which follows the f-divergence with f″(r)/r.

Exponentials overflow on well-separated data: there v is the score held within ±15, and all terms are flat beyond.

Source: Nowozin et al. 2016 (arXiv 1606.00709), equations 4 and 6, Tables 1, 2 and 6.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.facts import Range, powers
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats

BOUND = 15.0
ALTERNATIVE = "alternative"
TAKEN, REJECTED, NONE = "takes for real", "rejects", ""
"""Which samples are pushed hardest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractFDivergence(AbstractPointwiseLoss):
    """Both halves of the bound; a final class adds them as functions of v, with their slopes.

    Class attributes: ``generators`` (L_G's formulas, saturating and alternative), ``slopes`` (their slopes, and which
    samples have the steepest), ``followed`` (what they descend), ``parts`` (D's parts at v = 0) and the ranges of
    these parts, of scores that are not held.
    """

    family: ClassVar[str] = "f-divergence"
    score_kind: ClassVar[str] = "logit"
    reference: ClassVar[str] = "Nowozin et al. 2016, Tables 1 and 6, in log-ratio form"
    is_held: ClassVar[bool] = True
    """Whether scores are held within ±15."""
    generators: ClassVar[tuple[str, str]]
    slopes: ClassVar[tuple[tuple[str, str], tuple[str, str]]]
    followed: ClassVar[tuple[str, str]]
    parts: ClassVar[tuple[float, float]]
    real_range: ClassVar[Range]
    fake_range: ClassVar[Range]

    generator_loss: str = param(
        "saturating",
        "Generator",
        "Descends D's own bound (saturating), or raises the real part's function (alternative).",
        choices=("saturating", ALTERNATIVE),
    )

    @abc.abstractmethod
    def _real(self, v: Tensor) -> Tensor:
        """Return -f'(e^v)."""

    @abc.abstractmethod
    def _fake(self, v: Tensor) -> Tensor:
        """Return f*(f'(e^v))."""

    @abc.abstractmethod
    def _real_slope(self, v: Tensor) -> Tensor:
        """Return the derivative of :meth:`_real`, -f″(e^v) e^v."""

    @abc.abstractmethod
    def _fake_slope(self, v: Tensor) -> Tensor:
        """Return the derivative of :meth:`_fake`, f″(e^v) e^2v."""

    @property
    def is_alternative(self) -> bool:
        """Return whether G raises E T instead of lowering D's bound."""
        return self.generator_loss == ALTERNATIVE

    @property
    def is_canceling(self) -> bool:
        """Return whether L_G is D's fake part with the sign turned."""
        return not self.is_alternative

    @property
    def g_formula(self) -> str:
        """Return the chosen generator's objective."""
        return self.generators[self.is_alternative] + self._note()

    def d_words(self) -> str:
        """Return the discriminator's objective, with what v is where scores are held."""
        return self.d_formula + self._note()

    def _note(self) -> str:
        return f", v = t within ±{BOUND:g}" if self.is_held else ""

    @property
    def d_range(self) -> Range:
        """Return the sum of both parts' ranges."""
        return self.real_range + self.fake_range

    @property
    def g_range(self) -> Range:
        """Return the range of the fake part, turned around, or that of the real one."""
        return self.real_range if self.is_alternative else -self.fake_range

    @property
    def total_range(self) -> Range:
        """Return the range of the real part: both parts of one score add up to at least -f(1)."""
        return self.real_range + Range(low=sum(self.parts)) if self.is_alternative else self.real_range

    @property
    def range_note(self) -> str:
        """Return how far from 0 losses and sum can be where scores are held: all their parts end at a bound."""
        if not self.is_held:
            return ""
        ends = cast("Tensor", np.array([-BOUND, BOUND]))
        real, fake, made = (
            cast("Floats", part(ends)) for part in (self.on_real, self.on_fake, self.on_generated)
        )
        of_d, total = np.add.outer(real, fake), np.add.outer(real, fake + made)
        most = max(abs(values).max() for values in (of_d, made, total))
        return f"Ranges are of free scores; within ±{BOUND:g}, no loss or sum is further from 0 than {powers(most)}."

    @property
    def divergence(self) -> str:
        """Return what the chosen generator descends."""
        return self.followed[self.is_alternative]

    @property
    def behavior(self) -> str:
        """Return the slope: which samples are pushed hardest."""
        slope, hardest = self.slopes[self.is_alternative]
        if not hardest:
            return f"Its slope is {slope} within the bounds: all samples are pushed alike, whatever D says of them."
        return f"Its slope is {slope}: samples that D {hardest} are pushed hardest."

    def on_real(self, scores: Tensor) -> Tensor:
        """Return -T."""
        return self._real(self._held(scores))

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return f*(T)."""
        return self._fake(self._held(scores))

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -f*(T) or -T."""
        return self.on_real(scores) if self.is_alternative else -self.on_fake(scores)

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return the slope of -T, 0 where scores are held."""
        return self._inside(scores, self._real_slope(self._held(scores)))

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return the slope of f*(T), 0 where scores are held."""
        return self._inside(scores, self._fake_slope(self._held(scores)))

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return the slope of the chosen generator's loss."""
        return self.on_real_slope(scores) if self.is_alternative else -self.on_fake_slope(scores)

    def best_scores(self, log_ratio: Floats) -> Floats:
        """Return ln(p / q), within what scores are held."""
        return log_ratio.clip(-BOUND, BOUND) if self.is_held else log_ratio

    def _held(self, scores: Tensor) -> Tensor:
        return scores.clip(-BOUND, BOUND) if self.is_held else scores

    def _inside(self, scores: Tensor, slope: Tensor) -> Tensor:
        return slope * (abs(scores) <= BOUND) if self.is_held else slope

    def equilibrium(self) -> Equilibrium:
        """Return the values at v = 0: L_D = -f(1)."""
        real, fake = self.parts
        g_loss = real if self.is_alternative else -fake
        return Equilibrium(real, fake, real + fake, g_loss, real + fake + g_loss, 0.0)
