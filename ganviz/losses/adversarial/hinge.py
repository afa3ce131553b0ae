"""Hinge loss: L_D = E max(0, 1 - t_real) + E max(0, 1 + t_fake), L_G = -E t_fake.

L_D is at least 0, L_G is unbounded; each is minimized by its owner. The generator's slope is -1 everywhere and never
saturates; D stops learning on samples beyond the margin. At equilibrium L_D = 2 for every constant score in [-1, 1],
so L_G is not determined there. The exact best D, sign(p - q), is flat almost everywhere: G learns from a D that
something holds back, or that has not come so far.

Source: Lim & Ye 2017 (arXiv 1705.02894); Miyato et al. 2018 (arXiv 1802.05957), equations 16 and 17.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.facts import Range
from ganviz.losses.adversarial.hinge_margin import AbstractHingeLoss
from ganviz.losses.elementary import constant
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Hinge(AbstractHingeLoss):
    """Geometric GAN: a margin for D, the bare score for G."""

    key: ClassVar[str] = "hinge"
    title: ClassVar[str] = "Hinge"
    reference: ClassVar[str] = "Lim & Ye 2017"
    g_formula: ClassVar[str] = "−E t<sub>f</sub>"
    behavior: ClassVar[str] = (
        "G's slope is −1 at every score; D learns nothing from samples beyond its margin of 1."
    )
    divergence: ClassVar[str] = "2 TV(p, q)"
    total_range: ClassVar[Range] = Range(low=1.0)

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return -t."""
        return -scores

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -1."""
        return constant(scores, -1.0)
