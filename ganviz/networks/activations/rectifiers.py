"""Piecewise linear activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.networks.activations.base import AbstractActivation
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakyReLU(AbstractActivation):
    """Lets a fifth of what is negative through, so that no unit dies."""

    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    formula: ClassVar[str] = "max(x, 0.2 x)"
    reference: ClassVar[str] = "Maas et al. 2013"

    def script(self) -> str:
        """Return torch's module."""
        return "nn.LeakyReLU(0.2)"

    def value(self, x: Tensor) -> Tensor:
        """Return x, or a fifth of it."""
        from torch.nn import functional as F

        from ganviz.kernels.activations import LEAKY_SLOPE

        return F.leaky_relu(x, LEAKY_SLOPE)

    def module(self) -> nn.Module:
        """Return nn.LeakyReLU."""
        from torch import nn

        from ganviz.kernels.activations import LEAKY_SLOPE

        return nn.LeakyReLU(LEAKY_SLOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReLU(AbstractActivation):
    """Lets nothing that is negative through."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    formula: ClassVar[str] = "max(x, 0)"
    reference: ClassVar[str] = "Nair & Hinton 2010"

    def script(self) -> str:
        """Return torch's module."""
        return "nn.ReLU()"

    def value(self, x: Tensor) -> Tensor:
        """Return x, or 0."""
        return x.relu()

    def module(self) -> nn.Module:
        """Return nn.ReLU."""
        from torch import nn

        return nn.ReLU()
