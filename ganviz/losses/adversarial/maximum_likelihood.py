"""Maximum likelihood: L_G = -E exp t, with which the best D makes G descend KL(p ‖ q).

Range (-∞, 0], minimized by the generator. The slope -e^t weighs each sample by the density ratio p/q: rejected ones
hardly count, and one that fools D may outweigh all others. Scores are held below 15, where exp t is 3.3 million.

Source: Goodfellow 2014 (arXiv 1412.6515); Goodfellow 2016 (arXiv 1701.00160).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import Equilibrium
from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss
from ganviz.losses.adversarial.facts import AT_MOST_0, Range
from ganviz.losses.elementary import exp
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

HIGHEST = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumLikelihood(AbstractBinaryCrossEntropyLoss):
    """Samples are weighed by the density ratio that D has found."""

    key: ClassVar[str] = "maximum_likelihood"
    title: ClassVar[str] = "Maximum likelihood"
    reference: ClassVar[str] = "Goodfellow 2014, arXiv 1412.6515"
    g_formula: ClassVar[str] = "−E exp(min(t<sub>f</sub>, 15))"
    behavior: ClassVar[str] = "Its slope is −e<sup>t</sup>: what fools D counts most, what it rejects hardly."
    plain_divergence: ClassVar[str] = "KL(p ‖ q)"
    g_range: ClassVar[Range] = AT_MOST_0
    range_note: ClassVar[str] = "Ranges are of free scores; held below 15, L_G is at least −3.27e6."

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -exp(min(t, 15))."""
        return -exp(scores.clip(max=HIGHEST))

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -exp t up to 15, and 0 above."""
        return self.on_generated(scores) * (scores <= HIGHEST)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2 ln 2, L_G = -1; other values with other targets."""
        return self.equilibrium_with(-math.exp(self.equilibrium_score()))
