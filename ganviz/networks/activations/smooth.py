"""Activations with a slope everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.networks.activations.base import AbstractActivation
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True, kw_only=True)
class Tanh(AbstractActivation):
    """Saturates on both sides."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "tanh"
    formula: ClassVar[str] = "tanh x"
    reference: ClassVar[str] = "LeCun et al. 1998"

    def script(self) -> str:
        """Return torch's module."""
        return "nn.Tanh()"

    def value(self, x: Tensor) -> Tensor:
        """Return tanh x."""
        return x.tanh()

    def module(self) -> nn.Module:
        """Return nn.Tanh."""
        from torch import nn

        return nn.Tanh()


@dataclass(frozen=True, slots=True, kw_only=True)
class ELU(AbstractActivation):
    """Linear above 0; below, it saturates at -1, so that means stay near 0."""

    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    formula: ClassVar[str] = "x if x > 0, else eˣ − 1"
    reference: ClassVar[str] = "Clevert et al. 2016"

    def script(self) -> str:
        """Return torch's module."""
        return "nn.ELU()"

    def value(self, x: Tensor) -> Tensor:
        """Return max(x, 0) + exp(min(x, 0)) - 1; only the second part has a slope at 0."""
        return x.relu() + x.clamp_max(0).expm1()

    def module(self) -> nn.Module:
        """Return nn.ELU."""
        from torch import nn

        return nn.ELU()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiLU(AbstractActivation):
    """Smooth everywhere and not monotone: a shallow dip below 0. Also called swish."""

    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    formula: ClassVar[str] = "x / (1 + e⁻ˣ)"
    reference: ClassVar[str] = "Elfwing et al. 2018"

    def script(self) -> str:
        """Return torch's module."""
        return "nn.SiLU()"

    def value(self, x: Tensor) -> Tensor:
        """Return x/2 · (1 + tanh(x/2)), which is the same and never overflows."""
        half = 0.5 * x
        return half * (half.tanh() + 1)

    def module(self) -> nn.Module:
        """Return nn.SiLU."""
        from torch import nn

        return nn.SiLU()


SINE = """
class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(x)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sine(AbstractActivation):
    """Periodic: networks of it follow fine detail, and fold the plane."""

    key: ClassVar[str] = "sine"
    title: ClassVar[str] = "Sine"
    formula: ClassVar[str] = "sin x"
    reference: ClassVar[str] = "Sitzmann et al. 2020"
    script_class: ClassVar[str] = SINE

    def script(self) -> str:
        """Return a module of it, whose class is :attr:`script_class`."""
        return "Sine()"

    def value(self, x: Tensor) -> Tensor:
        """Return sin x."""
        return x.sin()

    def module(self) -> nn.Module:
        """Return a module of it; torch has none."""
        from ganviz.networks.modules import SineModule

        return SineModule()
