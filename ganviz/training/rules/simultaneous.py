"""Both players at once, as in the theory of gradient play (Mescheder et al. 2017, arXiv 1705.10461)."""

from typing import ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.rules.base import AbstractRule, Game


@dataclass(frozen=True, slots=True, kw_only=True)
class Simultaneous(AbstractRule):
    """D and G move together, each against the other as it was.

    On a bilinear game it spirals outwards, however small the steps are.
    """

    key: ClassVar[str] = "simultaneous"
    title: ClassVar[str] = "Simultaneous"

    def move(self, game: Game, row: int) -> None:
        """Make one update of each player."""
        game.gradients(row)
        game.finish_discriminator()
        game.finish_generator()
