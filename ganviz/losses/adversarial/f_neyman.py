"""Neyman's χ²: f(u) = (1 - u)²/u, T = 1 - exp(-2v)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import REJECTED, AbstractFDivergence
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.elementary import exp
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Neyman(AbstractFDivergence):
    """Squares of the inverse density ratio."""

    key: ClassVar[str] = "fgan_neyman"
    title: ClassVar[str] = "f-GAN Neyman"
    d_formula: ClassVar[str] = "−E(1 − exp(−2v<sub>r</sub>)) + 2E(1 − exp(−v<sub>f</sub>))"
    generators: ClassVar[tuple[str, str]] = ("−2E(1 − exp(−v<sub>f</sub>))", "−E(1 − exp(−2v<sub>f</sub>))")
    slopes = (("−2e<sup>−v</sup>", REJECTED), ("−2e<sup>−2v</sup>", REJECTED))
    followed: ClassVar[tuple[str, str]] = ("∫ (p − q)²/p", "∫ q³/(3p²)")
    parts: ClassVar[tuple[float, float]] = (0.0, 0.0)
    real_range: ClassVar[Range] = Range(low=-1.0)
    fake_range: ClassVar[Range] = Range(high=2.0)

    def _real(self, v: Tensor) -> Tensor:
        return exp(-2 * v) - 1

    def _fake(self, v: Tensor) -> Tensor:
        return 2 - 2 * exp(-v)

    def _real_slope(self, v: Tensor) -> Tensor:
        return -2 * exp(-2 * v)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return 2 * exp(-v)
