"""What a rule is: a frozen spec that says in which order gradients are computed and weights moved."""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Protocol

from ganviz.losses.adversarial.base import AbstractAdversarialLoss, Equilibrium
from ganviz.spec import Spec
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


class Game(Protocol):
    """What a rule may ask for, however gradients are computed and whatever is played.

    ``row`` is where scores and norms are recorded; what is computed later replaces what was there, so that the record
    is of the gradients by which the weights were moved.
    """

    d_steps: int
    g_steps: int

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Move the discriminator alone, on fresh batches."""

    def generator_step(self, row: int) -> None:
        """Move the generator alone, on fresh batches."""

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute the discriminator's gradient, call ``between``, and compute the generator's, on fresh batches.

        The generator's is against the discriminator that the rule's ``unrolling`` leads to.
        """

    def gradients_to_rest(self, row: int, strength: float) -> None:
        """Compute both gradients at one place, and add those of ``strength`` times half the sum of their squares."""

    def look_ahead(self) -> Callable[[], object]:
        """Move both players by their gradients for a while; return what takes their weights back."""

    def finish_discriminator(self) -> None:
        """Move the discriminator by its gradient, within its constraint."""

    def finish_generator(self) -> None:
        """Move the generator by its gradient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractRule(Spec, abc.ABC):
    """Who moves when in one step; ``needs_curvature`` where gradients are differentiated again."""

    needs_curvature: ClassVar[bool] = False

    @property
    def unrolling(self) -> tuple[int, float]:
        """Return how many steps of D, and of what size, G's slope is taken through; 0 for D as it is."""
        return 0, 0.0

    def g_terms(self, loss: AbstractAdversarialLoss, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return what the generator's objective is the sum of the means of, each ``[…, batch]``."""
        return loss.g_terms(real, generated)

    def g_formula(self, loss: AbstractAdversarialLoss) -> str:
        """Return what the generator's objective is, as a formula."""
        return loss.g_formula

    def equilibrium(self, loss: AbstractAdversarialLoss) -> Equilibrium:
        """Return where this rule's curves stand when the game is over."""
        return loss.equilibrium()

    @abc.abstractmethod
    def move(self, game: Game, row: int) -> None:
        """Make one update of each player."""

    def step(self, game: Game, row: int) -> None:
        """Make one whole step: all but one of D's updates alone, one of each player, and the rest of G's alone."""
        for _ in range(game.d_steps - 1):
            game.discriminator_step(row, is_applied=True)
        self.move(game, row)
        for _ in range(game.g_steps - 1):
            game.generator_step(row)
