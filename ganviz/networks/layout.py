"""How a network's parameters lie in one flat tensor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

ALIGNMENT = 16
"""Every parameter starts at a multiple of this many numbers, so that equal lanes are computed alike to the bit."""


class ParameterLayout:
    """Offsets of named tensors inside a flat row.

    Parameters
    ----------
    shapes : sequence of (str, tuple of int)
        Names and shapes, in order.
    """

    def __init__(self, shapes: Sequence[tuple[str, tuple[int, ...]]]) -> None:
        self.names = tuple(name for name, _ in shapes)
        self.shapes = tuple(shape for _, shape in shapes)
        self._pieces: list[int] = []
        for shape in self.shapes:
            size = math.prod(shape)
            self._pieces += [size, -size % ALIGNMENT]
        self.n = sum(self._pieces)

    def split(self, flat: Tensor) -> list[Tensor]:
        """Return views ``[*lead, *shape]`` of a flat tensor ``[*lead, n]``, in order."""
        pieces = torch.split(flat, self._pieces, dim=-1)
        lead = flat.shape[:-1]
        return [piece.view(*lead, *shape) for piece, shape in zip(pieces[::2], self.shapes, strict=True)]
