"""Which score stands between real and generated samples, lane by lane, and what the line there is called."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class LaneScores:
    """What is known of the scores of each lane."""

    config: RunConfig

    def decision(self, lane: int) -> float:
        """Return the score between real and generated."""
        return self.config.lanes[lane].formulation.loss.decision_score()

    def contour_name(self) -> str:
        """Return what the line at the decision score is, in words that are true of every lane."""
        n = len(self.config.lanes)
        kinds = {lane.formulation.loss.score_kind for lane in self.config.lanes}
        values = {self.decision(lane) for lane in range(n)}
        if len(values) != 1 or ("logit" in kinds and len(kinds) > 1):
            return "boundary"
        (value,) = values
        if kinds != {"logit"}:
            return f"score {value:g}"
        return "D = ½" if value == 0 else f"D = {0.5 + 0.5 * math.tanh(0.5 * value):.3g}"
