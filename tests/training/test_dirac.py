"""The Dirac game, played with the objects that train networks, against the literature's tables and closed forms."""

import cmath
import dataclasses
import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.inputs.scaled import Scaled
from ganviz.losses.penalties import DRAGAN, R1, R2, GradientPenalty, LipschitzPenalty, ZeroCenteredPenalty
from ganviz.losses.penalties.consistency import Consistency
from ganviz.losses.penalties.lecam import LeCam, LeCamCode
from ganviz.losses.penalties.logit_weighted import Roth
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks.mlp import MLP
from ganviz.spec import InvalidValueError
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac import DiracGame, course, field
from ganviz.training.dirac_stability import stability
from ganviz.training.optimizers import SGD, Adam, OptimisticSGD
from ganviz.training.rules import Alternating, Consensus, Extragradient, Simultaneous, Unrolled

H = 0.2
SAT, NS, WGAN = Formulation(Saturating()), Formulation(NonSaturating()), Formulation(Wasserstein())


def game(formulation, rule=None, optimizer=None, **training):
    optimizer = optimizer or SGD(learning_rate=H)
    lane = LaneConfig(formulation, "", optimizer, optimizer)
    return RunConfig(lanes=(lane,), training=TrainingSettings(rule=rule or Simultaneous(), **training))


def game_of_layers(architecture):
    return dataclasses.replace(game(NS), architecture=architecture)


def with_penalties(formulation, *penalties):
    return dataclasses.replace(formulation, penalties=penalties)


# (θ, ψ) after 1, 10 and 500 steps from (1, 1), to the digits that are printed; None where it orbits.
COURSES = {
    "sat": (SAT, Simultaneous(), (1.146211716, 0.853788284), (1.423724934, -0.512635541), (-2.996651, 1.505114)),
    "ns": (NS, Simultaneous(), (1.053788284, 0.853788284), (1.202800508, -0.358261962), (0.330441, 0.548337)),
    "rpgan": (
        named_formulation("rpgan"), Simultaneous(),
        (1.053788284, 0.853788284), (1.202800508, -0.358261962), (0.330441, 0.548337),
    ),
    "ns in turn": (
        NS, Alternating(), (1.050994859, 0.853788284), (1.120727178, -0.334171469), (0.196553, 0.204889)
    ),
    "wgan": (
        WGAN, Simultaneous(), (1.2, 0.8), (0.641784218, -1.596434022), None
    ),  # after 500 steps see test_optimism_and_wasserstein
    "wgan in turn": (WGAN, Alternating(), (1.16, 0.8), (0.402036240, -1.240414661), (0.613001, 1.256285)),
    "sat + R1 0.3": (
        with_penalties(SAT, R1(gamma=0.3)), Simultaneous(),
        (1.146211716, 0.793788284), (1.319493015, -0.501863476), (-4.468e-06, 1.693e-06),
    ),
    "sat + R1 1": (
        with_penalties(SAT, R1(gamma=1)), Simultaneous(),
        (1.146211716, 0.653788284), (1.179592116, -0.390392563), (6.0e-21, -5.9e-21),
    ),
    "wgan-gp": (
        with_penalties(WGAN, GradientPenalty(weight=0.35)), Simultaneous(),
        (1.2, 0.8), (0.788700308, -1.576440783), None,
    ),
    "wgan-lp": (
        with_penalties(WGAN, LipschitzPenalty(weight=0.35)), Simultaneous(),
        (1.2, 0.8), (0.646813215, -1.517183561), None,
    ),
    "consensus": (
        SAT, Consensus(gamma=1.0), (0.981828450, 0.689405019), (0.617923391, -0.373811071), (4e-12, -1.5e-10),
    ),
    "clipped": (
        Formulation(Wasserstein(), (), WeightClipping(c=1.0)), Simultaneous(),
        (1.2, 0.8), (0.760028160, -1.0), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COURSES)
def test_published_courses(name):
    formulation, rule, *places = COURSES[name]
    theta, psi = course(game(formulation, rule), 1, 1, 500)
    for step, place, within in zip((1, 10, 500), places, (1e-9, 1e-9, 1e-6), strict=True):
        if place is not None:
            assert (theta[step], psi[step]) == pytest.approx(place, abs=within), step
    if name == "wgan-lp":
        radius = np.hypot(theta, psi)[200:]
        assert radius.min() == pytest.approx(1.54, abs=0.01)
        assert radius.max() == pytest.approx(1.79, abs=0.01)


def test_a_course_begins_exactly_where_it_is_told():
    """0.1 is no number of single precision."""
    theta, psi = course(game(NS), 0.1, -0.7, 0)
    assert (theta[0], psi[0]) == (0.1, -0.7)


def test_optimism_and_wasserstein():
    theta, psi = course(game(WGAN, optimizer=OptimisticSGD(learning_rate=H)), 1, 1, 500)
    assert (theta[1], psi[1]) == pytest.approx((1.2, 0.8), abs=1e-9)
    assert (theta[10], psi[10]) == pytest.approx((0.351479603, -1.141856461), abs=1e-9)
    assert (theta[500], psi[500]) == pytest.approx((2.8e-07, -3.5e-05), abs=5e-7)
    theta, psi = course(game(WGAN), 1, 1, 500)
    assert math.hypot(theta[-1], psi[-1]) == pytest.approx(25635.974005, abs=1e-6)
    assert (theta[-1], psi[-1]) == pytest.approx((-22208.95, 12804.90), abs=1e-2)


# γ_eff of -γ/2 ± √(γ²/4 - ab), ab = ¼ for cross-entropies.
DAMPED = [
    (SAT, 0.0), (NS, 0.0), (named_formulation("rpgan"), 0.0),
    (with_penalties(SAT, R1(gamma=0.3)), 0.3), (with_penalties(NS, R2(gamma=0.3)), 0.3),
    (with_penalties(NS, R1(gamma=1.7)), 1.7), (with_penalties(NS, R1(gamma=0.3), R2(gamma=0.3)), 0.6),
    (with_penalties(NS, ZeroCenteredPenalty(weight=0.3)), 0.6),
    (with_penalties(NS, LipschitzPenalty(weight=0.3)), 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("formulation", "gamma"), DAMPED, ids=str)
def test_eigenvalues_of_the_field(formulation, gamma):
    root = cmath.sqrt(gamma**2 / 4 - 0.25)
    expected = sorted((-gamma / 2 + sign * root for sign in (1, -1)), key=lambda one: (one.real, one.imag))
    found = stability(game(formulation))
    np.testing.assert_allclose(found.eigenvalues, expected, atol=1e-9)
    assert found.verdict.startswith("converges" if gamma else "circles")


def test_games_without_a_linearization_say_so():
    assert stability(game(with_penalties(WGAN, GradientPenalty()))).eigenvalues is None
    assert stability(game(with_penalties(NS, DRAGAN()))).eigenvalues is None
    with_adam = stability(game(NS, optimizer=Adam(learning_rate=H)))
    assert with_adam.eigenvalues is not None
    assert with_adam.step_eigenvalues is None
    assert with_adam.spectral_radius is None


@pytest.mark.parametrize(
    ("gamma", "together", "in_turn"), [(0.3, 0.974679434, 0.969535971), (1.0, 0.9, 0.927015621)]
)
def test_published_spectral_radii(gamma, together, in_turn):
    formulation = with_penalties(SAT, R1(gamma=gamma))
    assert stability(game(formulation)).spectral_radius == pytest.approx(together, abs=1e-6)
    assert stability(game(formulation, Alternating())).spectral_radius == pytest.approx(in_turn, abs=1e-6)


@pytest.mark.parametrize("h", [0.2, 0.5, 0.7, 0.95, 1.1])
def test_steps_of_rules_and_optimizers_on_the_bilinear_game(h):
    def radius(rule, optimizer):
        return stability(game(WGAN, rule, optimizer)).spectral_radius

    plain = SGD(learning_rate=h)
    assert radius(Simultaneous(), plain) == pytest.approx(math.sqrt(1 + h * h), abs=1e-9)
    assert radius(Alternating(), plain) == pytest.approx(1, abs=1e-9)
    assert radius(Extragradient(), plain) == pytest.approx(math.sqrt(1 - h**2 + h**4), abs=1e-9)
    roots = np.roots([1, -(1 + 2j * h), 1j * h])
    optimistic = radius(Simultaneous(), OptimisticSGD(learning_rate=h))
    assert optimistic == pytest.approx(np.abs(roots).max(), abs=1e-7)
    assert (optimistic < 1) == (h < 1 / math.sqrt(3))


@pytest.mark.parametrize("gamma", [0.1, 0.4, 1.0, 2.5])
@pytest.mark.parametrize("h", [0.1, 0.5, 1.5, 3.0])
def test_exact_step_size_conditions(gamma, h):
    formulation, ab = with_penalties(SAT, R1(gamma=gamma)), 0.25
    together = stability(game(formulation, Simultaneous(), SGD(learning_rate=h))).spectral_radius
    assert (together < 1) == (h < gamma / ab and 4 - 2 * h * gamma + h * h * ab > 0)
    in_turn = stability(game(formulation, Alternating(), SGD(learning_rate=h))).spectral_radius
    assert (in_turn < 1) == (h * h * ab + 2 * h * gamma < 4)


def test_identities_along_the_way():
    theta, psi = course(game(SAT), 1, 1, 200)
    squares, scores = theta**2 + psi**2, theta * psi
    factors = 1 + (H / (1 + np.exp(-scores[:-1]))) ** 2
    np.testing.assert_allclose(squares[1:] / squares[:-1], factors, rtol=2e-15)
    theta, psi = course(game(WGAN), 1, 1, 200)
    squares = theta**2 + psi**2
    np.testing.assert_allclose(squares[1:] / squares[:-1], 1 + H**2, rtol=2e-15)
    theta, psi = course(game(WGAN, Alternating()), 1, 1, 500)
    np.testing.assert_allclose(theta**2 + psi**2 - H * theta * psi, 2 - H, atol=1e-12)
    for h, expected in ((0.05, 0.09999), (0.1, 0.1999), (0.2, 0.3991)):
        theta, psi = course(game(NS, optimizer=SGD(learning_rate=h)), 1, 1, round(600 / h))
        assert (theta**2 + psi**2)[-2000:].mean() == pytest.approx(expected, abs=6e-4)


def test_a_penalty_centered_at_one_can_rest_at_a_wrong_generator():
    """With γ_M = 2 λ = 0.7 it comes to |θ| = 2 γ_M and ψ = 0, from which it jumps away again, much later."""
    theta, psi = course(game(with_penalties(NS, GradientPenalty(weight=0.35))), 1, 1, 500)
    assert abs(theta[-1]) == pytest.approx(1.4, abs=2e-4)
    assert abs(psi[-1]) < 1e-4


@pytest.mark.parametrize(("of_d", "of_g"), [(1, 1), (2, 3), (5, 1)])
def test_more_updates_turn_the_bilinear_game_faster(of_d, of_g):
    alpha = math.sqrt(of_d * of_g) * H
    found = stability(game(WGAN, Alternating(), d_steps=of_d, g_steps=of_g)).step_eigenvalues
    expected = 1 - alpha**2 / 2 + 1j * math.sqrt(1 - (1 - alpha**2 / 2) ** 2)
    np.testing.assert_allclose(found, [expected.conjugate(), expected], atol=1e-9)


@pytest.mark.parametrize(
    "name", [key for key, named in FORMULATIONS.items() if named.formulation.loss.has_discriminator]
)
@pytest.mark.parametrize("rule", [Simultaneous(), Alternating(), Extragradient()], ids=lambda rule: rule.key)
def test_every_formulation_can_be_played(name, rule):
    config = game(named_formulation(name), rule, SGD(learning_rate=0.01))
    theta, psi = course(config, 0.5, -0.25, 50)
    assert np.isfinite(theta).all()
    assert np.isfinite(psi).all()
    assert stability(config).verdict


def test_least_squares_are_centered_at_their_decision_boundary():
    theta, psi = course(game(Formulation(LeastSquares())), 0.0, 0.0, 5)
    assert not theta.any()
    assert not psi.any()


def test_with_g_first_the_cross_term_has_the_other_sign():
    """Wasserstein's game in turn, θ before ψ: θ² + ψ² + hθψ is conserved."""
    played = DiracGame(game(WGAN), torch.ones(1), torch.ones(1))
    for _ in range(500):
        played.generator_step(0)
        played.discriminator_step(0, is_applied=True)
        theta, psi = float(played.theta.parameters), float(played.psi.parameters)
        assert theta**2 + psi**2 + H * theta * psi == pytest.approx(2 + H, abs=1e-12)


def packed(formulation, m, rule=None):
    return game(formulation, rule, packing=m, batch_size=m)


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_packs_turn_the_game_faster_and_damp_nothing(m):
    """PacGAN: G makes all m samples, and each of D's m slopes sees its own: ω = √(m ab), and γ stays what it was."""
    for formulation, gamma in (
        (SAT, 0.0), (NS, 0.0), (with_penalties(NS, R1(gamma=0.3)), 0.3), (noisy(SAT, 0.7), 0.245),
        (with_penalties(SAT, R1(gamma=0.3), R2(gamma=0.3)), 0.6),
        (with_penalties(NS, Consistency(weight=10.0, sigma=0.1)), 0.2),
    ):  # fmt: skip
        root = cmath.sqrt(gamma**2 / 4 - m * 0.25)
        found = stability(packed(formulation, m))
        np.testing.assert_allclose(found.eigenvalues, [-gamma / 2 - root, -gamma / 2 + root], atol=1e-6)
        assert found.verdict.startswith("converges" if gamma else "circles")
    theta, psi = course(packed(NS, m), 0.8, -0.6, 1)
    score = m * 0.8 * -0.6
    assert theta[1] == pytest.approx(0.8 + H * m * -0.6 / (1 + math.exp(score)), abs=1e-12)
    assert psi[1] == pytest.approx(-0.6 - H * 0.8 / (1 + math.exp(-score)), abs=1e-12)


def test_the_slopes_of_a_pack_are_those_of_a_d_that_has_one_for_each():
    """Against networks: D is a linear layer of m inputs, G a constant; both gradients by automatic differentiation."""
    m, theta, psi = 3, torch.tensor(0.8, dtype=torch.float64), torch.full((3,), -0.6, dtype=torch.float64)
    theta.requires_grad_()
    psi.requires_grad_()
    score = psi @ theta.expand(m)
    softplus = torch.nn.functional.softplus
    (to_theta,) = torch.autograd.grad(-softplus(-score), theta, retain_graph=True)
    penalty = 0.15 * psi.square().sum()  # R1 of γ = 0.3: the slope is ψ
    (to_psi,) = torch.autograd.grad(-softplus(score) - penalty, psi)
    found = field(with_penalties(NS, R1(gamma=0.3)), np.array([0.8]), np.array([-0.6]), packing=m)
    assert found[0][0] == pytest.approx(float(to_theta.detach()), abs=1e-12)
    assert to_psi.tolist() == pytest.approx([found[1][0]] * m, abs=1e-12)


def noisy(formulation, sigma, **more):
    return dataclasses.replace(formulation, inputs=(InstanceNoise(sigma=sigma, **more),))


@pytest.mark.parametrize(
    ("formulation", "expected"),
    [(SAT, (0.711909799, -0.913963966)), (NS, (0.288090201, -0.913963966))],
    ids=["saturating", "non-saturating"],
)
def test_noise_is_averaged_over(formulation, expected):
    """The published values at θ = ψ = 1 and s = 0.7."""
    one = np.ones(1)
    found = [float(value[0]) for value in field(noisy(formulation, 0.7), one, one)]
    assert found == pytest.approx(expected, abs=5e-10)


@pytest.mark.parametrize("formulation", [SAT, NS, named_formulation("rpgan")], ids=str)
@pytest.mark.parametrize("s", [0.3, 1.0, 1.8])
def test_noise_lets_the_game_converge(formulation, s):
    """-s²/4 ± √(s⁴/16 - ¼): two terms of variance s² each, or for pairs one of 2 s²."""
    found, gamma = stability(game(noisy(formulation, s))), s * s / 2
    root = cmath.sqrt(gamma**2 / 4 - 0.25)
    expected = sorted((-gamma / 2 + sign * root for sign in (1, -1)), key=lambda one: (one.real, one.imag))
    np.testing.assert_allclose(found.eigenvalues, expected, atol=1e-6)
    assert found.verdict == "converges"


@pytest.mark.parametrize("c", [0.25, 3.0])
@pytest.mark.parametrize("gamma", [0.0, 0.4])
def test_a_scaled_sample_turns_the_game_more_slowly(c, gamma):
    """D is ψ c x: the coupling f'(0) c and R1's damping γ of the slope ψ, so -γ/2 ± √(γ²/4 - c²/4)."""
    penalties = (R1(gamma=gamma),) if gamma else ()
    scaled = Formulation(NonSaturating(), penalties, inputs=(Scaled(factor=c),))
    found = stability(game(scaled))
    root = cmath.sqrt(gamma**2 / 4 - c**2 / 4)
    expected = sorted((-gamma / 2 + sign * root for sign in (1, -1)), key=lambda one: (one.real, one.imag))
    np.testing.assert_allclose(found.eigenvalues, expected, atol=1e-6)
    theta, psi = np.array([0.7]), np.array([-1.2])
    to_theta, to_psi = field(scaled, theta, psi)
    of_plain, steeper = field(NS, theta, c * psi)
    np.testing.assert_allclose(to_theta, of_plain, rtol=1e-12)
    np.testing.assert_allclose(to_psi, c * steeper - gamma * psi, rtol=1e-12)


@pytest.mark.parametrize("packing", [1, 2])
def test_noise_before_scaling_is_scaled_with_the_samples(packing):
    """c (x + σ n) is c x + c σ n, whichever comes first."""
    noise, scale = InstanceNoise(sigma=0.7), Scaled(factor=0.5)
    first = Formulation(NonSaturating(), inputs=(noise, scale))
    last = Formulation(NonSaturating(), inputs=(scale, InstanceNoise(sigma=0.35)))
    places = np.array([0.4]), np.array([1.3])
    np.testing.assert_allclose(field(first, *places, packing=packing), field(last, *places, packing=packing))


def test_noise_is_annealed_as_in_training():
    theta, psi = course(game(noisy(SAT, 0.7, anneal_steps=1)), 1, 1, 2)
    with_noise, _ = course(game(noisy(SAT, 0.7)), 1, 1, 1)
    assert theta[1] == with_noise[1]
    without, _ = course(game(SAT), theta[1], psi[1], 1)
    assert theta[2] == pytest.approx(without[1], abs=1e-15)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (game_of_layers(MLP(spectral_norm=True)), "no spectral norm"),
        (game(with_penalties(NS, R1(interval=4))), "intervals must be 1"),
        (game(noisy(named_formulation("ragan"), 0.1)), "no noise"),
    ],
)
def test_what_two_points_cannot_have_is_a_sentence(config, words):
    with pytest.raises(InvalidValueError, match=words):
        course(config, 1, 1, 1)


@pytest.mark.parametrize(
    ("penalty", "damping"),
    [(Roth(gamma=0.6), 0.3), (Consistency(weight=10.0, sigma=0.1), 0.2), (LeCam(), 0.0), (LeCamCode(), 0.0)],
    ids=str,
)
def test_which_penalties_damp(penalty, damping):
    """Roth's γ is the noise's variance: γ_eff = γ/2, as of instance noise. Consistency has 2 λ σ², LeCam nothing."""
    root = np.emath.sqrt(damping**2 / 4 - 0.25)
    found = stability(game(with_penalties(SAT, penalty))).eigenvalues
    np.testing.assert_allclose(found, [-damping / 2 - root, -damping / 2 + root], atol=1e-7)


@pytest.mark.parametrize("gamma", [0.1, 1.0])
def test_consensus_damps_and_keeps_the_frequency(gamma):
    found = stability(game(SAT, Consensus(gamma=gamma)))
    np.testing.assert_allclose(found.eigenvalues, [-gamma / 4 - 0.5j, -gamma / 4 + 0.5j], atol=1e-9)
    steps = sorted(stability(game(SAT, Consensus(gamma=gamma))).step_eigenvalues, key=lambda one: one.imag)
    assert steps[-1] == pytest.approx(1 + H * complex(-gamma / 4, 0.5), abs=1e-6)


@pytest.mark.parametrize(
    ("formulation", "pull"), [(SAT, 0.344546729), (NS, 0.157834544)], ids=["saturating", "non-saturating"]
)
def test_unrolling_damps_through_the_generator(formulation, pull):
    """gan-maths 2.5 and 2.2: J = [[-Kη/2, ½], [-½, 0]]; detached inner steps would leave 0 in its corner (P29)."""
    one = Unrolled(inner_steps=1, inner_rate=0.3)
    to_theta, to_psi = field(formulation, np.array([1.0]), np.array([1.0]), one)
    assert (to_theta[0], to_psi[0]) == pytest.approx((pull, -0.731058579), abs=1e-9)
    h = 1e-5
    away = [field(formulation, np.array([sign * h]), np.array([0.0]), one)[0][0] for sign in (1, -1)]
    assert (away[0] - away[1]) / (2 * h) == pytest.approx(-0.3 / 2, abs=1e-6)
    for count, rate in ((1, 0.3), (5, 0.3), (10, 1.0)):
        damping = count * rate
        root = np.emath.sqrt(damping**2 / 4 - 1) / 2
        found = stability(game(formulation, Unrolled(inner_steps=count, inner_rate=rate))).eigenvalues
        expected = sorted((-damping / 4 - root, -damping / 4 + root), key=lambda x: (x.real, x.imag))
        np.testing.assert_allclose(found, expected, atol=1e-6)
