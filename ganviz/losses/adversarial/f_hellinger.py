"""Squared Hellinger distance: f(u) = (√u - 1)², T = 1 - exp(-v/2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import REJECTED, TAKEN, AbstractFDivergence
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.elementary import exp
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Hellinger(AbstractFDivergence):
    """Roots of the density ratio."""

    key: ClassVar[str] = "fgan_hellinger"
    title: ClassVar[str] = "f-GAN Hellinger"
    d_formula: ClassVar[str] = "−E(1 − exp(−v<sub>r</sub>/2)) + E(exp(v<sub>f</sub>/2) − 1)"
    generators: ClassVar[tuple[str, str]] = ("−E(exp(v<sub>f</sub>/2) − 1)", "−E(1 − exp(−v<sub>f</sub>/2))")
    slopes = (("−½e<sup>v/2</sup>", TAKEN), ("−½e<sup>−v/2</sup>", REJECTED))
    followed: ClassVar[tuple[str, str]] = ("∫ (√p − √q)²", "⅔ ∫ q √(q/p)")
    parts: ClassVar[tuple[float, float]] = (0.0, 0.0)
    real_range: ClassVar[Range] = Range(low=-1.0)
    fake_range: ClassVar[Range] = Range(low=-1.0)

    def _real(self, v: Tensor) -> Tensor:
        return exp(-0.5 * v) - 1

    def _fake(self, v: Tensor) -> Tensor:
        return exp(0.5 * v) - 1

    def _real_slope(self, v: Tensor) -> Tensor:
        return -0.5 * exp(-0.5 * v)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return 0.5 * exp(0.5 * v)
