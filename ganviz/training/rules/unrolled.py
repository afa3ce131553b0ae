"""Unrolled GANs (Metz et al. 2017, arXiv 1611.02163, equations 4 to 8)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.base import AbstractAdversarialLoss, Equilibrium
from ganviz.spec import param
from ganviz.spec.frozen import dataclass
from ganviz.training.rules.base import AbstractRule, Game

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrolled(AbstractRule):
    """D moves, then G against what D would become in K more steps, through which its own slope is taken.

    G sees how D would answer: that damps the rotation and punishes collapse. The K steps are plain descent on G's own
    batch, and are forgotten afterwards. Where L_G is D's fake part with the sign turned, G descends all of V = -L_D:
    its real part is no constant any more, since D's answer depends on G. Gradients are differentiated again.
    """

    key: ClassVar[str] = "unrolled"
    title: ClassVar[str] = "Unrolled"
    needs_curvature: ClassVar[bool] = True

    inner_steps: int = param(
        5, "Unrolled steps K", "Steps of D that G looks ahead; each makes a step slower.", low=1, high=50
    )
    inner_rate: float = param(
        0.1,
        "Inner rate η",
        "Size of these steps, plain descent; larger ones damp more, until they overshoot.",
        low=0,
        high=100,
        log=True,
    )

    @property
    def unrolling(self) -> tuple[int, float]:
        """Return K and η."""
        return self.inner_steps, self.inner_rate

    def g_terms(self, loss: AbstractAdversarialLoss, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return the parts of -L_D where the game is one of sum zero, and the loss's own otherwise."""
        if loss.is_canceling:
            return tuple(-term for term in loss.d_terms(real, generated))
        return loss.g_terms(real, generated)

    def g_formula(self, loss: AbstractAdversarialLoss) -> str:
        """Return L_G = -L_D where the game is one of sum zero, of D as it would be; else the loss's own."""
        steps = "1 step" if self.inner_steps == 1 else f"{self.inner_steps} steps"
        return f"{'−L<sub>D</sub>' if loss.is_canceling else loss.g_formula}, D {steps} ahead"

    def equilibrium(self, loss: AbstractAdversarialLoss) -> Equilibrium:
        """Return L_G = -L_D, total 0, where the game is one of sum zero."""
        found = loss.equilibrium()
        if not loss.is_canceling:
            return found
        return replace(found, g_loss=None if found.d_loss is None else 0.0 - found.d_loss, total=0.0)

    def move(self, game: Game, row: int) -> None:
        """Make one update of each player."""
        game.gradients(row, game.finish_discriminator)
        game.finish_generator()
