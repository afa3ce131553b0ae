"""Stochastic gradient descent with heavy-ball momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels import fused_updates
from ganviz.spec import param
from ganviz.spec.frozen import dataclass
from ganviz.training.optimizers.base import AbstractOptimizer

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows

HEAVY_BALL = """
class HeavyBall(torch.optim.Optimizer):
    # v <- mu v + g, w <- w - eta v; torch's SGD takes no negative momentum mu
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                v = self.state[w].setdefault("v", torch.zeros_like(w))
                v.mul_(group["momentum"]).add_(w.grad)
                w.sub_(group["lr"] * v)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SGD(AbstractOptimizer):
    """Stochastic gradient descent with heavy-ball momentum: v ← μ v + g, w ← w - η v."""

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    slots: ClassVar[tuple[str, ...]] = ("first",)
    script_class: ClassVar[str] = HEAVY_BALL

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

    def script(self) -> str:
        """Return torch's own, or a class where the momentum is negative, which torch refuses."""
        if self.momentum >= 0:
            return f"torch.optim.SGD(parameters, lr={self.learning_rate}, momentum={self.momentum})"
        return f"HeavyBall(parameters, dict(lr={self.learning_rate}, momentum={self.momentum}))"
