"""The non-saturating generator loss: L_G = -E log D(G(z)) = E softplus(-t).

Range [0, ∞); the generator minimizes it. Its slope against the logit is -σ(-t) = -(1 - D): close to -1 where D
rejects a sample with confidence, so the generator keeps learning; it vanishes only where the sample already fools D.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), section 3, the remark after Algorithm 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.cross_entropy_mix import AbstractCrossEntropyMix
from ganviz.losses.adversarial.facts import LN2, BestRanges, Range
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

CHEAPEST = 0.6507911
"""A perfect generator of this share of the data, and of nothing else, has the smallest total at the best D."""
LEAST_TOTAL = (CHEAPEST + 2) * math.log1p(CHEAPEST) - (CHEAPEST + 1) * math.log(CHEAPEST)
"""φ(r) of that share r; the total at the best D is E_q φ(p/q)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonSaturating(AbstractCrossEntropyMix):
    """The generator maximizes log D on its samples instead of minimizing log(1 - D)."""

    key: ClassVar[str] = "non_saturating"
    title: ClassVar[str] = "Non-saturating"
    reference: ClassVar[str] = "Goodfellow et al. 2014, section 3"
    g_formula: ClassVar[str] = "−E log D(G(z))"
    behavior: ClassVar[str] = "Its slope is near −1 where D rejects a sample, and vanishes where D is fooled."
    plain_divergence: ClassVar[str] = "2 KL(m ‖ p), m = (p + q)/2"
    share: ClassVar[float] = 1.0
    plain_best_ranges: ClassVar[BestRanges] = BestRanges(
        Range(0.0, 2 * LN2), Range(low=LN2), Range(low=LEAST_TOTAL)
    )

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -log D = softplus(-t)."""
        return softplus(-scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -σ(-t): close to -1 where D rejects."""
        return sigmoid(-scores, -1.0)
