"""KL(q ‖ p): f(u) = -ln u, T = -exp(-v)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import NONE, REJECTED, AbstractFDivergence
from ganviz.losses.adversarial.facts import ANY, AT_LEAST_0, Range
from ganviz.losses.elementary import exp
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class BackwardKL(AbstractFDivergence):
    """Heavy where samples lack data."""

    key: ClassVar[str] = "fgan_reverse_kl"
    title: ClassVar[str] = "f-GAN reverse KL"
    d_formula: ClassVar[str] = "E exp(−v<sub>r</sub>) + E(v<sub>f</sub> − 1)"
    generators: ClassVar[tuple[str, str]] = ("−E(v<sub>f</sub> − 1)", "E exp(−v<sub>f</sub>)")
    slopes = (("−1", NONE), ("−e<sup>−v</sup>", REJECTED))
    followed: ClassVar[tuple[str, str]] = ("KL(q ‖ p)", "½ ∫ (p − q)²/p")
    parts: ClassVar[tuple[float, float]] = (1.0, -1.0)
    real_range: ClassVar[Range] = AT_LEAST_0
    fake_range: ClassVar[Range] = ANY
    is_nats: ClassVar[bool] = True

    def _real(self, v: Tensor) -> Tensor:
        return exp(-v)

    def _fake(self, v: Tensor) -> Tensor:
        return v - 1

    def _real_slope(self, v: Tensor) -> Tensor:
        return -exp(-v)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return v.new_ones(()).expand_as(v)
