"""Least squares GAN: L_D = ½ E(t_real - b)² + ½ E(t_fake - a)², L_G = ½ E(t_fake - c)².

Both are at least 0 and minimized by their owner. The slope t - c grows with the distance from the target, so samples
far on the wrong side are pulled hardest; beyond the target the loss pulls back. The head is linear, and the optimal
score is (b p + a q) / (p + q).

Source: Mao et al. 2017 (arXiv 1611.04076), equation 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.facts import AT_LEAST_0, Range
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastSquares(AbstractPointwiseLoss):
    """Scores are regressed on targets: a for fakes, b for real samples, c for the generator's wish."""

    key: ClassVar[str] = "least_squares"
    title: ClassVar[str] = "Least squares"
    reference: ClassVar[str] = "Mao et al. 2017, eq. 2"
    family: ClassVar[str] = "Least squares"
    score_kind: ClassVar[str] = "regression"
    d_formula: ClassVar[str] = "½E(t<sub>r</sub> − b)² + ½E(t<sub>f</sub> − a)²"
    g_formula: ClassVar[str] = "½E(t<sub>f</sub> − c)²"
    behavior: ClassVar[str] = (
        "A sample is pulled the harder the further its score is from c, also down from above c."
    )
    d_range: ClassVar[Range] = AT_LEAST_0
    g_range: ClassVar[Range] = AT_LEAST_0
    always_rises: ClassVar[bool] = False

    a: float = param(0.0, "Fake target a", "The score that D aims at on fake samples.", low=-10, high=10)
    b: float = param(1.0, "Real target b", "The score that D aims at on real samples.", low=-10, high=10)
    c: float = param(1.0, "Generator target c", "The score that G wants for its samples.", low=-10, high=10)

    @property
    def total_range(self) -> Range:
        """Return what L_D + L_G is at least: (a - c)²/4, where generated scores lie halfway between a and c."""
        return Range(low=0.25 * (self.a - self.c) ** 2)

    @property
    def divergence(self) -> str:
        """Return f″ = (b - a) ((c - b) r + c - a) / (r (1 + r)³), which is positive where c is not below b."""
        if self.warning:
            return ""
        rising, constant = (self.b - self.a) * (self.c - self.b), (self.b - self.a) * (self.c - self.a)
        top = f"({rising:g} r + {constant:g})" if rising else f"{constant:g}"
        return f"∫ q f(p/q) with f″(r) = {top}/(r (1 + r)³)"

    @property
    def warning(self) -> str:
        """Say where the generator is pulled the wrong way, whatever D does."""
        if self.b <= self.a:
            return "With b not above a, D learns to give real samples the lower score."
        if self.c < self.b:
            return (
                "With c below b, G pulls scores above c down again: it leaves places that the best D finds most lacking"
                " in samples."
            )
        return ""

    def on_real(self, scores: Tensor) -> Tensor:
        """Return ½(t - b)²."""
        return 0.5 * (scores - self.b) ** 2

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return ½(t - a)²."""
        return 0.5 * (scores - self.a) ** 2

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return ½(t - c)²."""
        return 0.5 * (scores - self.c) ** 2

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return t - b."""
        return scores - self.b

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return t - a."""
        return scores - self.a

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return t - c."""
        return scores - self.c

    def best_scores(self, log_ratio: Floats) -> Floats:
        """Return (b p + a q) / (p + q): L_D is ½ (b - a)² ∫ p q / (p + q)."""
        return self.a + (self.b - self.a) * 0.5 * (1 + np.tanh(0.5 * log_ratio))

    def equilibrium(self) -> Equilibrium:
        """Return the values at the optimal score (a + b)/2: 0.25, 0.125 and 0.375 for (0, 1, 1)."""
        score = 0.5 * (self.a + self.b)
        part = 0.125 * (self.b - self.a) ** 2
        g_loss = 0.5 * (score - self.c) ** 2
        return Equilibrium(part, part, 2 * part, g_loss, 2 * part + g_loss, score)
