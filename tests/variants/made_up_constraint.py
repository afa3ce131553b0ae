"""A constraint: the length of all weights of D together."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganviz.losses.constraints import AbstractConstraint
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpConstraint(AbstractConstraint):
    """D's weights are scaled down to the length r where they are longer."""

    key: ClassVar[str] = "made_up_constraint"
    title: ClassVar[str] = "Made-up constraint"

    radius: float = param(3.0, "r", "The longest that D's weights may be.", low=0, high=1000, open_low=True)

    def apply(self, parameters: Tensor) -> None:
        """Scale in place."""
        parameters.mul_((self.radius / parameters.norm(dim=-1, keepdim=True)).clamp_(max=1))
