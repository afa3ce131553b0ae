"""Constants as tensors that are kept, since torch makes a tensor of each number of Python's that it meets.

Plain, they are made anew.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from ganviz.kernels import switch

if TYPE_CHECKING:
    from torch import Tensor
    from torch import device as Device
    from torch import dtype as DType


def constant(value: float, shape: tuple[int, ...], dtype: DType, device: Device) -> Tensor:
    """Return a tensor of equal numbers, which nobody may change."""
    return _make(value, shape, dtype, device) if switch.PLAIN else _kept(value, shape, dtype, device)


def scaled(x: Tensor, factor: float | Tensor) -> Tensor:
    """Return x times a number, equal to the bit in both forms; that may be x itself."""
    if isinstance(factor, float) and factor == 1:
        return x
    if switch.PLAIN or not isinstance(factor, float):
        return x * factor
    return x * constant(factor, (), x.dtype, x.device)


def exact_part(factor: float) -> tuple[float, float]:
    """Return as much of a positive factor as may be multiplied with earlier, for it changes no digit, and the rest.

    That is all of a power of two, and nothing of another number. Plain, it is nothing.
    """
    is_exact = math.frexp(factor)[0] == 0.5 and not switch.PLAIN
    return (factor, 1.0) if is_exact else (1.0, factor)


def doubled(x: Tensor, offset: float) -> Tensor:
    """Return 2 (x + offset), equal to the bit in both forms: twice a number has the same digits."""
    if switch.PLAIN:
        return 2 * (x + offset)
    return constant(2 * offset, (), x.dtype, x.device).add(x, alpha=2)


@lru_cache(maxsize=256)
def _kept(value: float, shape: tuple[int, ...], dtype: DType, device: Device) -> Tensor:
    return _make(value, shape, dtype, device)


def _make(value: float, shape: tuple[int, ...], dtype: DType, device: Device) -> Tensor:
    """Return it outside inference mode, since autograd may meet it later."""
    import torch

    with torch.inference_mode(False):
        return torch.full(shape, value, dtype=dtype, device=device)
