"""Memory for programs that is set aside once.

Each lane begins where the memory of one lane alone would, at a multiple of a cache line: the library that multiplies
rounds by where matrices begin, and functions of what fills no vector are computed otherwise. Without the gaps that this
leaves between lanes of an odd size, a lane would depend on its neighbors. Fast, programs that run in turn share their
memory, so that it stays in the processor's cache; plain, each has its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor

from ganviz.kernels import switch

LINE = 64
"""Bytes."""

Rooms = list[Tensor]

_shared: Rooms | None = None
_at = 0


@contextmanager
def shared(rooms: Rooms) -> Iterator[None]:
    """Give out the same memory as before, room by room, to programs of equal shapes that run in turn."""
    global _shared, _at
    before, (_shared, _at) = (_shared, _at), (rooms, 0)
    try:
        yield
    finally:
        _shared, _at = before


def room(like: Tensor, *shape: int) -> Tensor:
    """Return memory for a matrix ``[n, features]``, or for one in each lane, ``[lanes, n, features]``."""
    global _at
    if _shared is None or switch.PLAIN:
        return _new(like, shape)
    if _at == len(_shared):
        _shared.append(_new(like, shape))
    _at += 1
    return _shared[_at - 1]


def _new(like: Tensor, shape: tuple[int, ...]) -> Tensor:
    if len(shape) < 3:
        return like.new_empty(shape)
    lanes, numbers, step = shape[0], math.prod(shape[1:]), LINE // like.element_size()
    padded = -(-numbers // step) * step
    return like.new_empty(lanes, padded)[:, :numbers].view(shape)


def room_like(tensor: Tensor) -> Tensor:
    """Return memory for another tensor of this shape."""
    return room(tensor, *tensor.shape)


def lasting_room(tensor: Tensor) -> Tensor:
    """Return memory for another tensor of this shape, which no other program is given."""
    return _new(tensor, tuple(tensor.shape))
