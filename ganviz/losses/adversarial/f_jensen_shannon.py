"""2 JSD: f(u) = u ln u - (u + 1) ln((1 + u)/2), T = ln 2 - softplus(-v)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import REJECTED, TAKEN, AbstractFDivergence
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class JensenShannon(AbstractFDivergence):
    """The GAN's own divergence, 0 at equilibrium."""

    key: ClassVar[str] = "fgan_js"
    title: ClassVar[str] = "f-GAN Jensen–Shannon"
    d_formula: ClassVar[str] = "E log((1 + exp(−t<sub>r</sub>))/2) + E log((1 + exp(t<sub>f</sub>))/2)"
    generators: ClassVar[tuple[str, str]] = (
        "−E log((1 + exp(t<sub>f</sub>))/2)",
        "E log((1 + exp(−t<sub>f</sub>))/2)",
    )
    slopes = (("−σ(t)", TAKEN), ("−σ(−t)", REJECTED))
    followed: ClassVar[tuple[str, str]] = ("2 JSD(p, q)", "2 KL(m ‖ p), m = (p + q)/2")
    parts: ClassVar[tuple[float, float]] = (0.0, 0.0)
    real_range: ClassVar[Range] = Range(low=-LN2)
    fake_range: ClassVar[Range] = Range(low=-LN2)
    is_nats: ClassVar[bool] = True
    is_held: ClassVar[bool] = False

    def _real(self, v: Tensor) -> Tensor:
        return softplus(-v) - LN2

    def _fake(self, v: Tensor) -> Tensor:
        return softplus(v) - LN2

    def _real_slope(self, v: Tensor) -> Tensor:
        return sigmoid(-v, -1.0)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return sigmoid(v)
