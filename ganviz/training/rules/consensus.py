"""Consensus optimization (Mescheder et al. 2017, arXiv 1705.10461, Algorithm 2)."""

from typing import ClassVar

from ganviz.spec import param
from ganviz.spec.frozen import dataclass
from ganviz.training.rules.base import AbstractRule, Game


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus(AbstractRule):
    """Both move together, and each also to where the gradients of both are smaller: v ← v - γ ∇½‖v‖².

    It damps the rotation of a game and leaves its equilibria where they are, but may be drawn to other places where
    nothing pulls. Gradients are differentiated again, so a step takes many times as long.
    """

    key: ClassVar[str] = "consensus"
    title: ClassVar[str] = "Consensus"
    needs_curvature: ClassVar[bool] = True

    gamma: float = param(
        0.1, "γ", "Weight of the gradients' size; larger values damp more, until nothing moves.",
        low=0, high=1000, log=True,
    )  # fmt: skip

    def move(self, game: Game, row: int) -> None:
        """Make one update of each player."""
        game.gradients_to_rest(row, self.gamma)
        game.finish_discriminator()
        game.finish_generator()
