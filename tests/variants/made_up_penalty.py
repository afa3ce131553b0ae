"""A penalty: fourth powers of slopes at real samples."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganviz.losses.penalties.base import AbstractSlopePenalty, Points, at_real, every
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpPenalty(AbstractSlopePenalty):
    """λ E‖∇t‖⁴ on real samples; the derivative is autograd's."""

    key: ClassVar[str] = "made_up_penalty"
    title: ClassVar[str] = "Made-up penalty"
    reference: ClassVar[str] = "made up"
    formula: ClassVar[str] = "λ E‖∇t(x)‖⁴"

    weight: float = param(0.2, "λ", "Weight of the penalty.", low=0, high=1000, log=True)
    interval: int = every()

    @property
    def points(self) -> Points:
        """Return where: at the real samples."""
        return at_real

    @property
    def factor(self) -> float:
        """Return λ."""
        return self.weight

    def of_squares(self, squares: Tensor) -> Tensor:
        """Return ‖∇t‖⁴."""
        return squares.square()
