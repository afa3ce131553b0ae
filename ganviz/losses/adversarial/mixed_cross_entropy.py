"""A mix of both generator losses: L_G = -(1 - a) E softplus(t) + a E softplus(-t), saturating for a = 0.

Unbounded on both sides unless a is 0 or 1; minimized by the generator. The slope -(1 - a) σ(t) - a σ(-t) lies between
-a and -(1 - a), so it vanishes nowhere in between. At equilibrium L_G = (2a - 1) ln 2.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), section 3, for both ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.cross_entropy_mix import AbstractCrossEntropyMix
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedCrossEntropy(AbstractCrossEntropyMix):
    """Between the saturating loss, a = 0, and the non-saturating one, a = 1."""

    key: ClassVar[str] = "mixed"
    title: ClassVar[str] = "Mixed"
    reference: ClassVar[str] = "Goodfellow et al. 2014, section 3, both generator losses"
    g_formula: ClassVar[str] = "(1 − a) E log(1 − D(G(z))) − a E log D(G(z))"
    behavior: ClassVar[str] = (
        "Its slope vanishes at neither end: it lies between −a, far behind, and −(1 − a), far ahead."
    )
    plain_divergence: ClassVar[str] = "(1 − a) 2 JSD(p, q) + a 2 KL(m ‖ p), m = (p + q)/2"

    a: float = param(0.5, "Mix a", "0 is the saturating loss, 1 the non-saturating one.", low=0, high=1)

    @property
    def share(self) -> float:  # type: ignore[override]
        """Return a."""
        return self.a

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -(1 - a) softplus(t) + a softplus(-t)."""
        return (self.a - 1) * softplus(scores) + self.a * softplus(-scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -(1 - a) σ(t) - a σ(-t)."""
        return sigmoid(scores, self.a - 1) + sigmoid(-scores, -self.a)
