"""Whether products of several lanes as one call are rounded as each lane's own product.

Some libraries multiply a batch of matrices by other functions than a single one: on processors of one maker, and not
on others', where a matrix has one row. A lane would depend on having neighbors. Which shapes are concerned is not known
beforehand, so it is tried, once a shape, with random numbers; where one bit differs, lanes are multiplied one after the
other. On a GPU nobody promises bits, and nothing is tried. Plain, lanes are multiplied one after the other anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

from ganviz.kernels import switch

Place = tuple[tuple[int, ...], tuple[int, ...]]
"""Shape and strides."""
TRIED = 2
"""Lanes, at least: one alone asks how it would be beside another."""


def is_alike(out: Tensor, *factors: Tensor) -> bool:
    """Return whether ``a b``, or ``bias + a b``, of lanes as one call is each lane's own product, to the bit."""
    if switch.PLAIN or not out.is_cpu:
        return not switch.PLAIN
    places = tuple((tuple(tensor.shape), tensor.stride()) for tensor in (out, *factors))
    return _product_is_alike(places, out.dtype)


@lru_cache(maxsize=512)
def _product_is_alike(places: tuple[Place, ...], dtype: torch.dtype) -> bool:
    with torch.inference_mode(False), torch.no_grad():
        batched, single = (torch.baddbmm, torch.addmm) if len(places) == 4 else (torch.bmm, torch.mm)
        out, *factors = _random(places, dtype)
        batched(*factors, out=out)
        for lane, found in enumerate(out):
            alone = torch.empty_strided(found.shape, found.stride(), dtype=dtype)
            single(*(_own(factor[lane]) for factor in factors), out=alone)
            if not torch.equal(alone, found):
                return False
    return True


def _random(places: tuple[Place, ...], dtype: torch.dtype) -> list[Tensor]:
    numbers = torch.Generator().manual_seed(0)
    return [
        torch.empty_strided(shape, stride, dtype=dtype).normal_(generator=numbers) for shape, stride in places
    ]


def _own(x: Tensor) -> Tensor:
    """Return a copy with the same strides, at the beginning of memory of its own."""
    return torch.empty_strided(x.shape, x.stride(), dtype=x.dtype).copy_(x)


Affine = Callable[[Tensor, Tensor, Tensor], Tensor]


def affine_is_alike(affine: Affine, x: Tensor, weight: Tensor) -> bool:
    """Return whether ``affine(x, weight, bias)`` of several lanes, and its slopes, are those of each lane alone."""
    if switch.PLAIN or not x.is_cpu:
        return not switch.PLAIN
    n_lanes, *shape = *x.shape, weight.shape[-1]
    return _affine_is_alike(affine, max(TRIED, n_lanes), tuple(shape), x.dtype)


@lru_cache(maxsize=512)
def _affine_is_alike(affine: Affine, n_lanes: int, shape: tuple[int, ...], dtype: torch.dtype) -> bool:
    n, n_in, n_out = shape
    sizes = (n, n_in), (n_in, n_out), (n_out,), (n, n_out)
    dense = tuple(((n_lanes, *size), _dense(n_lanes, *size)) for size in sizes)
    with torch.inference_mode(False), torch.enable_grad():
        *given, slope = _random(dense, dtype)
        together = _with_slopes(affine, given, slope)
        for lane in range(n_lanes):
            alone = _with_slopes(affine, [one[lane : lane + 1] for one in given], slope[lane : lane + 1])
            if not all(torch.equal(a[lane], b[0]) for a, b in zip(together, alone, strict=True)):
                return False
    return True


def _dense(*sizes: int) -> tuple[int, ...]:
    return torch.empty(sizes, device="meta").stride()


def _with_slopes(affine: Affine, given: list[Tensor], slope: Tensor) -> list[Tensor]:
    leaves = [one.detach().clone().requires_grad_() for one in given]
    result = affine(*leaves)
    return [result.detach(), *torch.autograd.grad(result, leaves, slope)]
