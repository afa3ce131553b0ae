"""KL(p ‖ q): f(u) = u ln u, T = 1 + v."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import NONE, TAKEN, AbstractFDivergence
from ganviz.losses.adversarial.facts import ANY, AT_LEAST_0, Range
from ganviz.losses.elementary import exp
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardKL(AbstractFDivergence):
    """Heavy where data lack samples."""

    key: ClassVar[str] = "fgan_kl"
    title: ClassVar[str] = "f-GAN KL"
    d_formula: ClassVar[str] = "−E(1 + v<sub>r</sub>) + E exp(v<sub>f</sub>)"
    generators: ClassVar[tuple[str, str]] = ("−E exp(v<sub>f</sub>)", "−E(1 + v<sub>f</sub>)")
    slopes = (("−e<sup>v</sup>", TAKEN), ("−1", NONE))
    followed: ClassVar[tuple[str, str]] = ("KL(p ‖ q)", "KL(q ‖ p)")
    parts: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    real_range: ClassVar[Range] = ANY
    fake_range: ClassVar[Range] = AT_LEAST_0
    is_nats: ClassVar[bool] = True

    def _real(self, v: Tensor) -> Tensor:
        return -1 - v

    def _fake(self, v: Tensor) -> Tensor:
        return exp(v)

    def _real_slope(self, v: Tensor) -> Tensor:
        return v.new_full((), -1.0).expand_as(v)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return exp(v)
