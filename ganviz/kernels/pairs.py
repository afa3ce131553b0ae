"""Two batches of scores in one tensor ``[…, 2, n]``, as relativistic averages compare them.

Fast, what is done to both is one call, with signs that are a tensor already. Plain, each batch is computed by itself;
the results are equal to the bit.
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
    # Both sums twice, one after the other: what lies in the middle is the two of them, exchanged.
    sums = x.unsqueeze(-3).expand(*x.shape[:-2], 2, 2, n).sum(-1)
    return x.sub(sums.flatten(-2)[..., 1:3].unsqueeze(-1), alpha=1.0 / n)


def turned(x: Tensor, which: int) -> Tensor:
    """Return both batches, one of them with its sign turned."""
    import torch

    if switch.PLAIN:
        return torch.stack([-one if i == which else one for i, one in enumerate(x.unbind(-2))], -2)
    return x * signs(x, which)


def signs(like: Tensor, which: int, factor: float = 1.0) -> Tensor:
    """Return ``factor`` for each score of two batches, with its sign turned for one of them; nobody may change it."""
    made = _made if switch.PLAIN else _kept
    return made(which, factor, like.shape[-1], like.dtype, like.device)


def _made(which: int, factor: float, n: int, dtype: DType, device: Device) -> Tensor:
    import torch

    with torch.inference_mode(False):
        rows = [[-factor if i == which else factor] * n for i in range(2)]
        return torch.tensor(rows, dtype=dtype, device=device)


_kept = lru_cache(maxsize=64)(_made)
