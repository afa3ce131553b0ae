"""Both players' losses and their slopes against the score, with the scores of the last batch."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.base import AbstractAdversarialLoss

GONE = 0.05
"""A slope whose size is smaller than this is called gone."""
GHOSTS = ("saturating", "non-saturating")


@dataclass(frozen=True, slots=True)
class LossShape(Reading):
    """``axis`` ``[n]`` is what the losses are functions of; ``g_loss`` and ``g_slope`` are ``[lanes, n]``.

    The axis is the score for losses of single scores and a lead for losses of differences: ``g_argument`` of each loss
    says it in words.

    Attributes
    ----------
    places : ndarray, ``[lanes, batch]``
        Where the generated samples of the last batch lie on the axis; empty before the first step.
    mean_slope, gone : ndarray, ``[lanes]``
        The mean of the generator's |slopes| there, and the share of the batch where they are below ``GONE``.
    d_loss, d_slope : ndarray, ``[lanes, 2, n]``
        The discriminator's part on real and on fake samples; the second is NaN for losses of pairs.
    d_places : ndarray, ``[lanes, 2, batch]``
        Where the samples lie on them.
    ghost_loss, ghost_slope : ndarray, ``[2, n]``
        The generator losses of the original paper, as ``GHOSTS`` names them.
    """

    axis: FloatArray
    g_loss: FloatArray
    g_slope: FloatArray
    places: FloatArray
    mean_slope: FloatArray
    gone: FloatArray
    d_loss: FloatArray
    d_slope: FloatArray
    d_places: FloatArray
    ghost_loss: FloatArray
    ghost_slope: FloatArray


@dataclass(frozen=True, slots=True)
class LossShapeProbe(AbstractProbe):
    """The curves over ``low … high`` at ``n`` points."""

    low: float = -10.0
    high: float = 10.0
    n: int = 201

    def measure(self, subject: Subject) -> LossShape:
        """Return curves and places at this step."""
        import torch

        from ganviz.losses.adversarial.non_saturating import NonSaturating
        from ganviz.losses.adversarial.saturating import Saturating

        none = np.empty((subject.n_lanes, 0))
        real, fake = (
            torch.from_numpy((none if scores is None else scores).astype(np.float64))
            for scores in (subject.real_scores, subject.fake_scores)
        )
        losses = tuple(lane.formulation.loss for lane in subject.config.lanes)
        at = [_places(loss, *pair) for loss, *pair in zip(losses, real, fake, strict=True)]
        places, mean_slope, gone, d_places = (_stacked(column) for column in zip(*at, strict=True))
        g_loss, g_slope, d_loss, d_slope = (curve.copy() for curve in _stacked_curves(losses, self))
        return LossShape(
            self.axis().astype(np.float32), g_loss, g_slope, places, mean_slope, gone, d_loss, d_slope, d_places,
            *(curve.copy() for curve in _stacked_curves((Saturating(), NonSaturating()), self)[:2]),
        )  # fmt: skip

    def axis(self) -> NDArray[np.float64]:
        """Return where the curves are evaluated."""
        return np.linspace(self.low, self.high, self.n)


def _stacked(arrays: tuple[NDArray[np.float64], ...]) -> FloatArray:
    return np.stack(arrays).astype(np.float32)


@lru_cache(maxsize=16)
def _stacked_curves(
    losses: tuple[AbstractAdversarialLoss, ...], probe: LossShapeProbe
) -> tuple[FloatArray, ...]:
    """Return all lanes' curves and slopes: they change with the losses and the range, not with the run."""
    return tuple(_stacked(column) for column in zip(*(_curves(loss, probe) for loss in losses), strict=True))


@lru_cache(maxsize=64)
def _curves(loss: AbstractAdversarialLoss, probe: LossShapeProbe) -> tuple[NDArray[np.float64], ...]:
    """Return both players' curves and slopes."""
    import torch

    at = torch.from_numpy(probe.axis())
    values, slopes = (np.full((2, probe.n), np.nan) for _ in range(2))
    for i, (value, slope) in enumerate(loss.d_curves(at)):
        values[i], slopes[i] = value.numpy(), slope.numpy()
    return (*(tensor.numpy() for tensor in loss.g_curve(at)), values, slopes)


def _places(loss: AbstractAdversarialLoss, real: Tensor, fake: Tensor) -> tuple[NDArray[np.float64], ...]:
    """Return the generated samples' places, the mean |slope| there, the share of them where it is gone, and D's.

    D's second places are NaN where its loss has one part.
    """
    d_places = np.full((2, len(fake)), np.nan)
    if len(fake):
        for i, part in enumerate(loss.d_places(real, fake)):
            d_places[i] = part.numpy()
    if not len(fake) or not loss.has_discriminator:
        nothing = np.array(np.nan)
        return fake.numpy(), nothing, nothing, d_places
    places = loss.g_places(real, fake)
    sizes = loss.g_curve(places)[1].abs().numpy()
    return places.numpy(), sizes.mean(), (sizes < GONE).mean(), d_places
