"""Ordinary torch modules that torch does not have."""

from __future__ import annotations

from torch import Tensor, nn


class SineModule(nn.Module):
    """sin x, number by number."""

    def forward(self, x: Tensor) -> Tensor:
        """Return sin x."""
        return x.sin()
