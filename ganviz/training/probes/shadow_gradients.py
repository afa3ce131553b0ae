"""What other losses would tell the generator now: their values on the last batch, and their gradients at its weights.

Nothing of it is fed back: the weights that gradients are taken with respect to are a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, Reading, Subject

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.base import AbstractAdversarialLoss

SHADOWS = ("saturating", "non_saturating", "hinge", "least_squares", "rpgan")
"""Keys of the losses that are compared at first."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShadowGradients(Reading):
    """The trained loss first, then those that were asked for, in their order; k of them together.

    Attributes
    ----------
    values : ndarray, ``[lanes, k]``
        Each L_G of the scores of the last discriminator update; NaN before the first.
    norms : ndarray, ``[lanes, k]``
        Euclidean norms of their gradients with respect to the generator's weights, at ``n`` fixed latents.
    cosines : ndarray, ``[lanes, k, k]``
        Between those gradients; NaN where one of them is 0.
    mean_score : ndarray, ``[lanes]``
        The mean score t of the samples of these latents.
    n : int
    """

    values: Values
    norms: Values
    cosines: Values
    mean_score: Values
    n: int


@dataclass(frozen=True, slots=True)
class ShadowGradientsProbe(AbstractProbe):
    """The gradients of the trained loss and of ``losses``, keys of the catalog, at ``n`` latents."""

    min_interval_s: ClassVar[float] = 0.2

    losses: tuple[str, ...] = SHADOWS
    n: int = 128

    def measure(self, subject: Subject) -> ShadowGradients:
        """Return values and gradients at this step."""
        import torch

        from ganviz.losses.adversarial import ADVERSARIAL_LOSSES

        shadows: list[AbstractAdversarialLoss] = [ADVERSARIAL_LOSSES[key]() for key in self.losses]
        per_lane = [[lane.formulation.loss, *shadows] for lane in subject.config.lanes]
        weights, samples = subject.trained(subject.latents(self.n))
        real = torch.from_numpy(subject.real(self.n)).to(subject.device)
        with torch.enable_grad():
            fake = subject.scores(samples, 1)
            real = subject.scores(real.expand(subject.n_lanes, *real.shape), 0).detach()
            gradients = [
                _gradient([losses[k] for losses in per_lane], real, fake, weights)
                for k in range(1 + len(shadows))
            ]
        stacked = torch.stack(gradients, dim=1).double().cpu().numpy()
        norms = np.linalg.norm(stacked, axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            units = stacked / norms[..., None]
        return ShadowGradients(
            values_now(subject, self.losses),
            norms,
            units @ units.transpose(0, 2, 1),
            fake.detach().double().mean(-1).cpu().numpy(),
            self.n,
        )


def _gradient(losses: list[AbstractAdversarialLoss], real: Tensor, fake: Tensor, weights: Tensor) -> Tensor:
    """Return the gradient of one loss a lane, ``[lanes, parameters]``: lanes share nothing."""
    import torch

    values = [loss.generator(real_scores=real[i], fake_scores=fake[i]) for i, loss in enumerate(losses)]
    (gradient,) = torch.autograd.grad(torch.stack(values).sum(), weights, retain_graph=True)
    return gradient


def values_now(subject: Subject, keys: tuple[str, ...]) -> Values:
    """Return L_G of the last batch under each lane's own loss and those of the catalog, ``[lanes, 1 + keys]``."""
    import torch

    from ganviz.losses.adversarial import ADVERSARIAL_LOSSES

    shadows = [ADVERSARIAL_LOSSES[key]() for key in keys]
    found = np.full((subject.n_lanes, 1 + len(shadows)), np.nan)
    if subject.real_scores is None or subject.fake_scores is None:
        return found
    for lane, config in enumerate(subject.config.lanes):
        real, fake = (
            torch.from_numpy(scores[lane].astype(np.float64))
            for scores in (subject.real_scores, subject.fake_scores)
        )
        losses = (config.formulation.loss, *shadows)
        found[lane] = [float(loss.generator(real_scores=real, fake_scores=fake)) for loss in losses]
    return found
