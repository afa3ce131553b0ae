"""What an adversarial loss is.

Scores are raw discriminator outputs, larger = more real, for every loss. Each player minimizes its own objective.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import Spec

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """Where the curves stand when the generator is perfect and the discriminator optimal.

    A value is None where the equilibrium does not determine it (the constant of a critic, for example).

    Attributes
    ----------
    d_real, d_fake, d_loss, g_loss, total : float or None
        Real and fake part of the discriminator's loss, their sum, the generator's loss, and ``d_loss + g_loss``,
        as means (not halved), in nats where the loss is a cross-entropy.
    score : float or None
        The score on every sample; 0 is D = ½ for a logit.
    """

    d_real: float | None
    d_fake: float | None
    d_loss: float | None
    g_loss: float | None
    total: float | None
    score: float | None


class AbstractAdversarialLoss(Spec, abc.ABC):
    """The two objectives of the game, as functions of both batches of scores.

    Class attributes: ``reference`` (paper and equation), ``score_kind`` ("logit": σ(score) is a probability;
    "regression": scores approach targets; "critic": an unbounded score), ``d_formula`` and ``g_formula`` (the
    objectives as HTML text).
    """

    __slots__ = ()

    reference: ClassVar[str]
    score_kind: ClassVar[str]
    d_formula: ClassVar[str]
    g_formula: ClassVar[str]

    @abc.abstractmethod
    def discriminator(self, *, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Return L_D, ``[lanes]``, from scores ``[lanes, batch]``: what the discriminator minimizes."""

    @abc.abstractmethod
    def generator(self, *, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Return L_G, ``[lanes]``, from scores ``[lanes, batch]``: what the generator minimizes."""

    @abc.abstractmethod
    def equilibrium(self) -> Equilibrium:
        """Return the reference values that charts draw as lines."""

    def decision_score(self) -> float:
        """Return the score at which real and generated are equally likely: the contour D = ½."""
        score = self.equilibrium().score
        return 0.0 if score is None else score


class AbstractPointwiseLoss(AbstractAdversarialLoss):
    """A loss whose objectives are means of functions of single scores.

    Because the functions are pure and element by element, the same code trains, is plotted and is differentiated.
    The three slopes are what the fast step needs; a loss that leaves them out gets them from autograd.
    """

    __slots__ = ()

    @abc.abstractmethod
    def on_real(self, scores: Tensor) -> Tensor:
        """Return the discriminator's loss on real samples, element by element."""

    @abc.abstractmethod
    def on_fake(self, scores: Tensor) -> Tensor:
        """Return the discriminator's loss on fake samples, element by element."""

    @abc.abstractmethod
    def on_generated(self, scores: Tensor) -> Tensor:
        """Return the generator's loss on its own samples, element by element."""

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_real` with respect to the score."""
        return _derivative(self.on_real, scores)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_fake` with respect to the score."""
        return _derivative(self.on_fake, scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_generated` with respect to the score."""
        return _derivative(self.on_generated, scores)

    def discriminator(self, *, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Return mean on_real + mean on_fake, ``[lanes]``."""
        return self.on_real(real_scores).mean(-1) + self.on_fake(fake_scores).mean(-1)

    def generator(self, *, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Return mean on_generated, ``[lanes]``; real scores do not enter."""
        return self.on_generated(fake_scores).mean(-1)


def _derivative(function: object, scores: Tensor) -> Tensor:
    import torch

    assert callable(function)
    with torch.inference_mode(False), torch.enable_grad():
        leaf = scores.clone().detach().requires_grad_()
        (slope,) = torch.autograd.grad(function(leaf).sum(), leaf)
    return slope
