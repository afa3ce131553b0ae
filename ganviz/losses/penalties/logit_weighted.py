"""Roth's regularizer: (γ/2) [E (1 - D(x))² ‖∇t(x)‖² + E D(G(z))² ‖∇t(G(z))‖²], with D = σ(t).

It is what noise of variance γ on D's inputs does, to first order: slopes cost most where D is wrong. Unlike R1 it is
weighed by the logit, and D learns through the weights too. On the Dirac game play converges: the eigenvalues at the
equilibrium are -γ/4 ± √(γ²/16 - ¼), those of instance noise with σ² = γ. The authors start with γ = 2 for noise of
which the scale is 1, and let it fall; 0.1 to 2 are usual.

Source: Roth et al. 2017 (arXiv 1705.09367), equation 23 with the logit's slope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractPenalty, Numbers, every, scores_and_gradients
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Roth(AbstractPenalty):
    """Squared slopes on real and fake samples, weighed by how wrong D is there."""

    key: ClassVar[str] = "roth"
    title: ClassVar[str] = "Roth's regularizer"
    reference: ClassVar[str] = "Roth et al. 2017"
    formula: ClassVar[str] = "(γ/2) [E (1 − D(x))²‖∇t(x)‖² + E D(G(z))²‖∇t(G(z))‖²]"

    gamma: float = param(
        0.1,
        "γ",
        "Weight, the variance of the noise that it stands for; larger values flatten D where it is wrong.",
        low=0,
        high=1000,
        log=True,
    )
    interval: int = every()

    def refusal(self, score_kind: str, loss: str) -> str:
        """Return why a score that is no logit will not do: it has no probability to weigh by."""
        if score_kind in ("logit", "none"):
            return AbstractPenalty.refusal(self, score_kind, loss)
        return f"{self.title} weighs slopes by the probability D = σ(t); the score of {loss} is no logit."

    def value(
        self,
        critic: Callable[[Tensor], Tensor],
        *,
        real: Tensor,
        fake: Tensor,
        rng: Numbers,
        memory: Tensor | None = None,
    ) -> Tensor:
        """Return the weighted penalty, ``[lanes]``."""
        on_real, on_fake = scores_and_gradients(critic, real), scores_and_gradients(critic, fake)
        total = _weighed(-on_real[0], on_real[1]) + _weighed(*on_fake)
        return 0.5 * self.gamma * total


def _weighed(scores: Tensor, gradients: Tensor) -> Tensor:
    """Return E σ(score)² ‖∇t‖²."""
    return (scores.sigmoid().square() * gradients.square().sum(-1)).mean(-1)
