"""The paper's rule (Goodfellow et al. 2014, arXiv 1406.2661, Algorithm 1)."""

from typing import ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.rules.base import AbstractRule, Game


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternating(AbstractRule):
    """D moves, then G against the D that has moved.

    On a bilinear game it circles the equilibrium for ever, at a bounded distance.
    """

    key: ClassVar[str] = "alternating"
    title: ClassVar[str] = "Alternating"

    def move(self, game: Game, row: int) -> None:
        """Make one update of each player."""
        game.gradients(row, game.finish_discriminator)
        game.finish_generator()
