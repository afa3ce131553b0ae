"""The elementary functions that losses are written in: stable in float32 and exact to rounding in float64.

torch is imported when a function is first called, so that specs can be listed and shown without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Size, Tensor
    from torch import device as Device
    from torch import dtype as DType


_LINEAR_ABOVE = 40.0  # torch's default, 20, costs 2e-9 there; e^-40 is below float64's rounding


def softplus(t: Tensor) -> Tensor:
    """Return ln(1 + e^t), element by element."""
    from torch.nn import functional

    return functional.softplus(t, threshold=_LINEAR_ABOVE)


def sigmoid(t: Tensor, factor: float = 1.0) -> Tensor:
    """Return ``factor`` times σ(t) = 1 / (1 + e^-t): to the bit what autograd gives as the slope of softplus."""
    import torch

    given = _constant(factor, t.shape, t.dtype, t.device)
    slope: Tensor = torch.ops.aten.softplus_backward.default(given, t, 1.0, _LINEAR_ABOVE)
    return slope


@lru_cache(maxsize=128)
def _constant(value: float, shape: Size, dtype: DType, device: Device) -> Tensor:
    import torch

    with torch.inference_mode(False):
        return torch.full(shape, value, dtype=dtype, device=device)


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
