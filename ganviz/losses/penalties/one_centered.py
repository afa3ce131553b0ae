"""One-centered gradient penalty on interpolates: λ E(‖∇ₓ t(x̂)‖ - 1)², x̂ = ε x + (1 - ε) G(z), ε uniform per sample.

It asks the critic for slope 1 between real and fake samples. At a perfect generator it does not vanish: every critic
of unit slope costs nothing and keeps pushing. λ = 10 for images; 0.1 in the authors' toy experiments, where the
reading is then not the Wasserstein distance.

Source: Gulrajani et al. 2017 (arXiv 1704.00028), equation 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractPenalty, interpolates, slopes
from ganviz.spec import param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientPenalty(AbstractPenalty):
    """λ E(‖∇t(x̂)‖ - 1)² on random interpolates between real and fake samples."""

    key: ClassVar[str] = "gradient_penalty"
    title: ClassVar[str] = "Gradient penalty"
    reference: ClassVar[str] = "Gulrajani et al. 2017, eq. 3"
    formula: ClassVar[str] = "λ E(‖∇t(x̂)‖ − 1)²"

    weight: float = param(
        10.0, "λ", "Weight of the penalty; small values let the slope exceed 1.", low=0, high=1000, log=True
    )

    points = staticmethod(interpolates)

    @property
    def factor(self) -> float:
        """Return λ."""
        return self.weight

    def of_squares(self, squares: Tensor) -> Tensor:
        """Return (‖∇t‖ - 1)²."""
        return (slopes(squares) - 1).square()

    def of_squares_slope(self, squares: Tensor) -> Tensor:
        """Return 1 - 1/‖∇t‖."""
        return 1 - slopes(squares).reciprocal()


@dataclass(frozen=True, slots=True, kw_only=True)
class LipschitzPenalty(AbstractPenalty):
    """λ E max(0, ‖∇t(x̂)‖ - 1)²: one-sided, so that a critic flatter than slope 1 costs nothing.

    Petzka et al. 2018 (arXiv 1709.08894), equation 8. Unlike the two-sided penalty it allows the flat critic that a
    perfect generator deserves.
    """

    key: ClassVar[str] = "lipschitz_penalty"
    title: ClassVar[str] = "Lipschitz penalty"
    reference: ClassVar[str] = "Petzka et al. 2018, eq. 8"
    formula: ClassVar[str] = "λ E max(0, ‖∇t(x̂)‖ − 1)²"

    weight: float = param(
        10.0, "λ", "Weight of the penalty; only slopes above 1 cost anything.", low=0, high=1000, log=True
    )

    points = staticmethod(interpolates)

    @property
    def factor(self) -> float:
        """Return λ."""
        return self.weight

    def of_squares(self, squares: Tensor) -> Tensor:
        """Return max(0, ‖∇t‖ - 1)²."""
        return (slopes(squares) - 1).relu().square()

    def of_squares_slope(self, squares: Tensor) -> Tensor:
        """Return max(0, 1 - 1/‖∇t‖)."""
        return (1 - slopes(squares).reciprocal()).relu()
