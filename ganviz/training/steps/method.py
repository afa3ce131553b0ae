"""What the trainer asks of a way to make steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ganviz.training.players import Counts

Between = Callable[[], object]


def nothing() -> None:
    """Do nothing."""


class Method(Protocol):
    """Makes steps of all rows, and writes what they leave behind into a block's row.

    Attributes
    ----------
    name : str
    is_differentiated : bool
        Whether steps need autograd; without it, torch's calls cost less.
    between : callable
        Called after each update of the discriminator, and after those that the generator makes alone; it leaves every
        number as it is.
    """

    name: str
    is_differentiated: bool
    between: Between

    def begin(self, step: int) -> None:
        """Note that the step after ``step`` others comes next: what changes from step to step follows."""

    def step(self, row: int) -> None:
        """Make one whole step, by the configuration's rule."""

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Make one discriminator update on fresh batches, or only measure its scores and gradient."""

    def generator_step(self, row: int) -> None:
        """Make one generator update on fresh latents."""

    def counts(self) -> Counts:
        """Return how many updates each player's optimizer has made, by row."""
