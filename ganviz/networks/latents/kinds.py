"""The latent distributions that papers use."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.networks.latents.base import AbstractLatents, Precision
from ganviz.spec.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalLatents(AbstractLatents):
    """Normal numbers; the map shows two standard deviations."""

    key: ClassVar[str] = "normal"
    title: ClassVar[str] = "Normal"
    formula: ClassVar[str] = "N(0, 1)"
    reference: ClassVar[str] = "Karras et al. 2018"
    reach: ClassVar[float] = 2.0

    def draw(
        self, shape: tuple[int, int], rng: np.random.Generator, dtype: Precision = np.float32
    ) -> NDArray[np.floating]:
        """Draw from N(0, 1)."""
        return rng.standard_normal(shape, dtype=dtype)

    def script(self) -> str:
        """Return the same."""
        return "rng.standard_normal(size, dtype=torch.float32)"


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformLatents(AbstractLatents):
    """Uniform numbers between -1 and 1."""

    key: ClassVar[str] = "uniform"
    title: ClassVar[str] = "Uniform"
    formula: ClassVar[str] = "U(-1, 1)"
    reference: ClassVar[str] = "Radford et al. 2016"
    reach: ClassVar[float] = 1.0

    def draw(
        self, shape: tuple[int, int], rng: np.random.Generator, dtype: Precision = np.float32
    ) -> NDArray[np.floating]:
        """Draw from U(-1, 1)."""
        return rng.random(shape, dtype=dtype) * 2 - 1

    def script(self) -> str:
        """Return the same."""
        return "rng.random(size, dtype=torch.float32) * 2 - 1"
