"""What a rule is: a frozen spec that says in which order gradients are computed and weights moved."""

from __future__ import annotations

import abc
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from ganviz.spec import Spec


class Game(Protocol):
    """What a rule may ask for, however gradients are computed and whatever is played.

    ``row`` is where scores and norms are recorded; what is computed later replaces what was there, so that the record
    is of the gradients by which the weights were moved.
    """

    d_steps: int

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Move the discriminator alone, on fresh batches."""

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute the discriminator's gradient, call ``between``, and compute the generator's, on fresh batches."""

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

    @abc.abstractmethod
    def step(self, game: Game, row: int) -> None:
        """Make one whole step: all but one of the discriminator's updates, then one of each player."""


def lead(game: Game, row: int) -> None:
    """Let the discriminator run ahead: all of its updates but the last, alone against a generator that stands still."""
    for _ in range(game.d_steps - 1):
        game.discriminator_step(row, is_applied=True)
