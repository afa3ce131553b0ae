"""Energy distance: 2 E ‖x - y‖ - E ‖x - x′‖ - E ‖y - y′‖, unbiased; in one dimension twice the Cramér distance.

Minimized by G; 0 for equal distributions in the mean over batches, else above. It has no width to choose: every sample
is pulled by all data with a force of length 1 each, however far they are. It is the distance of the kernel -‖·‖.

Source: Székely and Rizzo 2013 (J. Stat. Plan. Inference 143), equation 2.1; as a loss Bellemare et al. 2017
(arXiv 1705.10743).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.of_samples import AbstractSampleLoss
from ganviz.losses.elementary import sqrt
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

NEAREST = 1e-20
"""Squared distances below this count as this, without a slope: the root has none at 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyDistance(AbstractSampleLoss):
    """Nearness to data, less nearness to each other."""

    key: ClassVar[str] = "energy_distance"
    title: ClassVar[str] = "Energy distance"
    reference: ClassVar[str] = "Székely and Rizzo 2013; Bellemare et al. 2017"
    g_formula: ClassVar[str] = "2 E ‖x − G(z)‖ − E ‖x − x′‖ − E ‖G(z) − G(z′)‖"
    divergence: ClassVar[str] = "energy distance"
    behavior: ClassVar[str] = (
        "No game: all data pull every sample, with forces of length 1 however far; samples repel each other."
    )

    def kernel(self, squares: Tensor) -> Tensor:
        """Return -√s."""
        return -sqrt(squares.clip(min=NEAREST))

    def kernel_slope(self, squares: Tensor) -> Tensor:
        """Return -1 / 2√s, and 0 where s is nothing."""
        return -0.5 / sqrt(squares.clip(min=NEAREST)) * (squares >= NEAREST)
