"""What a penalty is: a term that the discriminator's objective gains.

Most are w E φ(‖∇ₓ t(x)‖²) and say what their weight w, their points x, their φ and φ' are. Automatic differentiation
needs no more than φ; the fast step for perceptrons takes φ' and never differentiates twice. Others say their value.
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ganviz.losses.elementary import derivative
from ganviz.spec import Spec, param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


class Numbers(Protocol):
    """Where random numbers come from, a NumPy generator for example."""

    def random(self, size: tuple[int, ...], /) -> Any:
        """Return independent numbers, uniform in [0, 1), as an array or a tensor of this shape."""

    def standard_normal(self, size: tuple[int, ...], /) -> Any:
        """Return independent numbers of the distribution N(0, 1), as an array or a tensor of this shape."""


class Points(Protocol):
    """Where slopes are taken."""

    def __call__(self, real: Tensor, fake: Tensor, rng: Numbers, /) -> Tensor:
        """Return points like the samples, ``[lanes, batch, *shape]``; what is random is alike in all lanes."""


def every() -> Any:
    """Declare a penalty's interval, a field called ``interval``."""
    return param(
        1,
        "Interval",
        "Counts in every k-th update of D alone and k times as much there: cheaper, but coarser.",
        low=1,
        high=1000,
        unit="updates",
    )


class AbstractPenalty(Spec, abc.ABC):
    """A penalty on the critic: score function ``[lanes, batch, *shape] → [lanes, batch]``.

    Each has a field ``interval``, made by :func:`every` (lazy regularization, Karras et al. 2020, arXiv 1912.04958).
    """

    __slots__ = ()

    reference: ClassVar[str]
    formula: ClassVar[str]
    interval: int

    needs_noise: ClassVar[bool] = False
    """Whether it asks for normal numbers."""
    n_remembered: ClassVar[int] = 0
    """How many numbers it remembers from one update to the next, 0 at the start."""

    def refusal(self, score_kind: str, loss: str) -> str:
        """Return why it cannot be combined with a loss of this name and kind of score; nothing where it can."""
        return f"{loss} has no discriminator to be held by {self.title}." if score_kind == "none" else ""

    @property
    def words(self) -> str:
        """Return the term as HTML text, with what the numbers of this one add to it."""
        return self.formula

    @property
    def bars_flatness(self) -> bool:
        """Return whether a D of one score everywhere costs something, even at a perfect generator."""
        return False

    @abc.abstractmethod
    def value(
        self,
        critic: Callable[[Tensor], Tensor],
        *,
        real: Tensor,
        fake: Tensor,
        rng: Numbers,
        memory: Tensor | None = None,
    ) -> Tensor:
        """Return the weighted penalty, ``[lanes]``, differentiable with respect to the critic's parameters.

        ``real`` and ``fake`` are ``[lanes, batch, *shape]`` and carry no gradient; ``rng`` draws what the
        penalty needs at random, alike for all lanes. ``memory``, ``[lanes, n_remembered]``, is moved on in place.
        """


class AbstractSlopePenalty(AbstractPenalty):
    """A penalty w E φ(‖∇ₓ t(x)‖²), which perceptrons are trained by without automatic differentiation."""

    __slots__ = ()

    @property
    @abc.abstractmethod
    def points(self) -> Points:
        """Return where slopes are taken, for example :func:`at_real`, :func:`interpolates` or :class:`Around`.

        Penalties with equal points share the passes over them.
        """

    @property
    @abc.abstractmethod
    def factor(self) -> float:
        """Return w, what the mean of φ is multiplied with."""

    @abc.abstractmethod
    def of_squares(self, squares: Tensor) -> Tensor:
        """Return φ of squared slopes, element by element."""

    def of_squares_slope(self, squares: Tensor) -> Tensor:
        """Return φ', the derivative of :meth:`of_squares`."""
        return derivative(self.of_squares, squares)

    def value(
        self,
        critic: Callable[[Tensor], Tensor],
        *,
        real: Tensor,
        fake: Tensor,
        rng: Numbers,
        memory: Tensor | None = None,
    ) -> Tensor:
        """Return the weighted penalty, ``[lanes]``."""
        gradients = input_gradients(critic, self.points(real, fake, rng))
        return self.factor * self.of_squares(gradients.square().sum(-1)).mean(-1)


def input_gradients(critic: Callable[[Tensor], Tensor], points: Tensor) -> Tensor:
    """Return ∇ₓ t(x) at each point, flattened: ``[lanes, batch, features]``, differentiable."""
    return scores_and_gradients(critic, points)[1]


def scores_and_gradients(critic: Callable[[Tensor], Tensor], points: Tensor) -> tuple[Tensor, Tensor]:
    """Return t(x) ``[lanes, batch]`` and ∇ₓ t(x), flattened, ``[lanes, batch, features]``, both differentiable.

    The gradient is of the sum of all scores, so each sample's row is its own gradient and does not depend on the
    batch size.
    """
    import torch

    points = points.detach().requires_grad_()
    scores = critic(points)
    (gradients,) = torch.autograd.grad(scores.sum(), points, create_graph=True)
    return scores, gradients.flatten(2)


def at_real(real: Tensor, fake: Tensor, rng: Numbers) -> Tensor:
    """Return the real samples."""
    return real


def at_fake(real: Tensor, fake: Tensor, rng: Numbers) -> Tensor:
    """Return the fake samples."""
    return fake


def interpolates(real: Tensor, fake: Tensor, rng: Numbers) -> Tensor:
    """Return ε x + (1 - ε) G(z), with an ε of its own for each sample, uniform in [0, 1) and alike in all lanes."""
    import torch

    shape = (1, real.shape[1]) + (1,) * (real.dim() - 2)
    epsilon = torch.as_tensor(rng.random(shape)).to(real)
    return epsilon * real + (1 - epsilon) * fake


@dataclass(frozen=True, slots=True)
class Around:
    """Real samples, moved by independent normal numbers of standard deviation ``sigma``: by nothing on average."""

    sigma: float

    def __call__(self, real: Tensor, fake: Tensor, rng: Numbers, /) -> Tensor:
        """Return x + σ n, with an n of its own for each sample, alike in all lanes."""
        import torch

        normals = torch.as_tensor(rng.standard_normal((1, *real.shape[1:]))).to(real)
        return real + self.sigma * normals


def slopes(squares: Tensor) -> Tensor:
    """Return the roots of squared slopes.

    A tiny floor inside the root keeps the derivative finite for a constant critic.
    """
    return (squares + 1e-24).sqrt()
