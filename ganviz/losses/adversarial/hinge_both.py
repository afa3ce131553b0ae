"""Hinge for both players: D as in the hinge loss, L_G = E max(0, 1 - t_fake).

Both are at least 0 and minimized by their owner. The generator's slope is -1 up to score 1 and 0 above, so samples that
D takes for real beyond its margin are left alone: it saturates where the bare score does not.

Source: a variant in code, "hinge v1" of LynnHo/DCGAN-LSGAN-WGAN-GP-DRAGAN-Pytorch; D's half is Lim & Ye 2017.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.facts import AT_LEAST_0, Range
from ganviz.losses.adversarial.hinge_margin import AbstractHingeLoss
from ganviz.losses.elementary import relu, step_function
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class HingeBoth(AbstractHingeLoss):
    """A margin for D and for G."""

    key: ClassVar[str] = "hinge_both"
    title: ClassVar[str] = "Hinge for both"
    reference: ClassVar[str] = "Lim & Ye 2017 for D; LynnHo's GAN code, hinge v1, for G"
    g_formula: ClassVar[str] = "E max(0, 1 − t<sub>f</sub>)"
    behavior: ClassVar[str] = (
        "G's slope is −1 below score 1 and 0 above: samples beyond D's margin are left alone."
    )
    g_range: ClassVar[Range] = AT_LEAST_0
    total_range: ClassVar[Range] = Range(low=2.0)

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return max(0, 1 - t)."""
        return relu(1 - scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return -1 below 1, 0 above."""
        return step_function(-scores, -1.0, -1.0)
