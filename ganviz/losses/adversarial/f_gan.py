"""The original GAN: f(u) = u ln u - (u + 1) ln(1 + u), T = -softplus(-v)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.f_divergence import REJECTED, TAKEN, AbstractFDivergence
from ganviz.losses.adversarial.facts import AT_LEAST_0, Range
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalGAN(AbstractFDivergence):
    """The original GAN as a member of the family."""

    key: ClassVar[str] = "fgan_gan"
    title: ClassVar[str] = "f-GAN GAN"
    d_formula: ClassVar[str] = "E log(1 + exp(−t<sub>r</sub>)) + E log(1 + exp(t<sub>f</sub>))"
    generators: ClassVar[tuple[str, str]] = (
        "−E log(1 + exp(t<sub>f</sub>))",
        "E log(1 + exp(−t<sub>f</sub>))",
    )
    slopes = (("−σ(t)", TAKEN), ("−σ(−t)", REJECTED))
    followed: ClassVar[tuple[str, str]] = ("2 JSD(p, q)", "2 KL(m ‖ p), m = (p + q)/2")
    parts: ClassVar[tuple[float, float]] = (LN2, LN2)
    real_range: ClassVar[Range] = AT_LEAST_0
    fake_range: ClassVar[Range] = AT_LEAST_0
    is_nats: ClassVar[bool] = True
    is_held: ClassVar[bool] = False

    def _real(self, v: Tensor) -> Tensor:
        return softplus(-v)

    def _fake(self, v: Tensor) -> Tensor:
        return softplus(v)

    def _real_slope(self, v: Tensor) -> Tensor:
        return sigmoid(-v, -1.0)

    def _fake_slope(self, v: Tensor) -> Tensor:
        return sigmoid(v)
