"""How the discriminator scores fresh real and generated samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject


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
    """Of ``n`` fixed samples of each kind by the present D in evaluation mode, or of D's last batch, in ``bins`` bins.

    The last batch's scores are those that D's update was made of, with all that D was given to see.
    """

    n: int = 500
    bins: int = 40
    of_batch: bool = False

    def measure(self, subject: Subject) -> ScoreHistogram:
        """Return the histograms at this step."""
        pairs = self._of_batch(subject) if self.of_batch else self._of_samples(subject)
        is_logit = [lane.formulation.loss.score_kind == "logit" for lane in subject.config.lanes]
        lanes = [self._one(a, b, logit) for a, b, logit in zip(*pairs, is_logit, strict=True)]
        edges, counts, means = (np.stack(parts).astype(np.float32) for parts in zip(*lanes, strict=True))
        flags = np.array(is_logit, dtype=np.float32)
        return ScoreHistogram(edges, counts[:, 0], counts[:, 1], flags, means[:, 0], means[:, 1])

    def _of_samples(self, subject: Subject) -> list[FloatArray]:
        """Return the scores of fixed samples, real and generated, ``[lanes, n]`` each."""
        import torch

        with torch.no_grad():
            return [
                subject.scores(samples, number).float().cpu().numpy()
                for number, samples in enumerate(subject.both(self.n))
            ]

    def _of_batch(self, subject: Subject) -> list[FloatArray]:
        """Return the scores of D's last batch, real and generated, ``[lanes, batch]`` each; NaN before the first."""
        unknown = np.full((subject.n_lanes, 1), np.nan, dtype=np.float32)
        return [
            unknown if scores is None else scores for scores in (subject.real_scores, subject.fake_scores)
        ]

    def _one(self, real: FloatArray, generated: FloatArray, is_logit: bool) -> tuple[Any, Any, Any]:
        """Return one lane's edges ``[bins + 1]``, shares ``[2, bins]``, means ``[2]``; NaN where they are unknown."""
        if not np.isfinite(real).all() or not np.isfinite(generated).all():
            unknown = np.full(self.bins + 1, np.nan)
            return unknown, np.stack([unknown[1:], unknown[1:]]), unknown[:2]
        if is_logit:
            real, generated = (0.5 + 0.5 * np.tanh(0.5 * scores) for scores in (real, generated))
            low, high = 0.0, 1.0
        else:
            both = np.concatenate([real, generated])
            low, high = float(both.min()), float(both.max())
            size = max(abs(low), abs(high))
            if high - low < max(1e-6, 1e-5 * size):  # single precision tells no bins of these scores apart
                low, high = low - max(0.5, 1e-3 * size), high + max(0.5, 1e-3 * size)
        edges = np.linspace(low, high, self.bins + 1)
        shares = [np.histogram(scores, edges)[0] / len(scores) for scores in (real, generated)]
        return edges, np.stack(shares), np.array([real.mean(), generated.mean()])


OF_BATCH = ScoreHistogramProbe(of_batch=True)
"""What is of D's last batch."""
