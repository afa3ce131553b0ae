"""The generator's loss and its slope against the score, with the scores of the last batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ganviz.losses.adversarial.base import AbstractPointwiseLoss
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class LossShape(Reading):
    """``scores`` ``[n]`` is the axis; ``g_loss`` and ``g_slope`` are ``[lanes, n]``.

    ``fake_scores`` and ``real_scores`` are the last batch's, ``[lanes, batch]`` (empty before the first step), and
    ``mean_slope`` ``[lanes]`` is the mean over the batch of |dL_G/dt|.
    """

    scores: FloatArray
    g_loss: FloatArray
    g_slope: FloatArray
    fake_scores: FloatArray
    real_scores: FloatArray
    mean_slope: FloatArray


@dataclass(frozen=True, slots=True)
class LossShapeProbe(AbstractProbe):
    """The curve over scores ``low … high`` at ``n`` points."""

    low: float = -10.0
    high: float = 10.0
    n: int = 201

    def supports(self, config: RunConfig) -> bool:
        """Return whether every lane's loss is a function of single scores."""
        return all(isinstance(lane.formulation.loss, AbstractPointwiseLoss) for lane in config.lanes)

    def measure(self, subject: Subject) -> LossShape:
        """Return curve and scores at this step."""
        import torch

        axis = np.linspace(self.low, self.high, self.n)
        on_axis = torch.from_numpy(axis)
        none = np.empty((subject.n_lanes, 0), dtype=np.float32)
        fake = none if subject.fake_scores is None else subject.fake_scores
        real = none if subject.real_scores is None else subject.real_scores
        curves, slopes, means = [], [], []
        for lane, config in enumerate(subject.config.lanes):
            loss = config.formulation.loss
            assert isinstance(loss, AbstractPointwiseLoss)
            curves.append(loss.on_generated(on_axis).numpy())
            slopes.append(loss.on_generated_slope(on_axis).numpy())
            of_batch = loss.on_generated_slope(torch.tensor(fake[lane], dtype=torch.float64)).numpy()
            means.append(float(np.abs(of_batch).mean()) if of_batch.size else np.nan)
        made = (np.stack(curves), np.stack(slopes), fake, real, np.array(means))
        return LossShape(axis.astype(np.float32), *(array.astype(np.float32) for array in made))
