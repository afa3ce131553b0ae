"""The elementary functions that losses are written in: stable in float32 and exact to rounding in float64.

torch is imported when a function is first called, so that specs can be listed and shown without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ganviz.kernels.softplus import LINEAR_ABOVE, softplus_slope

if TYPE_CHECKING:
    from torch import Tensor


def softplus(t: Tensor) -> Tensor:
    """Return ln(1 + e^t), element by element."""
    from torch.nn import functional

    return functional.softplus(t, threshold=LINEAR_ABOVE)


def sigmoid(t: Tensor, factor: float = 1.0) -> Tensor:
    """Return ``factor`` times σ(t) = 1 / (1 + e^-t), the slope of softplus."""
    return softplus_slope(t, factor)


def exp(t: Tensor) -> Tensor:
    """Return e^t, element by element."""
    return t.exp()


def relu(t: Tensor) -> Tensor:
    """Return max(t, 0), element by element."""
    return t.relu()


def step_function(t: Tensor) -> Tensor:
    """Return 1 where t > 0 and 0 elsewhere: the derivative that autograd gives relu."""
    return (t > 0).to(t.dtype)


def derivative(function: Callable[[Tensor], Tensor], t: Tensor) -> Tensor:
    """Return the derivative of an elementary function by automatic differentiation, where none is written by hand."""
    import torch

    with torch.inference_mode(False), torch.enable_grad():
        leaf = t.clone().detach().requires_grad_()
        (slope,) = torch.autograd.grad(function(leaf).sum(), leaf)
    return slope
