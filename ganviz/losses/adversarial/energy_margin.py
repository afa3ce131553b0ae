"""EBGAN with a scalar energy E = softplus(-t): L_D = E(x) + max(0, m - E(G(z))), L_G = E(G(z)).

Both are at least 0 and minimized by their owner. D lowers the energy of real samples and raises that of fakes, up to
the margin m; the best D reaches L_D = m (1 - TV), and at equilibrium every constant energy in [0, m] gives m. The
paper's energy is an auto-encoder's error; here it is a function of the score, so that high still means real.

Source: Zhao et al. 2017 (arXiv 1609.03126), equations 1 and 2, with a scalar energy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.facts import AT_LEAST_0, Range
from ganviz.losses.elementary import relu, sigmoid, softplus, step_function
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats

NO_ENERGY = 40.0
"""The score whose energy is nothing beside any margin that can be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyMargin(AbstractPointwiseLoss):
    """Low energy where there are data, and up to a margin elsewhere."""

    key: ClassVar[str] = "ebgan"
    title: ClassVar[str] = "EBGAN margin"
    family: ClassVar[str] = "Energy"
    reference: ClassVar[str] = "Zhao et al. 2017, eqs. 1 and 2, scalar energy"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = "E e<sub>r</sub> + E max(0, m − e<sub>f</sub>), e = log(1 + exp(−t))"
    g_formula: ClassVar[str] = "E e<sub>f</sub>"
    behavior: ClassVar[str] = (
        "D stops raising the energy of fakes at m; G's slope is −1 far below, and vanishes far above."
    )
    d_range: ClassVar[Range] = AT_LEAST_0
    g_range: ClassVar[Range] = AT_LEAST_0

    margin: float = param(
        1.0, "Margin m", "Energy up to which D raises fakes.", low=0, high=100, open_low=True
    )

    @property
    def total_range(self) -> Range:
        """Return what L_D + L_G is at least: m."""
        return Range(low=self.margin)

    def on_real(self, scores: Tensor) -> Tensor:
        """Return e = softplus(-t)."""
        return softplus(-scores)

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return max(0, m - e)."""
        return relu(self.margin - softplus(-scores))

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return -σ(-t)."""
        return sigmoid(-scores, -1.0)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return σ(-t) below the margin, 0 above."""
        return sigmoid(-scores) * step_function(self.margin - softplus(-scores))

    on_generated, on_generated_slope = on_real, on_real_slope

    def best_scores(self, log_ratio: Floats) -> Floats:
        """Return the score of energy 0, to rounding, where p is above q, and that of m elsewhere: m (1 - TV)."""
        return np.where(log_ratio > 0, NO_ENERGY, -math.log(math.expm1(self.margin)))

    def equilibrium(self) -> Equilibrium:
        """Return L_D = m; the common energy, at most m, is open."""
        return Equilibrium(None, None, self.margin, None, None, None)
