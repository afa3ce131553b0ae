"""What entries of the catalog say of themselves: ranges, directions, divergences, sentences; all tried on scores."""

import dataclasses
import math
import re

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractPairedLoss, AbstractPointwiseLoss
from ganviz.losses.adversarial.energy_margin import EnergyMargin
from ganviz.losses.adversarial.f_divergence import BOUND, AbstractFDivergence
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.maximum_likelihood import HIGHEST, MaximumLikelihood
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.reverse_kl import ReverseKL
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.presets import FORMULATIONS

LN2 = math.log(2.0)
F_GANS = [cls for cls in ADVERSARIAL_LOSSES.values() if issubclass(cls, AbstractFDivergence)]
LOSSES = {key: cls() for key, cls in ADVERSARIAL_LOSSES.items() if cls.has_discriminator} | {
    "least squares (-1, 1, 1)": LeastSquares(a=-1.0, b=1.0, c=1.0),
    "least squares (-1, 1, 0)": LeastSquares(a=-1.0, b=1.0, c=0.0),
    "least squares (0, 1, 2)": LeastSquares(a=0.0, b=1.0, c=2.0),
    "saturating, smoothed": Saturating(real_target=0.9),
    "saturating, smoothed fakes": Saturating(fake_target=0.2),
    "non-saturating, smoothed": NonSaturating(real_target=0.8, fake_target=0.1),
    "mixed, smoothed": MixedCrossEntropy(a=0.3, real_target=0.9, fake_target=0.2),
    "mixed, smoothed more": MixedCrossEntropy(a=0.3, fake_target=0.4),
    "reverse KL, smoothed": ReverseKL(real_target=0.9),
    "reverse KL, smoothed fakes": ReverseKL(fake_target=0.1),
    "maximum likelihood, smoothed": MaximumLikelihood(real_target=0.9, fake_target=0.1),
    "EBGAN, margin 3": EnergyMargin(margin=3.0),
    **{f"{cls.key} alternative": cls(generator_loss="alternative") for cls in F_GANS},
    **{f"mixed {a}": MixedCrossEntropy(a=a) for a in (0.0, 0.1, 1.0)},
}
each = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def scores(*values):
    return torch.tensor(values, dtype=torch.float64)


def batches():
    """Yield real and fake scores of many sizes: single ones on a grid, and random batches."""
    grid = [-1e4, -300.0, -40.0, -9.0, *np.linspace(-3, 3, 25), 9.0, 40.0, 300.0, 1e4]
    for real in grid:
        yield scores([real] * len(grid)).T, scores(grid).T
    draw = torch.Generator().manual_seed(0)
    for size in (0.1, 1.0, 5.0):
        yield tuple(size * torch.randn(200, 16, dtype=torch.float64, generator=draw) for _ in range(2))


@each
def test_ranges_hold_for_all_scores_and_are_reached(loss, monkeypatch):
    """Ranges of f-GANs are those of scores that are not held, which :func:`test_how_far_held_scores_reach` is about."""
    monkeypatch.setattr("ganviz.losses.adversarial.f_divergence.BOUND", 300.0)
    found = {"d_range": [], "g_range": [], "total_range": []}
    for real, fake in batches():
        d = loss.discriminator(real_scores=real, fake_scores=fake)
        g = loss.generator(real_scores=real, fake_scores=fake)
        for name, values in zip(found, (d, g, d + g), strict=True):
            found[name].append(values)
    for name, parts in found.items():
        told, values = getattr(loss, name), torch.cat(parts)
        assert values.min() >= told.low - 1e-9, name
        assert values.max() <= told.high + 1e-9, name
        assert values.min() <= (told.low + 0.02 if told.low > -math.inf else -100), name
        assert values.max() >= (told.high - 0.02 if told.high < math.inf else 100), name


@each
def test_it_is_said_where_every_d_is_best(loss):
    """Of samples that are alike, L_D is one number whatever the scores."""
    found = [
        loss.discriminator(real_scores=one, fake_scores=one) for one, _ in batches() if one.shape[-1] == 16
    ]
    assert bool((torch.cat(found).abs() < 1e-9).all()) is loss.every_d_is_best


@each
def test_only_losses_with_a_target_ask_for_lower_scores(loss):
    places = torch.linspace(-12, 12, 481, dtype=torch.float64)
    rises = bool((loss.g_curve(places)[1] <= 0).all())
    assert rises is loss.always_rises


@each
def test_the_generator_cancels_where_it_is_told(loss):
    real, fake = scores(0.3, -0.8, 2.0), scores(-9.0, 0.4, 9.0).requires_grad_()
    total = loss.discriminator(real_scores=real, fake_scores=fake) + loss.generator(
        real_scores=real, fake_scores=fake
    )
    (slope,) = torch.autograd.grad(total, fake, allow_unused=True)
    assert bool((slope.abs() < 1e-12).all()) is loss.is_canceling


CURVATURES = {
    "saturating": lambda r: 1 / (r * (1 + r)),
    "non_saturating": lambda r: 1 / (r**2 * (1 + r)),
    "reverse_kl": lambda r: 1 / r**2,
    "maximum_likelihood": lambda r: 1 / r,
    "mixed": lambda r: (1 + 1 / r) / (2 * r * (1 + r)),
    "mixed 0.1": lambda r: (0.9 + 0.1 / r) / (r * (1 + r)),
    "least_squares": lambda r: 1 / (r * (1 + r) ** 3),
    "least squares (-1, 1, 1)": lambda r: 4 / (r * (1 + r) ** 3),
    "least squares (-1, 1, 0)": lambda r: -2 * (r - 1) / (r * (1 + r) ** 3),
    "least squares (0, 1, 2)": lambda r: (r + 2) / (r * (1 + r) ** 3),
    "fgan_kl": lambda r: 1 / r,
    "fgan_kl alternative": lambda r: 1 / r**2,
    "fgan_reverse_kl": lambda r: 1 / r**2,
    "fgan_reverse_kl alternative": lambda r: 1 / r**3,
    "fgan_pearson": lambda r: 2 + 0 * r,
    "fgan_pearson alternative": lambda r: 2 / r,
    "fgan_neyman": lambda r: 2 / r**3,
    "fgan_neyman alternative": lambda r: 2 / r**4,
    "fgan_hellinger": lambda r: r**-1.5 / 2,
    "fgan_hellinger alternative": lambda r: r**-2.5 / 2,
    "fgan_js": lambda r: 1 / (r * (1 + r)),
    "fgan_js alternative": lambda r: 1 / (r**2 * (1 + r)),
    "fgan_gan": lambda r: 1 / (r * (1 + r)),
    "fgan_gan alternative": lambda r: 1 / (r**2 * (1 + r)),
}
"""f″ of what the generator descends at the best D, as functions of r = p/q."""


def curvature(loss, t):
    """Return the ratio r for which a score is the best one, and f″ = -g′(T(r)) T′(r) / r there."""
    t = t.clone().requires_grad_()

    def slope(function):
        return torch.autograd.grad(function(t).sum(), t, create_graph=True)[0]

    ratio = -slope(loss.on_fake) / slope(loss.on_real)
    (per_score,) = torch.autograd.grad(ratio.sum(), t, retain_graph=True)
    return ratio.detach(), (-slope(loss.on_generated) / (per_score * ratio)).detach()


@pytest.mark.parametrize("name", CURVATURES)
def test_divergences_at_the_best_discriminator(name):
    loss = LOSSES[name]
    low, high = (loss.a, loss.b) if isinstance(loss, LeastSquares) else (-6, 6)
    t = torch.linspace(low, high, 41, dtype=torch.float64)[1:-1]
    ratio, found = curvature(loss, t)
    np.testing.assert_allclose(found, CURVATURES[name](ratio), rtol=1e-6, atol=1e-12)
    if bool((found > 0).all()):
        assert loss.divergence
        assert not loss.warning
    else:
        assert not loss.divergence
        assert loss.warning


P = np.array([0.1, 0.3, 0.05, 0.35, 0.2])
Q = np.array([0.25, 0.05, 0.3, 0.15, 0.25])
M = (P + Q) / 2
NAMED = {
    "2 JSD(p, q)": (lambda r: 1 / (r * (1 + r)), (P * np.log(P / M) + Q * np.log(Q / M)).sum()),
    "2 KL(m ‖ p), m = (p + q)/2": (lambda r: 1 / (r**2 * (1 + r)), 2 * (M * np.log(M / P)).sum()),
    "KL(p ‖ q)": (lambda r: 1 / r, (P * np.log(P / Q)).sum()),
    "KL(q ‖ p)": (lambda r: 1 / r**2, (Q * np.log(Q / P)).sum()),
    "∫ (p − q)²/q": (lambda r: 2 + 0 * r, ((P - Q) ** 2 / Q).sum()),
    "∫ (p − q)²/p": (lambda r: 2 / r**3, ((P - Q) ** 2 / P).sum()),
    "½ ∫ (p − q)²/p": (lambda r: 1 / r**3, ((P - Q) ** 2 / P).sum() / 2),
    "2 KL(p ‖ q)": (lambda r: 2 / r, 2 * (P * np.log(P / Q)).sum()),
    "∫ q³/(3p²)": (lambda r: 2 / r**4, (Q**3 / (3 * P**2)).sum() - 1 / 3),
    "∫ (√p − √q)²": (lambda r: r**-1.5 / 2, ((np.sqrt(P) - np.sqrt(Q)) ** 2).sum()),
    "⅔ ∫ q √(q/p)": (lambda r: r**-2.5 / 2, 2 / 3 * (Q * np.sqrt(Q / P)).sum() - 2 / 3),
}
"""What entries call by name: f″, and the value for two distributions on five points, less the value for equal ones."""


def divergence_of(second):
    """Return Σ q f(p/q) of the f with f(1) = f′(1) = 0 and this f″: f(r) = ∫ from 1 to r of (r - s) f″(s) ds."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    total = 0.0
    for p, q in zip(P, Q, strict=True):
        r = p / q
        s = 1 + (r - 1) * (nodes + 1) / 2
        total += q * (r - 1) / 2 * (weights * (r - s) * second(s)).sum()
    return total


@pytest.mark.parametrize("name", NAMED)
def test_divergences_have_the_names_that_are_told(name):
    second, value = NAMED[name]
    assert divergence_of(second) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("name", [name for name in CURVATURES if "least" not in name and "mixed" not in name])
def test_the_name_is_that_of_what_is_descended(name):
    r = np.linspace(0.1, 5, 50)
    np.testing.assert_allclose(NAMED[LOSSES[name].divergence][0](r), CURVATURES[name](r), rtol=1e-12)


@pytest.mark.parametrize("cls", F_GANS, ids=lambda cls: cls.key)
def test_the_best_discriminator_of_an_f_gan_reaches_its_divergence(cls):
    """v* = ln(p/q), and -L_D is D_f there; at equilibrium D_f is f(1)."""
    loss = cls()
    best = torch.from_numpy(np.log(P / Q))
    slopes = P * loss.on_real_slope(best).numpy() + Q * loss.on_fake_slope(best).numpy()
    np.testing.assert_allclose(slopes, 0, atol=1e-14)
    bound = -(P * loss.on_real(best).numpy() + Q * loss.on_fake(best).numpy()).sum()
    at_one = -loss.equilibrium().d_loss
    assert bound == pytest.approx(NAMED[loss.divergence][1] + at_one, abs=1e-12)


F_GAN_TABLE = {
    "fgan_kl": (1, 0, -1, -1),
    "fgan_reverse_kl": (1, 0, 1, 1),
    "fgan_pearson": (2, 0, 0, 0),
    "fgan_neyman": (2, 0, 0, 0),
    "fgan_hellinger": (0.5, 0, 0, 0),
    "fgan_js": (0.5, 0, 0, 0),
    "fgan_gan": (0.5, 2 * LN2, -LN2, LN2),
}
"""gan-maths 1.7: f″(1), L_D, saturating and alternative L_G at equilibrium."""


@pytest.mark.parametrize("key", F_GAN_TABLE)
def test_the_table_of_f_gans(key):
    """f″(1) is the speed at which the linearized game turns: both players' slopes at v = 0."""
    plain, alternative = LOSSES[key], LOSSES[f"{key} alternative"]
    second, d_loss, saturating, raised = F_GAN_TABLE[key]
    assert plain.equilibrium().d_loss == pytest.approx(d_loss, abs=1e-12)
    assert plain.equilibrium().g_loss == pytest.approx(saturating, abs=1e-12)
    assert alternative.equilibrium().g_loss == pytest.approx(raised, abs=1e-12)
    zero = scores(0.0)
    for loss in (plain, alternative):
        assert -float(loss.on_generated_slope(zero)) == pytest.approx(second, abs=1e-12)
        assert float(loss.on_fake_slope(zero)) == pytest.approx(second, abs=1e-12)


@pytest.mark.parametrize("cls", F_GANS, ids=lambda cls: cls.key)
def test_scores_are_held_and_it_is_said(cls):
    loss = cls()
    near, far = scores(15.0, -15.0), scores(1e4, -1e4)
    is_held = cls.key not in ("fgan_js", "fgan_gan")
    for part in (loss.on_real, loss.on_fake, loss.on_generated):
        assert torch.equal(part(near), part(far)) is is_held
    for part in (loss.on_real_slope, loss.on_fake_slope):
        assert bool((part(far) == 0).all()) is (is_held)
    for words in (loss.d_words(), loss.g_formula):
        assert words.endswith(", v = t within ±15") is is_held


@each
def test_how_far_held_scores_reach(loss):
    """Where it is said, losses and sum of any scores come as far from 0, and no further."""
    if not loss.range_note:
        assert not getattr(loss, "is_held", False)
        return
    found = {"d": [], "g": [], "sum": []}
    for real, fake in batches():
        d = loss.discriminator(real_scores=real, fake_scores=fake)
        g = loss.generator(real_scores=real, fake_scores=fake)
        for values, new in zip(found.values(), (d, g, d + g), strict=True):
            values.append(new)
    assert f"within ±{BOUND:g}" in loss.range_note or f"below {HIGHEST:g}" in loss.range_note
    ends = [torch.cat(values) for values in found.values()]
    most = -ends[1].min() if loss.key == "maximum_likelihood" else torch.cat(ends).abs().max()
    told = float(re.search(r"(?:from 0 than|at least) −?(.*)\.$", loss.range_note)[1])
    assert told == pytest.approx(float(most), rel=5e-3)


def jsd(p, q):
    m = (p + q) / 2
    return float((p * np.log(p / m) + q * np.log(q / m)).sum() / 2)


def d_loss_at(loss, best):
    """Return L_D of scores at the five points, where D is a function of the point."""
    at = torch.from_numpy(np.asarray(best, dtype=float))
    return float((P * loss.on_real(at).numpy() + Q * loss.on_fake(at).numpy()).sum())


BEST = {
    "saturating": (np.log(P / Q), 2 * LN2 - 2 * jsd(P, Q)),
    "least_squares": (P / (P + Q), 0.5 * (P * Q / (P + Q)).sum()),
    "least squares (-1, 1, 1)": ((P - Q) / (P + Q), 2 * (P * Q / (P + Q)).sum()),
    "least squares (0, 1, 2)": (P / (P + Q), 0.25 - ((P - Q) ** 2 / (P + Q)).sum() / 8),
    "hinge": (np.sign(P - Q), 2 - abs(P - Q).sum()),
    "wasserstein": (np.zeros(5), 0.0),
}
"""gan-maths 1.2 to 1.6: the best scores, and what L_D is there."""


@pytest.mark.parametrize("name", BEST)
def test_the_best_discriminator_and_its_loss(name):
    best, value = BEST[name]
    loss = LOSSES[name]
    assert d_loss_at(loss, best) == pytest.approx(value, abs=1e-12)
    if name != "wasserstein":  # whose critic has to be held back
        for draw in range(20):
            moved = best + 0.1 * np.random.default_rng(draw).standard_normal(5)
            assert d_loss_at(loss, moved) >= value - 1e-12


def test_the_gap_to_the_best_discriminator_is_a_divergence_of_probabilities():
    """L_D(D) - L_D(D*) = 2 E_M KL(Bern(D*) ‖ Bern(D)), so that ln 2 - L_D/2 bounds the JSD from below."""
    loss, best = LOSSES["non_saturating"], P / (P + Q)
    d = 1 / (1 + np.exp(-np.array([0.3, -1.0, 2.0, 0.1, 0.0])))
    gap = d_loss_at(loss, np.log(d / (1 - d))) - d_loss_at(loss, np.log(P / Q))
    kl = best * np.log(best / d) + (1 - best) * np.log((1 - best) / (1 - d))
    assert gap == pytest.approx(2 * ((P + Q) / 2 * kl).sum(), abs=1e-12)
    assert jsd(P, Q) >= LN2 - d_loss_at(loss, np.log(d / (1 - d))) / 2


def test_the_best_critic_of_pairs():
    """t = ln(p/q) + const: L_D = ln 2 - JSD(P x Q ‖ Q x P)."""
    best, (i, j) = np.log(P / Q) + 3.0, np.indices((5, 5)).reshape(2, -1)
    pairs = torch.from_numpy(best[i] - best[j])
    found = float((P[i] * Q[j] * LOSSES["rpgan"].on_lead(pairs).numpy()).sum())
    assert found == pytest.approx(LN2 - jsd(P[i] * Q[j], Q[i] * P[j]), abs=1e-12)


def test_values_at_the_best_discriminator_of_generators_that_need_no_log():
    """-t reads KL(q ‖ p) there, and -e^t reads -1 whatever q is (gan-maths 1.2)."""
    best, q = torch.from_numpy(np.log(P / Q)), torch.from_numpy(Q)
    assert float((q * LOSSES["reverse_kl"].on_generated(best)).sum()) == pytest.approx(
        NAMED["KL(q ‖ p)"][1], abs=1e-12
    )
    assert float((q * LOSSES["maximum_likelihood"].on_generated(best)).sum()) == pytest.approx(-1, abs=1e-12)


def test_the_best_critic_of_slope_one_measures_the_distance():
    """-L_D is at most W1, the area between distribution functions, and a Kantorovich potential reaches it."""
    places, loss = np.array([-1.0, 0.2, 0.5, 1.7, 4.0]), LOSSES["wasserstein"]
    gaps, above = np.diff(places), np.cumsum(P - Q)[:-1]
    best = np.concatenate([[0.0], np.cumsum(-np.sign(above) * gaps)])
    distance = (abs(above) * gaps).sum()
    assert -d_loss_at(loss, best) == pytest.approx(distance, abs=1e-12)
    for draw in range(20):
        steepness = np.random.default_rng(draw).uniform(-1, 1, 4)
        assert -d_loss_at(loss, np.concatenate([[0.0], np.cumsum(steepness * gaps)])) <= distance + 1e-12


def test_what_the_equilibrium_leaves_open_costs_the_same():
    """Equal scores within a hinge's margin read L_D = 2, L_G = -t; equal energies up to m read L_D = m."""
    hinge, energy = LOSSES["hinge"], LOSSES["EBGAN, margin 3"]
    for t in (-1.0, -0.3, 0.0, 1.0):
        same = scores(t)
        assert d_loss_at(hinge, np.full(5, t)) == pytest.approx(2, abs=1e-12)
        assert float(hinge.on_generated(same)) == -t
    for t in (-1.5, 1.5):
        assert d_loss_at(hinge, np.full(5, t)) == pytest.approx(2.5, abs=1e-12)
    for of_energy in (1e-6, 1.0, 3.0):
        t = -math.log(math.expm1(of_energy))
        assert d_loss_at(energy, np.full(5, t)) == pytest.approx(3, abs=1e-12)
    assert d_loss_at(energy, np.full(5, -3.2)) > 3
    assert energy.equilibrium().d_loss == 3


def test_the_divergence_of_least_squares_in_closed_form():
    """gan-maths 1.1: f = ½ (1 + r/(1 + r) - 2 r ln((1 + r)/r)), up to what is linear, has f″ = 1/(r (1 + r)³)."""
    r, h = np.linspace(0.2, 5, 25), 1e-3

    def f(r):
        return 0.5 * (1 + r / (1 + r) - 2 * r * np.log((1 + r) / r))

    found = (f(r + h) - 2 * f(r) + f(r - h)) / h**2
    np.testing.assert_allclose(found, CURVATURES["least_squares"](r), rtol=1e-4, atol=1e-7)


def test_the_margin_of_energies_measures_total_variation():
    """The best energy is 0 where p is above q and m elsewhere: L_D = m (1 - TV)."""
    loss = EnergyMargin(margin=3.0)
    energies = np.where(P > Q, 1e-12, 3.0)
    best = torch.from_numpy(-np.log(np.expm1(energies)))
    found = (P * loss.on_real(best).numpy() + Q * loss.on_fake(best).numpy()).sum()
    assert found == pytest.approx(3 * (1 - abs(P - Q).sum() / 2), abs=1e-9)


def test_the_scheme_that_is_no_divergence_has_no_force_at_equilibrium():
    """gan-maths 1.3 and 2.1: g′ = 0 at the score of equilibrium, and the wrong sign above it."""
    loss = LOSSES["least squares (-1, 1, 0)"]
    (slope, above) = loss.on_generated_slope(scores(loss.equilibrium().score, 0.5)).tolist()
    assert slope == 0
    assert above > 0
    assert "pulls scores above c down again" in loss.warning
    assert not LeastSquares().warning
    assert "lower score" in LeastSquares(a=1.0, b=0.0).warning


def slope(loss, *at):
    return loss.g_curve(scores(*at))[1].numpy()


def at_first_its_size_then_none(loss):
    np.testing.assert_allclose(slope(loss, 30.0), -1, atol=1e-9)
    np.testing.assert_allclose(slope(loss, -30.0), 0, atol=1e-9)


def none_where_it_leads(loss):
    np.testing.assert_allclose(slope(loss, -30.0), -1, atol=1e-9)
    np.testing.assert_allclose(slope(loss, 30.0), 0, atol=1e-9)


def between_both_shares(loss):
    for a in (0.1, 0.5, 0.8):
        mixed = dataclasses.replace(loss, a=a)
        np.testing.assert_allclose(slope(mixed, -30.0, 30.0), (-a, a - 1), atol=1e-9)
        found = slope(mixed, *np.linspace(-20, 20, 99))
        assert (found >= -max(a, 1 - a) - 1e-12).all()
        assert (found <= -min(a, 1 - a) + 1e-12).all()


def always_one(loss):
    np.testing.assert_array_equal(slope(loss, -300.0, 0.0, 5.0), -1)


def pulls(loss, *places):
    """Return the slopes of L_G at two generated samples on a line, one real one at 0: the other one is far away."""
    generated = scores(*places)[:, None]
    return loss.with_slopes(scores(0.0, 0.0)[:, None], generated)[1][:, 0]


def drawn_to_data_that_are_near(loss):
    near, far = pulls(loss, 2 * loss.bandwidth, -20 * loss.bandwidth)
    assert near > 0.1
    assert abs(far) < 1e-12
    assert (
        pulls(loss, 0.1, 0.2)[0] > pulls(loss, 0.1, 9.0)[0]
    )  # in spite of the same data: pushed down the line


def drawn_by_all_data_alike(loss):
    (a, b), (c, d) = pulls(loss, 0.5, -3.0), pulls(loss, 900.0, -3.0)
    np.testing.assert_allclose([a, b, c, d], [1 - 1, -1 + 1, 1 - 1, -1 + 1], atol=1e-12)
    # Beside each other they are pushed apart, and both to the data.
    np.testing.assert_allclose(pulls(loss, 0.5, 3.0), [1 + 1, 1 - 1], atol=1e-12)


def exponential(loss):
    np.testing.assert_allclose(slope(loss, -30.0, 0.0, 8.0), -np.exp([-30.0, 0.0, 8.0]))


def linear_around_the_target(loss):
    np.testing.assert_allclose(slope(loss, -9.0, loss.c, 9.0), (-9 - loss.c, 0, 9 - loss.c))


def margin_of_d(loss):
    always_one(loss)
    assert loss.on_real_slope(scores(0.9, 1.1)).tolist() == [-1, 0]
    assert loss.on_fake_slope(scores(-0.9, -1.1)).tolist() == [1, 0]


def all_slopes_are_one(loss):
    always_one(loss)
    at = scores(-40.0, 0.0, 2.0)
    assert loss.on_real_slope(at).tolist() == [-1] * 3
    assert loss.on_fake_slope(at).tolist() == [1] * 3


def nothing_changes_with_a_constant(loss):
    real, fake = scores(0.3, -0.8, 2.0), scores(-1.2, 0.4, 0.9)
    for objective in (loss.discriminator, loss.generator):
        moved = objective(real_scores=real + 7, fake_scores=fake + 7)
        torch.testing.assert_close(moved, objective(real_scores=real, fake_scores=fake))


def formulas_of_scores(loss):
    scores = torch.linspace(-5, 5, 11, dtype=torch.float64)
    other = dataclasses.replace(loss, real="1 - t", fake="t**2", generated="3 * t")
    for part, expected in (("on_real", 1 - scores), ("on_fake", scores**2), ("on_generated", 3 * scores)):
        torch.testing.assert_close(getattr(other, part)(scores), expected)


def left_alone_beyond_the_margin(loss):
    np.testing.assert_array_equal(slope(loss, -9.0, 0.9, 1.1, 9.0), (-1, -1, 0, 0))


def linear_around_one(loss):
    np.testing.assert_allclose(slope(loss, -9.0, 1.0, 9.0), (-20, 0, 16))


def energy_up_to_the_margin(loss):
    none_where_it_leads(loss)
    assert float(loss.on_fake_slope(scores(-9.0))) == 0
    assert float(loss.on_fake_slope(scores(9.0))) > 0


def as_written(loss):
    """The slope is the one in the sentence; which end is steep follows from it."""
    at = {"v": np.array([-4.0, 0.0, 4.0])}
    for chosen in (loss, dataclasses.replace(loss, generator_loss="alternative")):
        text, hardest = chosen.slopes[chosen.is_alternative]
        code = re.sub(r"e<sup>(.*?)</sup>", r"*exp(\1)", text).replace("−", "-").replace("½", "0.5")
        code = re.sub(r"(\d)v", r"\1*v", code).replace("-*", "-").replace("σ", "sigmoid").replace("t", "v")
        words = {"exp": np.exp, "sigmoid": lambda v: 1 / (1 + np.exp(-v))}
        expected = eval(code, words, at) + 0 * at["v"]
        found = slope(chosen, *at["v"])
        np.testing.assert_allclose(found, expected)
        steep = {"takes for real": found[2] < found[0], "rejects": found[0] < found[2]}
        assert steep.get(hardest, (found == -1).all())
        assert text in chosen.behavior
        assert len(chosen.behavior) <= 110


F_GAN_SENTENCES = {
    "fgan_kl": "Its slope is −e<sup>v</sup>: samples that D takes for real are pushed hardest.",
    "fgan_reverse_kl": "Its slope is −1 within the bounds: all samples are pushed alike, whatever D says of them.",
    "fgan_pearson": "Its slope is −2e<sup>2v</sup>: samples that D takes for real are pushed hardest.",
    "fgan_neyman": "Its slope is −2e<sup>−v</sup>: samples that D rejects are pushed hardest.",
    "fgan_hellinger": "Its slope is −½e<sup>v/2</sup>: samples that D takes for real are pushed hardest.",
    "fgan_js": "Its slope is −σ(t): samples that D takes for real are pushed hardest.",
    "fgan_gan": "Its slope is −σ(t): samples that D takes for real are pushed hardest.",
}
CLAIMS = {key: (sentence, as_written) for key, sentence in F_GAN_SENTENCES.items()} | {
    "hinge_both": (
        "G's slope is −1 below score 1 and 0 above: samples beyond D's margin are left alone.",
        left_alone_beyond_the_margin,
    ),
    "rphinge": (
        "A pair counts, with slope −1, until the generated sample leads its real partner by 1.",
        left_alone_beyond_the_margin,
    ),
    "rplsgan": (
        "A sample's lead over its real partner is driven to 1, also down from above 1.",
        linear_around_one,
    ),
    "rahinge": (
        "A sample's own term is spent once it leads the mean real one by 1; until then its slope is −1.",
        left_alone_beyond_the_margin,
    ),
    "ralsgan": (
        "A sample's lead over the mean real one is driven to 1: the further off, the harder, also down from above 1.",
        linear_around_one,
    ),
    "ebgan": (
        "D stops raising the energy of fakes at m; G's slope is −1 far below, and vanishes far above.",
        energy_up_to_the_margin,
    ),
    "mmd": (
        "No game: generated samples are drawn to data within a few ℓ and keep away from each other.",
        drawn_to_data_that_are_near,
    ),
    "energy_distance": (
        "No game: all data pull every sample, with forces of length 1 however far; samples repel each other.",
        drawn_by_all_data_alike,
    ),
    "saturating": (
        "Its slope vanishes where D rejects a sample, and is −1 where D is fooled.",
        at_first_its_size_then_none,
    ),
    "non_saturating": (
        "Its slope is near −1 where D rejects a sample, and vanishes where D is fooled.",
        none_where_it_leads,
    ),
    "mixed": (
        "Its slope vanishes at neither end: it lies between −a, far behind, and −(1 − a), far ahead.",
        between_both_shares,
    ),
    "reverse_kl": (
        "Its slope is −1 at every score: all samples are pushed alike, whatever D says.",
        always_one,
    ),
    "maximum_likelihood": (
        "Its slope is −e<sup>t</sup>: what fools D counts most, what it rejects hardly.",
        exponential,
    ),
    "least_squares": (
        "A sample is pulled the harder the further its score is from c, also down from above c.",
        linear_around_the_target,
    ),
    "hinge": (
        "G's slope is −1 at every score; D learns nothing from samples beyond its margin of 1.",
        margin_of_d,
    ),
    "wasserstein": (
        "All slopes are ±1: D's loss is a distance only while something holds its steepness to 1.",
        all_slopes_are_one,
    ),
    "rpgan": (
        "A sample far behind its real partner has slope −1, one far ahead of it 0.",
        none_where_it_leads,
    ),
    "ragan": (
        "Each sample competes with the mean real one; a constant added to all scores changes nothing.",
        nothing_changes_with_a_constant,
    ),
    "custom": ("Three formulas of your own, of each sample's score.", formulas_of_scores),
    "custom_paired": (
        "Two formulas of your own, of a real sample's lead over its fake partner.",
        nothing_changes_with_a_constant,
    ),
}
"""Each entry's sentence, and what shows that it is true."""


@pytest.mark.parametrize("key", ADVERSARIAL_LOSSES)
def test_what_an_entry_says_of_itself_is_true(key):
    sentence, check = CLAIMS[key]
    loss = ADVERSARIAL_LOSSES[key]()
    assert loss.behavior == sentence
    assert len(sentence) <= 110
    check(loss)


@each
def test_shapes_are_drawn_without_torch(loss):
    places = np.linspace(-30, 30, 61)
    found = loss.g_shape(places)
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, loss.g_curve(torch.from_numpy(places))[0], rtol=1e-12, atol=1e-12)
    *_, (of_fake, _) = loss.d_curves(
        torch.from_numpy(-places if isinstance(loss, AbstractPairedLoss) else places)
    )
    np.testing.assert_allclose(loss.d_shape(places), of_fake, rtol=1e-12, atol=1e-12)


@each
def test_every_entry_is_described(loss):
    assert loss.family != "Other"
    assert loss.reference
    assert loss.d_formula
    assert loss.g_formula
    assert loss.d_range.low > -math.inf or loss.score_kind != "regression"


def test_ranges_are_written_as_in_papers():
    assert str(Range()) == "(−∞, ∞)"
    assert str(Range(low=2 * LN2)) == "[2 ln 2, ∞)"
    assert str(Range(-LN2, 0.0)) == "[−ln 2, 0]"
    assert str(Range(low=0.25)) == "[0.25, ∞)"
    assert str(LOSSES["saturating"].d_range) == "[0, ∞)"


def test_every_loss_can_be_chosen_by_name():
    chosen = {type(named.formulation.loss) for named in FORMULATIONS.values()}
    assert chosen == set(ADVERSARIAL_LOSSES.values())
    assert len({named.title for named in FORMULATIONS.values()}) == len(FORMULATIONS)


@pytest.mark.parametrize("t", [-18.42, -30.0])
def test_nothing_is_added_inside_a_logarithm(t):
    """gan-maths 1.2: -log(σ + 1e-8) would have slope -0.5 at -18.42 and -9e-6 at -30."""
    loss = LOSSES["non_saturating"]
    assert float(loss.on_generated_slope(scores(t))) == pytest.approx(-1, abs=1e-6)
    assert float(loss.on_generated(scores(t))) == pytest.approx(-t, abs=1e-6)


def test_pointwise_losses_are_of_a_generated_score_alone():
    for loss in LOSSES.values():
        if isinstance(loss, AbstractPointwiseLoss):
            assert not loss.generator_sees_real
