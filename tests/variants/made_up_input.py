"""An input: samples drawn together towards the origin."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganviz.losses.inputs.base import AbstractInput
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpInput(AbstractInput):
    """D sees samples through a curved glass; the slopes are autograd's."""

    key: ClassVar[str] = "made_up_input"
    title: ClassVar[str] = "Made-up input"
    reference: ClassVar[str] = "made up"
    formula: ClassVar[str] = "tanh(c x)"

    pull: float = param(1.0, "c", "How curved the glass is.", low=0, high=100)

    def strength(self, step: int) -> float:
        """Return c at every step."""
        return self.pull

    def seen(self, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return tanh(c x)."""
        return (samples * strength).tanh()
