"""The elementary functions that losses are written in: stable in float32 and exact to rounding in float64.

torch is imported when a function is first called, so that specs can be listed and shown without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def softplus(t: Tensor) -> Tensor:
    """Return ln(1 + e^t), element by element.

    Written as -logsigmoid(-t): torch's own softplus switches to the identity above 20, which costs 2e-9.
    """
    from torch.nn.functional import logsigmoid

    return -logsigmoid(-t)


def sigmoid(t: Tensor) -> Tensor:
    """Return σ(t) = 1 / (1 + e^-t), element by element."""
    return t.sigmoid()


def relu(t: Tensor) -> Tensor:
    """Return max(t, 0), element by element."""
    return t.relu()


def step_function(t: Tensor) -> Tensor:
    """Return 1 where t > 0 and 0 elsewhere: the derivative that autograd gives relu."""
    return (t > 0).to(t.dtype)
