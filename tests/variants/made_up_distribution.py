"""A distribution of the plane: a cross."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ganviz.data.base import AbstractDistribution, Extent, FloatArray
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpDistribution(AbstractDistribution):
    """Points of two crossing lines."""

    key: ClassVar[str] = "made_up_distribution"
    title: ClassVar[str] = "Made-up cross"
    help: ClassVar[str] = "Two lines that cross."

    arm: float = param(1.0, "Arm", "Half the length of a line.", low=0, high=100, open_low=True)

    @property
    def extent(self) -> Extent:
        """Return a square around the cross."""
        return Extent(*(1.5 * self.arm * side for side in (-1, 1, -1, 1)))

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return points of either line."""
        along, is_flat = self.arm * rng.uniform(-1, 1, (n, 1)), rng.random((n, 1)) < 0.5
        return (along * np.concatenate([is_flat, ~is_flat], axis=1)).astype(np.float32)
