"""Each loss's own best D: no other score gives a smaller L_D, and what is left is the divergence of the literature."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss, AbstractAveragedLoss, AbstractPairedLoss
from ganviz.losses.adversarial.custom import CustomLoss
from ganviz.losses.adversarial.energy_margin import EnergyMargin
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.training.probes.bound import d_losses

LOSSES = {key: cls() for key, cls in ADVERSARIAL_LOSSES.items()} | {
    "least squares (-1, 1, 0)": LeastSquares(a=-1.0, b=1.0, c=0.0),
    "smoothed": NonSaturating(real_target=0.9, fake_target=0.2),
    "EBGAN, margin 3": EnergyMargin(margin=3.0),
    "typed": CustomLoss(real="(t - 1)**2", fake="t**2"),
}
KNOWN = {key: loss for key, loss in LOSSES.items() if loss.has_best_d}
each_known = pytest.mark.parametrize("loss", KNOWN.values(), ids=KNOWN)

P = np.array([0.4, 0.3, 0.2, 0.1, 0.0, 0.0])
Q = np.array([0.1, 0.1, 0.2, 0.2, 0.3, 0.1])
RATIO, M = P / Q, 0.5 * (P + Q)
LE_CAM = 0.5 * float(((P - Q) ** 2 / (P + Q)).sum())
TV = 0.5 * float(abs(P - Q).sum())
LN2 = math.log(2)


def kl(p, q):
    return float(np.sum(p[p > 0] * np.log(p[p > 0] / q[p > 0])))


def jsd(p, q):
    return 0.5 * kl(p, 0.5 * (p + q)) + 0.5 * kl(q, 0.5 * (p + q))


def entropies(real, fake):
    """Return the least L_D of smoothed targets: the cross-entropy of D*'s own answers."""
    best = (real * P + fake * Q) / (P + Q)
    return float(-((P + Q) * (best * np.log(best) + (1 - best) * np.log(1 - best))).sum())


HELD = np.exp(-15.0)
"""The ratio at which f-GANs hold cells without any data; those are 0.4 of what is generated."""
LEAST = {
    **dict.fromkeys(
        ("saturating", "non_saturating", "mixed", "reverse_kl", "maximum_likelihood", "fgan_gan", "custom"),
        2 * LN2 - 2 * jsd(P, Q),
    ),
    "smoothed": entropies(0.9, 0.2),
    "least_squares": 0.5 * float((P * Q / (P + Q)).sum()),
    "least squares (-1, 1, 0)": 2.0 * float((P * Q / (P + Q)).sum()),
    "hinge": 2 - 2 * TV,
    "hinge_both": 2 - 2 * TV,
    "ebgan": 1 - TV,
    "EBGAN, margin 3": 3 * (1 - TV),
    "rpgan": LN2 - jsd(np.outer(P, Q).ravel(), np.outer(Q, P).ravel()),
    "rplsgan": (1 - LE_CAM) / (1 + LE_CAM),
    "ralsgan": 2 * (1 - LE_CAM) / (1 + 3 * LE_CAM),
    "fgan_kl": -kl(P, Q) + 0.4 * HELD,
    "fgan_reverse_kl": -kl(Q[:4], P[:4]) - 0.4 * (15 + 1),
    "fgan_pearson": -float((Q * (RATIO - 1) ** 2).sum()) + 0.4 * HELD**2,
    "fgan_neyman": -float(((P - Q) ** 2)[:4] @ (1 / P[:4])) + 0.4 * (2 - 2 / HELD),
    "fgan_hellinger": -float(((np.sqrt(P) - np.sqrt(Q)) ** 2).sum()) + 0.4 * math.sqrt(HELD),
    "fgan_js": -2 * jsd(P, Q),
}  # fmt: skip
NOBODY_KNOWS = {
    "wasserstein", "ragan", "rphinge", "rahinge", "mmd", "energy_distance", "custom_paired", "typed",
}  # fmt: skip


def test_who_has_a_best_d() -> None:
    assert set(LOSSES) - set(KNOWN) == NOBODY_KNOWS
    assert set(KNOWN) == set(LEAST)
    for key in NOBODY_KNOWS:
        assert np.isnan(d_losses(LOSSES[key], P, Q, np.zeros(6))).all(), key


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_left_at_the_best_d_is_as_derived(name: str) -> None:
    """gan-maths 1.2 to 1.7: values in closed form, with two cells where there are no data."""
    _, least = d_losses(KNOWN[name], 7 * P, 3 * Q, np.zeros(6))
    assert least == pytest.approx(LEAST[name], rel=1e-9, abs=2e-5 if name in ("rpgan", "rplsgan") else 1e-9)


@each_known
def test_no_other_score_has_a_smaller_loss(loss: AbstractAdversarialLoss) -> None:
    """Of single scores at one ratio each; of pairs any other scores of all cells."""
    rng = np.random.default_rng(0)
    if isinstance(loss, AbstractPairedLoss | AbstractAveragedLoss):
        best = loss.best_scores_of(P, Q)
        least = loss.expected_d_loss(P, Q, best)
        assert loss.expected_d_loss(P, Q, best + 7) == pytest.approx(least, abs=1e-6)
        others = (best + size * rng.normal(0, 1, 6) for size in (0.1, 1.0, 10.0) for _ in range(20))
        assert min(loss.expected_d_loss(P, Q, other) for other in others) > least
        return
    for ratio in (-20.0, -3.0, -0.4, 0.0, 1.0, 6.0, 20.0):
        p, q = 1 / (1 + np.exp([-ratio, ratio]))
        (best,) = loss.best_scores(np.array([ratio]))
        t = np.concatenate(([best], best + np.linspace(-1, 1, 201), np.linspace(-50, 50, 2001)))
        values = p * loss.on_real(t) + q * loss.on_fake(t)
        assert values.min() >= values[0] - 1e-12 * max(1, abs(values[0])), ratio


@each_known
def test_a_mean_over_cells_is_that_of_batches(loss: AbstractAdversarialLoss) -> None:
    """Ten samples of each density; of pairs every real one with every fake one."""
    t = np.random.default_rng(1).normal(0, 2, 6)
    real, fake = (np.repeat(t, (10 * shares).round().astype(int)) for shares in (P, Q))
    if isinstance(loss, AbstractPairedLoss):
        real, fake = np.repeat(real, 10), np.tile(fake, 10)
    of_batch = loss.discriminator(real_scores=torch.from_numpy(real), fake_scores=torch.from_numpy(fake))
    assert loss.expected_d_loss(P, Q, t) == pytest.approx(float(of_batch), abs=1e-5)
