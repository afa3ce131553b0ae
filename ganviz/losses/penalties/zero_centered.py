"""Zero-centered gradient penalty on real samples: R1 = (γ/2) E‖∇ₓ t(x)‖².

It flattens the critic where the data are, which makes the game converge locally (Mescheder et al. 2018, arXiv
1801.04406, equation 9). The convention is γ/2, on the raw score; the authors' own trainer leaves out the ½.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractPenalty, Uniforms, input_gradients
from ganviz.spec import param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class R1(AbstractPenalty):
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

    def value(
        self, critic: Callable[[Tensor], Tensor], *, real: Tensor, fake: Tensor, rng: Uniforms
    ) -> Tensor:
        """Return (γ/2) times the mean squared gradient norm at the real samples, ``[lanes]``."""
        return 0.5 * self.gamma * input_gradients(critic, real).square().sum(-1).mean(-1)
