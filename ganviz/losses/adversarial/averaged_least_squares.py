"""Relativistic average with squares: L_D = E(t_real - E t_fake - 1)² + E(t_fake - E t_real + 1)².

L_G is the same with the roles swapped. Both are at least 0 and minimized by their owner; scores are defined up to a
constant. At equilibrium each is 2. Neither squares nor means are halved, unlike in the author's code.

Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734), RaLSGAN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels.constants import doubled
from ganviz.losses.adversarial.convex_relativistic import AbstractConvexAveragedLoss
from ganviz.losses.adversarial.densities import answers
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragedLeastSquares(AbstractConvexAveragedLoss):
    """Leads of real samples over the mean fake are regressed on 1, those of fakes over the mean real one on -1."""

    key: ClassVar[str] = "ralsgan"
    title: ClassVar[str] = "RaLSGAN"
    reference: ClassVar[str] = "Jolicoeur-Martineau 2018, RaLSGAN"
    d_formula: ClassVar[str] = (
        "E(t<sub>r</sub> − E t<sub>f</sub> − 1)² + E(t<sub>f</sub> − E t<sub>r</sub> + 1)²"
    )
    behavior: ClassVar[str] = (
        "A sample's lead over the mean real one is driven to 1: the further off, the harder, also down from above 1."
    )
    at_rest: ClassVar[float] = 1.0
    always_rises: ClassVar[bool] = False

    def on_real(self, leads: Tensor) -> Tensor:
        """Return (lead - 1)²."""
        return (leads - 1) ** 2

    def on_real_slope(self, leads: Tensor) -> Tensor:
        """Return 2(lead - 1)."""
        return doubled(leads, -1.0)

    def on_fake_slope(self, leads: Tensor) -> Tensor:
        """Return 2(lead + 1)."""
        return doubled(leads, 1.0)

    def best_scores_of(self, p: Floats, q: Floats) -> Floats:
        """Return 4 D* / (1 + 3k) with D* = p / (p + q) and k = E_p D* - E_q D*: L_D is 2 (1 - k) / (1 + 3k)."""
        d, k = answers(p, q)
        return 4 * d / (1 + 3 * k)
