"""What an initialization is: how first weights are drawn, with NumPy so that they are the same on every device."""

from __future__ import annotations

import abc
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import Spec

FloatArray = NDArray[np.float64]


class AbstractInitialization(Spec, abc.ABC):
    """The distribution of a linear layer's first weights."""

    __slots__ = ()

    reference: ClassVar[str]
    formula: ClassVar[str]

    @abc.abstractmethod
    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Return a weight matrix ``[n_in, n_out]``."""

    def bias(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Return a bias ``[n_out]``, drawn after the weights: 0, unless a kind says otherwise."""
        return np.zeros(n_out)
