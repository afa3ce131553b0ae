"""How steep a discriminator is where it compares: what a critic's reading is worth depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.penalties.base import interpolates

if TYPE_CHECKING:
    from ganviz.training.probes.base import Subject

N_POINTS = 1000
STREAM = 15
"""Of the random numbers that say where between two samples a point lies."""


def mean_slopes(subject: Subject) -> NDArray[np.float64]:
    """Return the mean length of the score's gradient, ``[lanes]``, between real and generated samples.

    Each of ``N_POINTS`` points lies on the line between one of each, at a uniform place, as in the gradient penalty of
    Gulrajani et al. 2017; a critic's loss is a Wasserstein distance only where the slope is 1. NaN where a lane has no
    discriminator.
    """
    import torch

    points = interpolates(*subject.both(N_POINTS), subject.rng(STREAM)).requires_grad_()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(subject.scores_at(points).sum(), points)
    found: NDArray[np.float64] = gradient.flatten(2).double().norm(dim=2).mean(1).cpu().numpy()
    return found
