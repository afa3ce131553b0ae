"""What an input is: something done to every sample, real or generated, before the discriminator sees it.

It is a map of samples that may be random and differs in nothing but its strength from step to step. The discriminator
and its penalties are given what the map leaves; the generator learns through it.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import Spec

if TYPE_CHECKING:
    from torch import Tensor


class AbstractInput(Spec, abc.ABC):
    """A map of samples ``[lanes, n, *shape]``, each by itself and each lane by itself."""

    __slots__ = ()

    reference: ClassVar[str]
    formula: ClassVar[str]
    is_random: ClassVar[bool] = True
    """Whether it needs normal numbers; any other kind is given tensors that mean nothing in their place."""

    @abc.abstractmethod
    def strength(self, step: int) -> float:
        """Return how much is done in the step that follows ``step`` others."""

    def script(self) -> str:
        """Return its strength as an expression of ``step``; what is seen writes itself down."""
        if self.strength(0) != self.strength(10**9):
            return Spec.script(self)
        return repr(self.strength(0))

    @abc.abstractmethod
    def seen(self, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return what the discriminator sees, a new tensor.

        ``normals`` ``[n, *shape]`` are independent numbers of the distribution N(0, 1), alike in all lanes and drawn
        anew for each update; ``strength`` is a tensor of one number. Only the samples are differentiated.
        """

    def slopes(self, slopes: Tensor, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return the slopes at the samples from those at what is seen; the very tensor where they are equal."""
        import torch

        with torch.inference_mode(False), torch.enable_grad():
            leaf = samples.clone().detach().requires_grad_()
            seen = self.seen(leaf, normals.clone(), strength.clone())
            (back,) = torch.autograd.grad(seen, leaf, slopes.clone())
        return back

    def blur(self, step: int) -> float:
        """Return the standard deviation of the normal noise that the densities of what is seen are blurred by."""
        return 0.0

    def scale(self) -> float:
        """Return what samples are multiplied by, where the map is a product."""
        return 1.0
