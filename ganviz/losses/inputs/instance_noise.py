"""Instance noise: the discriminator sees x + σ n and G(z) + σ n, with n ~ N(0, I) drawn anew each time.

Both densities are blurred by N(0, σ² I). They overlap where they did not, so that D* is smooth, the divergence between
them finite, and G is told where to go; for a mixture of Gaussians of variance s², D* is that of variance s² + σ². On
the Dirac game play converges, which it does not without: the eigenvalues at the equilibrium are
-σ²/4 ± √(σ⁴/16 - ¼) (Mescheder et al. 2018, arXiv 1801.04406).

Source: Sønderby et al. 2016 (arXiv 1610.04490), section 3; Arjovsky & Bottou 2017 (arXiv 1701.04862), section 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.inputs.base import AbstractInput
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceNoise(AbstractInput):
    """Normal noise on every sample, real and generated alike, before D sees it."""

    key: ClassVar[str] = "instance_noise"
    title: ClassVar[str] = "Instance noise"
    reference: ClassVar[str] = "Sønderby et al. 2016, sec. 3"
    formula: ClassVar[str] = "x + σn, G(z) + σn"

    sigma: float = param(
        0.1,
        "σ",
        "Standard deviation of the noise; larger values blur both distributions until they overlap.",
        low=0,
        high=100,
        log=True,
    )
    anneal_steps: int = param(
        0,
        "Annealing",
        "Steps of the run, from its first one, in which the noise falls linearly to nothing; 0 keeps it.",
        low=0,
        high=1_000_000_000,
        unit="steps",
    )

    def strength(self, step: int) -> float:
        """Return σ, less what was annealed until ``step``."""
        if not self.anneal_steps:
            return self.sigma
        return self.sigma * max(0.0, 1 - step / self.anneal_steps)

    def script(self) -> str:
        """Return the same as an expression of ``step``."""
        if not self.anneal_steps:
            return repr(self.sigma)
        return f"{self.sigma} * max(0.0, 1 - step / {self.anneal_steps})"

    def seen(self, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return samples + strength · normals.

        The product and the sum are rounded one by one: fused, they would round otherwise at the end of a loop than in
        its middle, and a lane would depend on its neighbors.
        """
        return samples + normals * strength

    def slopes(self, slopes: Tensor, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return the slopes as they are."""
        return slopes

    def blur(self, step: int) -> float:
        """Return the noise's standard deviation."""
        return self.strength(step)
