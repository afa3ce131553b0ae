"""Maximum mean discrepancy, squared and unbiased: E k(x, x′) + E k(y, y′) - 2 E k(x, y), k = exp(-‖·‖² / 2ℓ²).

Minimized by G; 0 for equal distributions in the mean over batches. A single batch of n gives -2/n to 2. It sees
differences that are not much smaller or larger than ℓ: samples farther than a few ℓ from all data are pulled by
nothing.

Source: Gretton et al. 2012 (JMLR 13), equation 3; as a generator's loss Li et al. 2015 (arXiv 1502.02761), Dziugaite
et al. 2015 (arXiv 1505.03906).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ganviz.losses.adversarial.facts import Range
from ganviz.losses.adversarial.of_samples import AbstractSampleLoss
from ganviz.losses.elementary import exp
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class MMD(AbstractSampleLoss):
    """How far apart the two batches are as seen through Gaussian kernels."""

    key: ClassVar[str] = "mmd"
    title: ClassVar[str] = "MMD"
    reference: ClassVar[str] = "Gretton et al. 2012, eq. 3; Li et al. 2015"
    g_formula: ClassVar[str] = "E k(x, x′) + E k(G(z), G(z′)) − 2 E k(x, G(z)), k = exp(−‖·‖² / 2ℓ²)"
    g_range: ClassVar[Range] = Range(-1.0, 2.0)
    divergence: ClassVar[str] = "MMD² with a Gaussian kernel"
    behavior: ClassVar[str] = (
        "No game: generated samples are drawn to data within a few ℓ and keep away from each other."
    )

    bandwidth: float = param(
        0.5,
        "Bandwidth ℓ",
        "Width of the kernel: about that of what is to be told apart; for digits 5 to 10.",
        low=0,
        high=1e6,
        open_low=True,
        log=True,
    )

    @property
    def _rate(self) -> float:
        return -0.5 / self.bandwidth**2

    def kernel(self, squares: Tensor) -> Tensor:
        """Return exp(-s / 2ℓ²)."""
        return exp(self._rate * squares)

    def kernel_slope(self, squares: Tensor) -> Tensor:
        """Return -k / 2ℓ²."""
        return self._rate * exp(self._rate * squares)
