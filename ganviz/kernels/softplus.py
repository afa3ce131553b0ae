"""The slope of softplus.

Fast, it is one call of what autograd calls. Plain, autograd is asked for it; the results are equal to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganviz.kernels import switch
from ganviz.kernels.constants import constant

if TYPE_CHECKING:
    from torch import Tensor

LINEAR_ABOVE = 40.0
"""Where softplus(t) is t; torch's default, 20, costs 2e-9 there, and e^-40 is below float64's rounding."""


def softplus_slope(t: Tensor, factor: float | Tensor = 1.0) -> Tensor:
    """Return ``factor``, a number or a tensor of some, times σ(t) = 1 / (1 + e^-t), element by element."""
    import torch

    if switch.PLAIN:
        is_followed = torch.is_grad_enabled() and t.requires_grad
        return _followed(t, factor) if is_followed else _differentiated(t, factor)
    given = constant(factor, t.shape, t.dtype, t.device) if isinstance(factor, float) else factor
    slope: Tensor = torch.ops.aten.softplus_backward.default._op(given, t, 1.0, LINEAR_ABOVE)
    return slope


def _differentiated(t: Tensor, factor: float | Tensor) -> Tensor:
    import torch

    with torch.inference_mode(False), torch.enable_grad():
        return _followed(t.clone().detach().requires_grad_(), factor).detach()


def _followed(t: Tensor, factor: float | Tensor) -> Tensor:
    """Return the slope as something that can itself be differentiated."""
    import torch
    from torch.nn import functional

    value = functional.softplus(t, threshold=LINEAR_ABOVE)
    given = torch.ones_like(value) * factor
    (slope,) = torch.autograd.grad(value, t, given, create_graph=True)
    return slope
