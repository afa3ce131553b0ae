"""Both players' losses and their slopes against the score, with the scores of the last batch."""

from __future__ import annotations

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

        axis = np.linspace(self.low, self.high, self.n)
        none = np.empty((subject.n_lanes, 0))
        real, fake = (
            torch.from_numpy((none if scores is None else scores).astype(np.float64))
            for scores in (subject.real_scores, subject.fake_scores)
        )
        at = torch.from_numpy(axis)
        losses = [lane.formulation.loss for lane in subject.config.lanes]
        columns = [_of_generator(loss, at, *pair) for loss, *pair in zip(losses, real, fake, strict=True)]
        columns = [
            (*own, *_of_discriminator(loss, at, *pair))
            for own, loss, *pair in zip(columns, losses, real, fake, strict=True)
        ]
        ghosts = [
            np.stack(part)
            for part in zip(
                *(_arrays(one.g_curve(at)) for one in (Saturating(), NonSaturating())), strict=True
            )
        ]
        made = [np.stack(column) for column in zip(*columns, strict=True)]
        return LossShape(axis.astype(np.float32), *(array.astype(np.float32) for array in (*made, *ghosts)))


def _arrays(tensors: tuple[Tensor, ...]) -> list[NDArray[np.float64]]:
    return [tensor.numpy() for tensor in tensors]


def _of_generator(
    loss: AbstractAdversarialLoss, axis: Tensor, real: Tensor, fake: Tensor
) -> tuple[NDArray[np.float64], ...]:
    """Return curve, slope, places, the mean |slope| there and the share of them where it is gone."""
    curve, slope = _arrays(loss.g_curve(axis))
    if not len(fake) or not loss.has_discriminator:
        nothing = np.array(np.nan)
        return curve, slope, fake.numpy(), nothing, nothing
    places = loss.g_places(real, fake)
    sizes = loss.g_curve(places)[1].abs().numpy()
    return curve, slope, places.numpy(), sizes.mean(), (sizes < GONE).mean()


def _of_discriminator(
    loss: AbstractAdversarialLoss, axis: Tensor, real: Tensor, fake: Tensor
) -> tuple[NDArray[np.float64], ...]:
    """Return curves, slopes and places of both parts; NaN for a second one that there is not."""
    curves = loss.d_curves(axis)
    values, slopes, places = (np.full((2, size), np.nan) for size in (len(axis), len(axis), len(fake)))
    for i, (value, slope) in enumerate(curves):
        values[i], slopes[i] = value.numpy(), slope.numpy()
    if len(fake):
        for i, part in enumerate(loss.d_places(real, fake)):
            places[i] = part.numpy()
    return values, slopes, places
