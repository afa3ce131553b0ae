"""Activations in place and the way back through them from their results, so that one buffer a layer is enough.

Fast, each is one call into memory that is there, of what autograd itself calls. Plain, it is the formula.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from ganviz.kernels import switch
from ganviz.kernels.program import Program

LEAKY_SLOPE = 0.2

_OPS = torch.ops.aten


def activate(kind: str, h: Tensor) -> Program:
    """Return the call that applies an activation in place; none where ``kind`` is empty."""
    if not kind:
        return []
    if switch.PLAIN:
        return [partial(_activate_plainly, kind, h)]
    if kind == "leaky_relu":
        return [partial(torch._C._nn.leaky_relu_, h, LEAKY_SLOPE)]
    return [partial(torch.relu_ if kind == "relu" else torch.tanh_, h)]


def unwind(kind: str, delta: Tensor, h: Tensor, out: Tensor) -> Program:
    """Return the call that turns slopes at an activation's result ``h`` into those at its input.

    ``out`` may be the slopes themselves.
    """
    if not kind:
        return [] if out is delta else [partial(out.copy_, delta)]
    if switch.PLAIN:
        return [partial(_unwind_plainly, kind, delta, h, out)]
    if kind == "leaky_relu":
        return [partial(_OPS.leaky_relu_backward.grad_input, delta, h, LEAKY_SLOPE, True, grad_input=out)]
    if kind == "relu":
        return [partial(_OPS.threshold_backward.grad_input, delta, h, 0, grad_input=out)]
    return [partial(_OPS.tanh_backward.grad_input, delta, h, grad_input=out)]


def curve(change: Tensor, h: Tensor, delta: Tensor, out: Tensor) -> Program:
    """Return the calls for σ''(a) (h' W) (δ Wᵀ of the next layer) of tanh: σ'' = -2 h σ', and δ has σ' inside."""
    if switch.PLAIN:
        return [lambda: out.copy_(-2 * change * h * delta)]
    return [
        partial(torch.mul, change, h, out=out),
        partial(out.mul_, delta),
        partial(out.mul_, -2),
    ]


def _activate_plainly(kind: str, h: Tensor) -> None:
    if kind == "tanh":
        h.copy_(h.tanh())
    else:
        h.copy_(torch.where(h > 0, h, (LEAKY_SLOPE if kind == "leaky_relu" else 0.0) * h))


def _unwind_plainly(kind: str, delta: Tensor, h: Tensor, out: Tensor) -> None:
    if kind == "tanh":
        out.copy_(delta * (1 - h * h))
    else:
        out.copy_(torch.where(h > 0, delta, (LEAKY_SLOPE if kind == "leaky_relu" else 0.0) * delta))
