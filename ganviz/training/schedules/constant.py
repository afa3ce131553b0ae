"""No schedule at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.schedules.base import AbstractSchedule

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantRate(AbstractSchedule):
    """The learning rate stays what it is."""

    key: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    is_constant: ClassVar[bool] = True

    def factor(self, count: Tensor) -> Tensor:
        """Return 1."""
        return count.new_ones(())

    def script(self) -> str:
        """Return 1."""
        return "1.0"
