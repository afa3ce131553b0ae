"""Adam, Kingma & Ba 2015 (arXiv 1412.6980), Algorithm 1."""

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
class Adam(AbstractOptimizer):
    """Running means of gradients and of their squares, both corrected for having begun with 0."""

    key: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    slots: ClassVar[tuple[str, ...]] = ("first", "second")
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
        """Make w ← w - η m̂ / (√v̂ + ε)."""
        first, second = slots
        fused_updates.adam(
            weights, gradients, (first, second), count,
            rate=self.learning_rate, betas=(self.beta1, self.beta2), eps=self.eps,
        )  # fmt: skip

    def script(self) -> str:
        """Return torch's own."""
        betas = (self.beta1, self.beta2)
        return f"torch.optim.Adam(parameters, lr={self.learning_rate}, betas={betas}, eps={self.eps})"
