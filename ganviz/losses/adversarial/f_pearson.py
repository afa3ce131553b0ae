"""Pearson's χ²: f(u) = (u - 1)², T = 2(exp v - 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import TAKEN, AbstractFDivergence
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.elementary import exp
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Pearson(AbstractFDivergence):
    """Squares of the density ratio."""

    key: ClassVar[str] = "fgan_pearson"
    title: ClassVar[str] = "f-GAN Pearson"
    d_formula: ClassVar[str] = "−2E(exp(v<sub>r</sub>) − 1) + E(exp(2v<sub>f</sub>) − 1)"
    generators: ClassVar[tuple[str, str]] = ("−E(exp(2v<sub>f</sub>) − 1)", "−2E(exp(v<sub>f</sub>) − 1)")
    slopes = (("−2e<sup>2v</sup>", TAKEN), ("−2e<sup>v</sup>", TAKEN))
    followed: ClassVar[tuple[str, str]] = ("∫ (p − q)²/q", "2 KL(p ‖ q)")
    parts: ClassVar[tuple[float, float]] = (0.0, 0.0)
    real_range: ClassVar[Range] = Range(high=2.0)
    fake_range: ClassVar[Range] = Range(low=-1.0)

    def _real(self, v: Tensor) -> Tensor:
        return 2 - 2 * exp(v)

    def _fake(self, v: Tensor) -> Tensor:
        return exp(2 * v) - 1

    def _real_slope(self, v: Tensor) -> Tensor:
        return -2 * exp(v)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return 2 * exp(2 * v)
