"""One-centered gradient penalty on interpolates: λ E(‖∇ₓ t(x̂)‖ - 1)², x̂ = ε x + (1 - ε) G(z), ε uniform per sample.

It asks the critic for slope 1 between real and fake samples. At a perfect generator it does not vanish: every critic
of unit slope costs nothing and keeps pushing. λ = 10 for images; 0.1 in the authors' toy experiments, where the
reading is then not the Wasserstein distance.

Source: Gulrajani et al. 2017 (arXiv 1704.00028), equation 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.penalties.base import AbstractPenalty, Uniforms, input_gradients
from ganviz.spec import param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientPenalty(AbstractPenalty):
    """λ E(‖∇t(x̂)‖ - 1)² on random interpolates between real and fake samples."""

    key: ClassVar[str] = "gradient_penalty"
    title: ClassVar[str] = "Gradient penalty"
    reference: ClassVar[str] = "Gulrajani et al. 2017, eq. 3"
    formula: ClassVar[str] = "λ E(‖∇t(x̂)‖ − 1)²"

    weight: float = param(
        10.0, "λ", "Weight of the penalty; small values let the slope exceed 1.", low=0, high=1000, log=True
    )

    def value(
        self, critic: Callable[[Tensor], Tensor], *, real: Tensor, fake: Tensor, rng: Uniforms
    ) -> Tensor:
        """Return λ times the mean squared deviation of the slope from 1, ``[lanes]``."""
        import torch

        shape = (1, real.shape[1]) + (1,) * (real.dim() - 2)
        epsilon = torch.as_tensor(rng.random(shape)).to(real)
        gradients = input_gradients(critic, epsilon * real + (1 - epsilon) * fake)
        # A tiny floor inside the root keeps the derivative finite for a constant critic.
        slope = (gradients.square().sum(-1) + 1e-24).sqrt()
        return self.weight * (slope - 1).square().mean(-1)
