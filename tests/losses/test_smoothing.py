"""Label smoothing: targets of the cross-entropy losses, their formulas, slopes and equilibria."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.spec import InvalidValueError

TARGETS = [(1.0, 0.0), (0.9, 0.0), (1.0, 0.1), (0.9, 0.1), (0.7, 0.3), (0.5000001, 0.5)]
CLASSES = [cls for cls in ADVERSARIAL_LOSSES.values() if issubclass(cls, AbstractBinaryCrossEntropyLoss)]
LOSSES = [cls(real_target=a, fake_target=b) for cls in CLASSES for a, b in TARGETS]
SCORES = np.array([-1000.0, -80, -21, -2, -0.5, 0, 0.5, 2, 21, 80, 1000])
each = pytest.mark.parametrize("loss", LOSSES, ids=repr)


def softplus(t):
    return np.logaddexp(0.0, t)


@each
def test_the_parts_are_cross_entropies_with_the_targets(loss):
    scores = torch.from_numpy(SCORES)
    for part, target in (("on_real", loss.real_target), ("on_fake", loss.fake_target)):
        expected = target * softplus(-SCORES) + (1 - target) * softplus(SCORES)
        np.testing.assert_allclose(getattr(loss, part)(scores), expected, rtol=1e-14, atol=1e-300)
        single = getattr(loss, part)(scores.float())
        np.testing.assert_allclose(single, expected, rtol=1e-6, atol=1e-30)


@each
def test_slopes_are_derivatives_and_the_probability_less_the_target(loss):
    scores = torch.tensor([-30.0, -9, -0.4, 0, 0.7, 2.9, 30], dtype=torch.float64)
    for part, target in (("on_real", loss.real_target), ("on_fake", loss.fake_target)):
        slope = getattr(loss, f"{part}_slope")(scores)
        leaf = scores.clone().requires_grad_()
        (automatic,) = torch.autograd.grad(getattr(loss, part)(leaf).sum(), leaf)
        torch.testing.assert_close(slope, automatic, rtol=1e-14, atol=1e-16)
        torch.testing.assert_close(slope, scores.sigmoid() - target, rtol=0, atol=1e-15)


@each
def test_the_generators_loss_knows_no_targets(loss):
    scores = torch.from_numpy(SCORES)
    assert torch.equal(loss.on_generated(scores), type(loss)().on_generated(scores))


def test_one_sided_smoothing_moves_the_equilibrium_as_the_literature_has_it():
    found = NonSaturating(real_target=0.9).equilibrium()
    told = 1 / (1 + math.exp(-found.score)), found.d_loss, found.g_loss, found.total
    np.testing.assert_allclose(told, (0.45, 1.376278, 0.798508, 2.174785), atol=5e-7)
    assert Saturating(real_target=0.9).equilibrium().g_loss == pytest.approx(math.log(1 - 0.45), abs=1e-15)


@each
def test_at_the_equilibrium_the_discriminator_has_no_slope(loss):
    found = loss.equilibrium()
    score = torch.tensor(found.score, dtype=torch.float64)
    assert abs(float(loss.on_real_slope(score) + loss.on_fake_slope(score))) < 1e-15
    expected = [float(getattr(loss, part)(score)) for part in ("on_real", "on_fake", "on_generated")]
    np.testing.assert_allclose((found.d_real, found.d_fake, found.g_loss), expected, rtol=1e-14)
    assert found.d_loss == found.d_real + found.d_fake
    assert loss.decision_score() == found.score


@pytest.mark.parametrize(("alpha", "beta"), TARGETS)
def test_the_optimal_discriminator_mixes_the_densities(alpha, beta):
    """D* = (α p + β q) / (p + q), found by descent on the pointwise objective."""
    loss = NonSaturating(real_target=alpha, fake_target=beta)
    p, q = (
        torch.tensor([0.2, 1.0, 3.0], dtype=torch.float64),
        torch.tensor([1.0, 1.0, 0.5], dtype=torch.float64),
    )
    t = torch.zeros(3, dtype=torch.float64)
    for _ in range(500):  # the slowest comes nearer by a twelfth each time
        t -= (p * loss.on_real_slope(t) + q * loss.on_fake_slope(t)) * 0.5
    expected = (alpha * p + beta * q) / (p + q)
    torch.testing.assert_close(t.sigmoid(), expected, rtol=1e-6, atol=1e-8)
    logit = loss.optimal_logit(np.log((p / q).numpy()))
    np.testing.assert_allclose(1 / (1 + np.exp(-logit)), expected, rtol=1e-14)


def test_far_from_the_data_and_from_the_fakes_the_optimal_discriminator_says_its_targets():
    far = np.array([-700.0, 700.0])
    probabilities = 1 / (1 + np.exp(-NonSaturating(real_target=0.9, fake_target=0.1).optimal_logit(far)))
    np.testing.assert_allclose(probabilities, [0.1, 0.9], rtol=1e-12)
    np.testing.assert_array_equal(NonSaturating().optimal_logit(far), far)
    at_middle = NonSaturating(real_target=0.9).optimal_logit(np.zeros(1))
    np.testing.assert_allclose(at_middle, NonSaturating(real_target=0.9).equilibrium().score, rtol=1e-12)


def test_the_formula_has_the_numbers():
    assert NonSaturating().d_words() == NonSaturating.d_formula
    assert NonSaturating(real_target=0.9).d_words() == (
        "−0.9 E log D(x) − 0.1 E log(1 − D(x)) − E log(1 − D(G(z)))"
    )


@pytest.mark.parametrize("targets", [{"real_target": 0.5}, {"real_target": 1.1}, {"fake_target": 0.6}])
def test_targets_stay_on_their_sides_of_a_half(targets):
    with pytest.raises(InvalidValueError):
        dataclasses.replace(Saturating(), **targets)
