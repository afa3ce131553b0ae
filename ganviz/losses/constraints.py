"""What is done to the discriminator's weights after each of its updates: nothing, or clipping."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import Catalog, Spec, param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


class AbstractConstraint(Spec, abc.ABC):
    """A map of the discriminator's parameters, applied in place after its update.

    Its script is lines that do so to each of ``D.parameters()``.
    """

    __slots__ = ()

    @abc.abstractmethod
    def apply(self, parameters: Tensor) -> None:
        """Change ``parameters`` (``[lanes, n]``, weights and biases) in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoConstraint(AbstractConstraint):
    """The weights are left as they are."""

    key: ClassVar[str] = "none"
    title: ClassVar[str] = "None"

    def apply(self, parameters: Tensor) -> None:
        """Do nothing."""

    def script(self) -> str:
        """Return nothing."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightClipping(AbstractConstraint):
    """Every weight is clamped to [-c, c] (Arjovsky et al. 2017, Algorithm 1), after the step."""

    key: ClassVar[str] = "clipping"
    title: ClassVar[str] = "Weight clipping"

    c: float = param(
        0.01,
        "c",
        "Bound of every weight of D; small bounds flatten it, large ones let it explode.",
        low=0,
        high=100,
        open_low=True,
        log=True,
    )

    def apply(self, parameters: Tensor) -> None:
        """Clamp in place."""
        parameters.clamp_(-self.c, self.c)

    def script(self) -> str:
        """Return the loop over D's weights."""
        return f"for weights in D.parameters():\n    weights.data.clamp_(-{self.c}, {self.c})"


CONSTRAINTS: Catalog[AbstractConstraint] = Catalog("constraint", NoConstraint, WeightClipping)
