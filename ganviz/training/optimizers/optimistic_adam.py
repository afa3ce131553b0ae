"""Optimistic Adam (Daskalakis et al. 2018, arXiv 1711.00141, Algorithm 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import param
from ganviz.spec.frozen import dataclass
from ganviz.training.optimizers.base import AbstractOptimizer, step_optimistically

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.training.optimizers.base import Rows

OPTIMISTIC_ADAM = """
class OptimisticAdam(torch.optim.Optimizer):
    # Adam's direction d = m / (sqrt(v) + eps), with both means corrected, taken to change as it did last:
    # w <- w - 2 eta d + eta d'; the first update is w <- w - eta d
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                s = self.state[w]
                if not s:
                    s["n"], s["m"], s["v"] = 0, torch.zeros_like(w), torch.zeros_like(w)
                s["n"] += 1
                s["m"].mul_(beta1).add_(w.grad, alpha=1 - beta1)
                s["v"].mul_(beta2).addcmul_(w.grad, w.grad, value=1 - beta2)
                m, v = s["m"] / (1 - beta1 ** s["n"]), s["v"] / (1 - beta2 ** s["n"])
                d = m / (v.sqrt() + group["eps"])
                w.sub_(group["lr"] * (2 * d - s.get("previous", d)))
                s["previous"] = d
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimisticAdam(AbstractOptimizer):
    """Adam's direction d = m̂ / (√v̂ + ε), taken to change as it did last: w ← w - 2η d + η d′."""

    key: ClassVar[str] = "optimistic_adam"
    title: ClassVar[str] = "Optimistic Adam"
    slots: ClassVar[tuple[str, ...]] = ("first", "second", "previous")
    is_normalized: ClassVar[bool] = True
    script_class: ClassVar[str] = OPTIMISTIC_ADAM

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

    def script(self) -> str:
        """Return an object of the class above."""
        betas = (self.beta1, self.beta2)
        return f"OptimisticAdam(parameters, dict(lr={self.learning_rate}, betas={betas}, eps={self.eps}))"
