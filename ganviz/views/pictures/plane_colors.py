"""What colors a plane: what D says, what the best possible D would say, or how far the two are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import Extent
from ganviz.training.probes.base import Reading
from ganviz.training.probes.optimal_surface import OptimalSurface
from ganviz.training.probes.surface import Surface
from ganviz.views.bases.planes import ScoreRange
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.pictures.plane_values import probability
from ganviz.views.plot.scales import round_up

Floats = NDArray[np.floating[Any]]
Readings = Mapping[type[Reading], Reading]

DIFFERENCE = ScoreRange(False, 0.0, 0.5, title="D(x) − D*(x)", ends=("below D*", "above D*"))
"""Fixed, so that lanes and steps can be compared; what is farther apart has the outermost colors."""


@dataclass(slots=True)
class PlaneColors:
    """Chooses the layer that colors the planes, and keeps each lane's range of scores from changing all the time."""

    _reaches: dict[int, float] = field(default_factory=dict)

    def forget(self) -> None:
        """Begin with no range, for another run."""
        self._reaches.clear()

    @staticmethod
    def layer(shown: frozenset[str], readings: Readings, scores: LaneScores, lane: int) -> str:
        """Return the layer that colors a lane: the difference, else D*, else D, as far as they are known; or nothing.

        A lane whose scores are no logits has no D* and no difference, and shows D; one without D has none.
        """
        if not scores.config.lanes[lane].has_discriminator:
            return ""
        known = {"surface": Surface in readings}
        known["optimal"] = OptimalSurface in readings and scores.is_probability(lane)
        known["difference"] = all(known.values())
        return next((key for key in ("difference", "optimal", "surface") if key in shown and known[key]), "")

    @staticmethod
    def grid(layer: str, readings: Readings, scores: LaneScores, lane: int) -> tuple[Floats, Extent] | None:
        """Return what is colored in a lane: scores, or a difference of probabilities; None where there is none."""
        surface, optimal = readings.get(Surface), readings.get(OptimalSurface)
        if layer == "surface" and isinstance(surface, Surface):
            return surface.scores[lane], surface.extent
        if layer == "optimal" and isinstance(optimal, OptimalSurface):
            return optimal.scores[lane], optimal.extent
        if layer == "difference" and isinstance(surface, Surface) and isinstance(optimal, OptimalSurface):
            if not scores.is_probability(lane) or surface.scores.shape != optimal.scores.shape:
                return None
            return _sigmoid(surface.scores[lane]) - _sigmoid(optimal.scores[lane]), surface.extent
        return None

    def range_of(self, layer: str, readings: Readings, scores: LaneScores, lane: int) -> ScoreRange:
        """Return the colors' range: fixed for probabilities, round and slow to change for raw scores."""
        if layer == "difference" and scores.is_probability(lane):
            return DIFFERENCE
        if layer == "optimal":
            return ScoreRange(True, symbol="D*(x)")
        if scores.is_probability(lane):
            return ScoreRange(True)
        center = scores.decision(lane)
        surface, reach = readings.get(Surface), self._reaches.get(lane, 0.0)
        if isinstance(surface, Surface):
            known = surface.scores[lane]
            far = float(np.nanmax(np.abs(known - center), initial=1e-6, where=np.isfinite(known)))
            if not 0.4 * reach <= far <= reach:
                reach = self._reaches[lane] = round_up(far)
        return ScoreRange(False, center, reach or 1.0, is_mean=scores.mean(lane) is not None)


def difference_at(score: float, optimal: float) -> float:
    """Return by how much D's probability is above that of the best possible D."""
    return probability(score) - probability(optimal)


def _sigmoid(scores: Floats) -> Floats:
    return 0.5 + 0.5 * np.tanh(0.5 * scores.astype(np.float64))
