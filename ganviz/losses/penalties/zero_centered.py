"""Zero-centered gradient penalties on real samples, on fake ones, and on interpolates.

R1 = (γ/2) E‖∇ₓ t(x)‖², R2 is the same at G(z), and the third is λ E‖∇ₓ t(x_ε)‖² with x_ε = ε x + (1 - ε) G(z). R1
flattens the critic where the data are, which makes the game converge locally (Mescheder et al. 2018, arXiv 1801.04406,
equation 9). The convention is γ/2, on the raw score; the authors' own trainer leaves out the ½.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels.constants import constant
from ganviz.losses.penalties.base import AbstractSlopePenalty, Points, at_fake, at_real, every, interpolates
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


class AbstractZeroCentered(AbstractSlopePenalty):
    """A penalty with φ(s) = s."""

    __slots__ = ()

    def of_squares(self, squares: Tensor) -> Tensor:
        """Return ‖∇t‖²."""
        return squares

    def of_squares_slope(self, squares: Tensor) -> Tensor:
        """Return 1."""
        return constant(1.0, squares.shape, squares.dtype, squares.device)


@dataclass(frozen=True, slots=True, kw_only=True)
class R1(AbstractZeroCentered):
    """(γ/2) E‖∇t‖² on real samples."""

    key: ClassVar[str] = "r1"
    title: ClassVar[str] = "R1"
    reference: ClassVar[str] = "Mescheder et al. 2018, eq. 9"
    formula: ClassVar[str] = "(γ/2) E‖∇t(x)‖²"

    gamma: float = param(
        0.1,
        "γ",
        "Weight of the penalty; larger values flatten D around the data.",
        low=0,
        high=1000,
        log=True,
    )
    interval: int = every()

    @property
    def points(self) -> Points:
        """Return where: at the real samples."""
        return at_real

    @property
    def factor(self) -> float:
        """Return γ/2."""
        return 0.5 * self.gamma


@dataclass(frozen=True, slots=True, kw_only=True)
class R2(AbstractZeroCentered):
    """(γ/2) E‖∇t‖² on fake samples.

    Together with R1 it is the regularizer of R3GAN (Huang et al. 2024, arXiv 2501.05441).
    """

    key: ClassVar[str] = "r2"
    title: ClassVar[str] = "R2"
    reference: ClassVar[str] = "Mescheder et al. 2018, eq. 10"
    formula: ClassVar[str] = "(γ/2) E‖∇t(G(z))‖²"

    gamma: float = param(
        0.1,
        "γ",
        "Weight of the penalty; larger values flatten D around the fakes.",
        low=0,
        high=1000,
        log=True,
    )
    interval: int = every()

    @property
    def points(self) -> Points:
        """Return where: at the fake samples."""
        return at_fake

    @property
    def factor(self) -> float:
        """Return γ/2."""
        return 0.5 * self.gamma


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroCenteredPenalty(AbstractZeroCentered):
    """λ E‖∇t(x_ε)‖² on random interpolates between real and fake samples; γ/2 = λ where R1 writes γ.

    Thanh-Tung et al. 2019 (arXiv 1902.03984), who show that it improves generalization and prevents the exploding
    slopes between the two distributions.
    """

    key: ClassVar[str] = "zero_centered_penalty"
    title: ClassVar[str] = "Zero-centered penalty"
    reference: ClassVar[str] = "Thanh-Tung et al. 2019"
    formula: ClassVar[str] = "λ E‖∇t(x<sub>ε</sub>)‖²"

    weight: float = param(
        1.0, "λ", "Weight of the penalty; larger values flatten D in between.", low=0, high=1000, log=True
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
