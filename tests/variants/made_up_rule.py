"""A rule: the generator moves first."""

from dataclasses import dataclass
from typing import ClassVar

from ganviz.spec import param
from ganviz.training.rules.base import AbstractRule, Game


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpRule(AbstractRule):
    """Both look at each other, G moves, then D moves some more on fresh batches."""

    key: ClassVar[str] = "made_up_rule"
    title: ClassVar[str] = "Made-up rule"

    more: int = param(1, "More updates of D", "How often D moves after G.", low=0, high=10)

    def move(self, game: Game, row: int) -> None:
        """Make one update of each player, and more of D."""
        game.gradients(row)
        game.finish_generator()
        game.finish_discriminator()
        for _ in range(self.more):
            game.discriminator_step(row, is_applied=True)
