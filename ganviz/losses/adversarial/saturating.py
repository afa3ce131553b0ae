"""The original minimax generator loss: L_G = E log(1 - D(G(z))) = -E softplus(t).

Range (-∞, 0]; the generator minimizes it. Its slope against the logit is -σ(t): where D rejects a sample with
confidence (t → -∞) the slope vanishes, the loss *saturates*, and the generator stops learning there.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), equation 1 and Algorithm 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import Equilibrium
from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss, softplus_of
from ganviz.losses.adversarial.facts import AT_MOST_0, BestRanges, Range
from ganviz.losses.elementary import sigmoid, softplus

if TYPE_CHECKING:
    from torch import Tensor

LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturating(AbstractBinaryCrossEntropyLoss):
    """Minimax GAN: the generator descends the discriminator's own value function."""

    key: ClassVar[str] = "saturating"
    title: ClassVar[str] = "Saturating"
    reference: ClassVar[str] = "Goodfellow et al. 2014, eq. 1"
    g_formula: ClassVar[str] = "E log(1 − D(G(z)))"
    behavior: ClassVar[str] = "Its slope vanishes where D rejects a sample, and is −1 where D is fooled."
    plain_divergence: ClassVar[str] = "2 JSD(p, q)"
    g_range: ClassVar[Range] = AT_MOST_0

    @property
    def total_range(self) -> Range:
        """Return the range of L_D + L_G."""
        return self.total_range_of(0.0)

    @property
    def is_canceling(self) -> bool:
        """Return whether D learns nothing else of fakes than that they are not real."""
        return self.fake_target == 0

    @property
    def best_ranges(self) -> BestRanges | None:
        """Return them for plain targets: L_D = 2 ln 2 - 2 JSD, and Jensen's inequality for the others."""
        if (self.real_target, self.fake_target) != (1, 0):
            return None
        return BestRanges(Range(0.0, 2 * LN2), Range(-LN2, 0.0), Range(0.0, LN2))

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return log(1 - D) = -softplus(t)."""
        return -softplus(scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -σ(t): vanishes where D rejects."""
        return sigmoid(scores, -1.0)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2 ln 2, L_G = -ln 2, total ln 2; other values with other targets."""
        return self.equilibrium_with(-softplus_of(self.equilibrium_score()))
