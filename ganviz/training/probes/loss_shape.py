"""The generator's loss and its slope against the score, with the scores of the last batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class LossShape(Reading):
    """``axis`` ``[n]`` is what the losses are functions of; ``g_loss`` and ``g_slope`` are ``[lanes, n]``.

    ``places`` are where the generated samples of the last batch lie on it, ``[lanes, batch]`` (empty before the first
    step), and ``mean_slope`` ``[lanes]`` is the mean of the |slopes| there. The axis is the score for losses of single
    scores and a sample's lead over real ones for losses of differences: ``g_argument`` of each loss says it in words.
    """

    axis: FloatArray
    g_loss: FloatArray
    g_slope: FloatArray
    places: FloatArray
    mean_slope: FloatArray


@dataclass(frozen=True, slots=True)
class LossShapeProbe(AbstractProbe):
    """The curve over ``low … high`` at ``n`` points."""

    low: float = -10.0
    high: float = 10.0
    n: int = 201

    def supports(self, config: RunConfig) -> bool:
        """Return True: a generated sample's own term is a function of one number in every kind of loss."""
        return True

    def measure(self, subject: Subject) -> LossShape:
        """Return curve and places at this step."""
        import torch

        axis = np.linspace(self.low, self.high, self.n)
        none = np.empty((subject.n_lanes, 0))
        fake, real = (
            torch.from_numpy((none if scores is None else scores).astype(np.float64))
            for scores in (subject.fake_scores, subject.real_scores)
        )
        curves, slopes, places, means = [], [], [], []
        for lane, config in enumerate(subject.config.lanes):
            loss = config.formulation.loss
            curve, slope = loss.g_curve(torch.from_numpy(axis))
            at = loss.g_places(real[lane], fake[lane]) if fake.shape[-1] else fake[lane]
            curves.append(curve.numpy())
            slopes.append(slope.numpy())
            places.append(at.numpy())
            means.append(float(loss.g_curve(at)[1].abs().mean()) if len(at) else np.nan)
        made = (np.stack(curves), np.stack(slopes), np.stack(places), np.array(means))
        return LossShape(axis.astype(np.float32), *(array.astype(np.float32) for array in made))
