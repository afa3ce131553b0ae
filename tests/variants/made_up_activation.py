"""An activation: the square, with its sign."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from ganviz.networks.activations.base import AbstractActivation


class _Module(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * x.abs()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpActivation(AbstractActivation):
    """x |x|; there is no kernel for it."""

    key: ClassVar[str] = "made_up_activation"
    title: ClassVar[str] = "Made-up activation"
    formula: ClassVar[str] = "x |x|"
    reference: ClassVar[str] = "made up"

    def value(self, x: Tensor) -> Tensor:
        """Return x |x|."""
        return x * x.abs()

    def module(self) -> nn.Module:
        """Return a module of it."""
        return _Module()
