"""What entries of the catalog say of themselves: ranges, directions, divergences, sentences; all tried on scores."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractPointwiseLoss
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.maximum_likelihood import MaximumLikelihood
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.reverse_kl import ReverseKL
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.presets import FORMULATIONS

LN2 = math.log(2.0)
LOSSES = {key: cls() for key, cls in ADVERSARIAL_LOSSES.items()} | {
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
def test_ranges_hold_for_all_scores_and_are_reached(loss):
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
def test_only_losses_with_a_target_ask_for_lower_scores(loss):
    places = torch.linspace(-12, 12, 481, dtype=torch.float64)
    rises = bool((loss.g_curve(places)[1] <= 0).all())
    assert rises is loss.always_rises


@each
def test_the_generator_cancels_where_it_is_told(loss):
    real, fake = scores(0.3, -0.8, 2.0), scores(-1.2, 0.4, 0.9).requires_grad_()
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


CLAIMS = {
    "saturating": (
        "Its slope vanishes where D rejects a sample, and is −1 where D is fooled.",
        at_first_its_size_then_none,
    ),
    "non_saturating": (
        "Its slope is close to −1 where D rejects a sample, and vanishes where D is fooled.",
        none_where_it_leads,
    ),
    "mixed": (
        "Its slope vanishes at neither end: it lies between −a, far behind, and −(1 − a), far ahead.",
        between_both_shares,
    ),
    "reverse_kl": (
        "Its slope is −1 at every score: all samples are pushed alike, whatever D says of them.",
        always_one,
    ),
    "maximum_likelihood": (
        "Its slope is −e<sup>t</sup>: samples that fool D count most, rejected ones hardly at all.",
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
        "Each sample competes with one real partner: far behind it the slope is −1, far ahead 0.",
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
    loss = LOSSES[key]
    assert loss.behavior == sentence
    assert len(sentence) <= 110
    check(loss)


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
