"""A pointwise loss that no paper has: cross-entropies with a margin m."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.elementary import softplus
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpPointwise(AbstractPointwiseLoss):
    """Real samples should score above m, fake ones below -m; the slopes are autograd's."""

    key: ClassVar[str] = "made_up_pointwise"
    title: ClassVar[str] = "Made-up pointwise"
    reference: ClassVar[str] = "made up"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = "E log(1 + exp(m − t<sub>r</sub>)) + E log(1 + exp(m + t<sub>f</sub>))"
    g_formula: ClassVar[str] = "E log(1 + exp(−t<sub>f</sub>))"

    margin: float = param(0.5, "Margin m", "How far scores should lie from 0.", low=0, high=10)

    def on_real(self, scores: Tensor) -> Tensor:
        """Return softplus(m - t)."""
        return softplus(self.margin - scores)

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return softplus(m + t)."""
        return softplus(self.margin + scores)

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return softplus(-t)."""
        return softplus(-scores)

    def equilibrium(self) -> Equilibrium:
        """Return the score 0; the values are left open."""
        return Equilibrium(None, None, None, None, None, 0.0)
