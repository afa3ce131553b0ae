"""Updates of weights by a few calls for all rows of a network.

Fast, they are torch's fused and multi-tensor functions, behind its own optimizers. Plain, row by row, the textbook's
formulas with temporary results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganviz.kernels import switch

if TYPE_CHECKING:
    from torch import Tensor

    Rows = list[Tensor]


def adam(
    weights: Rows,
    gradients: Rows,
    slots: tuple[Rows, Rows],
    count: Tensor,
    *,
    rate: float,
    betas: tuple[float, float],
    eps: float,
) -> None:
    """Make w ← w - η m̂ / (√v̂ + ε), with m and v in ``slots`` and the number of updates in ``count``."""
    import torch

    first, second = slots
    if switch.PLAIN:
        _adam_plainly(weights, gradients, slots, count, rate, betas, eps)
        return
    torch._fused_adam_(
        weights, gradients, first, second, [], [count] * len(weights), lr=rate, beta1=betas[0],
        beta2=betas[1], eps=eps, weight_decay=0.0, amsgrad=False, maximize=False,
    )  # fmt: skip


def _adam_plainly(
    weights: Rows,
    gradients: Rows,
    slots: tuple[Rows, Rows],
    count: Tensor,
    rate: float,
    betas: tuple[float, float],
    eps: float,
) -> None:
    import torch

    beta1, beta2 = betas
    exact = count.double()  # 1 - β₂ⁿ is 0.001 at first, of which single precision keeps four digits
    for w, g, m, v in zip(weights, gradients, *slots, strict=True):
        m.copy_(beta1 * m + (1 - beta1) * g)
        v.copy_(beta2 * v + (1 - beta2) * g * g)
        w -= rate * (m / (1 - beta1**exact)) / (torch.sqrt(v / (1 - beta2**exact)) + eps)


def rmsprop(weights: Rows, gradients: Rows, second: Rows, *, rate: float, alpha: float, eps: float) -> None:
    """Make v ← α v + (1 - α) g² and w ← w - η g / (√v + ε)."""
    import torch

    if switch.PLAIN:
        for w, g, v in zip(weights, gradients, second, strict=True):
            v.copy_(alpha * v + (1 - alpha) * g * g)
            w -= rate * g / (torch.sqrt(v) + eps)
        return
    torch._foreach_mul_(second, alpha)
    torch._foreach_addcmul_(second, gradients, gradients, value=1 - alpha)
    denominators = torch._foreach_sqrt(second)
    torch._foreach_add_(denominators, eps)
    torch._foreach_addcdiv_(weights, gradients, denominators, value=-rate)


def sgd(weights: Rows, gradients: Rows, velocity: Rows, *, rate: float, momentum: float) -> None:
    """Make v ← μ v + g and w ← w - η v; without momentum w ← w - η g, and the velocity is left as it is."""
    import torch

    if switch.PLAIN:
        for w, g, v in zip(weights, gradients, velocity, strict=True):
            if momentum:
                v.copy_(momentum * v + g)
            w -= rate * (v if momentum else g)
        return
    direction = gradients
    if momentum:
        torch._foreach_mul_(velocity, momentum)
        torch._foreach_add_(velocity, gradients)
        direction = velocity
    torch._foreach_add_(weights, direction, alpha=-rate)
