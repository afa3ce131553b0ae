"""Means of rows.

Fast, a sum and its quotient by a number that is a tensor already: torch's own mean makes one of the count each time,
which takes longer than the sum of a batch. Plain, it is that mean; the results are equal to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganviz.kernels import switch
from ganviz.kernels.constants import constant

if TYPE_CHECKING:
    from torch import Tensor


def row_means(x: Tensor) -> Tensor:
    """Return the means over the last axis, ``[…, n]`` → ``[…, 1]``."""
    if switch.PLAIN:
        return x.mean(-1, keepdim=True)
    return x.sum(-1, keepdim=True).div(constant(float(x.shape[-1]), (), x.dtype, x.device))


def less_row_means(x: Tensor, others: Tensor) -> Tensor:
    """Return ``x - row_means(others)``.

    Fast, the quotient goes with the difference where its rounding is none: by a power of two.
    """
    n = others.shape[-1]
    if switch.PLAIN or n & (n - 1):
        return x - row_means(others)
    return x.sub(others.sum(-1, keepdim=True), alpha=1.0 / n)
