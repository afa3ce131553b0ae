"""Penalties of perceptrons without a second differentiation: the same update as autograd's, for every penalty."""

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractSlopePenalty
from ganviz.losses.penalties.consistency import Consistency
from ganviz.losses.penalties.lecam import LeCamCode
from ganviz.losses.penalties.logit_weighted import Roth
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty, LipschitzPenalty
from ganviz.losses.penalties.zero_centered import R1, R2, ZeroCenteredPenalty
from ganviz.losses.presets import named_formulation
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.layers import TRAIN_KEEP_BUFFERS
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD, Adam
from ganviz.training.players import PLAYERS
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.trainer import Trainer

LOSS = named_formulation("non_saturating").loss
WGAN, RPGAN = named_formulation("wgan_gp").loss, named_formulation("rpgan").loss
SMALL = TrainingSettings(batch_size=32)
SEVERAL = [
    *((cls(),) for cls in PENALTIES.values()),
    (Roth(), R1(), Consistency(fake_weight=1.0, interval=2)),
    (R1(), R2(gamma=0.3)),
    (LipschitzPenalty(weight=0.1), R1(gamma=1.0)),
    (DRAGAN(weight=0.5, sigma=1.0), GradientPenalty(weight=1.0), R1()),
    (GradientPenalty(weight=1.0), ZeroCenteredPenalty(weight=0.1), R2()),
]
OF_ANY_SCORE = [several for several in SEVERAL if Roth() not in several]
"""Those that ask for no probability."""
DOUBLE, SINGLE = (torch.float64, 1e-10), (torch.float32, 1e-5)
GENTLE = SGD(learning_rate=2e-3, momentum=0.5)
"""For comparisons in float32: rounding decides on which side of a kink a sample lies, and Adam enlarges that."""


def keys(penalties):
    return " ".join(penalty.key for penalty in penalties)


def run_of(*games, width=16, training=SMALL, optimizer=Adam(), **architecture):  # noqa: B008 - frozen
    return RunConfig(
        lanes=tuple(LaneConfig(Formulation(*game), "", optimizer, optimizer) for game in games),
        architecture=MLP(width=width, **architecture),
        training=training,
    )


def trained(config, dtype, steps, steepness=1.0):
    trainer = Trainer(config, dtype)
    trainer._players.discriminator.parameters.mul_(steepness)
    trainer.train(steps)
    trainer.flush()
    assert not trainer.is_finished
    return trainer


def assert_same(monkeypatch, config, steps, precision=DOUBLE, steepness=1.0):
    dtype, tolerance = precision
    fast = trained(config, dtype, steps, steepness)
    with monkeypatch.context() as patch:
        patch.setattr("ganviz.training.steps.step_class", lambda config: AutogradStep)
        slow = trained(config, dtype, steps, steepness)
    assert (fast.step_method, slow.step_method) == ("analytic", "autograd")
    for name in PLAYERS:
        for a, b in zip(determined(fast, name), determined(slow, name), strict=True):
            assert float((a - b).norm() / b.norm()) < tolerance
    for lane in range(len(config.lanes)):
        np.testing.assert_allclose(
            fast.history.table(lane), slow.history.table(lane), rtol=100 * tolerance, atol=10 * tolerance
        )
    return fast


def determined(trainer, name):
    """Return a player's weights by lane, without D's last bias: losses of differences leave it open."""
    weights = trainer._players.tensors[name]
    return weights[:, :-1] if name == "discriminator" else weights


@pytest.mark.parametrize("penalties", SEVERAL, ids=keys)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_penalty_with_every_activation(monkeypatch, activation, penalties):
    """With one lane or two, by turns."""
    n_lanes = 1 + (list(ACTIVATIONS).index(activation) + SEVERAL.index(penalties)) % 2
    config = run_of(*[(LOSS, penalties)] * n_lanes, activation=activation, hidden_layers=3)
    assert_same(monkeypatch, config, 24)


@pytest.mark.parametrize("penalties", SEVERAL, ids=keys)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_steep_critics(monkeypatch, activation, penalties):
    """First weights give slopes near 0, where one-sided penalties cost nothing and are not tried at all."""
    n_lanes = 2 - (list(ACTIVATIONS).index(activation) + SEVERAL.index(penalties)) % 2
    config = run_of(*[(LOSS, penalties)] * n_lanes, activation=activation, hidden_layers=3)
    made = assert_same(monkeypatch, config, 20, steepness=4.0)
    for lane in range(n_lanes):
        costs = made.history.table(lane)[:, COLUMNS.index("penalty")]
        # Nor does one on scores, where all of them lie on the side that it leaves alone.
        assert (costs > 0).all() if penalties != (LeCamCode(),) else (costs > 0).mean() > 0.8


@pytest.mark.parametrize("steepness", [1.0, 3.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_penalty_with_every_activation_in_single_precision(monkeypatch, activation, steepness):
    config = run_of(*((LOSS, penalties) for penalties in SEVERAL), activation=activation, optimizer=GENTLE)
    made = assert_same(monkeypatch, config, 200 if steepness == 1 else 30, SINGLE, steepness)
    for lane in range(len(SEVERAL)):
        assert made.history.table(lane)[0, COLUMNS.index("penalty")] > 0 or steepness == 1


@pytest.mark.parametrize("penalties", OF_ANY_SCORE, ids=keys)
@pytest.mark.parametrize("loss", [WGAN, RPGAN], ids=lambda loss: loss.key)
def test_every_penalty_with_losses_that_leave_a_constant_open(monkeypatch, loss, penalties):
    assert_same(monkeypatch, run_of((loss, penalties)), 24)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_all_of_them_as_lanes_of_one_run(monkeypatch, activation):
    games = [(LOSS,), *((LOSS, penalties) for penalties in SEVERAL), (RPGAN,), (LOSS, SEVERAL[0])]
    assert_same(monkeypatch, run_of(*games, activation=activation), 30)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("width", "hidden_layers"), [(1, 1), (3, 2), (8, 1)])
def test_narrow_and_shallow_networks(monkeypatch, width, hidden_layers, activation):
    config = run_of(
        (LOSS, (R1(), GradientPenalty())), width=width, hidden_layers=hidden_layers, activation=activation
    )
    assert_same(monkeypatch, config, 50)


@pytest.mark.parametrize("n_lanes", [1, 2])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_large_networks(monkeypatch, activation, n_lanes):
    """Products so large that another library computes them."""
    games = [(LOSS, (R1(), R2(), GradientPenalty(weight=1.0)))] * n_lanes
    training = TrainingSettings(batch_size=256)
    config = run_of(*games, width=128, activation=activation, training=training, optimizer=GENTLE)
    assert_same(monkeypatch, config, 30, SINGLE)


@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "reused"])
def test_several_updates_clipping_and_averages(monkeypatch, fresh):
    training = TrainingSettings(batch_size=24, d_steps=3, ema_decay=0.9, fresh_latents=fresh)
    game = (WGAN, (LipschitzPenalty(weight=1.0), R1()), WeightClipping(c=0.1))
    assert_same(monkeypatch, run_of(game, game, training=training), 60)


def test_images(monkeypatch):
    config = RunConfig(
        lanes=tuple(LaneConfig(Formulation(LOSS, penalties)) for penalties in SEVERAL[-3:]),
        distribution=MNIST(digits="35"),
        architecture=MLP(width=16),
        training=TrainingSettings(batch_size=8),
    )
    assert_same(monkeypatch, config, 30)


def test_half_steps(monkeypatch):
    ends = []
    for cls in (None, AutogradStep):
        if cls:
            monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: AutogradStep)
        trainer = trained(run_of((WGAN, (GradientPenalty(),)), (LOSS, (R1(),))), torch.float64, 5)
        trainer.half_step("discriminator")
        trainer.half_step("generator")
        trainer.train(3)
        trainer.flush()
        ends.append(trainer)
    for lane in range(2):
        np.testing.assert_allclose(*(end.history.table(lane) for end in ends), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("penalties", SEVERAL, ids=keys)
def test_what_is_recorded_is_what_was_trained(penalties):
    """The penalty in the history is the generic one, of the weights before the update."""
    config = run_of((LOSS, penalties))
    trainer = trained(config, torch.float64, 3)
    streams, player = trainer._streams, trainer._players.discriminator
    weights = player.parameters.clone()
    real = streams.real.take().unsqueeze(0)
    generator = trainer._players.generator
    latents = streams.latents.take()
    fake = generator.network.forward(
        generator.parameters, generator.buffers, latents.unsqueeze(0), TRAIN_KEEP_BUFFERS
    )
    uniforms, normals = streams.penalty.take((1, 32, 1)), streams.noise.take()

    class Same:
        def random(self, size):
            return uniforms.reshape(size)

        def standard_normal(self, size):
            return normals.reshape(size)

    def critic(points):
        return player.network.forward(weights, player.buffers, points, TRAIN_KEEP_BUFFERS)

    def cost(penalty):
        """The fourth update is counted from 0; a penalty that counts in it counts as often as it is left out."""
        memory = trainer._players.tensors.get(f"penalty_{penalty.key}")
        remembers = {} if memory is None else {"memory": memory.clone()}
        found = penalty.value(critic, real=real, fake=fake.detach(), rng=Same(), **remembers)
        return float(found.detach()) * penalty.interval * (3 % penalty.interval == 0)

    expected = sum(cost(penalty) for penalty in penalties)
    again = trained(config, torch.float64, 4)
    assert again.history.last_row(0)["penalty"] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    "penalty",
    [cls() for cls in PENALTIES.values() if issubclass(cls, AbstractSlopePenalty)],
    ids=lambda one: one.key,
)
def test_a_slope_that_a_penalty_leaves_out_is_differentiated(monkeypatch, penalty):
    config = run_of((LOSS, (penalty,)))
    written = trained(config, torch.float64, 20)
    monkeypatch.setattr(type(penalty), "of_squares_slope", AbstractSlopePenalty.of_squares_slope)
    left_out = trained(config, torch.float64, 20)
    for name in PLAYERS:
        torch.testing.assert_close(
            written._players.tensors[name], left_out._players.tensors[name], rtol=1e-10, atol=1e-14
        )


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("penalties", SEVERAL, ids=keys)
def test_a_flat_critic_stays_finite(penalties, activation):
    """All weights 0: the root in ‖∇t‖ has no derivative there."""
    trainer = Trainer(run_of((LOSS, penalties), activation=activation))
    trainer._players.discriminator.parameters.zero_()
    trainer.train(5)
    assert torch.isfinite(trainer._players.discriminator.parameters).all()
