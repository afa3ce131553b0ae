"""Extragradient (Korpelevich 1976) with any optimizer (Gidel et al. 2018, arXiv 1802.10551, Algorithms 1 and 4)."""

from typing import ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.rules.base import AbstractRule, Game


@dataclass(frozen=True, slots=True, kw_only=True)
class Extragradient(AbstractRule):
    """Both look one step ahead and move, from where they were, by the gradients found there; with Adam, ExtraAdam.

    Both steps are the optimizers' own and both are counted: moments go on from the step ahead, weights alone are taken
    back. Each gradient has batches of its own. On a bilinear game it spirals inwards.
    """

    key: ClassVar[str] = "extragradient"
    title: ClassVar[str] = "Extragradient"

    def move(self, game: Game, row: int) -> None:
        """Make one update of each player."""
        game.gradients(row)
        take_back = game.look_ahead()
        game.gradients(row)
        take_back()
        game.finish_discriminator()
        game.finish_generator()
