"""Linear layers of one lane or of several, as autograd sees them.

Fast, several lanes are one batched product; one with few columns is computed the other way round, and a large one by
another library. Plain, lanes are computed one after the other: all at once would be rounded otherwise than one, and a
lane would depend on its neighbors. So it would where lanes do not begin alike in memory; then they are copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor

from ganviz.kernels import batches, large_products, switch

NARROW = 4
"""Batched products with so few columns are several times faster the other way round: (Wᵀ xᵀ)ᵀ."""


_is_apart = ContextVar("lanes apart", default=False)
"""Each thread's own: two of them may be at work on parts of one step."""


@contextmanager
def lanes_apart() -> Iterator[None]:
    """Compute lanes one after the other meanwhile: of batched products, second derivatives depend on neighbors."""
    before = _is_apart.set(True)
    try:
        yield
    finally:
        _is_apart.reset(before)


def affine(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x W + b, ``[n, n_in]`` and ``[n_in, n_out]``, with a lane axis in front of everything or without."""
    if not _is_apart.get() and large_products.is_large(x, weight):
        return large_products.affine(x, weight, bias)
    if is_uneven(weight):
        return _evenly(x, weight, bias)
    if x.dim() == 2:
        return torch.addmm(bias, x, weight)
    x = _dense(x)
    is_apart = switch.PLAIN or _is_apart.get()
    if is_apart and _begin_alike(x, weight):
        return torch.stack([torch.addmm(*lane) for lane in zip(bias, x, weight, strict=True)])
    if is_apart or not batches.affine_is_alike(_batched, x, weight):
        return _evenly(x, weight, bias)
    return _batched(x, weight, bias)


def _dense(x: Tensor) -> Tensor:
    """Return lanes that lie row by row: what G made does not where D sees it as it is, but does beside a noisy lane.

    Of other strides products are rounded otherwise; contiguous() keeps those of axes of length 1.
    """
    _, n, n_in = x.shape
    is_dense = x.stride() == (n * n_in, n_in, 1)
    return x if is_dense else x.clone(memory_format=torch.contiguous_format)


def _batched(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if weight.shape[-1] <= NARROW:
        # A copy: contiguous() keeps the odd strides of an axis of length 1, for which torch takes another kernel
        # with one lane than with several.
        turned = weight.mT.clone(memory_format=torch.contiguous_format)
        return torch.baddbmm(bias.unsqueeze(-1), turned, x.mT).mT
    return torch.baddbmm(bias.unsqueeze(-2), x, weight)


EVEN = 4
"""Numbers: matrices of so many columns begin alike in every lane, and are multiplied with the same rounding."""


def is_uneven(weight: Tensor) -> bool:
    """Return whether lanes side by side would be rounded otherwise than one.

    One after the other, they begin at different places of a vector; or the layer is so small that batched products of
    it, and of its slopes, are other ones. That is so of the library for CPUs.
    """
    widest = max(weight.shape[-2:])
    return weight.is_cpu and (widest % EVEN != 0 or widest <= NARROW)


VECTORS = 16
"""Numbers: where each lane has a multiple of so many, all begin as well as the first does."""


def _begin_alike(x: Tensor, weight: Tensor) -> bool:
    """Return whether the matrices of all lanes, and those of their products, begin alike in memory."""
    n, n_in, n_out = x.shape[-2], *weight.shape[-2:]
    return all(size % VECTORS == 0 for size in (n * n_in, n_in * n_out, n * n_out))


class _Copied(torch.autograd.Function):
    """The same numbers, and the same slopes on the way back, in memory of their own."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clone(memory_format=torch.contiguous_format)

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> Tensor:
        return _copied(slopes)


def _copied(x: Tensor) -> Tensor:
    result: Tensor = _Copied.apply(x)  # type: ignore[no-untyped-call]
    return result


def _evenly(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x W + b, lane by lane, of copies: alone, a lane begins where memory does."""
    if x.dim() == 2:
        return _copied(torch.addmm(bias, _copied(x), _copied(weight)))
    return torch.stack([_evenly(*lane) for lane in zip(x, weight, bias, strict=True)])
