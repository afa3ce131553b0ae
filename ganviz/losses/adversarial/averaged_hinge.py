"""Relativistic average with a margin: L_D = E max(0, 1 - (t_real - E t_fake)) + E max(0, 1 + t_fake - E t_real).

L_G is the same with the roles swapped. Both are at least 0 and minimized by their owner; scores are defined up to a
constant. At equilibrium each is 2.

Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734), RaHingeGAN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.convex_relativistic import AbstractConvexAveragedLoss
from ganviz.losses.elementary import relu, step_function
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragedHinge(AbstractConvexAveragedLoss):
    """Real samples should lead the mean fake by 1, and fakes trail the mean real one by 1."""

    key: ClassVar[str] = "rahinge"
    title: ClassVar[str] = "RaHinge"
    reference: ClassVar[str] = "Jolicoeur-Martineau 2018, RaHingeGAN"
    d_formula: ClassVar[str] = (
        "E max(0, 1 − t<sub>r</sub> + E t<sub>f</sub>) + E max(0, 1 + t<sub>f</sub> − E t<sub>r</sub>)"
    )
    behavior: ClassVar[str] = (
        "A sample's own term is spent once it leads the mean real one by 1; until then its slope is −1."
    )
    at_rest: ClassVar[float] = 1.0

    def on_real(self, leads: Tensor) -> Tensor:
        """Return max(0, 1 - lead)."""
        return relu(1 - leads)

    def on_real_slope(self, leads: Tensor) -> Tensor:
        """Return -1 up to a lead of 1, 0 beyond."""
        return step_function(-leads, -1.0, -1.0)

    def on_fake_slope(self, leads: Tensor) -> Tensor:
        """Return 1 from a lead of -1 on, 0 below."""
        return step_function(leads, -1.0)
