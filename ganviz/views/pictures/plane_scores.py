"""Which score stands between real and generated samples, lane by lane, and what the line there is called."""

from __future__ import annotations

import math

from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.score_histogram import ScoreHistogram
from ganviz.views.look.status_words import without_d


@dataclass(frozen=True, slots=True)
class LaneScores:
    """What is known of the scores of each lane; ``batch`` is None where nothing is asked of the batch's mean."""

    config: RunConfig
    batch: ScoreHistogram | None = None

    def is_probability(self, lane: int) -> bool:
        """Return whether a lane's scores are logits, of which D is the probability."""
        return self.config.lanes[lane].formulation.loss.score_kind == "logit"

    def is_free(self, lane: int) -> bool:
        """Return whether a lane's loss leaves the scores' constant free, so that only differences mean anything."""
        one = self.config.lanes[lane]
        return one.has_discriminator and one.formulation.loss.equilibrium().score is None

    def is_any_free(self) -> bool:
        """Return whether a lane's colors are about the mean score of the batch."""
        return any(self.is_free(lane) for lane in range(len(self.config.lanes)))

    def mean(self, lane: int) -> float | None:
        """Return what a critic says of the batch on average; None for other losses and where it is not known."""
        if self.batch is None or not self.is_free(lane) or lane >= len(self.batch.real_mean):
            return None
        mean = float(self.batch.real_mean[lane] + self.batch.generated_mean[lane]) / 2
        return mean if math.isfinite(mean) else None

    def decision(self, lane: int) -> float:
        """Return the score between real and generated: that of the loss, else the mean of the batch."""
        mean = self.mean(lane)
        return self.config.lanes[lane].formulation.loss.decision_score() if mean is None else mean

    def has_d(self, lane: int) -> bool:
        """Return whether a lane trains a discriminator, of which layers could show something."""
        return self.config.lanes[lane].has_discriminator

    def absence(self, lane: int) -> str:
        """Return why the layers of D have nothing of a lane; nothing where they have."""
        words = without_d(self.config, lane)
        return f"{words}: no surface, no arrows" if words else ""

    def contour_name(self) -> str:
        """Return what the line at the decision score is, in words that are true of every lane."""
        playing = [lane for lane, one in enumerate(self.config.lanes) if one.has_discriminator]
        if all(self.mean(lane) is not None for lane in playing):
            return "batch’s mean score"
        kinds = {self.config.lanes[lane].formulation.loss.score_kind for lane in playing}
        values = {self.decision(lane) for lane in playing}
        if len(values) != 1 or ("logit" in kinds and len(kinds) > 1):
            return "boundary"
        (value,) = values
        if kinds != {"logit"}:
            return f"score {value:g}"
        return "D = ½" if value == 0 else f"D = {0.5 + 0.5 * math.tanh(0.5 * value):.3g}"
