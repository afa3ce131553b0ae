"""Optimistic Adam (Daskalakis et al. 2018, arXiv 1711.00141, Algorithm 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import param
from ganviz.training.optimizers.base import AbstractOptimizer, step_optimistically

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimisticAdam(AbstractOptimizer):
    """Adam's direction d = m̂ / (√v̂ + ε), taken to change as it did last: w ← w - 2η d + η d′."""

    key: ClassVar[str] = "optimistic_adam"
    title: ClassVar[str] = "Optimistic Adam"
    slots: ClassVar[tuple[str, ...]] = ("first", "second", "previous")
    is_normalized: ClassVar[bool] = True

    beta1: float = param(
        0.5,
        "β₁",
        "Memory of the mean gradient; momentum such as 0.9 destabilizes the game.",
        low=0,
        high=0.9999,
    )
    beta2: float = param(0.999, "β₂", "Memory of the squared gradient.", low=0, high=0.999999)
    eps: float = param(1e-8, "ε", "Added to the denominator.", low=0, high=1, open_low=True, log=True)

    def update(self, weights: Rows, gradients: Rows, slots: Sequence[Rows], count: Tensor) -> None:
        """Make w ← w - 2η d + η d′; the first update is Adam's."""
        import torch

        first, second, previous = slots
        exact = count.double()  # 1 - β₂ⁿ is 0.001 at first, of which single precision keeps four digits
        corrections = 1 - self.beta1**exact, 1 - self.beta2**exact
        directions = []
        for gradient, m, v in zip(gradients, first, second, strict=True):
            m.mul_(self.beta1).add_(gradient, alpha=1 - self.beta1)
            v.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
            scale = torch.sqrt(v / corrections[1]).add_(self.eps)
            directions.append((m / corrections[0]).div_(scale))
        step_optimistically(weights, directions, previous, count, self.learning_rate)
