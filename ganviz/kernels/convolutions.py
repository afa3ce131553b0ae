"""Convolutions 4 × 4 with stride 2 on a CPU, and their transposes, which the library's are slow at.

A transposed convolution, which is also the way back to the samples, takes the library up to three times as long as the
convolution with as many products, and six times towards few channels. Here it is a convolution 2 × 2 with stride 1 to
four times as many channels, one for each parity of row and column (Shi et al. 2016, arXiv 1609.05158), or, towards few
channels, a matrix product and the sum of the four windows that overlap at each place. Both directions are written here,
each as the other's derivative. Plain, they are torch's own, as they are between many channels and off the CPU.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ganviz.kernels import switch

FEWEST = 2
"""Most channels on the narrow side for which overlapping windows are summed; of more, they leave the cache."""

FEW, MANY = 8, 32
"""Most channels on the narrow side, and on the wide one, for which the library is slow: beyond both it is as fast."""


def convolve(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the convolution of ``[batch, n_in, h, w]`` with stride 2; weight ``[n_out, n_in, 4, 4]``."""
    if _is_slow(weight):
        return forward(x, weight, bias)
    return F.conv2d(x, weight, bias, stride=2, padding=1)


def convolve_transposed(y: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the transposed convolution of ``[batch, n_in, h, w]``; weight ``[n_in, n_out, 4, 4]``."""
    if _is_slow(weight):
        return transposed(y, weight) + bias[:, None, None]
    return F.conv_transpose2d(y, weight, bias, stride=2, padding=1)


def _is_slow(weight: Tensor) -> bool:
    """Return whether the library is slow at the way back through this weight, ``[many, few, 4, 4]``."""
    many, few = weight.shape[:2]
    return weight.is_cpu and (few <= FEW or many <= MANY) and not switch.PLAIN


def forward(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Return the convolution of ``[batch, few, h, w]``, ``[batch, many, h/2, w/2]``; weight ``[many, few, 4, 4]``."""
    result: Tensor = _Forward.apply(x, weight, bias)  # type: ignore[no-untyped-call]
    return result


def transposed(y: Tensor, weight: Tensor) -> Tensor:
    """Return the transposed convolution of ``[batch, many, h, w]``, ``[batch, few, 2 h, 2 w]``; no bias."""
    result: Tensor = _Transposed.apply(y, weight)  # type: ignore[no-untyped-call]
    return result


def _weight_gradient(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """Return the derivative of Σ y · forward(x, weight) with respect to the weight."""
    gradient: Tensor = torch.ops.aten.convolution_backward(
        y, x, weight, None, [2, 2], [1, 1], [1, 1], False, [0, 0], 1, [False, True, False]
    )[1]
    return gradient


class _Forward(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(x, weight)
        return F.conv2d(x, weight, bias, stride=2, padding=1)

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        to_x, to_weight, to_bias = ctx.needs_input_grad
        return (
            transposed(slopes, weight) if to_x else None,
            _weight_gradient(x, slopes, weight) if to_weight else None,
            slopes.sum((0, 2, 3)) if to_bias else None,
        )


class _Transposed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, y: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(y, weight)
        return _by_windows(y, weight) if weight.shape[1] <= FEWEST else _by_parities(y, weight)

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor | None, ...]:
        y, weight = ctx.saved_tensors
        to_y, to_weight = ctx.needs_input_grad
        return (
            forward(slopes, weight, None) if to_y else None,
            _weight_gradient(slopes, y, weight) if to_weight else None,
        )


def _by_windows(y: Tensor, weight: Tensor) -> Tensor:
    """Return the transposed convolution as the sum of the four windows at each place.

    A last row of zeros stands for the windows that a place at the edge lacks.
    """
    (batch, _, h, w), few = y.shape, weight.shape[1]
    rows = F.pad(weight.flatten(1), (0, 1)).T
    windows = torch.bmm(rows.expand(batch, -1, -1), y.flatten(2)).flatten(1)
    four = windows.index_select(1, _places_of_windows(few, h, w))
    return four.view(batch, 4, -1).sum(1).view(batch, few, 2 * h, 2 * w)


def _by_parities(y: Tensor, weight: Tensor) -> Tensor:
    """Return the transposed convolution as a convolution 2 × 2 whose channels are sorted into rows and columns."""
    (batch, _, h, w), (many, few) = y.shape, weight.shape[:2]
    taps = weight.flatten().index_select(0, _places_of_taps(many, few)).view(4 * few, many, 2, 2)
    apart = F.conv2d(y, taps, padding=1).flatten(1)
    return apart.index_select(1, _places_of_parities(few, h, w)).view(batch, few, 2 * h, 2 * w)


@lru_cache(maxsize=64)
def _places_of_windows(few: int, h: int, w: int) -> Tensor:
    """Return where in windows ``[few · 16 + 1, h, w]`` the four are that meet at each place, ``[4 · few · 2 h · 2 w]``.

    Row 2 i + a of the result, counted with an edge of one, has row a of window i and row a + 2 of window i − 1.
    """
    windows = torch.arange(few * 16 * h * w).view(few, 2, 2, 2, 2, h, w)
    met = torch.full((2, 2, few, h + 1, 2, w + 1, 2), windows.numel())
    for p in (0, 1):
        for q in (0, 1):
            met[p, q, :, p : p + h, :, q : q + w] = windows[:, p, :, q].permute(0, 3, 1, 4, 2)
    return met.reshape(4, few, 2 * h + 2, 2 * w + 2)[..., 1:-1, 1:-1].flatten()


@lru_cache(maxsize=64)
def _places_of_taps(many: int, few: int) -> Tensor:
    """Return where in the weight ``[many, few, 4, 4]`` the taps ``[2, 2, few, many, 2, 2]`` of each parity are."""
    taps = torch.arange(many * few * 16).view(many, few, 2, 2, 2, 2)
    return taps.flip(2, 4).permute(3, 5, 1, 0, 2, 4).flatten()


@lru_cache(maxsize=64)
def _places_of_parities(few: int, h: int, w: int) -> Tensor:
    """Return where in ``[2, 2, few, h + 1, w + 1]``, parities first, each place of ``[few, 2 h, 2 w]`` is."""
    apart = torch.arange(4 * few * (h + 1) * (w + 1)).view(2, 2, few, h + 1, w + 1)
    together = apart.permute(2, 3, 0, 4, 1).reshape(few, 2 * h + 2, 2 * w + 2)
    return together[:, 1:-1, 1:-1].flatten()
