"""What the trainer asks of a way to make steps, and how one player moves by itself."""

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

    def put_latents_back(self) -> None:
        """Let the next update have the latents of the last one."""

    def counts(self) -> Counts:
        """Return how many updates each player's optimizer has made, by row."""


def move_one(method: Method, row: int, *, is_of_d: bool, is_ahead: bool, is_fresh: bool) -> None:
    """Move one player: D, or G at the end of a step whose D has moved, ``is_ahead``, or else is only measured.

    ``is_fresh`` is whether a whole step draws latents for G: else G gets those by which D has moved.
    """
    if is_of_d or not is_ahead:
        method.discriminator_step(row, is_applied=is_of_d)
    if is_of_d:
        return
    if is_ahead and not is_fresh:
        method.put_latents_back()
    method.generator_step(row)
