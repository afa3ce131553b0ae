"""Consistency: λ E(t(x) - t(A(x)))², where A moves samples without changing what they are.

Here A(x) = x + σ n with n ~ N(0, I), new for every sample: points and pixels alike allow it, and so the data's own
symmetries need not be known. For images the authors flip and shift by a few pixels instead. With a weight on fake
samples too it is balanced consistency regularization (Zhao et al. 2020, arXiv 2002.04724). To first order it is a
zero-centered penalty of weight λ σ²: on the Dirac game γ = 2 λ σ² where R1 writes γ.

Source: Zhang et al. 2020 (arXiv 1910.12027), equation 1, on the last layer, with λ = 10.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractPenalty, Numbers, every
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency(AbstractPenalty):
    """λ E(t(x) - t(x + σn))² on real samples, and on fake ones where they have a weight."""

    key: ClassVar[str] = "consistency"
    title: ClassVar[str] = "Consistency"
    reference: ClassVar[str] = "Zhang et al. 2020, eq. 1"
    formula: ClassVar[str] = "λ E(t(x) − t(x + σn))²"
    needs_noise: ClassVar[bool] = True

    weight: float = param(
        10.0,
        "λ",
        "Weight on real samples; larger values make D ignore small moves.",
        low=0,
        high=1000,
        log=True,
    )
    fake_weight: float = param(
        0.0,
        "λ on fakes",
        "Weight on fake samples, moved alike; 0 leaves them out.",
        low=0,
        high=1000,
        log=True,
    )
    sigma: float = param(0.1, "σ", "How far samples are moved, as a standard deviation.", low=0, high=10)
    interval: int = every()

    @property
    def words(self) -> str:
        """Return the term on fakes, too, where they have a weight."""
        of_fakes = " + λ<sub>f</sub> E(t(G(z)) − t(G(z) + σn))²" if self.fake_weight else ""
        return f"{self.formula}{of_fakes}"

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
        import torch

        moves = self.sigma * torch.as_tensor(rng.standard_normal((1, *real.shape[1:]))).to(real)
        total = self.weight * (critic(real) - critic(real + moves)).square().mean(-1)
        if self.fake_weight:
            total = total + self.fake_weight * (critic(fake) - critic(fake + moves)).square().mean(-1)
        return total
