"""What the saturating and the non-saturating GAN share: a discriminator trained on binary cross-entropy.

With logit t and D = σ(t), L_D = E[-log D(x)] + E[-log(1 - D(G(z)))] = E softplus(-t_real) + E softplus(t_fake):
the sum of the two means, not halved. It is minimized by t* = ln(p_data / p_g), where it equals 2 ln 2 - 2 JSD.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), equation 1 and Theorem 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.elementary import sigmoid, softplus

if TYPE_CHECKING:
    from torch import Tensor

LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractBinaryCrossEntropyLoss(AbstractPointwiseLoss):
    """The discriminator's half; a final class adds the generator's."""

    score_kind: ClassVar[str] = "logit"
    d_formula: ClassVar[str] = "−E log D(x) − E log(1 − D(G(z)))"

    def on_real(self, scores: Tensor) -> Tensor:
        """Return -log D = softplus(-t)."""
        return softplus(-scores)

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return -log(1 - D) = softplus(t)."""
        return softplus(scores)

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return -σ(-t)."""
        return sigmoid(-scores, -1.0)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return σ(t)."""
        return sigmoid(scores)

    def equilibrium_with(self, g_loss: float) -> Equilibrium:
        """Return the equilibrium, at D = ½ everywhere, for a generator loss of ``g_loss``."""
        return Equilibrium(LN2, LN2, 2 * LN2, g_loss, 2 * LN2 + g_loss, 0.0)
