"""The original minimax generator loss: L_G = E log(1 - D(G(z))) = -E softplus(t).

Range (-∞, 0]; the generator minimizes it. Its slope against the logit is -σ(t): where D rejects a sample with
confidence (t → -∞) the slope vanishes, the loss *saturates*, and the generator stops learning there.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), equation 1 and Algorithm 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.cross_entropy_mix import AbstractCrossEntropyMix
from ganviz.losses.adversarial.facts import LN2, BestRanges, Range
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturating(AbstractCrossEntropyMix):
    """Minimax GAN: the generator descends the discriminator's own value function."""

    key: ClassVar[str] = "saturating"
    title: ClassVar[str] = "Saturating"
    reference: ClassVar[str] = "Goodfellow et al. 2014, eq. 1"
    g_formula: ClassVar[str] = "E log(1 − D(G(z)))"
    behavior: ClassVar[str] = "Its slope vanishes where D rejects a sample, and is −1 where D is fooled."
    plain_divergence: ClassVar[str] = "2 JSD(p, q)"
    share: ClassVar[float] = 0.0
    # 2 ln 2 - 2 JSD, and Jensen's inequality for the others.
    plain_best_ranges: ClassVar[BestRanges] = BestRanges(Range(0, 2 * LN2), Range(-LN2, 0), Range(0, LN2))

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return log(1 - D) = -softplus(t)."""
        return -softplus(scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -σ(t): vanishes where D rejects."""
        return sigmoid(scores, -1.0)
