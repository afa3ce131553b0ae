"""Hinge loss: L_D = E max(0, 1 - t_real) + E max(0, 1 + t_fake), L_G = -E t_fake.

L_D is at least 0, L_G is unbounded; each is minimized by its owner. The generator's slope is -1 everywhere and never
saturates; D stops learning on samples beyond the margin. At equilibrium L_D = 2 for every constant score in [-1, 1],
so L_G is not determined there.

Source: Lim & Ye 2017 (arXiv 1705.02894); Miyato et al. 2018 (arXiv 1802.05957), equations 16 and 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.facts import AT_LEAST_0, Range
from ganviz.losses.elementary import relu, step_function

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractHingeLoss(AbstractPointwiseLoss):
    """The discriminator's half; a final class adds the generator's."""

    family: ClassVar[str] = "Hinge"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = "E max(0, 1 − t<sub>r</sub>) + E max(0, 1 + t<sub>f</sub>)"
    d_range: ClassVar[Range] = AT_LEAST_0

    def on_real(self, scores: Tensor) -> Tensor:
        """Return max(0, 1 - t)."""
        return relu(1 - scores)

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return max(0, 1 + t)."""
        return relu(1 + scores)

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return -1 inside the margin, 0 beyond."""
        return step_function(-scores, -1.0, -1.0)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return 1 inside the margin, 0 beyond."""
        return step_function(scores, -1.0)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2; the split and L_G depend on the undetermined constant score."""
        return Equilibrium(None, None, 2.0, None, None, None)


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
        return scores.new_full((), -1.0).expand_as(scores)
