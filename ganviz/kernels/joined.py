"""Passes over several batches made in one.

Fast, batches that lie side by side go through a network together, with half as many calls. Libraries may multiply
larger matrices by other functions, which round otherwise, and a lane that does so would depend on whether its neighbors
can. So it is tried where it is to be done, with random numbers. Plain, batches go one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ganviz.kernels import switch
from ganviz.kernels.program import Program, run


def is_alike(
    joined: Program, apart: Program, given: Sequence[Tensor], results: Sequence[tuple[Tensor, Tensor]]
) -> bool:
    """Return whether one program is to take the place of the other: both compute the same from the same, to the bit.

    ``given`` is what they read, which is left as it was; ``results`` are places of the one and of the other.
    """
    if switch.PLAIN:
        return False
    before = [tensor.clone() for tensor in given]
    numbers = torch.Generator(given[0].device).manual_seed(0)
    try:
        for tensor in given:
            tensor.normal_(generator=numbers)
        run(joined)
        run(apart)
        return all(torch.equal(one, other) for one, other in results)
    finally:  # they are a run's own weights, which an interruption must not lose
        for tensor, kept in zip(given, before, strict=True):
            tensor.copy_(kept)
