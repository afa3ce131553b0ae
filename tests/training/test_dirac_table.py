"""The Dirac game's table, gan-maths 2.1 to 2.4: every loss's field, its linearization, and what steps make of it."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAveragedLoss, AbstractPairedLoss, AbstractPointwiseLoss
from ganviz.losses.adversarial.energy_margin import EnergyMargin
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import R1, R2, GradientPenalty, LipschitzPenalty, ZeroCenteredPenalty
from ganviz.losses.presets import named_formulation
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac import DiracGame, course, field
from ganviz.training.dirac_stability import stability
from ganviz.training.optimizers import SGD, OptimisticSGD
from ganviz.training.rules import Alternating, Consensus, Extragradient, Simultaneous

H = 0.2
OF_SCORES = AbstractPointwiseLoss, AbstractPairedLoss, AbstractAveragedLoss


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def exp(factor, t):
    return np.exp(factor * t)


def game(formulation, rule=None, g_rate=H, d_rate=H, optimizer=SGD, **more):
    lane = LaneConfig(
        formulation, "", optimizer(learning_rate=g_rate, **more), optimizer(learning_rate=d_rate, **more)
    )
    return RunConfig(lanes=(lane,), training=TrainingSettings(rule=rule or Simultaneous()))


def loss_of(key, **changes):
    return Formulation(ADVERSARIAL_LOSSES[key](**changes))


def alternative(key):
    return loss_of(key, generator_loss="alternative")


WGAN = Formulation(Wasserstein())
EBGAN_AT = EnergyMargin().decision_score()
BOTH = (lambda t: sigmoid(-t), lambda t: sigmoid(t))
# θ′ = ψ g(t), ψ′ = -θ d(t) with t = ψ θ; then a = g(0), b = d(0).
FIELDS = {
    "saturating": (loss_of("saturating"), sigmoid, sigmoid, 1 / 2, 1 / 2),
    "non-saturating": (loss_of("non_saturating"), *BOTH, 1 / 2, 1 / 2),
    "mixed": (
        Formulation(MixedCrossEntropy(a=0.3)), lambda t: 0.7 * sigmoid(t) + 0.3 * sigmoid(-t), sigmoid, 1 / 2, 1 / 2,
    ),
    "reverse KL": (loss_of("reverse_kl"), np.ones_like, sigmoid, 1, 1 / 2),
    "maximum likelihood": (loss_of("maximum_likelihood"), np.exp, sigmoid, 1, 1 / 2),
    "smoothed": (
        Formulation(NonSaturating(real_target=0.9)),
        lambda t: sigmoid(-t - math.log(0.45 / 0.55)), lambda t: sigmoid(t + math.log(0.45 / 0.55)), 0.55, 0.45,
    ),
    "RpGAN": (loss_of("rpgan"), *BOTH, 1 / 2, 1 / 2),
    "RaGAN": (loss_of("ragan"), lambda t: 2 * sigmoid(-t), lambda t: 2 * sigmoid(t), 1, 1),
    "paired least squares": (loss_of("rplsgan"), lambda t: 2 * (1 - t), lambda t: 2 * (1 + t), 2, 2),
    "RaLSGAN": (loss_of("ralsgan"), lambda t: 4 * (1 - t), lambda t: 4 * (1 + t), 4, 4),
    "paired hinge": (loss_of("rphinge"), np.ones_like, np.ones_like, 1, 1),
    "RaHinge": (loss_of("rahinge"), lambda t: 2 + 0 * t, lambda t: 2 + 0 * t, 2, 2),
    "WGAN": (WGAN, np.ones_like, np.ones_like, 1, 1),
    "hinge": (loss_of("hinge"), np.ones_like, np.ones_like, 1, 1),
    "hinge of both": (loss_of("hinge_both"), np.ones_like, np.ones_like, 1, 1),
    "EBGAN": (
        Formulation(EnergyMargin()), lambda t: sigmoid(-t - EBGAN_AT),
        lambda t: sigmoid(-t - EBGAN_AT) * (np.logaddexp(0, -t - EBGAN_AT) < 1), None, None,
    ),
    "least squares (0, 1, 1)": (loss_of("least_squares"), lambda t: 0.5 - t, lambda t: 0.5 + t, 1 / 2, 1 / 2),
    "least squares (-1, 1, 1)": (
        Formulation(LeastSquares(a=-1.0, b=1.0, c=1.0)), lambda t: 1 - t, lambda t: 1 + t, 1, 1,
    ),
    "least squares (-1, 1, 0)": (
        Formulation(LeastSquares(a=-1.0, b=1.0, c=0.0)), lambda t: -t, lambda t: 1 + t, 0, 1,
    ),
    "f-GAN KL": (loss_of("fgan_kl"), np.exp, np.exp, 1, 1),
    "f-GAN KL, raised": (alternative("fgan_kl"), np.ones_like, np.exp, 1, 1),
    "f-GAN reverse KL": (loss_of("fgan_reverse_kl"), np.ones_like, np.ones_like, 1, 1),
    "f-GAN reverse KL, raised": (alternative("fgan_reverse_kl"), lambda t: exp(-1, t), np.ones_like, 1, 1),
    "f-GAN Pearson": (loss_of("fgan_pearson"), lambda t: 2 * exp(2, t), lambda t: 2 * exp(2, t), 2, 2),
    "f-GAN Pearson, raised": (alternative("fgan_pearson"), lambda t: 2 * exp(1, t), lambda t: 2 * exp(2, t), 2, 2),
    "f-GAN Neyman": (loss_of("fgan_neyman"), lambda t: 2 * exp(-1, t), lambda t: 2 * exp(-1, t), 2, 2),
    "f-GAN Neyman, raised": (alternative("fgan_neyman"), lambda t: 2 * exp(-2, t), lambda t: 2 * exp(-1, t), 2, 2),
    "f-GAN Hellinger": (
        loss_of("fgan_hellinger"), lambda t: exp(0.5, t) / 2, lambda t: exp(0.5, t) / 2, 1 / 2, 1 / 2,
    ),
    "f-GAN Hellinger, raised": (
        alternative("fgan_hellinger"), lambda t: exp(-0.5, t) / 2, lambda t: exp(0.5, t) / 2, 1 / 2, 1 / 2,
    ),
    "f-GAN JS": (loss_of("fgan_js"), sigmoid, sigmoid, 1 / 2, 1 / 2),
    "f-GAN JS, raised": (alternative("fgan_js"), *BOTH, 1 / 2, 1 / 2),
    "f-GAN GAN": (loss_of("fgan_gan"), sigmoid, sigmoid, 1 / 2, 1 / 2),
    "f-GAN GAN, raised": (alternative("fgan_gan"), *BOTH, 1 / 2, 1 / 2),
}  # fmt: skip
PENALIZED = {
    "NS + R1": (named_formulation("non_saturating_r1"), "non-saturating", lambda theta, psi: 0.1 * psi),
    "R3GAN": (named_formulation("r3gan"), "RpGAN", lambda theta, psi: 0.2 * psi),
    "WGAN-GP": (
        named_formulation("wgan_gp"), "WGAN", lambda theta, psi: 20 * (abs(psi) - 1) * np.sign(psi)
    ),
    "WGAN-LP": (
        dataclasses.replace(WGAN, penalties=(LipschitzPenalty(weight=0.35),)), "WGAN",
        lambda theta, psi: 0.7 * np.maximum(abs(psi) - 1, 0) * np.sign(psi),
    ),
    "0-GP": (
        dataclasses.replace(WGAN, penalties=(ZeroCenteredPenalty(weight=0.15),)), "WGAN",
        lambda theta, psi: 0.3 * psi,
    ),
}  # fmt: skip
"""The formulation, the loss that it adds to, and what is taken from ψ′."""
THETA, PSI = np.meshgrid(np.linspace(-0.45, 0.45, 7), np.linspace(-1.9, 2, 8))
"""Scores stay within ±0.9, inside of every margin, and slopes within ±2."""


def test_every_loss_has_a_row():
    chosen = {type(formulation.loss) for formulation, *_ in FIELDS.values()}
    own = {ADVERSARIAL_LOSSES["custom"], ADVERSARIAL_LOSSES["custom_paired"]}
    assert chosen | own == {cls for cls in ADVERSARIAL_LOSSES.values() if issubclass(cls, OF_SCORES)}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_are_the_tables(name):
    formulation, to_theta, to_psi, *_ = FIELDS[name]
    expected = PSI * to_theta(PSI * THETA), -THETA * to_psi(PSI * THETA)
    np.testing.assert_allclose(field(formulation, THETA, PSI), expected, atol=1e-12)


@pytest.mark.parametrize("name", PENALIZED)
def test_penalties_take_from_the_slope(name):
    formulation, of, taken = PENALIZED[name]
    to_theta, to_psi = FIELDS[of][1:3]
    expected = PSI * to_theta(PSI * THETA), -THETA * to_psi(PSI * THETA) - taken(THETA, PSI)
    np.testing.assert_allclose(field(formulation, THETA, PSI), expected, atol=1e-12)


def roots(a, b, gamma):
    """Return -γ/2 ± √(γ²/4 - ab), sorted."""
    root = np.emath.sqrt(gamma**2 / 4 - a * b)
    return sorted((-gamma / 2 - root, -gamma / 2 + root), key=lambda x: (x.real, x.imag))


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "EBGAN"])
def test_eigenvalues_without_and_with_r1(name):
    """±i √(ab), and with γ = 2 √(ab) both are -√(ab): the fastest way to rest; (-1, 1, 0) has no force, 0 and -γ."""
    formulation, *_, a, b = FIELDS[name]
    plain = stability(game(formulation))
    np.testing.assert_allclose(plain.eigenvalues, roots(a, b, 0), atol=1e-6)
    assert plain.verdict.startswith("circles" if a else "degenerate")
    for gamma in (0.3, 2.3):
        damped = stability(game(dataclasses.replace(formulation, penalties=(R1(gamma=gamma),))))
        np.testing.assert_allclose(damped.eigenvalues, roots(a, b, gamma), atol=1e-6)
        assert damped.verdict.startswith("converges" if a else "degenerate")


def test_the_weight_beyond_which_nothing_turns():
    """γ = 1 for R1 and for R2, ½ for both, and λ = ½ on interpolates: γ = 2 √(ab), ab = ¼."""
    for penalties, share in (
        ((R1,), 1.0), ((R2,), 1.0), ((R1, R2), 0.5), ((ZeroCenteredPenalty,), 0.5),
    ):  # fmt: skip
        for factor, turns in ((0.98, True), (1.02, False)):
            parts = tuple(
                cls(**{"weight" if cls is ZeroCenteredPenalty else "gamma": factor * share})
                for cls in penalties
            )
            found = stability(game(Formulation(NonSaturating(), parts))).eigenvalues
            assert bool((abs(found.imag) > 1e-3).all()) is turns, parts
            assert (found.real < 0).all()


@pytest.mark.parametrize("name", ["saturating", "reverse KL", "WGAN", "f-GAN Pearson"])
@pytest.mark.parametrize("gamma", [0.1, 1.0])
def test_consensus_takes_the_square_from_the_jacobian(name, gamma):
    formulation, *_, a, b = FIELDS[name]
    matrix = np.array([[0.0, a], [-b, 0.0]])
    expected = np.linalg.eigvals(matrix - gamma * matrix.T @ matrix).astype(complex)
    found = stability(game(formulation, Consensus(gamma=gamma))).eigenvalues
    np.testing.assert_allclose(found, expected[np.lexsort((expected.imag, expected.real))], atol=1e-8)


@pytest.mark.parametrize("share", [0.04, 1.0, 25.0])
@pytest.mark.parametrize("gamma", [0.0, 0.3])
def test_of_two_rates_only_the_product_counts_without_a_penalty(share, gamma):
    """In turn: det = 1 - h_D γ, trace = 2 - h_D γ - h_G h_D ab. Two time scales alone damp nothing."""
    g_rate, d_rate = H * share, H / share
    formulation = Formulation(Saturating(), (R1(gamma=gamma),) if gamma else ())
    found = stability(game(formulation, Alternating(), g_rate, d_rate)).step_eigenvalues
    assert found.prod().real == pytest.approx(1 - d_rate * gamma, abs=1e-8)
    assert found.sum().real == pytest.approx(2 - d_rate * gamma - g_rate * d_rate / 4, abs=1e-8)
    if not gamma:
        np.testing.assert_allclose(abs(found), 1, atol=1e-9)


def test_in_turn_steps_are_bounded_up_to_a_product_of_sixteen():
    """h_G h_D ab ≤ 4 with ab = ¼."""
    for product, is_bounded in ((15.9, True), (16.1, False)):
        found = stability(game(Formulation(Saturating()), Alternating(), product / 2, 2.0)).spectral_radius
        assert (found < 1 + 1e-6) is is_bounded


@pytest.mark.parametrize(("n_d", "n_g"), [(1, 1), (4, 1), (2, 3)])
def test_with_more_updates_steps_are_bounded_up_to_two_turns(n_d, n_g):
    """√(n_G n_D) h ω ≤ 2, ω = 1."""
    for alpha, is_bounded in ((1.99, True), (2.01, False)):
        h = alpha / math.sqrt(n_d * n_g)
        config = game(WGAN, Alternating(), h, h)
        training = dataclasses.replace(config.training, d_steps=n_d, g_steps=n_g)
        found = stability(dataclasses.replace(config, training=training)).spectral_radius
        assert (found < 1 + 1e-6) is is_bounded


def test_the_best_steps_of_optimism_and_extragradient():
    """Radii 0.7071 with h = ½ and 0.8660 with h = 0.7071; neither converges with steps a little too large."""
    optimistic = [
        stability(game(WGAN, None, h, h, OptimisticSGD)).spectral_radius for h in (0.4, 0.5, 0.55, 0.6)
    ]
    assert optimistic[1] == pytest.approx(math.sqrt(0.5), abs=1e-3)  # a double root
    assert optimistic[1] == min(optimistic)
    assert optimistic[2] < 1 < optimistic[3]
    extra = [stability(game(WGAN, Extragradient(), h, h)).spectral_radius for h in (0.6, 0.5**0.5, 0.8, 1.01)]
    assert extra[1] == pytest.approx(math.sqrt(0.75), abs=1e-9)
    assert extra[1] == min(extra)
    assert extra[3] > 1


def test_negative_momentum_damps_in_turn_alone():
    radii = {
        rule: [
            stability(game(WGAN, rule(), 0.1, 0.1, momentum=beta)).spectral_radius
            for beta in (-0.5, -0.3, -0.1)
        ]
        for rule in (Simultaneous, Alternating)
    }
    assert 1 < radii[Simultaneous][0] < radii[Simultaneous][1] < radii[Simultaneous][2]
    assert max(radii[Alternating]) < 1
    assert stability(game(WGAN, Alternating(), 0.1, 0.1, momentum=0.1)).spectral_radius > 1


def test_how_far_momentum_leads_in_twenty_thousand_steps():
    """The bilinear game's step is linear: from (1, 1), with h = 0.1 and in turn, so far from the equilibrium."""
    for momentum, expected in ((-0.5, 2e-13), (-0.3, 2e-12), (-0.1, 4e-7), (0.0, 1.41), (0.1, 1e12)):
        played = DiracGame(game(WGAN, Alternating(), 0.1, 0.1, momentum=momentum), *torch.zeros(2, 4))
        played.put(torch.eye(4, dtype=torch.float64))  # θ and ψ, each with its velocity
        played.step()
        end = np.linalg.matrix_power(played.state().numpy().T, 20_000) @ [1, 0, 1, 0]
        assert math.hypot(*end[::2]) == pytest.approx(expected, rel=0.15)


def flow(formulation, time, dt):
    """Follow the field from (1, 1) by the classical method of fourth order."""
    place = np.ones(2)

    def pull(place):
        return np.array(field(formulation, *place)).reshape(2)

    for _ in range(round(time / dt)):
        k1 = pull(place)
        k2 = pull(place + dt / 2 * k1)
        k3 = pull(place + dt / 2 * k2)
        k4 = pull(place + dt * k3)
        place = place + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return place


def test_in_continuous_time():
    """Saturating keeps θ² + ψ²; non-saturating falls like 8 / time, though its linearization is a center."""
    assert (flow(Formulation(Saturating()), 20.0, 0.1) ** 2).sum() == pytest.approx(2, abs=1e-5)
    for time, expected in ((100.0, 7.75), (500.0, 7.935)):
        assert (flow(Formulation(NonSaturating()), time, 0.25) ** 2).sum() * time == pytest.approx(
            expected, abs=5e-3
        )


def test_the_non_saturating_game_falls_as_the_identity_says():
    """d(θ² + ψ²)/dt = -2t tanh(t/2) with t = ψθ, so that r² · time → 8: 7.986 at 2,000 and 7.997 at 10,000."""

    def pull(_, place):
        theta, psi = place
        return psi / (1 + np.exp(theta * psi)), -theta / (1 + np.exp(-theta * psi))

    to_theta, to_psi = found = field(Formulation(NonSaturating()), THETA, PSI)
    np.testing.assert_allclose(found, pull(0, (THETA, PSI)), atol=1e-14)
    score = THETA * PSI
    np.testing.assert_allclose(
        2 * (THETA * to_theta + PSI * to_psi), -2 * score * np.tanh(score / 2), atol=1e-14
    )
    times = [100.0, 500.0, 2000.0, 10_000.0]
    found = solve_ivp(pull, (0, times[-1]), [1, 1], method="DOP853", t_eval=times, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose((found.y**2).sum(0) * times, [7.75, 7.93, 7.986, 7.997], atol=6e-3)


def test_penalties_on_slopes_above_one_keep_a_critic_in_orbit():
    gp, lp = GradientPenalty(weight=0.35), LipschitzPenalty(weight=0.35)
    orbits = (
        (gp, Simultaneous(), 1.62, 1.97),
        (gp, Alternating(), 1.26, 1.31),
        (lp, Simultaneous(), 1.54, 1.79),
    )
    for penalty, rule, low, high in orbits:
        radius = np.hypot(*course(game(dataclasses.replace(WGAN, penalties=(penalty,)), rule), 1, 1, 800))[
            400:
        ]
        assert (radius.min(), radius.max()) == pytest.approx((low, high), abs=0.01)
