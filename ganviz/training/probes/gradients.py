"""The direction in which the chosen loss moves each generated sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class GradientArrows(Reading):
    """``points`` ``[lanes, n, 2]`` are generated samples, ``vectors`` ``[lanes, n, 2]`` are -∇ₓ of each one's own loss.

    Where data are standardized, ∇ₓ is with respect to what the networks learn, whose unit is alike along both axes.

    The loss is the lane's chosen generator loss as a function of the sample, not divided by the batch size; a
    saturated loss shows short arrows.
    """

    points: FloatArray
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class GradientArrowsProbe(AbstractProbe):
    """-∇ₓ L_G at ``n`` generated samples (the first of the samples that the plane shows)."""

    n: int = 120

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def measure(self, subject: Subject) -> GradientArrows:
        """Return the arrows at this step."""
        import torch

        points = subject.generator(subject.latents(self.n)).detach()
        leaf = points.clone().requires_grad_()
        with torch.enable_grad():
            scores = subject.scores(leaf, 1)
            losses = [
                lane.formulation.loss.generator(
                    real_scores=scores[i : i + 1].detach(), fake_scores=scores[i : i + 1]
                )
                for i, lane in enumerate(subject.config.lanes)
            ]
            (gradient,) = torch.autograd.grad(torch.cat(losses).sum() * scores.shape[1], leaf)
        vectors = -gradient.float().cpu().numpy()
        if (standardization := subject.config.distribution.standardization) is not None:
            vectors *= np.array(standardization.scale, dtype=np.float32)
        return GradientArrows(points.float().cpu().numpy(), vectors)
