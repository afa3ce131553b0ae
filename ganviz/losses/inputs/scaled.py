"""Scaled samples: the discriminator sees c x and c G(z), as Metz et al.'s does, which judges x/4.

D* and the divergences stay those of the samples. What changes is how fast D learns: its first weights, and a step of
them, mean slopes c times as steep in the samples' own units. Data and generator stay as large as they are.

Source: Metz et al. 2017 (arXiv 1611.02163), appendix A: "The discriminator network first scaled its input down by a
factor of 4".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.inputs.base import AbstractInput
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled(AbstractInput):
    """Every sample times a number, real and generated alike, before D sees it."""

    key: ClassVar[str] = "scaled"
    title: ClassVar[str] = "Scaled samples"
    reference: ClassVar[str] = "Metz et al. 2017, app. A"
    formula: ClassVar[str] = "cx, cG(z)"
    is_random: ClassVar[bool] = False

    factor: float = param(
        0.25, "c", "D, and penalties, see c times each sample.", low=0.001, high=1000, log=True
    )

    def strength(self, step: int) -> float:
        """Return what is taken away of each sample, 1 - c; below 0 where it grows."""
        return 1 - self.factor

    def seen(self, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return samples · (1 - strength), the samples themselves to the bit where that is 0."""
        return samples * (1 - strength)

    def slopes(self, slopes: Tensor, samples: Tensor, normals: Tensor, strength: Tensor) -> Tensor:
        """Return the slopes times the same."""
        return slopes * (1 - strength)

    def scale(self) -> float:
        """Return c."""
        return self.factor
