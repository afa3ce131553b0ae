"""An optimizer: steps of one size, by the sign of a running mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import param
from ganviz.training.optimizers.base import AbstractOptimizer

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpOptimizer(AbstractOptimizer):
    """w ← w - η sign(m) with m the running mean of gradients."""

    key: ClassVar[str] = "made_up_optimizer"
    title: ClassVar[str] = "Made-up optimizer"
    slots: ClassVar[tuple[str, ...]] = ("made_up_memory",)

    memory: float = param(0.5, "Memory", "Share of the mean that is kept.", low=0, high=0.9999)

    def update(self, weights: "Rows", gradients: "Rows", slots: "Sequence[Rows]", count: "Tensor") -> None:
        """Let the mean follow, and move by its sign."""
        for row, gradient, mean in zip(weights, gradients, slots[0], strict=True):
            mean.lerp_(gradient, 1 - self.memory)
            row.sub_(mean.sign(), alpha=self.learning_rate)
