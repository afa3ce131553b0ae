"""Relativistic pairing with squares: L_D = E(t_real - t_fake - 1)², L_G = E(t_fake - t_real - 1)².

Both are at least 0 and minimized by their owner; scores are defined up to a constant. At equilibrium each is 1.

Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734), the general form of RGANs, with squares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels.constants import doubled
from ganviz.losses.adversarial.convex_relativistic import AbstractConvexPairedLoss
from ganviz.losses.adversarial.densities import answers
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedLeastSquares(AbstractConvexPairedLoss):
    """Leads of real samples over their fake partners are regressed on 1; the generator wishes the opposite."""

    key: ClassVar[str] = "rplsgan"
    title: ClassVar[str] = "RpLSGAN"
    reference: ClassVar[str] = "Jolicoeur-Martineau 2018, RGAN with squares"
    d_formula: ClassVar[str] = "E(t<sub>r</sub> − t<sub>f</sub> − 1)²"
    behavior: ClassVar[str] = "A sample's lead over its real partner is driven to 1, also down from above 1."
    at_rest: ClassVar[float] = 1.0
    always_rises: ClassVar[bool] = False

    def on_lead(self, differences: Tensor) -> Tensor:
        """Return (difference - 1)²."""
        return (differences - 1) ** 2

    def on_lead_slope(self, differences: Tensor) -> Tensor:
        """Return 2(difference - 1)."""
        return doubled(differences, -1.0)

    def best_scores_of(self, p: Floats, q: Floats) -> Floats:
        """Return 2 D* / (1 + k) with D* = p / (p + q) and k = E_p D* - E_q D*: L_D is (1 - k) / (1 + k)."""
        d, k = answers(p, q)
        return 2 * d / (1 + k)
