"""The elementary functions that losses are written in: stable in float32 and exact to rounding in float64.

torch is imported when a function is first called with a tensor, so that specs can be listed and shown without it; the
functions that losses are made of take NumPy's arrays too, for pictures where there is no torch, and names, which leave
the formula (:mod:`ganviz.losses.written`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ganviz.kernels.means import less_row_means
from ganviz.kernels.softplus import LINEAR_ABOVE, softplus_slope
from ganviz.kernels.thresholds import threshold_slope
from ganviz.losses.written import Written

if TYPE_CHECKING:
    from torch import Tensor


def _is_array(t: object) -> bool:
    return isinstance(t, np.ndarray)


def _is_written(t: object) -> bool:
    return isinstance(t, Written)


def softplus(t: Tensor) -> Tensor:
    """Return ln(1 + e^t), element by element."""
    if _is_array(t):
        return cast("Tensor", np.logaddexp(0.0, cast(Any, t)))
    if _is_written(t):
        return cast("Tensor", cast(Any, t).softplus())
    from torch.nn import functional

    return functional.softplus(t, threshold=LINEAR_ABOVE)


def sigmoid(t: Tensor, factor: float | Tensor = 1.0) -> Tensor:
    """Return ``factor``, a number or a tensor of some, times σ(t) = 1 / (1 + e^-t), the slope of softplus."""
    return softplus_slope(t, factor)


def exp(t: Tensor) -> Tensor:
    """Return e^t, element by element."""
    return cast("Tensor", np.exp(cast(Any, t))) if _is_array(t) else t.exp()


def sqrt(t: Tensor) -> Tensor:
    """Return √t, element by element."""
    return cast("Tensor", np.sqrt(cast(Any, t))) if _is_array(t) else t.sqrt()


def relu(t: Tensor) -> Tensor:
    """Return max(t, 0), element by element."""
    return cast("Tensor", np.maximum(cast(Any, t), 0.0)) if _is_array(t) else t.relu()


def step_function(t: Tensor, threshold: float = 0.0, factor: float = 1.0) -> Tensor:
    """Return ``factor`` where t > threshold and 0 elsewhere: the derivative that autograd gives relu."""
    return threshold_slope(t, threshold, factor)


def constant(t: Tensor, value: float) -> Tensor:
    """Return ``value`` for each element of t, without memory of its own: the slope of a straight line."""
    return t.new_full((), value).expand_as(t)


def less_batch_means(t: Tensor, others: Tensor) -> Tensor:
    """Return t less the means of others over the batch, ``[…, batch]`` each."""
    return cast("Tensor", t - cast(Any, others).mean()) if _is_written(t) else less_row_means(t, others)


def derivative(function: Callable[[Tensor], Tensor], t: Tensor) -> Tensor:
    """Return the derivative of an elementary function by automatic differentiation, where none is written by hand."""
    import torch

    with torch.inference_mode(False), torch.enable_grad():
        leaf = t.clone().detach().requires_grad_()
        (slope,) = torch.autograd.grad(function(leaf).sum(), leaf)
    return slope
