"""Rules on networks: the textbook's, by both ways of computing gradients, captured or not, through a run's life."""

import dataclasses
import itertools
from functools import lru_cache

import numpy as np
import pytest
import torch

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam, OptimisticAdam, OptimisticSGD
from ganviz.training.players import PLAYERS
from ganviz.training.rules import RULES, Alternating, Consensus, Extragradient, Simultaneous, Unrolled
from ganviz.training.steps import step_class
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.trainer import Trainer

EVERY_RULE = [Unrolled(inner_steps=2) if cls is Unrolled else cls() for cls in RULES.values()]
EVERY_OPTIMIZER = [cls(learning_rate=1e-3) for cls in OPTIMIZERS.values()]
by_key = pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.key)


def run(rule, *optimizers, formulation="non_saturating", architecture=None, distribution=None, **training):
    lanes = tuple(
        LaneConfig(named_formulation(formulation), generator_optimizer=spec, discriminator_optimizer=spec)
        for spec in optimizers or (Adam(learning_rate=2e-3),)
    )
    settings = TrainingSettings(**{"batch_size": 32, "rule": rule} | training)
    return RunConfig(
        lanes=lanes,
        distribution=distribution or Ring(),
        architecture=architecture or MLP(width=16),
        training=settings,
    )


def trained(config, steps=70, dtype=torch.float32):
    trainer = Trainer(config, dtype)
    trainer.train(steps)
    return trainer


def assert_same(a, b):
    a.flush(), b.flush()
    for name, tensor in a._players.tensors.items():
        assert torch.equal(tensor, b._players.tensors[name]), name
    assert a._players.counts() == b._players.counts()
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.history.table(lane), b.history.table(lane))


class Script:
    """Non-saturating training of modules as a textbook has it, on a run's own batches and first weights."""

    def __init__(self, config):
        source = Trainer(config, torch.float64)
        self.modules = {}
        for name, player in zip(
            PLAYERS, (source._players.generator, source._players.discriminator), strict=True
        ):
            module = player.network.module(player.parameters[0], player.buffers[0]).double()
            exact = player.network.layout.split(player.parameters[0])
            with torch.no_grad():
                for ours, theirs in zip(exact, module.parameters(), strict=True):
                    theirs.copy_(ours.t())
            self.modules[name] = module
        self.streams, self.config = source._streams, config
        self.rate = config.lanes[0].generator_optimizer.learning_rate

    def slopes(self, name, latents, real=None):
        """Return a player's gradient at the present weights."""
        bce, judge = torch.nn.functional.binary_cross_entropy_with_logits, self.modules["discriminator"]
        fake = judge(self.modules["generator"](latents))
        loss = bce(fake, torch.ones_like(fake))
        if name == "discriminator":
            on_real = judge(real)
            loss = bce(on_real, torch.ones_like(on_real)) + bce(fake, torch.zeros_like(fake))
        weights = list(self.modules[name].parameters())
        return torch.autograd.grad(
            loss, weights, create_graph=isinstance(self.config.training.rule, Consensus)
        )

    def unrolled_slopes(self, latents, *, is_saturating=False, gamma=0.0):
        """Return G's slopes through the inner steps of D, by functions of weights alone."""
        bce, judge = torch.nn.functional.binary_cross_entropy_with_logits, self.modules["discriminator"]
        real, rule = self.streams.partners.take().double(), self.config.training.rule
        fake = self.modules["generator"](latents)
        weights = {name: p.detach().requires_grad_() for name, p in judge.named_parameters()}

        def objective(weights):
            x = real.detach().requires_grad_()
            on_real, on_fake = (torch.func.functional_call(judge, weights, (seen,)) for seen in (x, fake))
            plain = bce(on_real, torch.ones_like(on_real)) + bce(on_fake, torch.zeros_like(on_fake))
            if not gamma:
                return plain, plain, on_fake
            (slopes,) = torch.autograd.grad(on_real.sum(), x, create_graph=True)
            return plain, plain + gamma / 2 * (slopes**2).sum(1).mean(), on_fake

        for _ in range(rule.inner_steps):
            slopes = torch.autograd.grad(objective(weights)[1], list(weights.values()), create_graph=True)
            weights = {
                name: p - rule.inner_rate * slope
                for (name, p), slope in zip(weights.items(), slopes, strict=True)
            }
        plain, _, on_fake = objective(weights)
        loss = -plain if is_saturating else bce(on_fake, torch.ones_like(on_fake))
        return torch.autograd.grad(loss, list(self.modules["generator"].parameters())), float(loss.detach())

    def latents(self):
        first = self.streams.latents.take()
        return first, self.streams.latents.take() if self.config.training.fresh_latents else first

    @torch.no_grad()
    def move(self, name, slopes):
        for weights, slope in zip(self.modules[name].parameters(), slopes, strict=True):
            weights -= self.rate * slope

    def both(self):
        for_d, for_g = self.latents()
        real = self.streams.real.take()
        return {
            "generator": self.slopes("generator", for_g),
            "discriminator": self.slopes("discriminator", for_d, real),
        }

    def step(self):
        self.first_step()
        for _ in range(self.config.training.g_steps - 1):
            latents = self.streams.latents.take()
            unrolled = isinstance(self.config.training.rule, Unrolled)
            slopes = self.unrolled_slopes(latents)[0] if unrolled else self.slopes("generator", latents)
            self.move("generator", slopes)

    def first_step(self):
        """Make all of D's updates, and the first of G's."""
        rule, d_steps = self.config.training.rule, self.config.training.d_steps
        for _ in range(d_steps - 1):
            latents = self.streams.latents.take()
            self.move("discriminator", self.slopes("discriminator", latents, self.streams.real.take()))
        if isinstance(rule, Alternating | Unrolled):
            for_d, for_g = self.latents()
            self.move("discriminator", self.slopes("discriminator", for_d, self.streams.real.take()))
            slopes = (
                self.unrolled_slopes(for_g)[0]
                if isinstance(rule, Unrolled)
                else self.slopes("generator", for_g)
            )
            self.move("generator", slopes)
            return
        slopes = self.both()
        if isinstance(rule, Extragradient):
            kept = {
                name: [p.detach().clone() for p in module.parameters()]
                for name, module in self.modules.items()
            }
            for name in PLAYERS:
                self.move(name, slopes[name])
            slopes = self.both()
            with torch.no_grad():
                for name, module in self.modules.items():
                    for weights, before in zip(module.parameters(), kept[name], strict=True):
                        weights.copy_(before)
        if isinstance(rule, Consensus):
            size = sum((slope**2).sum() / 2 for name in PLAYERS for slope in slopes[name])
            weights = {name: list(self.modules[name].parameters()) for name in PLAYERS}
            slopes = {
                name: [
                    slope.detach() + rule.gamma * more
                    for slope, more in zip(
                        slopes[name], torch.autograd.grad(size, weights[name], retain_graph=True), strict=True
                    )
                ]
                for name in PLAYERS
            }
        for name in PLAYERS:
            self.move(name, slopes[name])


@pytest.mark.parametrize("cls", [AutogradStep, AnalyticStep], ids=lambda cls: cls.name)
@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "reused"])
@pytest.mark.parametrize(("d_steps", "g_steps"), [(1, 1), (3, 2)])
@by_key
def test_rules_are_the_textbooks(monkeypatch, rule, d_steps, g_steps, fresh, cls):
    if rule.needs_curvature and cls is AnalyticStep:
        assert step_class(run(rule)) is AutogradStep
        with pytest.raises(NotImplementedError, match="analytic step does not differentiate"):
            AnalyticStep.gradients_to_rest(cls, 0, 0.1)
        return
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: cls)
    config = run(rule, SGD(learning_rate=0.1), d_steps=d_steps, g_steps=g_steps, fresh_latents=fresh)
    script = Script(config)
    for _ in range(20):
        script.step()
    trainer = trained(config, 20, torch.float64)
    for name, player in zip(
        PLAYERS, (trainer._players.generator, trainer._players.discriminator), strict=True
    ):
        trained_weights = player.network.layout.split(player.parameters[0])
        for ours, theirs in zip(trained_weights, script.modules[name].parameters(), strict=True):
            torch.testing.assert_close(ours, theirs.detach().t(), rtol=1e-9, atol=1e-12)


PENALIZED = ("non_saturating", "non_saturating_r1", "wgan_gp")
TURNS = [rule for rule in EVERY_RULE if not rule.needs_curvature]


@pytest.mark.parametrize("n_lanes", [1, 2])
@pytest.mark.parametrize("formulation", PENALIZED)
@pytest.mark.parametrize("optimizer", EVERY_OPTIMIZER, ids=lambda spec: spec.key)
def test_both_ways_are_one(monkeypatch, optimizer, formulation, n_lanes):
    """Any two choices of rule, optimizer, formulation and number of lanes occur together somewhere."""
    rule = TURNS[(EVERY_OPTIMIZER.index(optimizer) + PENALIZED.index(formulation) + n_lanes) % len(TURNS)]
    ends = []
    for cls in (AutogradStep, AnalyticStep):
        monkeypatch.setattr("ganviz.training.steps.step_class", lambda config, cls=cls: cls)
        ends.append(
            trained(
                run(rule, *[optimizer] * n_lanes, formulation=formulation, d_steps=2, g_steps=2),
                12,
                torch.float64,
            )
        )
        ends[-1].flush()
    for name in PLAYERS:
        torch.testing.assert_close(*(end._players.tensors[name] for end in ends), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(*(end.history.table(0) for end in ends), rtol=1e-7, atol=1e-9)


@lru_cache
def solitary(rule, spec):
    return trained(run(rule, spec), 20)


@by_key
@pytest.mark.parametrize(
    "pair", list(itertools.combinations_with_replacement(range(len(EVERY_OPTIMIZER)), 2)), ids=str
)
def test_a_lane_beside_another_is_the_lane_alone(rule, pair):
    """Whatever rule all follow and whatever optimizers they have."""
    a, b = (EVERY_OPTIMIZER[i] for i in pair)
    both = trained(run(rule, a, b), 20)
    for lane, spec in enumerate((a, b)):
        alone = solitary(rule, spec)
        for name, tensor in alone._players.tensors.items():
            assert torch.equal(both._players.tensors[name][lane], tensor[0]), name


@by_key
@pytest.mark.parametrize("formulation", ["non_saturating", "wgan_gp"])
def test_a_run_goes_on_from_its_state_from_a_rewind_and_as_a_fork(rule, formulation):
    config = run(rule, OptimisticAdam(), formulation=formulation, d_steps=2, g_steps=2)
    whole, first = trained(config, 50), trained(config, 35)
    resumed = Trainer.from_state(first.state())
    assert resumed.config.training.rule == rule
    resumed.train(15)
    assert_same(whole, resumed)
    first.rewind(32)
    first.train(18)
    assert_same(whole, first)
    first.fork(0, first.config.lanes[0])
    first.train(20)
    for name, tensor in first._players.tensors.items():
        assert torch.equal(tensor[0], tensor[1]), name


def test_a_rule_changes_between_two_steps_and_the_mark_says_so():
    trainer = trained(run(Alternating()), 10)
    before = {name: tensor.clone() for name, tensor in trainer._players.tensors.items()}
    other = dataclasses.replace(trainer.config.training, rule=Extragradient(), d_steps=2)
    trainer.reconfigure(dataclasses.replace(trainer.config, training=other))
    for name, tensor in trainer._players.tensors.items():
        assert torch.equal(tensor, before[name]), name
    trainer.train(5)
    assert trainer._players.counts() == {"generator": [10 + 2 * 5], "discriminator": [10 + 3 * 5]}
    labels = [mark.label for mark in trainer.history.marks]
    assert labels == ["Alternating → Extragradient", "D steps per G step 1 → 2"]


@by_key
@pytest.mark.parametrize("player", PLAYERS)
def test_half_steps_move_one_player_once(rule, player):
    trainer = trained(run(rule), 3)
    before, counts = (
        {name: trainer._players.tensors[name].clone() for name in PLAYERS},
        trainer._players.counts(),
    )
    trainer.half_step(player)
    for name in PLAYERS:
        assert torch.equal(trainer._players.tensors[name], before[name]) == (name != player)
        assert trainer._players.counts()[name] == [counts[name][0] + (name == player)]


STOPPING = {
    "perceptrons": {},
    "perceptrons with a penalty": {"formulation": "wgan_gp"},
    "spectral normalization": {"architecture": MLP(width=16, spectral_norm=True)},
    "digits": {"architecture": DCGAN16(channels=2), "distribution": MNIST(digits="35"), "batch_size": 4},
}


@by_key
@pytest.mark.parametrize("name", STOPPING)
def test_stopped_lanes_rest(rule, name):
    """With all that they hold: weights, what optimizers remember, running averages, statistics of batches."""
    config = run(rule, Adam(), SGD(learning_rate=100.0), ema_decay=0.9, **STOPPING[name])
    wild = dataclasses.replace(config.lanes[1], formulation=named_formulation("least_squares"))
    trainer = trained(dataclasses.replace(config, lanes=(config.lanes[0], wild)), 12)
    assert [status.diverged_at is None for status in trainer.lanes] == [True, False]
    before = {name: tensor.clone() for name, tensor in trainer._players.tensors.items()}
    trainer.train(6)
    for name, tensor in trainer._players.tensors.items():
        assert torch.equal(tensor[1], before[name][1]), name
        assert torch.equal(tensor[0], before[name][0]) == (tensor[0].numel() == 0), name


@pytest.mark.parametrize("rule", [Simultaneous(), Extragradient()], ids=lambda rule: rule.key)
def test_what_is_recorded_is_what_the_weights_were_moved_by(rule):
    """With steps of one size the norm in the history is that of the last move."""
    rate = 1e-2
    trainer = trained(run(rule, SGD(learning_rate=rate)), 5, torch.float64)
    before = {name: trainer._players.tensors[name].clone() for name in PLAYERS}
    trainer.train(1)
    trainer.flush()
    row = trainer.history.last_row(0)
    for name, column in zip(PLAYERS, ("g_grad_norm", "d_grad_norm"), strict=True):
        moved = float((trainer._players.tensors[name] - before[name]).norm()) / rate
        assert row[column] == pytest.approx(moved, rel=1e-9)


@pytest.mark.parametrize("rule", [Simultaneous(), Extragradient()], ids=lambda rule: rule.key)
@pytest.mark.parametrize(
    "optimizer", [SGD(learning_rate=0.1), OptimisticSGD(learning_rate=0.1)], ids=lambda s: s.key
)
def test_weights_stay_within_their_constraint(rule, optimizer):
    trainer = trained(run(rule, optimizer, formulation="wasserstein"), 20)
    bound = named_formulation("wasserstein").constraint.c
    assert float(trainer._players.tensors["discriminator"].abs().max()) <= bound


@pytest.mark.parametrize("formulation", ["rpgan", "ragan", "r3gan", "wgan_gp", "fgan_kl", "wasserstein"])
@pytest.mark.parametrize("width", [16, 128])
def test_consensus_with_other_formulations_and_wide_networks(formulation, width):
    """The gradient of half the squares, against differences of gradients of the same batches."""
    config = run(
        Consensus(gamma=0.5), SGD(learning_rate=0.1), formulation=formulation, architecture=MLP(width=width)
    )
    plain = dataclasses.replace(
        config, training=dataclasses.replace(config.training, rule=Consensus(gamma=0.0))
    )

    def gradients(chosen, move=None):
        trainer = Trainer(chosen, torch.float64)
        players = trainer._players.generator, trainer._players.discriminator
        for player, by in zip(players, move or (), strict=False):
            player.parameters.add_(by)
        trainer._method.gradients_to_rest(0, chosen.training.rule.gamma)
        return [player.optimizer.gradients.clone() for player in players]

    base = gradients(plain)
    found = [(a - b) / 0.5 for a, b in zip(gradients(config), base, strict=True)]
    draw = torch.Generator().manual_seed(1)
    for i in range(2):
        if i == 0 and formulation in ("r3gan", "wgan_gp"):
            continue  # the points at which penalties look move with G, but count as given
        by = torch.randn(base[i].shape, dtype=torch.float64, generator=draw)
        by, h = by / by.norm(), 1e-6
        sizes = []
        for sign in (1, -1):
            move = [sign * h * by if j == i else torch.zeros_like(base[j]) for j in range(2)]
            sizes.append(sum(float((g**2).sum()) / 2 for g in gradients(plain, move)))
        expected = (sizes[0] - sizes[1]) / (2 * h)
        assert float((found[i] * by).sum()) == pytest.approx(expected, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("formulation", ["saturating", "non_saturating_r1"])
def test_unrolling_differentiates_through_the_steps_of_d(formulation):
    """The whole of V where the game is one of sum zero, and penalties in the inner steps; recorded as trained."""
    config = run(Unrolled(inner_steps=3, inner_rate=0.5), SGD(learning_rate=0.1), formulation=formulation)
    script, trainer = Script(config), Trainer(config, torch.float64)
    latents, gamma = script.latents()[1], sum(one.gamma for one in config.lanes[0].formulation.penalties)
    trainer._method.gradients(0)
    expected, loss = script.unrolled_slopes(latents, is_saturating=formulation == "saturating", gamma=gamma)
    found = trainer._players.generator
    for ours, theirs in zip(found.network.layout.split(found.optimizer.gradients[0]), expected, strict=True):
        torch.testing.assert_close(ours, theirs.t(), rtol=1e-9, atol=1e-12)
    values = trainer._block.values([config.lanes[0].formulation], 0, 1, config.training.rule)[0, 0]
    assert values[COLUMNS.index("g_loss")] == pytest.approx(loss, rel=1e-12)


def test_consensus_damps_what_turns():
    """On the soft ring it trains, and the size of both gradients is smaller than without it."""
    sizes = []
    for gamma in (0.0, 0.1):
        trainer = trained(run(Consensus(gamma=gamma), SGD(learning_rate=0.1), batch_size=128), 300)
        trainer.flush()
        assert not trainer.is_finished
        table = trainer.history.table(0)[-100:]
        norms = [table[:, COLUMNS.index(name)] for name in ("d_grad_norm", "g_grad_norm")]
        assert np.isfinite(table[:, COLUMNS.index("g_loss")]).all()
        sizes.append(float(np.mean(norms[0] ** 2 + norms[1] ** 2)))
    assert sizes[1] < sizes[0]
