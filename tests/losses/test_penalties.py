"""Penalties and constraints against critics whose gradients are known in closed form."""

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.constraints import NoConstraint, WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractSlopePenalty
from ganviz.losses.penalties.consistency import Consistency
from ganviz.losses.penalties.lecam import LeCam, LeCamCode
from ganviz.losses.penalties.logit_weighted import Roth
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty, LipschitzPenalty
from ganviz.losses.penalties.zero_centered import R1, R2, ZeroCenteredPenalty
from ganviz.losses.presets import FORMULATIONS
from ganviz.spec import InvalidValueError
from ganviz.training.config import LaneConfig, RunConfig

BATCHES = (1, 7, 64)


def batch(n, seed=0, shape=(2,)):
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(3, n, *shape, dtype=torch.float64, generator=draw)


def value(penalty, critic, n=16, shape=(2,), memory=None):
    return penalty.value(
        critic,
        real=batch(n, 1, shape),
        fake=batch(n, 2, shape),
        rng=np.random.default_rng(0),
        memory=memory,
    )


def linear(norms):
    """Return a critic per lane with t(x) = w·x and the given norm of w."""
    w = torch.tensor([[0.6, 0.8]], dtype=torch.float64) * torch.tensor(norms, dtype=torch.float64)[:, None]
    return lambda x: torch.einsum("lnf,lf->ln", x, w)


@pytest.mark.parametrize("n", BATCHES)
def test_the_gradient_penalty_of_a_linear_critic(n):
    """Slope 1 costs nothing, slope 2 costs λ, whatever the batch: per sample, not over the batch."""
    found = value(GradientPenalty(weight=10.0), linear([1.0, 2.0, 0.0]), n)
    np.testing.assert_allclose(found, [0.0, 10.0, 10.0], atol=1e-9)


@pytest.mark.parametrize("n", BATCHES)
def test_r1_of_a_linear_critic(n):
    """(γ/2) ‖w‖², with the half and on the raw score."""
    np.testing.assert_allclose(value(R1(gamma=0.3), linear([1.0, 2.0, 0.0]), n), [0.15, 0.6, 0.0], atol=1e-12)


@pytest.mark.parametrize("n", BATCHES)
def test_the_lipschitz_penalty_of_a_linear_critic_is_one_sided(n):
    found = value(LipschitzPenalty(weight=10.0), linear([1.0, 3.0, 0.2]), n)
    np.testing.assert_allclose(found, [0.0, 40.0, 0.0], atol=1e-9)


@pytest.mark.parametrize("n", BATCHES)
def test_the_zero_centered_penalty_of_a_linear_critic(n):
    """λ ‖w‖²: γ = 2 λ in R1's convention."""
    found = value(ZeroCenteredPenalty(weight=0.15), linear([1.0, 2.0, 0.0]), n)
    np.testing.assert_allclose(found, [0.15, 0.6, 0.0], atol=1e-12)


def test_r1_looks_at_real_and_r2_at_fake_samples():
    """With t(x) = ½‖x‖² the slope at a point is its norm."""
    real, fake = batch(16, 1), batch(16, 2)
    for penalty, points in ((R1(gamma=0.3), real), (R2(gamma=0.3), fake)):
        found = value(penalty, lambda x: 0.5 * x.square().sum(-1))
        np.testing.assert_allclose(found.detach(), 0.15 * points.square().sum(-1).mean(-1), rtol=1e-12)


@pytest.mark.parametrize("n", BATCHES)
@pytest.mark.parametrize("sigma", [0.0, 0.25, 3.0])
def test_dragan_of_a_linear_critic(sigma, n):
    """λ (‖w‖ - 1)², wherever it looks and whatever the batch."""
    found = value(DRAGAN(weight=10.0, sigma=sigma), linear([1.0, 2.0, 0.0]), n)
    np.testing.assert_allclose(found, [0.0, 10.0, 10.0], atol=1e-9)


@pytest.mark.parametrize("sigma", [0.1, 2.0])
def test_dragan_looks_around_real_samples_without_shifting_them(sigma):
    """N(0, σ²) in every direction, of its own for every sample, alike in all lanes."""
    real = batch(20000)
    moved = DRAGAN(sigma=sigma).points(real, batch(20000, 1), np.random.default_rng(0)) - real
    torch.testing.assert_close(moved[0], moved[1], rtol=0, atol=1e-12)
    mean, spread = moved[0].mean(0), moved[0].T.cov()
    assert (mean.abs() < 5 * sigma / 20000**0.5).all()
    torch.testing.assert_close(
        spread, sigma**2 * torch.eye(2, dtype=spread.dtype), rtol=0, atol=0.05 * sigma**2
    )
    fourth = (moved[0] / sigma).pow(4).mean()
    assert float(fourth) == pytest.approx(3, abs=0.2)  # 1.8 for uniform numbers


def test_images_are_taken_whole():
    def critic(x):
        return 2.0 * x.flatten(2).sum(-1)

    found = value(R1(gamma=1.0), critic, shape=(1, 3, 3))
    np.testing.assert_allclose(found, 0.5 * 4 * 9)


def test_the_gradient_penalty_looks_between_real_and_fake():
    """With t(x) = ½‖x‖² the slope is ‖x̂‖; on the segment between equal points it is that point's norm."""
    real = torch.tensor([[[3.0, 4.0]]], dtype=torch.float64)
    found = GradientPenalty(weight=1.0).value(
        lambda x: 0.5 * x.square().sum(-1), real=real, fake=real.clone(), rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(found.detach(), 16.0, rtol=1e-12)
    inside = GradientPenalty(weight=1.0).value(
        lambda x: 0.5 * x.square().sum(-1), real=real, fake=-real, rng=np.random.default_rng(0)
    )
    epsilon = np.random.default_rng(0).random()
    np.testing.assert_allclose(inside.detach(), (5 * abs(2 * epsilon - 1) - 1) ** 2, rtol=1e-12)


def test_each_sample_has_its_own_place_on_its_segment():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.sum(-1)

    GradientPenalty().value(
        critic,
        real=torch.ones(2, 500, 1, dtype=torch.float64),
        fake=torch.zeros(2, 500, 1, dtype=torch.float64),
        rng=np.random.default_rng(0),
    )
    places = seen[0][0].flatten()
    assert len(places.unique()) == 500
    assert abs(float(places.mean()) - 0.5) < 0.05
    torch.testing.assert_close(seen[0][0], seen[0][1])  # alike in all lanes


@pytest.mark.parametrize("penalty", [cls() for cls in PENALTIES.values()], ids=lambda p: p.key)
def test_a_constant_critic_has_finite_gradients(penalty):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    found = value(penalty, lambda x: x @ w)
    (gradient,) = torch.autograd.grad(found.sum(), w)
    assert torch.isfinite(found).all()
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("penalty", [cls() for cls in PENALTIES.values()], ids=lambda p: p.key)
def test_the_gradient_reaches_the_critics_weights(penalty):
    """Against central differences of the penalty itself: its graph is kept."""
    w = torch.tensor([0.3, -1.1], dtype=torch.float64, requires_grad=True)

    def total(weights):
        # So heavy a memory stands still: running means count as given.
        memory = 1e12 * torch.tensor([[0.2, -0.1, 1.0]] * 3, dtype=torch.float64)
        return value(penalty, lambda x: torch.tanh(x @ weights), memory=memory).sum()

    (found,) = torch.autograd.grad(total(w), w)
    h = 1e-6
    steps = torch.eye(2, dtype=torch.float64) * h
    expected = [(total((w + d).detach()) - total((w - d).detach())) / (2 * h) for d in steps]
    torch.testing.assert_close(found, torch.stack(expected).detach(), rtol=1e-6, atol=1e-8)


SEVERAL = [
    *(cls() for cls in PENALTIES.values() if issubclass(cls, AbstractSlopePenalty)),
    R1(gamma=3.0),
    R2(gamma=0.0),
    GradientPenalty(weight=0.1),
    LipschitzPenalty(weight=0.3),
    ZeroCenteredPenalty(weight=0.0),
    DRAGAN(weight=0.1, sigma=1.0),
]


@pytest.mark.parametrize("penalty", SEVERAL, ids=repr)
def test_the_slope_of_a_function_of_squares_is_its_derivative(penalty):
    squares = torch.tensor([0.01, 0.5, 0.99, 1.2, 4.0, 900.0], dtype=torch.float64)
    h = 1e-6 * squares
    expected = (penalty.of_squares(squares + h) - penalty.of_squares(squares - h)) / (2 * h)
    torch.testing.assert_close(penalty.of_squares_slope(squares), expected, rtol=1e-6, atol=1e-9)
    by_default = AbstractSlopePenalty.of_squares_slope(penalty, squares)
    torch.testing.assert_close(penalty.of_squares_slope(squares), by_default, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("penalty", SEVERAL, ids=repr)
def test_a_value_is_the_weighted_mean_over_the_points(penalty):
    """With t(x) = ½‖x‖² the squared slope at a point is its squared norm."""
    real, fake = batch(16, 1), batch(16, 2)
    points = penalty.points(real, fake, np.random.default_rng(0))
    expected = penalty.factor * penalty.of_squares(points.square().sum(-1)).mean(-1)
    found = value(penalty, lambda x: 0.5 * x.square().sum(-1))
    torch.testing.assert_close(found.detach(), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("n", BATCHES)
def test_roths_regularizer_weighs_slopes_by_how_wrong_d_is(n):
    """γ/2 of (1 - D)² ‖w‖² at real samples and D² ‖w‖² at fake ones, by hand."""
    found = value(Roth(gamma=0.3), linear([1.0, 2.0, 0.0]), n)
    w = np.outer([1.0, 2.0, 0.0], [0.6, 0.8])
    on_real, on_fake = (
        1 / (1 + np.exp(-np.einsum("lnf,lf->ln", batch(n, seed).numpy(), w))) for seed in (1, 2)
    )
    expected = 0.15 * np.array([1, 4, 0]) * (((1 - on_real) ** 2).mean(1) + (on_fake**2).mean(1))
    np.testing.assert_allclose(found.detach(), expected, rtol=1e-12)


def test_roths_regularizer_is_for_logits_alone():
    for key, loss in ADVERSARIAL_LOSSES.items():
        if loss().score_kind == "logit":
            assert Formulation(loss(), (Roth(),)).penalties
        else:
            with pytest.raises(InvalidValueError, match=r"is no logit|has no discriminator"):
                Formulation(ADVERSARIAL_LOSSES[key](), (R1(), Roth()))


def test_consistency_of_a_linear_critic():
    """λ (σ w·n)², whose mean is λ σ² ‖w‖²; real and fake samples are moved alike."""
    one = Consistency(weight=10.0, fake_weight=5.0, sigma=0.2)
    n = np.random.default_rng(0).standard_normal((1, 20000, 2)) @ [0.6, 0.8]
    found = value(one, linear([1.0, 2.0, 0.0]), 20000)
    np.testing.assert_allclose(found, 15 * 0.04 * (n**2).mean() * np.array([1, 4, 0]), rtol=1e-9)
    np.testing.assert_allclose(found, 0.6 * np.array([1, 4, 0]), rtol=0.03)
    assert one.words.endswith("E(t(G(z)) − t(G(z) + σn))²")
    assert Consistency().words == Consistency.formula


def test_lecam_draws_scores_to_the_running_means_of_the_other_kind():
    """By hand: two updates of memory 0.9; the code's form costs nothing on the wrong side."""
    real, fake = batch(8, 1), batch(8, 2)
    t_real, t_fake = real[0, :, 0].numpy(), fake[0, :, 0].numpy()
    for cls in (LeCam, LeCamCode):
        one, memory = cls(weight=0.3, decay=0.9), torch.zeros(3, 3, dtype=torch.float64)
        for shift in (2.0, -1.0):
            found = one.value(
                lambda x, shift=shift: x[..., 0] + shift, real=real, fake=fake, rng=None, memory=memory
            )
        was, now = 0.9 / 1.9, 1 / 1.9
        on_real, on_fake = (was * (t.mean() + 2) + now * (t.mean() - 1) for t in (t_real, t_fake))
        lead, lag = t_real - 1 - on_fake, on_real - (t_fake - 1)
        if cls is LeCamCode:
            lead, lag = np.maximum(lead, 0), np.maximum(lag, 0)
        assert float(found[0]) == pytest.approx(0.3 * ((lead**2).mean() + (lag**2).mean()), rel=1e-12)
    balanced = torch.zeros(1, 4, 1, dtype=torch.float64)
    flat = LeCam(weight=2.0).value(lambda x: x[..., 0] + 5, real=balanced, fake=balanced, rng=None)
    assert float(flat) == 0  # of scores alike everywhere, wherever they stand


def test_clipping_bounds_every_weight_in_place():
    weights = torch.linspace(-1, 1, 9)[None].clone()
    WeightClipping(c=0.25).apply(weights)
    torch.testing.assert_close(weights[0], torch.linspace(-1, 1, 9).clamp(-0.25, 0.25))
    NoConstraint().apply(weights)
    assert float(weights.abs().max()) == 0.25


@pytest.mark.parametrize("cls", PENALTIES.values(), ids=list(PENALTIES))
def test_a_flat_critic_costs_something_where_it_is_said(cls):
    """The equilibrium of a loss has a D of one score everywhere: whoever charges for it moves the game from there."""
    flat = lambda x: x.flatten(2).sum(-1) * 0.0 + 0.7  # noqa: E731
    cost = value(cls(), flat, memory=torch.zeros(3, cls.n_remembered, dtype=torch.float64))
    assert bool((cost > 1e-9).all()) is bool((cost > 1e-9).any()) is cls().bars_flatness
    if cls().bars_flatness:
        assert not cls(weight=0.0).bars_flatness


def test_only_a_loss_that_every_d_is_best_for_keeps_its_equilibrium_with_such_a_penalty():
    named = {
        key: FORMULATIONS[key].formulation for key in ("wgan_gp", "dragan", "non_saturating_r1", "wgan_lp")
    }
    found = {key: one.equilibrium().d_loss for key, one in named.items()}
    assert found == {
        "wgan_gp": 0.0,
        "dragan": None,
        "non_saturating_r1": pytest.approx(2 * np.log(2)),
        "wgan_lp": 0.0,
    }
    for key, one in named.items():
        assert RunConfig((LaneConfig(one),)).equilibrium(0).d_loss == found[key]


def test_d_of_a_perfect_generator_is_not_flat_beside_dragan():
    """On scores: the best slope of t = s x for x ~ N(0, 1) costs less than a flat D does, with λ = 10."""
    x = torch.linspace(-6, 6, 2001, dtype=torch.float64)
    shares = torch.exp(-x.square() / 2)
    shares /= shares.sum()
    loss = NonSaturating()

    def cost(s):
        d_loss = (shares * (loss.on_real(s * x) + loss.on_fake(s * x))).sum()
        return float(d_loss + DRAGAN().factor * (abs(s) - 1) ** 2)

    assert cost(0.0) == pytest.approx(2 * np.log(2) + 10)
    assert min(cost(s) for s in np.linspace(0.5, 1.5, 21)) < 2 * np.log(2) + 0.3
