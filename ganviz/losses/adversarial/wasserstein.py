"""Wasserstein loss: L_D = E t_fake - E t_real, L_G = -E t_fake, for a critic t that must be kept Lipschitz.

Both are unbounded and minimized by their owner; slopes are ±1 everywhere. With a 1-Lipschitz critic -L_D approaches
the Wasserstein-1 distance; without a constraint (clipping) or a penalty it means nothing. L_G is defined up to the
critic's free constant: read E t_real - E t_fake, never L_G, as progress.

Source: Arjovsky et al. 2017 (arXiv 1701.07875), Algorithm 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.elementary import constant
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Wasserstein(AbstractPointwiseLoss):
    """The critic separates mean scores; the generator raises its own."""

    key: ClassVar[str] = "wasserstein"
    title: ClassVar[str] = "Wasserstein"
    reference: ClassVar[str] = "Arjovsky et al. 2017, Algorithm 1"
    family: ClassVar[str] = "Wasserstein"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = "E t<sub>f</sub> − E t<sub>r</sub>"
    g_formula: ClassVar[str] = "−E t<sub>f</sub>"
    behavior: ClassVar[str] = (
        "All slopes are ±1: D's loss is a distance only while something holds its steepness to 1."
    )
    divergence: ClassVar[str] = "W<sub>1</sub>(p, q), of critics no steeper than 1"
    is_canceling: ClassVar[bool] = True
    every_d_is_best: ClassVar[bool] = True

    def on_real(self, scores: Tensor) -> Tensor:
        """Return -t."""
        return -scores

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return t."""
        return scores

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return -1."""
        return constant(scores, -1.0)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return 1."""
        return constant(scores, 1.0)

    on_generated, on_generated_slope = on_real, on_real_slope

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 0; everything else depends on the critic's free constant."""
        return Equilibrium(None, None, 0.0, None, None, None)
