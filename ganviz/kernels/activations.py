"""Activations, the way back through them and their curvature, into memory that is there.

Where the slope follows from the result, the function is applied in place, so that one buffer a layer is enough; the
others keep what they were applied to. What is kept is called so here. Fast, rectifiers and tanh are the calls that
autograd itself makes, the others are made of calls that round alike wherever a number stands in a tensor: torch's own
``elu`` and ``silu`` compute what fills no vector by another exponential, so that a lane would depend on its neighbors.
Plain, each is its formula.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from ganviz.kernels import switch
from ganviz.kernels.program import Program

LEAKY_SLOPE = 0.2

IN_PLACE = ("leaky_relu", "relu", "tanh", "elu", "")
"""Kinds whose slope follows from their result; the empty one is the identity."""
BESIDE = ("silu", "sine")
"""Kinds whose slope follows from what they are applied to."""
KINDS = (*IN_PLACE, *BESIDE)
CURVED = ("tanh", "elu", *BESIDE)
"""Kinds whose second derivative is not zero wherever it exists."""

_OPS = torch.ops.aten


def activate(kind: str, kept: Tensor, h: Tensor) -> Program:
    """Return the calls that put the function of a layer's sums ``kept`` into ``h``; in place, they are one tensor."""
    if not kind:
        return []
    if switch.PLAIN:
        return [lambda: h.copy_(_value(kind, kept))]
    match kind:
        case "leaky_relu":
            return [partial(torch._C._nn.leaky_relu_, h, LEAKY_SLOPE)]
        case "relu":
            return [partial(torch.relu_, h)]
        case "tanh":
            return [partial(torch.tanh_, h)]
        case "sine":
            return [partial(torch.sin, kept, out=h)]
        case "elu":
            low = torch.empty_like(h)
            below: Program = [partial(torch.clamp_max, h, 0, out=low), low.expm1_]
            return [*below, partial(torch.relu_, h), partial(h.add_, low)]
    half = torch.empty_like(h)
    return [
        partial(torch.mul, kept, 0.5, out=half), partial(torch.tanh, half, out=h), partial(h.add_, 1),
        partial(h.mul_, half),
    ]  # fmt: skip


def unwind(kind: str, delta: Tensor, kept: Tensor, out: Tensor) -> Program:
    """Return the calls that turn slopes at an activation's result into those at its input.

    ``kept`` is the result of kinds in place and the input of the others; ``out`` may be the slopes themselves.
    """
    if not kind:
        return [] if out is delta else [partial(out.copy_, delta)]
    if switch.PLAIN:
        return [lambda: out.copy_(delta * _slope(kind, kept))]
    match kind:
        case "leaky_relu":
            backward = _OPS.leaky_relu_backward.grad_input._op
            return [partial(backward, delta, kept, LEAKY_SLOPE, True, grad_input=out)]
        case "relu":
            return [partial(_OPS.threshold_backward.grad_input._op, delta, kept, 0, grad_input=out)]
        case "tanh":
            return [partial(_OPS.tanh_backward.grad_input._op, delta, kept, grad_input=out)]
    slope = torch.empty_like(out, memory_format=torch.contiguous_format)
    if kind == "elu":
        program: Program = [partial(torch.clamp_max, kept, 0, out=slope), partial(slope.add_, 1)]
    elif kind == "sine":
        program = [partial(torch.cos, kept, out=slope)]
    else:
        share, program = _sigmoid(kept)
        program += [
            partial(torch.neg, share, out=slope), partial(slope.add_, 1), partial(slope.mul_, kept),
            partial(slope.add_, 1), partial(slope.mul_, share),
        ]  # fmt: skip
    return [*program, partial(torch.mul, delta, slope, out=out)]


def curve(kind: str, change: Tensor, kept: Tensor, delta: Tensor, above: Tensor, out: Tensor) -> Program:
    """Return the calls for σ''(a) (h' W) (δ Wᵀ of the next layer), of kinds that are curved.

    ``change`` is h' W and ``above`` is δ Wᵀ; ``delta`` has σ' inside. Kinds in place take the last: for tanh,
    σ'' = -2 h σ', and for ELU below 0, σ'' = σ'. They leave ``above`` alone, which may be ``delta``.
    """
    if switch.PLAIN:
        return [lambda: out.copy_(change * _curvature(kind, kept, delta, above))]
    if kind == "tanh":
        return [partial(torch.mul, change, kept, out=out), partial(out.mul_, delta), partial(out.mul_, -2)]
    if kind == "elu":
        is_below = torch.empty_like(out)
        return [
            partial(torch.lt, kept, 0, out=is_below), partial(torch.mul, change, delta, out=out),
            partial(out.mul_, is_below),
        ]  # fmt: skip
    if kind == "sine":
        return [
            partial(torch.sin, kept, out=out),
            out.neg_,
            partial(out.mul_, change),
            partial(out.mul_, above),
        ]
    share, program = _sigmoid(kept)
    rest = torch.empty_like(share)
    return [  # s (1 - s) (2 + a (1 - 2 s))
        *program, partial(torch.mul, share, -2, out=out), partial(out.add_, 1), partial(out.mul_, kept),
        partial(out.add_, 2), partial(torch.neg, share, out=rest), partial(rest.add_, 1), partial(rest.mul_, share),
        partial(out.mul_, rest), partial(out.mul_, change), partial(out.mul_, above),
    ]  # fmt: skip


def _sigmoid(x: Tensor) -> tuple[Tensor, Program]:
    """Return where 1 / (1 + exp(-x)) will be, and the calls for it: (1 + tanh(x/2)) / 2."""
    share = torch.empty_like(x, memory_format=torch.contiguous_format)
    return share, [
        partial(torch.mul, x, 0.5, out=share), share.tanh_, partial(share.add_, 1), partial(share.mul_, 0.5)
    ]  # fmt: skip


def _value(kind: str, x: Tensor) -> Tensor:
    match kind:
        case "tanh":
            return x.tanh()
        case "elu":
            return torch.where(x > 0, x, x.clamp_max(0).expm1())
        case "silu":
            return x / 2 * (1 + (x / 2).tanh())
        case "sine":
            return x.sin()
    return torch.where(x > 0, x, (LEAKY_SLOPE if kind == "leaky_relu" else 0.0) * x)


def _slope(kind: str, kept: Tensor) -> Tensor:
    match kind:
        case "tanh":
            return 1 - kept * kept
        case "elu":
            return torch.where(kept > 0, 1.0, kept + 1)
        case "silu":
            share = (1 + (kept / 2).tanh()) / 2
            return share * (1 + kept * (1 - share))
        case "sine":
            return kept.cos()
    return torch.where(kept > 0, torch.ones_like(kept), LEAKY_SLOPE if kind == "leaky_relu" else 0.0)


def _curvature(kind: str, kept: Tensor, delta: Tensor, above: Tensor) -> Tensor:
    match kind:
        case "tanh":
            return -2 * kept * delta
        case "elu":
            return torch.where(kept < 0, delta, 0.0)
        case "silu":
            share = (1 + (kept / 2).tanh()) / 2
            return share * (1 - share) * (2 + kept * (1 - 2 * share)) * above
    return -kept.sin() * above
