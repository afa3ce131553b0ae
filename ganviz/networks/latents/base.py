"""What a latent distribution is."""

from __future__ import annotations

import abc
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import Spec


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
    def draw(self, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
        """Return latents ``[n, size]``."""
