"""Optimistic gradient descent (Daskalakis et al. 2018, arXiv 1711.00141, equation 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.training.optimizers.base import AbstractOptimizer, step_optimistically

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimisticSGD(AbstractOptimizer):
    """Takes the next gradient to change as the last one did: w ← w - 2η g + η g′, with g′ of the update before.

    Where plain descent circles an equilibrium, this one reaches it, for steps that are not too large.
    """

    key: ClassVar[str] = "optimistic_sgd"
    title: ClassVar[str] = "Optimistic SGD"
    slots: ClassVar[tuple[str, ...]] = ("previous",)

    def update(self, weights: Rows, gradients: Rows, slots: Sequence[Rows], count: Tensor) -> None:
        """Make w ← w - 2η g + η g′; the first update is w ← w - η g."""
        (previous,) = slots
        step_optimistically(weights, gradients, previous, count, self.learning_rate)
