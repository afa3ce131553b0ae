"""What a latent distribution is."""

from __future__ import annotations

import abc
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import Spec

Precision = type[np.float32] | type[np.float64]


class AbstractLatents(Spec, abc.ABC):
    """The distribution of z, alike and independent in each dimension.

    Its script is an expression of ``size`` and ``rng``.
    """

    __slots__ = ()

    formula: ClassVar[str]
    reference: ClassVar[str]
    reach: ClassVar[float]
    """How far from 0 the latent map looks."""

    @abc.abstractmethod
    def draw(
        self, shape: tuple[int, int], rng: np.random.Generator, dtype: Precision = np.float32
    ) -> NDArray[np.floating]:
        """Return latents ``[n, size]``; looks draw theirs in double precision."""
