"""Relativistic pairing with a margin: L_D = E max(0, 1 - (t_real - t_fake)), L_G the same with the roles swapped.

Both are at least 0 and minimized by their owner; scores are defined up to a constant. At equilibrium each is 1.

Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734), the general form of RGANs, with the hinge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.convex_relativistic import AbstractConvexPairedLoss
from ganviz.losses.elementary import relu, step_function
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedHinge(AbstractConvexPairedLoss):
    """Real samples should lead their fake partners by 1; the generator wishes the opposite."""

    key: ClassVar[str] = "rphinge"
    title: ClassVar[str] = "RpHinge"
    reference: ClassVar[str] = "Jolicoeur-Martineau 2018, RGAN with the hinge"
    d_formula: ClassVar[str] = "E max(0, 1 − t<sub>r</sub> + t<sub>f</sub>)"
    behavior: ClassVar[str] = (
        "A pair counts, with slope −1, until the generated sample leads its real partner by 1."
    )
    at_rest: ClassVar[float] = 1.0

    def on_lead(self, differences: Tensor) -> Tensor:
        """Return max(0, 1 - difference)."""
        return relu(1 - differences)

    def on_lead_slope(self, differences: Tensor) -> Tensor:
        """Return -1 up to a lead of 1, 0 beyond."""
        return step_function(-differences, -1.0, -1.0)
