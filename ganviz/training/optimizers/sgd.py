"""Stochastic gradient descent with heavy-ball momentum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels import fused_updates
from ganviz.spec import param
from ganviz.training.optimizers.base import AbstractOptimizer

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class SGD(AbstractOptimizer):
    """Stochastic gradient descent with heavy-ball momentum: v ← μ v + g, w ← w - η v."""

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    slots: ClassVar[tuple[str, ...]] = ("first",)

    momentum: float = param(
        0.0,
        "Momentum μ",
        "Memory of past gradients; negative values damp the game's rotation.",
        low=-0.99,
        high=0.9999,
    )

    def update(self, weights: Rows, gradients: Rows, slots: Sequence[Rows], count: Tensor) -> None:
        """Make the velocity follow where there is momentum, and w ← w - η v."""
        (velocity,) = slots
        fused_updates.sgd(weights, gradients, velocity, rate=self.learning_rate, momentum=self.momentum)
