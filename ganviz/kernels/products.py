"""Matrix products of a perceptron's passes, as programs of calls into memory set aside once.

Tensors are matrices ``[n, features]`` for one lane; with more, ``[lanes, n, features]``. Fast, several lanes are one
batched product where that changes no bit; products with few columns are computed the other way round, those with one
without a product, and large ones by another library. Plain, each lane's product is one call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from ganviz.kernels import batches, large_products, switch
from ganviz.kernels.linear import NARROW
from ganviz.kernels.program import Program
from ganviz.kernels.rooms import room_like

TINY = 400
"""Multiplications in one product, from torch's own ``bmm_out_or_baddbmm_``."""


def affine(x: Tensor, weight: Tensor, bias: Tensor, out: Tensor) -> Program:
    """Return the calls for x W + b; the bias is ``[n_out]``, or ``[lanes, 1, n_out]``."""
    if switch.PLAIN:
        return _plainly(torch.addmm, out, bias, x, weight)
    if large_products.is_large(x, weight):
        return _large(x, weight, out, bias if bias.dim() == 1 else bias.squeeze(1))
    n_out = weight.shape[-1]
    is_alone = out.dim() == 2 or _is_tiny(x, weight)
    if n_out > NARROW or (is_alone and n_out == 1):
        return _multiply(out, bias, x, weight)
    flipped, turned = (room_like(tensor.mT) for tensor in (out, weight))
    bias = bias.unsqueeze(-1) if bias.dim() == 1 else bias.mT
    return [
        partial(turned.copy_, weight.mT),
        *_multiply(flipped, bias, turned, x.mT),
        partial(out.copy_, flipped.mT),
    ]


def input_slopes(delta: Tensor, weight: Tensor, out: Tensor) -> Program:
    """Return the calls for delta Wᵀ."""
    if switch.PLAIN:
        return _plainly(torch.mm, out, delta, weight.mT)
    if large_products.is_large(out, weight):
        return _large(delta, weight.mT, out)
    if delta.shape[-1] == 1:
        return [partial(torch.mul, delta, weight.mT, out=out)]
    return _multiply(out, delta, weight.mT)


def weight_gradient(before: Tensor, delta: Tensor, out: Tensor) -> Program:
    """Return the calls for beforeᵀ delta; the other way round where that has few columns."""
    if switch.PLAIN:
        return _plainly(torch.mm, out, before.mT, delta)
    if large_products.is_large(before, out):
        return _large(before.mT, delta, out)
    if out.shape[-1] > NARROW:
        if out.is_contiguous():
            return _multiply(out, before.mT, delta)
        dense = room_like(out)  # a batched product goes one by one into memory with gaps
        return [*_multiply(dense, before.mT, delta), partial(out.copy_, dense)]
    flipped = room_like(out.mT)
    return [*_multiply(flipped, delta.mT, before), partial(out.copy_, flipped.mT)]


def sample_sums(delta: Tensor, out: Tensor) -> Program:
    """Return the calls for the sum over samples; ``out`` may keep their axis, with length 1."""
    if switch.PLAIN and delta.dim() == 3:
        return [call for lane in zip(delta, out, strict=True) for call in sample_sums(*lane)]
    return [partial(torch.sum, delta, -2, keepdim=out.dim() == delta.dim(), out=out)]


def _plainly(product: Callable[..., Tensor], out: Tensor, *factors: Tensor) -> Program:
    """Return a product's call for each lane, of copies of its factors.

    Of copies, since the library that multiplies rounds by where matrices begin, which is not the same for every lane.
    """

    def put(to: Tensor, *each: Tensor) -> None:
        to.copy_(product(*(factor.clone() for factor in each)))

    if out.dim() == 2:
        return [partial(put, out, *factors)]
    return [partial(put, *lane) for lane in zip(out, *factors, strict=True)]


def _by_lane(product: Callable[..., Tensor], out: Tensor, *factors: Tensor) -> Program:
    """Return a product's calls, one for each lane."""
    if out.dim() == 2:
        return [partial(product, *factors, out=out)]
    return [partial(product, *each, out=to) for to, *each in zip(out, *factors, strict=True)]


def _multiply(out: Tensor, *factors: Tensor) -> Program:
    """Return the calls for a b, or for bias + a b; one by one where several lanes at once are rounded otherwise."""
    product, batched = (torch.addmm, torch.baddbmm) if len(factors) == 3 else (torch.mm, torch.bmm)
    if out.dim() == 2 or _is_tiny(*factors[-2:]) or not batches.is_alike(out, *factors):
        return _by_lane(product, out, *factors)
    return [partial(batched, *factors, out=out)]


def _is_tiny(a: Tensor, b: Tensor) -> bool:
    """Return whether torch multiplies batches of such matrices by a loop of its own.

    Its sums are rounded otherwise than those of a single product, so that a lane would depend on having neighbors.
    """
    return a.shape[-2] * a.shape[-1] * b.shape[-1] < TINY


def _large(a: Tensor, b: Tensor, out: Tensor, bias: Tensor | None = None) -> Program:
    """Return the calls for a b + bias, lane by lane."""
    given = [out, a, b] if bias is None else [out, a, b, bias]
    lanes = [given] if out.dim() == 2 else zip(*(tensor.unbind() for tensor in given), strict=True)
    return [partial(large_products.put_product, *lane) for lane in lanes]
