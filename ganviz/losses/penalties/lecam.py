"""LeCam: λ [E(t(x) - α_F)² + E(t(G(z)) - α_R)²], each score drawn to the running mean of the other kind's scores.

α_R and α_F are running means of the scores on real and fake samples; no gradient goes through them. With Wasserstein's
loss, L_D then follows a weighted Le Cam divergence, and D is held back where data are few. It is quadratic in all
scores: on the Dirac game it does not damp. The authors' code computes something else, λ [E max(0, t(x) - α_F)² +
E max(0, α_R - t(G(z)))²], which costs nothing where scores lie on the wrong side: an entry of its own.

Source: Tseng et al. 2021 (arXiv 2104.03310), equation 6, with λ between 0.1 and 0.3 and a memory of 0.99; their
repository google/lecam-gan for the other form.
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractPenalty, Numbers, every
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractLeCam(AbstractPenalty):
    """A penalty on scores, measured from the running means of both kinds.

    It remembers both sums and their weight, by which they are divided: means are right from the first update on.
    """

    reference: ClassVar[str] = "Tseng et al. 2021, eq. 6"
    n_remembered: ClassVar[int] = 3

    weight: float = param(
        0.3, "λ", "Weight of the penalty; larger values hold scores together.", low=0, high=1000, log=True
    )
    decay: float = param(0.99, "β", "Memory of the running means of scores.", low=0, high=0.999999)
    interval: int = every()

    @abc.abstractmethod
    def of_leads(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return the cost of t(x) - α_F and α_R - t(G(z)), element by element."""

    def value(
        self,
        critic: Callable[[Tensor], Tensor],
        *,
        real: Tensor,
        fake: Tensor,
        rng: Numbers,
        memory: Tensor | None = None,
    ) -> Tensor:
        """Return the weighted penalty, ``[lanes]``; without a memory the means are those of the batch."""
        import torch

        on_real, on_fake = critic(real), critic(fake)
        means = torch.stack([on_real.detach().mean(-1), on_fake.detach().mean(-1)], -1)
        if memory is not None:
            memory.mul_(self.decay)
            memory[:, :2] += (1 - self.decay) * means
            memory[:, 2] += 1 - self.decay
            means = memory[:, :2] / memory[:, 2:]
        return self.weight * self.of_leads(on_real - means[:, 1:], means[:, :1] - on_fake).mean(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeCam(AbstractLeCam):
    """λ [E(t(x) - α_F)² + E(t(G(z)) - α_R)²], as it is printed."""

    key: ClassVar[str] = "lecam"
    title: ClassVar[str] = "LeCam"
    formula: ClassVar[str] = "λ [E(t(x) − α<sub>F</sub>)² + E(t(G(z)) − α<sub>R</sub>)²]"

    def of_leads(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return both squares."""
        return real.square() + fake.square()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeCamCode(AbstractLeCam):
    """λ [E max(0, t(x) - α_F)² + E max(0, α_R - t(G(z)))²], as the authors' code has it."""

    key: ClassVar[str] = "lecam_code"
    title: ClassVar[str] = "LeCam (code)"
    formula: ClassVar[str] = "λ [E max(0, t(x) − α<sub>F</sub>)² + E max(0, α<sub>R</sub> − t(G(z)))²]"

    def of_leads(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return both squares, of what is above 0."""
        return real.relu().square() + fake.relu().square()
