"""Normalization of a batch of images by its own mean and variance, channel by channel.

On a CPU the library adds a channel's numbers up one by one, which sums over a tensor's axes do three times as fast; the
way back is the library's. Plain, all of it is torch's own, as it is off the CPU.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ganviz.kernels import switch

_AXES = (0, 2, 3)
_EPS = 1e-5
"""What is added to the variance, as torch does unless it is told otherwise."""


def normalize(
    x: Tensor, scale: Tensor, shift: Tensor, running: tuple[Tensor, Tensor] | None, momentum: float
) -> Tensor:
    """Return ``[batch, channels, h, w]`` normalized by this batch's statistics.

    ``running`` are mean and variance ``[channels]`` that are moved towards this batch's by ``momentum`` of the way; of
    the variance as it is estimated for all images, with n − 1.
    """
    n = x.numel() // x.shape[1]
    if switch.PLAIN or not x.is_cpu or n < 2:  # of a single number the library has its own opinion
        mean, variance = running or (None, None)
        return F.batch_norm(x, mean, variance, scale, shift, training=True, momentum=momentum)
    result: Tensor
    result, mean, variance = _Normalize.apply(x, scale, shift)  # type: ignore[no-untyped-call]
    if running is not None:
        for kept, seen in zip(running, (mean, variance * (n / (n - 1))), strict=True):
            kept.mul_(1 - momentum).add_(seen, alpha=momentum)
    return result


class _Normalize(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mean = x.mean(_AXES)
        apart = x - mean[:, None, None]
        variance = apart.square_().mean(_AXES)
        ctx.save_for_backward(x, scale, mean, (variance + _EPS).rsqrt_())
        ctx.mark_non_differentiable(mean, variance)
        return F.batch_norm(x, mean, variance, scale, shift), mean, variance

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor | None, ...]:
        x, scale, mean, deviation = ctx.saved_tensors
        needed = list(ctx.needs_input_grad)
        found: tuple[Tensor | None, ...] = torch.ops.aten.native_batch_norm_backward(
            slopes[0], x, scale, None, None, mean, deviation, True, _EPS, needed
        )
        return found
