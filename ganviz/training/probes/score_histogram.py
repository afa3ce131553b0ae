"""How the discriminator scores fresh real and generated samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class ScoreHistogram(Reading):
    """Densities of D's output on real and generated samples.

    ``edges`` is ``[lanes, bins + 1]``; ``real`` and ``generated`` are ``[lanes, bins]`` shares that sum to 1. The axis
    is the probability σ(t) in 0 … 1 for lanes whose loss has logits (``is_probability`` ``[lanes]`` 1.0), and the raw
    score elsewhere. ``real_mean`` and ``generated_mean`` are ``[lanes]`` on the same axis.
    """

    edges: FloatArray
    real: FloatArray
    generated: FloatArray
    is_probability: FloatArray
    real_mean: FloatArray
    generated_mean: FloatArray


@dataclass(frozen=True, slots=True)
class ScoreHistogramProbe(AbstractProbe):
    """``n`` samples of each kind in ``bins`` bins."""

    n: int = 500
    bins: int = 40

    def supports(self, config: RunConfig) -> bool:
        """Return True: every run has scores."""
        return True

    def measure(self, subject: Subject) -> ScoreHistogram:
        """Return the histograms at this step."""
        raise NotImplementedError
