"""What a penalty is: a term that the discriminator's objective gains, computed from gradients at its inputs."""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ganviz.spec import Spec

if TYPE_CHECKING:
    from torch import Tensor


class Uniforms(Protocol):
    """Where random numbers come from, a NumPy generator for example."""

    def random(self, size: tuple[int, ...], /) -> Any:
        """Return independent numbers, uniform in [0, 1), as an array or a tensor of this shape."""


class AbstractPenalty(Spec, abc.ABC):
    """A penalty on the critic: score function ``[lanes, batch, *shape] → [lanes, batch]``."""

    __slots__ = ()

    reference: ClassVar[str]
    formula: ClassVar[str]

    @abc.abstractmethod
    def value(
        self, critic: Callable[[Tensor], Tensor], *, real: Tensor, fake: Tensor, rng: Uniforms
    ) -> Tensor:
        """Return the weighted penalty, ``[lanes]``, differentiable with respect to the critic's parameters.

        ``real`` and ``fake`` are ``[lanes, batch, *shape]`` and carry no gradient; ``rng`` draws what the
        penalty needs at random, alike for all lanes.
        """


def input_gradients(critic: Callable[[Tensor], Tensor], points: Tensor) -> Tensor:
    """Return ∇ₓ t(x) at each point, flattened: ``[lanes, batch, features]``, differentiable.

    The gradient is of the sum of all scores, so each sample's row is its own gradient and does not depend on the
    batch size.
    """
    import torch

    points = points.detach().requires_grad_()
    (gradients,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    return gradients.flatten(2)


def interpolates(real: Tensor, fake: Tensor, rng: Uniforms) -> Tensor:
    """Return ε x + (1 - ε) G(z), with an ε of its own for each sample, uniform in [0, 1) and alike in all lanes."""
    import torch

    shape = (1, real.shape[1]) + (1,) * (real.dim() - 2)
    epsilon = torch.as_tensor(rng.random(shape)).to(real)
    return epsilon * real + (1 - epsilon) * fake


def slopes(gradients: Tensor) -> Tensor:
    """Return the norms of flattened gradients, ``[lanes, batch]``.

    A tiny floor inside the root keeps the derivative finite for a constant critic.
    """
    return (gradients.square().sum(-1) + 1e-24).sqrt()
