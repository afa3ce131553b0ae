"""Relativistic pairing: L_D = E softplus(-(t_real - t_fake)), L_G = E softplus(-(t_fake - t_real)), paired by index.

Both are at least 0 and minimized by their owner. D asks whether a real sample is more real than its fake partner, not
whether it is real: scores are defined up to a constant. At the optimum t = ln(p / q) + const, and L_D is
ln 2 - JSD(P x Q, Q x P). Every generated sample is compared with a real one of the updated discriminator.

Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734), RSGAN; RpGAN in Jolicoeur-Martineau 2019 (arXiv 1901.02474).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.convex_relativistic import AbstractConvexPairedLoss
from ganviz.losses.adversarial.facts import LN2
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRelativistic(AbstractConvexPairedLoss):
    """Real samples should outscore their fake partners; the generator wishes the opposite."""

    key: ClassVar[str] = "rpgan"
    title: ClassVar[str] = "RpGAN"
    reference: ClassVar[str] = "Jolicoeur-Martineau 2018, RSGAN"
    is_nats: ClassVar[bool] = True
    d_formula: ClassVar[str] = "E log(1 + exp(t<sub>f</sub> − t<sub>r</sub>))"
    behavior: ClassVar[str] = "A sample far behind its real partner has slope −1, one far ahead of it 0."
    at_rest: ClassVar[float] = LN2

    def on_lead(self, differences: Tensor) -> Tensor:
        """Return softplus(-difference)."""
        return softplus(-differences)

    def on_lead_slope(self, differences: Tensor) -> Tensor:
        """Return -σ(-difference)."""
        return sigmoid(-differences, -1.0)

    def best_scores(self, log_ratio: Floats) -> Floats:
        """Return ln(p / q)."""
        return log_ratio
