"""Penalties on slopes other than 1: between real and fake samples, one-sided, and around real samples.

The first is the gradient penalty λ E(‖∇ₓ t(x_ε)‖ - 1)², x_ε = ε x + (1 - ε) G(z), with ε uniform per sample.

It asks the critic for slope 1 between real and fake samples. At a perfect generator it does not vanish: every critic
of unit slope costs nothing and keeps pushing. λ = 10 for images; 0.1 in the authors' toy experiments, where the
reading is then not the Wasserstein distance.

Source: Gulrajani et al. 2017 (arXiv 1704.00028), equation 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractSlopePenalty, Around, Points, every, interpolates, slopes
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


class AbstractOneCentered(AbstractSlopePenalty):
    """A penalty with φ(s) = (√s - 1)², which is dearest for a flat D."""

    __slots__ = ()

    @property
    def bars_flatness(self) -> bool:
        """Return whether it has a weight: a flat D costs all of it."""
        return self.factor > 0

    def of_squares(self, squares: Tensor) -> Tensor:
        """Return (‖∇t‖ - 1)²."""
        return (slopes(squares) - 1).square()

    def of_squares_slope(self, squares: Tensor) -> Tensor:
        """Return 1 - 1/‖∇t‖."""
        return 1 - slopes(squares).reciprocal()


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientPenalty(AbstractOneCentered):
    """λ E(‖∇t(x_ε)‖ - 1)² on random interpolates between real and fake samples."""

    key: ClassVar[str] = "gradient_penalty"
    title: ClassVar[str] = "Gradient penalty"
    reference: ClassVar[str] = "Gulrajani et al. 2017, eq. 3"
    formula: ClassVar[str] = "λ E(‖∇t(x<sub>ε</sub>)‖ − 1)²"

    weight: float = param(
        10.0, "λ", "Weight of the penalty; small values let the slope exceed 1.", low=0, high=1000, log=True
    )
    interval: int = every()

    @property
    def points(self) -> Points:
        """Return where: between real and fake samples."""
        return interpolates

    @property
    def factor(self) -> float:
        """Return λ."""
        return self.weight


@dataclass(frozen=True, slots=True, kw_only=True)
class LipschitzPenalty(AbstractSlopePenalty):
    """λ E max(0, ‖∇t(x_ε)‖ - 1)²: one-sided, so that a critic flatter than slope 1 costs nothing.

    Petzka et al. 2018 (arXiv 1709.08894), equation 8. Unlike the two-sided penalty it allows the flat critic that a
    perfect generator deserves.
    """

    key: ClassVar[str] = "lipschitz_penalty"
    title: ClassVar[str] = "Lipschitz penalty"
    reference: ClassVar[str] = "Petzka et al. 2018, eq. 8"
    formula: ClassVar[str] = "λ E max(0, ‖∇t(x<sub>ε</sub>)‖ − 1)²"

    weight: float = param(
        10.0, "λ", "Weight of the penalty; only slopes above 1 cost anything.", low=0, high=1000, log=True
    )
    interval: int = every()

    @property
    def points(self) -> Points:
        """Return where: between real and fake samples."""
        return interpolates

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DRAGAN(AbstractOneCentered):
    """λ E(‖∇t(x + δ)‖ - 1)² around real samples, δ = σ n with n ~ N(0, I): the paper's form, centered.

    Kodali et al. 2017 (arXiv 1705.07215), where λ = 10 and δ ~ N(0, cI): here σ² = c. Code that goes by
    this name moves samples otherwise: by ½ std(x) U(0, 1), which shifts the data, or by std(x) (U(0, 1) - ½).
    """

    key: ClassVar[str] = "dragan"
    title: ClassVar[str] = "DRAGAN"
    reference: ClassVar[str] = "Kodali et al. 2017"
    formula: ClassVar[str] = "λ E(‖∇t(x + σn)‖ − 1)²"
    needs_noise: ClassVar[bool] = True

    weight: float = param(
        10.0,
        "λ",
        "Weight of the penalty; larger values hold the slope nearer to 1.",
        low=0,
        high=1000,
        log=True,
    )
    sigma: float = param(
        0.25, "σ", "How far from real samples it looks, as a standard deviation.", low=0, high=10
    )
    interval: int = every()

    @property
    def points(self) -> Points:
        """Return where: around the real samples."""
        return Around(self.sigma)

    @property
    def factor(self) -> float:
        """Return λ."""
        return self.weight
