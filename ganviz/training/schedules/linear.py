"""A straight line down, from the first update on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.schedules.base import AbstractDecay

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearDecay(AbstractDecay):
    """The learning rate falls by the same amount with every update."""

    key: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear decay"
    left: ClassVar[str] = "(1 - {done})"

    def remaining(self, done: Tensor) -> Tensor:
        """Return 1 - done."""
        return 1 - done
