"""Rows of gan-maths 1.1 to 1.10 and 2.1 that belong to several entries at once, or say what one of them is not."""

import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import R1, R2, LipschitzPenalty
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac import course, field
from ganviz.training.dirac_stability import stability
from ganviz.training.optimizers import SGD
from ganviz.training.rules import Alternating, Consensus, Unrolled
from tests.losses.test_facts import CURVATURES

P = np.array([0.1, 0.3, 0.05, 0.35, 0.2])
Q = np.array([0.25, 0.05, 0.3, 0.15, 0.25])
LN2 = math.log(2)


def loss(key, **changes):
    return ADVERSARIAL_LOSSES[key](**changes)


def mean(shares, values):
    return float((shares * np.asarray(values)).sum())


def d_loss(of, p, q, scores):
    t = torch.as_tensor(scores)
    return mean(p, of.on_real(t)) + mean(q, of.on_fake(t))


def jsd(p, q):
    m = (p + q) / 2
    return float((p * np.log(p / m) + q * np.log(q / m)).sum() / 2)


TAILS = {
    "saturating": (-2, -1),
    "non_saturating": (-3, -2),
    "reverse_kl": (-2, -2),
    "maximum_likelihood": (-1, -1),
    "least_squares": (-4, -1),
    "least squares (-1, 1, 1)": (-4, -1),
    "least squares (-1, 1, 0)": (-3, -1),
}
"""1.1: the powers of r with which f″ falls where samples are missing, r → ∞, and where there are no data, r → 0."""


@pytest.mark.parametrize("name", TAILS)
def test_how_hard_missing_modes_and_garbage_pull(name):
    second = CURVATURES[name]
    for r, power in zip((1e8, 1e-8), TAILS[name], strict=True):
        found = math.log(abs(second(2 * r) / second(r))) / LN2
        assert found == pytest.approx(power, abs=1e-6)
    assert (second(1e8) < 0) is (name == "least squares (-1, 1, 0)")  # the wrong sign: such modes push


@pytest.mark.parametrize("name", [name for name in CURVATURES if name.endswith("alternative")])
def test_raising_t_divides_the_curvature_by_the_ratio(name):
    """1.1: f″/r in place of f″."""
    r = np.linspace(0.1, 9, 50)
    np.testing.assert_allclose(CURVATURES[name](r), CURVATURES[name.split()[0]](r) / r, rtol=1e-12)


def test_the_best_hinge_moves_nobody_and_measures_total_variation():
    """1.1, 1.4: V of the exact D* is 2 TV - 2, and D* has no slope but where p = q: no sample is pulled."""
    hinge = loss("hinge")
    best = hinge.best_scores(np.log(P / Q))
    assert hinge.divergence == "2 TV(p, q)"
    assert 2 - d_loss(hinge, P, Q, best) == pytest.approx(abs(P - Q).sum(), abs=1e-15)
    x = np.linspace(-3, 3, 1001)
    ratio = 2 * x - 0.3  # ln p/q of two normals
    assert np.count_nonzero(np.diff(hinge.best_scores(ratio))) <= 2  # at p = q, from -1 by 0 to 1


def test_what_is_left_in_the_sum_of_games_that_cancel():
    """A3: -E t on real samples for Wasserstein; with hinge E max(0, 1 - t) + E [max(0, 1 + t) - t] stays."""
    real, fake = torch.randn(2, 1, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    for key, left in (
        ("wasserstein", -real.mean()),
        ("hinge", (1 - real).relu().mean() + ((1 + fake).relu() - fake).mean()),
        ("saturating", torch.nn.functional.softplus(-real).mean()),
    ):
        found = [
            f(real_scores=real, fake_scores=fake) for f in (loss(key).discriminator, loss(key).generator)
        ]
        assert float(sum(found)) == pytest.approx(float(left), abs=1e-12)


def test_chi_squared_is_a_value_and_not_what_the_generator_descends():
    """1.3: with (-1, 1, 0) L_G and the same of real samples add up to Δ/2 at the best D; its slope is another."""
    scheme = LeastSquares(a=-1.0, b=1.0, c=0.0)

    def value(q):
        best = torch.as_tensor(scheme.best_scores(np.log(P / q)))
        return mean(P, scheme.on_generated(best)) + mean(q, scheme.on_generated(best))

    assert value(Q) == pytest.approx(((P - Q) ** 2 / (P + Q)).sum() / 2, abs=1e-14)
    assert value(P) == pytest.approx(0, abs=1e-14)
    move = np.array([0.0, 1.0, -1.0, 0.0, 0.0])
    along = (value(Q + 1e-6 * move) - value(Q - 1e-6 * move)) / 2e-6
    followed = mean(move, scheme.on_generated(torch.as_tensor(scheme.best_scores(np.log(P / Q)))))
    assert along < -0.1
    assert abs(followed) < 0.1 * abs(along)


def test_averages_keep_the_order_of_the_ratios_and_not_their_values():
    """1.5: the scores that make RaGAN's L_D least on five points rise with ln p/q, by other steps."""
    t = torch.zeros(5, dtype=torch.float64, requires_grad=True)
    p, q, ragan = torch.from_numpy(P), torch.from_numpy(Q), loss("ragan")
    optimizer = torch.optim.LBFGS([t], max_iter=300, tolerance_grad=1e-12, tolerance_change=1e-16)

    def closure():
        optimizer.zero_grad()
        found = (p * ragan.on_real(t - (q * t).sum())).sum() + (q * ragan.on_fake(t - (p * t).sum())).sum()
        found.backward()
        return found

    optimizer.step(closure)
    best, ratio = t.detach().numpy(), np.log(P / Q)
    assert (np.argsort(best) == np.argsort(ratio)).all()
    steps, of_ratio = np.diff(np.sort(best)), np.diff(np.sort(ratio))
    assert abs(steps / of_ratio - 1).max() > 0.1


def test_a_pearson_critic_of_the_papers_form_would_push_samples_away():
    """1.7, trap (i): -(v/2 + 1) turns below v = -2; in log-ratio form the slope is below 0 everywhere."""
    v = torch.linspace(-14, 14, 57, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad((-(v**2 / 4 + v)).sum(), v)
    assert bool((slopes[v < -2] > 0).all())
    assert bool((loss("fgan_pearson").on_generated_slope(v.detach()) < 0).all())


@pytest.mark.parametrize("draw", range(30))
def test_what_any_discriminator_says_of_the_distance(draw):
    """1.10: bounds from below that hold for every D, not for the best one alone."""
    chance = np.random.default_rng(draw)
    p, q = chance.dirichlet(np.ones(6)), chance.dirichlet(np.ones(6))
    t = chance.normal(0, 3, 6)
    triangular = ((p - q) ** 2 / (p + q)).sum()
    assert jsd(p, q) >= LN2 - d_loss(loss("saturating"), p, q, t) / 2 - 1e-12
    assert triangular >= 2 - 8 * d_loss(loss("least_squares"), p, q, t) - 1e-12
    assert abs(p - q).sum() / 2 >= 1 - d_loss(loss("hinge"), p, q, t) / 2 - 1e-12
    pairs = mean(np.outer(p, q), loss("rpgan").on_lead(torch.from_numpy(np.subtract.outer(t, t))))
    assert jsd(np.outer(p, q), np.outer(q, p)) >= LN2 - pairs - 1e-12
    for key, distance in (
        ("fgan_kl", (p * np.log(p / q)).sum()),
        ("fgan_reverse_kl", (q * np.log(q / p)).sum()),
        ("fgan_pearson", ((p - q) ** 2 / q).sum()),
        ("fgan_neyman", ((p - q) ** 2 / p).sum()),
        ("fgan_hellinger", ((np.sqrt(p) - np.sqrt(q)) ** 2).sum()),
        ("fgan_js", 2 * jsd(p, q)),
    ):
        assert distance >= -d_loss(loss(key), p, q, t) - 1e-12, key


def test_consensus_adds_the_slope_of_the_whole_fields_square():
    """2.1: v - γ ∇½‖v‖² with ½‖v‖² = ½ (θ² + ψ²) σ(t)². A notebook of the authors has half of its second part."""
    game, gamma = Formulation(Saturating()), 0.8
    theta, psi = 0.7, -1.3
    s = 1 / (1 + math.exp(-theta * psi))
    squares, inner = theta**2 + psi**2, s * s * (1 - s)
    slope = np.array([theta * s * s + squares * inner * psi, psi * s * s + squares * inner * theta])
    plain = np.array([psi * s, -theta * s])
    lane, h = LaneConfig(game, "", SGD(learning_rate=0.1), SGD(learning_rate=0.1)), 0.1
    run = RunConfig((lane,), training=TrainingSettings(rule=Consensus(gamma=gamma)))
    found = [(one[1] - one[0]) / h for one in course(run, theta, psi, 1)]
    np.testing.assert_allclose(found, plain - gamma * slope, atol=1e-12)
    assert slope[0] != pytest.approx(theta * s * s + squares * inner * psi / 2, abs=0.01)


def test_unrolling_makes_the_generators_number_the_whole_value():
    """1.9: L_G reads -2 ln 2 = -1.386 at equilibrium where it is V, and stays what it was where it is not."""
    rule = Unrolled()
    found = rule.equilibrium(loss("saturating"))
    assert (found.d_loss, found.g_loss, found.total) == pytest.approx((2 * LN2, -1.386294361, 0), abs=1e-9)
    for key in ("non_saturating", "rpgan"):
        assert rule.equilibrium(loss(key)) == loss(key).equilibrium()
    assert Alternating().equilibrium(loss("saturating")).g_loss == pytest.approx(-LN2, abs=1e-15)


def test_packs_compare_distributions_of_packs():
    """1.9: a pack's best score is the sum of its samples' ln p/q; L_D is 2 ln 2 - 2 JSD(P x P, Q x Q) there."""
    p, q = np.outer(P, P).ravel(), np.outer(Q, Q).ravel()
    best = np.add.outer(np.log(P / Q), np.log(P / Q)).ravel()
    found = d_loss(loss("non_saturating"), p, q, best)
    assert found == pytest.approx(2 * LN2 - 2 * jsd(p, q), abs=1e-14)
    assert jsd(p, q) > jsd(P, Q)  # who drops modes is found out sooner


@pytest.mark.parametrize("penalty", [R1, R2])
def test_on_a_linear_d_a_penalty_of_slopes_is_a_decay_of_its_weight(penalty):
    """2.2: with t = ψ x both take γ ψ from ψ′ wherever the game stands, and nothing from θ′."""
    theta, psi = np.meshgrid(np.linspace(-2, 2, 5), np.linspace(-3, 3, 7))
    plain = field(Formulation(Saturating()), theta, psi)
    decayed = field(Formulation(Saturating(), (penalty(gamma=0.3),)), theta, psi)
    np.testing.assert_allclose(decayed[0], plain[0], atol=1e-14)
    np.testing.assert_allclose(decayed[1], plain[1] - 0.3 * psi, atol=1e-14)


def test_a_one_sided_penalty_damps_nothing_near_the_equilibrium():
    """2.2: D is flatter than 1 there, and nothing is charged."""
    lane = LaneConfig(Formulation(loss("wasserstein"), (LipschitzPenalty(weight=10.0),)))
    np.testing.assert_allclose(stability(RunConfig((lane,))).eigenvalues, [-1j, 1j], atol=1e-9)
