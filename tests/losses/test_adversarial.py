"""A contract over every adversarial loss, against NumPy, finite differences and the literature's reference values."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractPointwiseLoss
from ganviz.losses.adversarial.f_divergence import AbstractFDivergence
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.maximum_likelihood import MaximumLikelihood
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.reverse_kl import ReverseKL
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.formulation import formulation_from_plain
from ganviz.losses.presets import FORMULATIONS

LN2 = math.log(2.0)
PARTS = ("on_real", "on_fake", "on_generated")


def softplus(t):
    return np.logaddexp(0.0, t)


# Real part, fake part and generator's loss of each, from the papers, in plain NumPy.
ORACLES = {
    "saturating": (lambda t: softplus(-t), softplus, lambda t: -softplus(t)),
    "non_saturating": (lambda t: softplus(-t), softplus, lambda t: softplus(-t)),
    "least_squares": (lambda t: (t - 1) ** 2 / 2, lambda t: t**2 / 2, lambda t: (t - 1) ** 2 / 2),
    "hinge": (lambda t: np.maximum(0, 1 - t), lambda t: np.maximum(0, 1 + t), lambda t: -t),
    "wasserstein": (lambda t: -t, lambda t: t, lambda t: -t),
    "mixed": (lambda t: softplus(-t), softplus, lambda t: (softplus(-t) - softplus(t)) / 2),
    "reverse_kl": (lambda t: softplus(-t), softplus, lambda t: -t),
    "maximum_likelihood": (lambda t: softplus(-t), softplus, lambda t: -np.exp(np.minimum(t, 15))),
    "custom": (lambda t: softplus(-t), softplus, lambda t: softplus(-t)),
}
HELD = 15.0


def f_gan(f_prime, conjugate):
    """Return D's real and fake part and the saturating generator's loss, of T = f'(e^v) and f* as the paper has them.

    In long numbers: f* of a T close to the end of its domain loses digits.
    """

    def ratio(t):
        return np.exp(np.clip(np.asarray(t, dtype=np.longdouble), -HELD, HELD))

    def real(t):
        return (-f_prime(ratio(t))).astype(float)

    def fake(t):
        return conjugate(f_prime(ratio(t))).astype(float)

    return real, fake, lambda t: -fake(t)


def log_ratio_of_gan(shift):
    """T = -softplus(-v), computed where e^v cannot be, and f*(T) = -ln(1 - e^T), both less or plus a constant."""
    return lambda t: softplus(-t) - shift, lambda t: softplus(t) - shift, lambda t: shift - softplus(t)


ORACLES |= {
    "hinge_both": (*ORACLES["hinge"][:2], lambda t: np.maximum(0, 1 - t)),
    "ebgan": (lambda t: softplus(-t), lambda t: np.maximum(0, 1 - softplus(-t)), lambda t: softplus(-t)),
    "fgan_kl": f_gan(lambda u: 1 + np.log(u), lambda T: np.exp(T - 1)),
    "fgan_reverse_kl": f_gan(lambda u: -1 / u, lambda T: -1 - np.log(-T)),
    "fgan_pearson": f_gan(lambda u: 2 * (u - 1), lambda T: T**2 / 4 + T),
    "fgan_neyman": f_gan(lambda u: 1 - u**-2, lambda T: 2 - 2 * np.sqrt(1 - T)),
    "fgan_hellinger": f_gan(lambda u: 1 - u**-0.5, lambda T: T / (1 - T)),
    "fgan_js": log_ratio_of_gan(LN2),
    "fgan_gan": log_ratio_of_gan(0.0),
}
POINTWISE = {key: cls for key, cls in ADVERSARIAL_LOSSES.items() if issubclass(cls, AbstractPointwiseLoss)}
F_GANS = [cls for cls in POINTWISE.values() if issubclass(cls, AbstractFDivergence)]
LOSSES = [
    *(cls() for cls in POINTWISE.values()),
    *(cls(generator_loss="alternative") for cls in F_GANS),
]
SCORES = np.array([-1000.0, -100, -80, -30, -21, -10, -2, -0.5, 0, 0.5, 2, 10, 21, 30, 80, 100, 1000])


def name_of(loss):
    return f"{loss.key} {getattr(loss, 'generator_loss', '')}".strip()


def oracle_of(loss):
    """Return the three functions of a loss; the alternative generator raises E T, the negative of D's real part."""
    real, fake, generated = ORACLES[loss.key]
    return real, fake, real if name_of(loss).endswith("alternative") else generated


each = pytest.mark.parametrize("loss", LOSSES, ids=name_of)


def slope(loss, part, scores):
    return getattr(loss, f"{part}_slope")(scores)


def test_every_loss_has_an_oracle():
    assert set(ORACLES) == set(POINTWISE)


@each
def test_the_parts_are_those_of_the_paper(loss):
    scores = torch.from_numpy(SCORES)
    for part, oracle in zip(PARTS, oracle_of(loss), strict=True):
        rtol, atol = (1e-12, 1e-12) if isinstance(loss, AbstractFDivergence) else (1e-14, 1e-300)
        np.testing.assert_allclose(getattr(loss, part)(scores), oracle(SCORES), rtol=rtol, atol=atol)


@each
@pytest.mark.parametrize("part", PARTS)
def test_slopes_are_derivatives(loss, part):
    # Not at the kinks of the hinge, -1 and 1.
    scores = torch.tensor([[-9.0, -3.3, -0.4, 0.0, 0.7, 2.9, 8.0]], dtype=torch.float64)
    function, h = getattr(loss, part), 1e-6
    numerical = (function(scores + h) - function(scores - h)) / (2 * h)
    leaf = scores.clone().requires_grad_()
    (automatic,) = torch.autograd.grad(function(leaf).sum(), leaf)
    torch.testing.assert_close(slope(loss, part, scores), automatic, rtol=1e-14, atol=0)
    torch.testing.assert_close(automatic, numerical, rtol=1e-7, atol=1e-8)


@each
def test_larger_scores_are_more_real(loss):
    """Below its target each loss asks real and generated scores to rise, and fake ones to fall from above theirs."""
    far = HELD if isinstance(loss, AbstractFDivergence) else 50.0
    low, high = torch.tensor([-far, -5.0, -2.0]), torch.tensor([2.0, 5.0, far])
    assert (slope(loss, "on_real", low) < 0).all()
    assert (slope(loss, "on_generated", torch.tensor([-2.0, 0.0, 0.9])) < 0).all()
    assert (slope(loss, "on_fake", high) > 0).all()


@each
@pytest.mark.parametrize("part", PARTS)
def test_extreme_scores_stay_finite_in_single_precision(loss, part):
    scores = torch.from_numpy(SCORES).float()
    exact = dict(zip(PARTS, oracle_of(loss), strict=True))[part](SCORES)
    values, slopes = getattr(loss, part)(scores), slope(loss, part, scores)
    assert values.dtype == slopes.dtype == torch.float32
    assert torch.isfinite(slopes).all()
    np.testing.assert_allclose(values, exact, rtol=1e-6, atol=1e-30)


@each
def test_objectives_are_means_of_the_parts(loss):
    torch.manual_seed(0)
    real, fake = torch.randn(3, 8, dtype=torch.float64), torch.randn(3, 8, dtype=torch.float64)
    on_real, on_fake, on_generated = oracle_of(loss)
    expected = on_real(real.numpy()).mean(-1) + on_fake(fake.numpy()).mean(-1)
    np.testing.assert_allclose(loss.discriminator(real_scores=real, fake_scores=fake), expected, rtol=1e-14)
    found = loss.generator(real_scores=real, fake_scores=fake)
    np.testing.assert_allclose(found, on_generated(fake.numpy()).mean(-1), rtol=1e-14)


@each
def test_the_equilibrium_is_where_the_curves_stand(loss):
    found = loss.equilibrium()
    if found.score is not None:
        score = np.array(found.score)
        real, fake, generated = (oracle(score) for oracle in oracle_of(loss))
        expected = (real, fake, real + fake, generated, real + fake + generated)
        told = (found.d_real, found.d_fake, found.d_loss, found.g_loss, found.total)
        np.testing.assert_allclose(told, expected, rtol=1e-14)
        assert slope(loss, "on_real", torch.tensor(found.score)) == -slope(
            loss, "on_fake", torch.tensor(found.score)
        )


@pytest.mark.parametrize(
    ("loss", "d_loss", "g_loss", "total"),
    [
        (Saturating(), 2 * LN2, -LN2, LN2),
        (NonSaturating(), 2 * LN2, LN2, 3 * LN2),
        (LeastSquares(), 0.25, 0.125, 0.375),
        (LeastSquares(a=-1.0, b=1.0, c=1.0), 1.0, 0.5, 1.5),
        (LeastSquares(a=-1.0, b=1.0, c=0.0), 1.0, 0.0, 1.0),
        (ReverseKL(), 2 * LN2, 0.0, 2 * LN2),
        (MaximumLikelihood(), 2 * LN2, -1.0, 2 * LN2 - 1),
        (ReverseKL(real_target=0.9), 1.376278, math.log(0.55 / 0.45), 1.376278 + math.log(0.55 / 0.45)),
        (MaximumLikelihood(real_target=0.9), 1.376278, -9 / 11, 1.376278 - 9 / 11),
        (
            MixedCrossEntropy(a=0.5, real_target=0.9),
            1.376278,
            math.log(0.55 / 0.45) / 2,
            1.376278 + math.log(0.55 / 0.45) / 2,
        ),
        *((MixedCrossEntropy(a=a), 2 * LN2, (2 * a - 1) * LN2, (2 * a + 1) * LN2) for a in (0.0, 0.3, 1.0)),
    ],
)
def test_equilibria_of_the_literature(loss, d_loss, g_loss, total):
    found = loss.equilibrium()
    np.testing.assert_allclose(
        (found.d_loss, found.g_loss, found.total),
        (d_loss, g_loss, total),
        atol=1e-15 if d_loss != 1.376278 else 1e-6,
    )


def test_what_the_equilibrium_leaves_open_is_not_told():
    for key, d_loss in (("hinge", 2.0), ("wasserstein", 0.0)):
        found = ADVERSARIAL_LOSSES[key]().equilibrium()
        assert (found.d_loss, found.g_loss, found.total, found.score) == (d_loss, None, None, None)


def test_the_saturating_loss_pulls_the_right_way_and_saturates():
    scores = torch.tensor([-30.0, -2.0, 0.0, 2.0], dtype=torch.float64)
    slopes = Saturating().on_generated_slope(scores)
    assert (slopes < 0).all()
    assert abs(slopes[0]) < 1e-12
    torch.testing.assert_close(Saturating().on_generated(scores)[2], torch.tensor(-LN2, dtype=torch.float64))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_non_saturating_loss_does_not_saturate_where_it_is_rejected(dtype):
    slopes = NonSaturating().on_generated_slope(torch.tensor([-18.4, -30.0, -90.0, -1000.0], dtype=dtype))
    np.testing.assert_allclose(slopes, -1.0, atol=1e-6)


@given(st.floats(-40, 40))
def test_both_generator_losses_push_in_the_ratio_of_the_odds(t):
    """(1 - p) / p = e^-t: gan-maths calls it the difference in weight; the direction is the same."""
    score = torch.tensor(t, dtype=torch.float64)
    ratio = NonSaturating().on_generated_slope(score) / Saturating().on_generated_slope(score)
    assert float(ratio) == pytest.approx(math.exp(-t), rel=1e-12)


@given(st.floats(0.2, 5), st.floats(0.2, 5))
def test_the_best_discriminator_of_cross_entropy_is_the_log_ratio(p, q):
    best = torch.tensor(math.log(p / q), dtype=torch.float64)
    loss = NonSaturating()
    slope_there = p * loss.on_real_slope(best) + q * loss.on_fake_slope(best)
    assert abs(float(slope_there)) < 1e-12


@pytest.mark.parametrize("key", FORMULATIONS)
def test_a_named_formulation_survives_being_written(key):
    formulation = FORMULATIONS[key].formulation
    assert formulation_from_plain(formulation.to_plain(), "lanes.0.formulation") == formulation
