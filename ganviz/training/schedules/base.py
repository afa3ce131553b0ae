"""What a schedule is: the share of its learning rate with which an optimizer makes each of its updates."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import Spec, param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractSchedule(Spec, abc.ABC):
    """A factor of the learning rate; ``is_constant`` where it is 1 for ever.

    Its script is an expression of the number ``n`` of updates that were made.
    """

    is_constant: ClassVar[bool] = False

    @abc.abstractmethod
    def factor(self, count: Tensor) -> Tensor:
        """Return the factor of update ``count`` (1 for the first), a number on the device where the weights are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractDecay(AbstractSchedule):
    """A schedule that goes from 1 to an end in so many updates, and stays there."""

    length: int = param(
        10_000,
        "Length",
        "Updates until the end is reached, counted since the optimizer began; another loss lets it begin again.",
        low=1,
        high=10**9,
        log=True,
        unit="updates",
    )
    end: float = param(0.0, "End", "The share of the learning rate that is left at the end.", low=0, high=1)

    def factor(self, count: Tensor) -> Tensor:
        """Return 1 for the first update, the end from update ``length`` + 1 on."""
        done = ((count.double() - 1) / self.length).clamp(max=1.0)
        return self.end + (1 - self.end) * self.remaining(done)

    def script(self) -> str:
        """Return the same, with what an entry's ``left`` says of the share ``done``."""
        left = self.left.format(done=f"min(n / {self.length}, 1.0)")
        return left if self.end == 0 else f"{self.end} + {1 - self.end} * {left}"

    left: ClassVar[str]
    """What :meth:`remaining` returns, as an expression of ``{done}``."""

    @abc.abstractmethod
    def remaining(self, done: Tensor) -> Tensor:
        """Return what is left, from 1 to 0, when a share from 0 to 1 of the length is done."""
