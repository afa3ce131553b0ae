"""Convolutions between few channels and many, 4 × 4 with stride 2, on a CPU.

Back from many channels to few, a CPU's convolutions take up to six times as long as a matrix product and the sum of the
windows where they overlap. So both directions are written here, each as the other's derivative. Plain, they are torch's
own, as they are between many channels and off the CPU.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ganviz.kernels import switch

FEW = 4
"""Most channels on the narrow side."""

_WINDOW = {"kernel_size": 4, "stride": 2, "padding": 1}


def convolve(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the convolution of ``[batch, n_in, h, w]`` with stride 2; weight ``[n_out, n_in, 4, 4]``."""
    if x.is_cpu and weight.shape[1] <= FEW and not switch.PLAIN:
        return forward(x, weight, bias)
    return F.conv2d(x, weight, bias, stride=2, padding=1)


def convolve_transposed(y: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the transposed convolution of ``[batch, n_in, h, w]``; weight ``[n_in, n_out, 4, 4]``."""
    if y.is_cpu and weight.shape[1] <= FEW and not switch.PLAIN:
        return transposed(y, weight) + bias[:, None, None]
    return F.conv_transpose2d(y, weight, bias, stride=2, padding=1)


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
        windows = torch.bmm(weight.flatten(1).T.expand(len(y), -1, -1), y.flatten(2))
        return F.fold(windows, (2 * y.shape[2], 2 * y.shape[3]), **_WINDOW)

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor | None, ...]:
        y, weight = ctx.saved_tensors
        to_y, to_weight = ctx.needs_input_grad
        return (
            forward(slopes, weight, None) if to_y else None,
            _weight_gradient(slopes, y, weight) if to_weight else None,
        )
