"""What an activation is. torch is imported only where something is computed."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import Spec

if TYPE_CHECKING:
    from torch import Tensor, nn


class AbstractActivation(Spec, abc.ABC):
    """A function of single numbers, as it is differentiated by autograd.

    Perceptrons with one that :mod:`ganviz.kernels.activations` knows are trained without autograd. The others are
    trained all the same; theirs are to be made of operations that round alike wherever a number stands in a tensor,
    as ``exp``, ``tanh``, ``sin`` and the four species do, and ``sigmoid`` does not: a lane would depend on its
    neighbors.
    """

    __slots__ = ()

    script_class: ClassVar[str] = ""
    """A class that the script, an expression that makes a module, needs."""

    formula: ClassVar[str]
    reference: ClassVar[str]

    @abc.abstractmethod
    def value(self, x: Tensor) -> Tensor:
        """Return the function of each number."""

    @abc.abstractmethod
    def module(self) -> nn.Module:
        """Return the ordinary module that computes the same."""
