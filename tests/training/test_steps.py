"""The hand-derived step computes the same update as autograd, for everything that it serves."""

import copy
import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractPointwiseLoss
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.conv import DCGAN16
from ganviz.networks.layers import TRAIN_KEEP_BUFFERS
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD, Adam, OptimisticSGD, RMSprop
from ganviz.training.players import PLAYERS
from ganviz.training.steps import step_class
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.trainer import Trainer

SMOOTHED = [
    Saturating(real_target=0.9),
    NonSaturating(real_target=0.8, fake_target=0.1),
    NonSaturating(fake_target=0.3),
]
LOSSES = [*(loss() for loss in ADVERSARIAL_LOSSES.values()), *SMOOTHED]
KNOWN = [*LOSSES[:7], *SMOOTHED]
"""Losses of every kind; the others are tried in fewer combinations, and all of them as lanes of one run."""
POINTWISE = [loss for loss in LOSSES if isinstance(loss, AbstractPointwiseLoss)]


def name_of(loss):
    return f"{loss.key} smoothed {loss.real_target} {loss.fake_target}" if loss in SMOOTHED else loss.key


OPTIMIZERS = [
    Adam(learning_rate=2e-3),
    SGD(learning_rate=2e-3, momentum=0.5),
    RMSprop(learning_rate=1e-3),
    OptimisticSGD(learning_rate=2e-3),
]


def lanes(*losses, optimizer=OPTIMIZERS[0]):
    return tuple(
        LaneConfig(Formulation(loss), generator_optimizer=optimizer, discriminator_optimizer=optimizer)
        for loss in losses
    )


APART = [
    {"generator_widths": (20, 8, 4)},
    {"discriminator_widths": (7,)},
    {"generator_widths": (8,), "discriminator_widths": (24, 16), "discriminator_activation": "silu"},
    {"generator_activation": "sine", "discriminator_activation": "elu"},
]


def trained(monkeypatch, cls, config, steps, dtype):
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: cls)
    trainer = Trainer(config, dtype)
    trainer.train(steps)
    trainer.flush()
    assert trainer.step_method == cls.name
    return trainer


def determined(trainer, name):
    """Return a player's weights, 0 for those that the loss leaves open.

    Losses of differences do not depend on the last bias of D: its gradient is rounding alone, which Adam enlarges.
    """
    weights = trainer._players.tensors[name].clone()
    for lane, config in enumerate(trainer.config.lanes):
        if name == "discriminator" and config.formulation.loss.generator_sees_real:
            trainer._players.discriminator.network.layout.split(weights)[-1][lane] = 0
    return weights


def distance(monkeypatch, config, dtype, steps=200):
    """Return the relative distance of all weights between the two kinds of step; histories must agree too."""
    slow = trained(monkeypatch, AutogradStep, config, steps, dtype)
    fast = trained(monkeypatch, AnalyticStep, config, steps, dtype)
    assert not slow.is_finished
    for lane in range(len(config.lanes)):
        np.testing.assert_allclose(fast.history.table(lane), slow.history.table(lane), rtol=1e-4, atol=1e-5)
    pairs = [(determined(slow, name), determined(fast, name)) for name in PLAYERS]
    return max(float((a - b).norm() / a.norm()) for a, b in pairs)


@pytest.mark.parametrize("loss", [loss for loss in LOSSES if loss not in KNOWN], ids=name_of)
def test_every_further_loss(monkeypatch, loss):
    config = RunConfig(
        lanes=lanes(loss), architecture=MLP(width=16), training=TrainingSettings(batch_size=32, d_steps=2)
    )
    assert distance(monkeypatch, config, torch.float64, steps=30) < 1e-10


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda spec: spec.key)
@pytest.mark.parametrize("loss", KNOWN, ids=name_of)
def test_every_choice(monkeypatch, loss, optimizer):
    """Any two choices of loss, optimizer, D's updates, latents and number of lanes occur together somewhere."""
    turn = KNOWN.index(loss) + OPTIMIZERS.index(optimizer)
    d_steps, fresh, n_lanes = [(1, True, 1), (1, False, 2), (2, True, 2), (2, False, 1)][turn % 4]
    training = TrainingSettings(batch_size=32, d_steps=d_steps, fresh_latents=fresh)
    config = RunConfig(
        lanes=lanes(*[loss] * n_lanes, optimizer=optimizer), architecture=MLP(width=16), training=training
    )
    assert distance(monkeypatch, config, torch.float64, steps=30) < 1e-10
    assert distance(monkeypatch, config, torch.float32, steps=70) < 1e-5


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda spec: spec.key)
def test_every_loss_as_a_lane_of_one_run(monkeypatch, optimizer):
    config = RunConfig(
        lanes=lanes(*LOSSES, LOSSES[0], optimizer=optimizer),
        architecture=MLP(width=16),
        training=TrainingSettings(batch_size=32),
    )
    assert distance(monkeypatch, config, torch.float64, steps=30) < 1e-10
    assert distance(monkeypatch, config, torch.float32, steps=70) < 1e-5


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("n_lanes", [1, 3])
def test_activations_depths_clipping_and_averages(monkeypatch, activation, n_lanes):
    loss = Formulation(named_formulation("wasserstein").loss, (), WeightClipping(c=0.1))
    config = RunConfig(
        lanes=(LaneConfig(loss),) * n_lanes,
        architecture=MLP(width=24, hidden_layers=3, activation=activation),
        training=TrainingSettings(batch_size=32, ema_decay=0.9),
    )
    assert distance(monkeypatch, config, torch.float64, steps=30) < 1e-10


@pytest.mark.parametrize("n_lanes", [1, 2])
@pytest.mark.parametrize("own", APART, ids=str)
def test_networks_of_their_own_size(monkeypatch, own, n_lanes):
    r1 = named_formulation("non_saturating_r1")
    config = RunConfig(
        lanes=(LaneConfig(r1),) * n_lanes,
        architecture=MLP(width=12, **own),
        training=TrainingSettings(batch_size=32),
    )
    assert distance(monkeypatch, config, torch.float64, steps=30) < 1e-10


@pytest.mark.parametrize("loss", KNOWN, ids=name_of)
@pytest.mark.parametrize("n_lanes", [1, 2])
def test_large_networks(monkeypatch, loss, n_lanes):
    """Products so large that another library computes them."""
    config = RunConfig(
        lanes=lanes(*[loss] * n_lanes),
        architecture=MLP(width=128),
        training=TrainingSettings(batch_size=256),
    )
    assert distance(monkeypatch, config, torch.float32, steps=30) < 1e-5


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "reused"])
def test_half_steps(monkeypatch, player, fresh):
    config = RunConfig(training=TrainingSettings(batch_size=32, fresh_latents=fresh))
    ends = []
    for cls in (AutogradStep, AnalyticStep):
        trainer = trained(monkeypatch, cls, config, 5, torch.float64)
        before = {name: trainer._players.tensors[name].clone() for name in PLAYERS}
        trainer.half_step(player)
        for name in PLAYERS:
            assert torch.equal(trainer._players.tensors[name], before[name]) == (name != player)
        ends.append(trainer)
    for name in PLAYERS:
        torch.testing.assert_close(*(end._players.tensors[name] for end in ends), rtol=1e-10, atol=1e-14)
    assert [end.step for end in ends] == [6 if player == "generator" else 5] * 2


@pytest.mark.parametrize("loss", POINTWISE, ids=name_of)
def test_slopes_that_a_loss_leaves_out_are_differentiated(monkeypatch, loss):
    config = RunConfig(lanes=lanes(loss), training=TrainingSettings(batch_size=16))
    ends = []
    for _ in range(2):
        trainer = Trainer(config, torch.float64)
        trainer.train(20)
        ends.append(trainer._players.tensors["generator"])
        for part in ("on_real", "on_fake", "on_generated"):
            plain = getattr(AbstractPointwiseLoss, f"{part}_slope")
            monkeypatch.setattr(type(loss), f"{part}_slope", plain)
    torch.testing.assert_close(*ends, rtol=1e-10, atol=1e-14)


def test_the_way_changes_in_the_middle_of_everything(monkeypatch):
    """What one way leaves behind, blocks of batches among it, serves the other."""

    def by_penalty(config):
        return AutogradStep if config.lanes[0].formulation.penalties else AnalyticStep

    monkeypatch.setattr("ganviz.training.steps.step_class", by_penalty)
    trainer = Trainer(RunConfig(training=TrainingSettings(batch_size=16)))
    plain = trainer.config
    r1 = dataclasses.replace(plain, lanes=(LaneConfig(named_formulation("non_saturating_r1")),))
    methods = []
    for n, config in ((70, plain), (5, r1), (130, plain), (40, r1)):
        trainer.reconfigure(config)
        trainer.train(n)
        methods.append(trainer.step_method)
        trainer.subject().generator(trainer.subject().latents(3))
    trainer.rewind(64)
    trainer.reconfigure(r1)
    trainer.train(10)
    assert methods == ["analytic", "autograd"] * 2
    assert trainer.step == 74
    assert not trainer.is_finished


def test_the_first_update_is_the_textbook_one():
    """One update of each player, against modules, torch's loss functions and torch's Adam."""
    training = TrainingSettings(batch_size=16)
    config = RunConfig(training=training)
    trainer = Trainer(config, torch.float64)
    tensors = {name: tensor.clone() for name, tensor in trainer._players.tensors.items()}
    networks = [trainer._players.generator.network, trainer._players.discriminator.network]
    generator, discriminator = (
        network.module(tensors[name][0], tensors[f"{name}_buffers"][0]).double()
        for network, name in zip(networks, PLAYERS, strict=True)
    )
    fresh = Trainer(config, torch.float64)._streams
    real, latents, more = fresh.real.take(), fresh.latents.take(), fresh.latents.take()
    optimizers = [torch.optim.Adam(m.parameters(), 2e-3, (0.5, 0.999)) for m in (generator, discriminator)]
    bce = torch.nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(16, 1, dtype=torch.float64), torch.zeros(16, 1, dtype=torch.float64)
    optimizers[1].zero_grad()
    d_loss = bce(discriminator(real), ones) + bce(discriminator(generator(latents).detach()), zeros)
    d_loss.backward()
    optimizers[1].step()
    optimizers[0].zero_grad()
    g_loss = bce(discriminator(generator(more)), ones)
    g_loss.backward()
    optimizers[0].step()

    trainer.train(1)
    trainer.flush()
    row = trainer.history.last_row(0)
    assert row["d_loss"] == pytest.approx(d_loss.item(), rel=1e-7)
    assert row["g_loss"] == pytest.approx(g_loss.item(), rel=1e-7)
    shown = trainer.generator_module(0)
    for ours, theirs in zip(shown.parameters(), generator.parameters(), strict=True):
        torch.testing.assert_close(ours.double(), theirs.detach(), rtol=1e-6, atol=1e-7)


def test_the_choice_follows_from_the_configuration():
    def chosen(**changes):
        return step_class(dataclasses.replace(RunConfig(), **changes)).name

    r1 = LaneConfig(Formulation(named_formulation("hinge").loss, (R1(),)))
    assert chosen() == "analytic"
    assert chosen(lanes=tuple(LaneConfig(named.formulation) for named in FORMULATIONS.values())) == "analytic"
    assert chosen(lanes=(r1,)) == "analytic"
    assert chosen(lanes=(LaneConfig(named_formulation("wasserstein")),)) == "analytic"
    assert chosen(architecture=MLP(spectral_norm=True)) == "autograd"
    assert chosen(architecture=MLP(spectral_norm=True), lanes=(r1,)) == "autograd"
    assert not issubclass(DCGAN16, MLP)


@pytest.mark.parametrize("cls", [AutogradStep, AnalyticStep])
@pytest.mark.parametrize("loss", LOSSES, ids=name_of)
def test_what_is_recorded_is_what_was_trained(monkeypatch, loss, cls):
    """The losses in the history are those whose gradients were taken: tampering with the scores shows."""
    trainer = trained(
        monkeypatch,
        cls,
        RunConfig(lanes=lanes(loss), training=TrainingSettings(batch_size=16)),
        3,
        torch.float64,
    )
    tensors = {name: tensor.clone() for name, tensor in trainer._players.tensors.items()}
    real, latents = (copy.deepcopy(s) for s in (trainer._streams.real, trainer._streams.latents))
    partners = copy.deepcopy(trainer._streams.partners)
    trainer.train(1)
    trainer.flush()
    network, judge = trainer._players.generator.network, trainer._players.discriminator.network

    def play(player, weights, x):
        return player.forward(weights, x.new_zeros(1, 0), x.unsqueeze(0), TRAIN_KEEP_BUFFERS)

    def score(weights, x):
        return play(judge, weights, x)

    fake = play(network, tensors["generator"], latents.take())[0]
    own = play(network, tensors["generator"], latents.take())[0]
    if not loss.has_discriminator:
        row = trainer.history.last_row(0)
        assert row["g_loss"] == pytest.approx(float(loss.distance(partners.take(), own)), rel=1e-10)
        assert np.isnan([row["d_loss"], row["real_mean"], row["fake_mean"], row["total"]]).all()
        return
    before, after = tensors["discriminator"], trainer._players.tensors["discriminator"]
    d_loss = loss.discriminator(real_scores=score(before, real.take()), fake_scores=score(before, fake))
    g_loss = loss.generator(real_scores=score(after, partners.take()), fake_scores=score(after, own))
    row = trainer.history.last_row(0)
    assert row["d_loss"] == pytest.approx(float(d_loss), rel=1e-10)
    assert row["g_loss"] == pytest.approx(float(g_loss), rel=1e-10)
