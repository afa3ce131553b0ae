"""Relativistic average: each score is compared with the other batch's mean.

L_D = E softplus(-(t_real - E t_fake)) + E softplus(t_fake - E t_real), and L_G is the same with the roles swapped. Both
are at least 0 and minimized by their owner; scores are defined up to a constant. The sum is not halved, unlike in the
author's code.

Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734), RaSGAN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels.pairs import signs
from ganviz.losses.adversarial.convex_relativistic import AbstractConvexAveragedLoss
from ganviz.losses.adversarial.facts import LN2
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragedRelativistic(AbstractConvexAveragedLoss):
    """Real samples should outscore the mean fake, and fakes stay below the mean real sample."""

    key: ClassVar[str] = "ragan"
    title: ClassVar[str] = "RaGAN"
    reference: ClassVar[str] = "Jolicoeur-Martineau 2018, RaSGAN"
    is_nats: ClassVar[bool] = True
    at_rest: ClassVar[float] = LN2
    behavior: ClassVar[str] = (
        "Each sample competes with the mean real one; a constant added to all scores changes nothing."
    )
    d_formula: ClassVar[str] = (
        "E log(1 + exp(E t<sub>f</sub> − t<sub>r</sub>)) + E log(1 + exp(t<sub>f</sub> − E t<sub>r</sub>))"
    )

    def on_real(self, leads: Tensor) -> Tensor:
        """Return softplus(-lead)."""
        return softplus(-leads)

    def on_real_slope(self, leads: Tensor) -> Tensor:
        """Return -σ(-lead)."""
        return sigmoid(-leads, -1.0)

    def on_fake_slope(self, leads: Tensor) -> Tensor:
        """Return σ(lead)."""
        return sigmoid(leads)

    def signed_slopes(self, leads: Tensor, share: float) -> Tensor:
        """Return ±σ(lead) times ``share``, in one call."""
        return sigmoid(leads, signs(leads, 0, share))
