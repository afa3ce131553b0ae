"""Two batches of scores in one tensor ``[…, 2, n]``, as relativistic averages compare them.

Fast, what is done to both is one call, with indices and signs that are tensors already. Plain, each batch is computed
by itself; the results are equal to the bit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ganviz.kernels import switch
from ganviz.kernels.means import less_row_means

if TYPE_CHECKING:
    from torch import Tensor
    from torch import device as Device
    from torch import dtype as DType


def less_each_others_means(x: Tensor) -> Tensor:
    """Return each batch less the mean of the other one."""
    import torch

    n = x.shape[-1]
    if switch.PLAIN or n & (n - 1):
        first, second = x.unbind(-2)
        return torch.stack([less_row_means(first, second), less_row_means(second, first)], -2)
    return x.sub(x.sum(-1, keepdim=True).index_select(-2, _swapped(x.device)), alpha=1.0 / n)


def turned(x: Tensor, which: int) -> Tensor:
    """Return both batches, one of them with its sign turned."""
    import torch

    if switch.PLAIN:
        return torch.stack([-one if i == which else one for i, one in enumerate(x.unbind(-2))], -2)
    return x * _signs(which, x.dtype, x.device)


@lru_cache(maxsize=8)
def _swapped(device: Device) -> Tensor:
    import torch

    with torch.inference_mode(False):
        return torch.tensor([1, 0], device=device)


@lru_cache(maxsize=16)
def _signs(which: int, dtype: DType, device: Device) -> Tensor:
    import torch

    with torch.inference_mode(False):
        return torch.tensor([[-1.0 if i == which else 1.0] for i in range(2)], dtype=dtype, device=device)
