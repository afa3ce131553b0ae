"""Both generator losses added: L_G = -E t, whose slope is -1 whatever D says.

Unbounded on both sides; minimized by the generator. softplus(-t) - softplus(t) = -t, so this is the sum of the
saturating and the non-saturating loss; with the best D its value is KL(q ‖ p) and 0 at equilibrium.

Source: Sønderby et al. 2016 (arXiv 1610.04490).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import Equilibrium
from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss, entropy
from ganviz.losses.adversarial.facts import ANY, Range
from ganviz.losses.elementary import constant
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseKL(AbstractBinaryCrossEntropyLoss):
    """The bare logit: G lowers log(1 - D) and raises log D at once."""

    key: ClassVar[str] = "reverse_kl"
    title: ClassVar[str] = "Reverse KL"
    reference: ClassVar[str] = "Sønderby et al. 2016"
    g_formula: ClassVar[str] = "−E t<sub>f</sub>"
    behavior: ClassVar[str] = "Its slope is −1 at every score: all samples are pushed alike, whatever D says."
    plain_divergence: ClassVar[str] = "KL(q ‖ p)"

    @property
    def total_range(self) -> Range:
        """Return what L_D + L_G is at least; with smoothed fakes it has no bound."""
        return ANY if self.fake_target else Range(low=entropy(self.real_target))

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -t = log(1 - D) - log D."""
        return -scores

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -1."""
        return constant(scores, -1.0)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2 ln 2, L_G = 0; other values with other targets."""
        return self.equilibrium_with(-self.equilibrium_score())
