"""Optimistic gradient descent (Daskalakis et al. 2018, arXiv 1711.00141, equation 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.optimizers.base import AbstractOptimizer, step_optimistically

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows

OPTIMISTIC_SGD = """
class OptimisticSGD(torch.optim.Optimizer):
    # w <- w - 2 eta g + eta g', with the gradient g' of the update before; the first update is w <- w - eta g
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                g = w.grad
                w.sub_(group["lr"] * (2 * g - self.state[w].get("previous", g)))
                self.state[w]["previous"] = g.clone()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimisticSGD(AbstractOptimizer):
    """Takes the next gradient to change as the last one did: w ← w - 2η g + η g′, with g′ of the update before.

    Where plain descent circles an equilibrium, this one reaches it, for steps that are not too large.
    """

    key: ClassVar[str] = "optimistic_sgd"
    title: ClassVar[str] = "Optimistic SGD"
    slots: ClassVar[tuple[str, ...]] = ("previous",)
    script_class: ClassVar[str] = OPTIMISTIC_SGD

    def update(self, weights: Rows, gradients: Rows, slots: Sequence[Rows], count: Tensor) -> None:
        """Make w ← w - 2η g + η g′; the first update is w ← w - η g."""
        (previous,) = slots
        step_optimistically(weights, gradients, previous, count, self.learning_rate)

    def script(self) -> str:
        """Return an object of the class above."""
        return f"OptimisticSGD(parameters, dict(lr={self.learning_rate}))"
