"""Memory for programs that is set aside once.

Each lane begins where the memory of one lane alone would, at a multiple of a cache line: the library that multiplies
rounds by where matrices begin, and functions of what fills no vector are computed otherwise. Without the gaps that this
leaves between lanes of an odd size, a lane would depend on its neighbors.
"""

from __future__ import annotations

import math

from torch import Tensor

LINE = 64
"""Bytes."""


def room(like: Tensor, *shape: int) -> Tensor:
    """Return memory for a matrix ``[n, features]``, or for one in each lane, ``[lanes, n, features]``."""
    if len(shape) < 3:
        return like.new_empty(shape)
    lanes, numbers, step = shape[0], math.prod(shape[1:]), LINE // like.element_size()
    padded = -(-numbers // step) * step
    return like.new_empty(lanes, padded)[:, :numbers].view(shape)


def room_like(tensor: Tensor) -> Tensor:
    """Return memory for another tensor of this shape."""
    return room(tensor, *tensor.shape)
