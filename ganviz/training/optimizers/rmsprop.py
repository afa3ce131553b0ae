"""RMSprop, Hinton 2012 (Neural networks for machine learning, lecture 6e)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RMSprop(AbstractOptimizer):
    """Hinton 2012: the gradient divided by a running root mean square."""

    key: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSprop"
    slots: ClassVar[tuple[str, ...]] = ("second",)
    is_normalized: ClassVar[bool] = True

    alpha: float = param(0.99, "α", "Memory of the squared gradient.", low=0, high=0.999999)
    eps: float = param(1e-8, "ε", "Added to the denominator.", low=0, high=1, open_low=True, log=True)

    def update(self, weights: Rows, gradients: Rows, slots: Sequence[Rows], count: Tensor) -> None:
        """Make w ← w - η g / (√v + ε)."""
        (second,) = slots
        fused_updates.rmsprop(
            weights, gradients, second, rate=self.learning_rate, alpha=self.alpha, eps=self.eps
        )

    def script(self) -> str:
        """Return torch's own."""
        return f"torch.optim.RMSprop(parameters, lr={self.learning_rate}, alpha={self.alpha}, eps={self.eps})"
