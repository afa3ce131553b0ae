"""Losses of samples: G descends a distance between a real and a generated batch, and there is no discriminator.

They stand beside the games as what training without an adversary reaches. The distances are those of a kernel k:
E k(x, x′) + E k(y, y′) - 2 E k(x, y), with pairs of different samples only, so that the mean over batches is the
distance of the distributions (Gretton et al. 2012, JMLR 13, equation 3). A single batch may give less than 0.
"""

from __future__ import annotations

import abc
import math
from typing import TYPE_CHECKING, ClassVar, cast

from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.losses.adversarial.facts import Equilibrium

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


class AbstractSampleLoss(AbstractAdversarialLoss):
    """A loss of samples ``[…, n, numbers]`` by a kernel of squared distances; what it says of scores is NaN."""

    __slots__ = ()

    family: ClassVar[str] = "Without a discriminator"
    score_kind: ClassVar[str] = "none"
    has_discriminator: ClassVar[bool] = False
    generator_sees_real: ClassVar[bool] = True
    d_formula: ClassVar[str] = "none"
    d_convention: ClassVar[str] = "loss of a D that is not there"
    g_argument: ClassVar[str] = "distance of two samples"

    @abc.abstractmethod
    def kernel(self, squares: Tensor) -> Tensor:
        """Return k of squared distances, element by element; differentiable also at 0."""

    @abc.abstractmethod
    def kernel_slope(self, squares: Tensor) -> Tensor:
        """Return the derivative of :meth:`kernel`; at 0 any finite number will do."""

    def distance(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return L_G, ``[…]``; it can be differentiated any number of times."""
        pairs = (real, real), (generated, generated), (real, generated)
        squares = ((a[..., :, None, :] - b[..., None, :, :]).square().sum(-1) for a, b in pairs)
        among_real, among_generated, between = (self.kernel(one) for one in squares)
        return _among(among_real) + _among(among_generated) - 2 * between.mean((-2, -1))

    def with_slopes(self, real: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
        """Return L_G and its derivative with respect to each number of the generated samples, without autograd."""
        n, m = generated.shape[-2], real.shape[-2]
        own, between = _squares(generated, generated), _squares(generated, real)
        among_real = _among(self.kernel(_squares(real, real)))
        value = among_real + _among(self.kernel(own)) - 2 * self.kernel(between).mean((-2, -1))
        slopes = _pulled(generated, generated, self.kernel_slope(own) * (4 / (n * (n - 1))))
        slopes -= _pulled(generated, real, self.kernel_slope(between) * (4 / (n * m)))
        return value, slopes

    def d_terms(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return NaN: there is no L_D."""
        return (fake * math.nan,)

    def g_terms(self, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return NaN: L_G is no function of scores."""
        return (generated * math.nan,)

    def d_slopes(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Return 0: scores pull nobody."""
        return real * 0.0, fake * 0.0

    def g_slopes(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return 0: scores pull nobody."""
        return generated * 0.0

    def g_places(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return NaN: a sample's pull depends on all others."""
        return generated * math.nan

    def g_curve(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return NaN."""
        return places * math.nan, places * math.nan

    def g_shape(self, places: Floats) -> Floats:
        """Return -k: what draws a generated sample to a real one at these distances."""
        return cast("Floats", -self.kernel(cast("Tensor", places**2)))

    def d_shape(self, places: Floats) -> Floats:
        """Return NaN."""
        return places * math.nan

    def d_places(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return NaN."""
        return (fake * math.nan,)

    def d_curves(self, places: Tensor) -> tuple[tuple[Tensor, Tensor], ...]:
        """Return NaN."""
        return ((places * math.nan, places * math.nan),)

    def equilibrium(self) -> Equilibrium:
        """Return L_G = 0, in the mean over batches."""
        return Equilibrium(None, None, None, 0.0, None, None)


def as_sample_loss(loss: AbstractAdversarialLoss) -> AbstractSampleLoss | None:
    """Return a loss that is one of samples, else None: no other place asks a loss of what kind it is."""
    return loss if isinstance(loss, AbstractSampleLoss) else None


def _squares(a: Tensor, b: Tensor) -> Tensor:
    """Return squared distances from differences: a product of matrices would round those of near samples away."""
    import torch

    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist").square()


def _among(values: Tensor) -> Tensor:
    """Return the mean over pairs of different samples of one batch."""
    n = values.shape[-1]
    return (values.sum((-2, -1)) - values.diagonal(dim1=-2, dim2=-1).sum(-1)) / (n * (n - 1))


def _pulled(samples: Tensor, others: Tensor, weights: Tensor) -> Tensor:
    """Return Σ_j w_ij (sample_i - other_j)."""
    return weights.sum(-1, keepdim=True) * samples - weights @ others
