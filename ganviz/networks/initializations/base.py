"""What an initialization is: how first weights are drawn, with NumPy so that they are the same on every device."""

from __future__ import annotations

import abc
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import Spec

FloatArray = NDArray[np.float64]


class AbstractInitialization(Spec, abc.ABC):
    """The distribution of a linear layer's first weights.

    Its script is lines that draw ``weights`` and ``bias`` from ``rng``, given ``n_in`` and ``n_out``; an entry's
    ``drawn`` has those of the weights, and of the bias where it is not 0.
    """

    drawn: ClassVar[str] = ""

    __slots__ = ()

    reference: ClassVar[str]
    formula: ClassVar[str]

    def script(self) -> str:
        """Return both."""
        if not self.drawn:
            return Spec.script(self)
        return self.drawn if "bias = " in self.drawn else f"{self.drawn}\nbias = torch.zeros(n_out)"

    @abc.abstractmethod
    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Return a weight matrix ``[n_in, n_out]``."""

    def bias(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Return a bias ``[n_out]``, drawn after the weights: 0, unless a kind says otherwise."""
        return np.zeros(n_out)
