"""The generator's loss and its slope against the score, with the scores of the last batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        raise NotImplementedError

    def measure(self, subject: Subject) -> LossShape:
        """Return curve and scores at this step."""
        raise NotImplementedError
