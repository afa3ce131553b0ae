"""The non-saturating generator loss: L_G = -E log D(G(z)) = E softplus(-t).

Range [0, ∞); the generator minimizes it. Its slope against the logit is -σ(-t) = -(1 - D): close to -1 where D
rejects a sample with confidence, so the generator keeps learning; it vanishes only where the sample already fools D.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), section 3, the remark after Algorithm 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import Equilibrium
from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss, softplus_of
from ganviz.losses.adversarial.facts import AT_LEAST_0, BestRanges, Range
from ganviz.losses.elementary import sigmoid, softplus

if TYPE_CHECKING:
    from torch import Tensor

LN2 = math.log(2.0)
CHEAPEST_SHARE = 0.6507911
"""A generator that covers this share of the data perfectly, and nothing else, has the smallest total at the best D.

That total is E_q φ(p/q) with φ(r) = (r + 2) ln(1 + r) - (r + 1) ln r, and this is where φ is smallest.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonSaturating(AbstractBinaryCrossEntropyLoss):
    """The generator maximizes log D on its samples instead of minimizing log(1 - D)."""

    key: ClassVar[str] = "non_saturating"
    title: ClassVar[str] = "Non-saturating"
    reference: ClassVar[str] = "Goodfellow et al. 2014, section 3"
    g_formula: ClassVar[str] = "−E log D(G(z))"
    behavior: ClassVar[str] = (
        "Its slope is close to −1 where D rejects a sample, and vanishes where D is fooled."
    )
    plain_divergence: ClassVar[str] = "2 KL(m ‖ p), m = (p + q)/2"
    g_range: ClassVar[Range] = AT_LEAST_0

    @property
    def total_range(self) -> Range:
        """Return the range of L_D + L_G."""
        return self.total_range_of(1.0)

    @property
    def best_ranges(self) -> BestRanges | None:
        """Return them for plain targets; the total is smallest where modes are missing, see ``CHEAPEST_SHARE``."""
        if (self.real_target, self.fake_target) != (1, 0):
            return None
        r = CHEAPEST_SHARE
        least = (r + 2) * math.log1p(r) - (r + 1) * math.log(r)
        return BestRanges(Range(0.0, 2 * LN2), Range(low=LN2), Range(low=least))

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -log D = softplus(-t)."""
        return softplus(-scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -σ(-t): close to -1 where D rejects."""
        return sigmoid(-scores, -1.0)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2 ln 2, L_G = ln 2, total 3 ln 2; other values with other targets."""
        return self.equilibrium_with(softplus_of(-self.equilibrium_score()))
