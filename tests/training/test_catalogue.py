"""Every formulation by name trains, and each can be switched into every other while the run goes on."""

import dataclasses

import pytest
import torch

from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import Around, at_fake, at_real, interpolates
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.layers import TRAIN_KEEP_BUFFERS
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac_stability import stability
from ganviz.training.rules import RULES, Alternating, Consensus, Extragradient, Simultaneous, Unrolled
from ganviz.training.trainer import Trainer
from tests.campaigns.catalogue import check_honest, losses

NAMES = list(FORMULATIONS)
LOSSES = [loss for loss in losses() if getattr(loss, "generator_loss", "") != "alternative"]
LANES = 32


def lanes(names):
    return tuple(LaneConfig(FORMULATIONS[name].formulation) for name in names)


def test_each_trains_on_the_soft_ring():
    """As lanes of one run, which are what they are alone (test_independence)."""
    for start in range(0, len(NAMES), LANES):
        names = NAMES[start : start + LANES]
        trainer = Trainer(RunConfig(lanes(names)))
        before = trainer._players.tensors["generator"].clone()
        trainer.train(300)
        trainer.flush()
        for lane, name in enumerate(names):
            assert check_honest(trainer, lane) is None, name
            moved = trainer._players.tensors["generator"][lane] != before[lane]
            assert moved.float().mean() > 0.9, name


@pytest.mark.parametrize("start", range(0, len(NAMES), LANES))
def test_each_switches_live_into_every_other(start):
    """Lane i plays i, i + 1, i + 2 … in turn: all ordered pairs of neighbors, and by longer strides all others."""
    small = TrainingSettings(batch_size=32)
    trainer = Trainer(
        RunConfig(lanes(NAMES[start : start + LANES]), architecture=MLP(width=8), training=small)
    )
    trainer.train(3)
    n_lanes, at = len(trainer.lanes), 0
    for stride in range(1, len(NAMES)):
        at += stride
        names = [NAMES[(start + lane + at) % len(NAMES)] for lane in range(n_lanes)]
        trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes(names)))
        trainer.train(2)
    trainer.flush()
    for lane in range(n_lanes):
        assert check_honest(trainer, lane) is None
    marks = [mark for mark in trainer.history.marks if mark.breaks]
    assert len(marks) >= n_lanes * (len(NAMES) - 1)


SHORT = {Consensus(): 8, Unrolled(inner_steps=1): 6}
"""Rules that differentiate twice take many times as long: so many steps."""


@pytest.mark.parametrize(
    "rule", [*SHORT, Alternating(), Simultaneous(), Extragradient()], ids=lambda rule: rule.key
)
def test_every_pair_of_loss_penalty_and_rule(rule):
    """Each game under one rule for a few steps, then as its neighbor; all of them: tests/campaigns/catalogue.py."""
    parts, rules, steps = [(), *((cls(),) for cls in PENALTIES.values())], list(RULES), SHORT.get(rule, 30)
    games = [
        Formulation(loss, part)
        for i, loss in enumerate(LOSSES)
        for j, part in enumerate(parts)
        if rules[(i + j) % len(rules)] == rule.key
        and not any(penalty.refusal(loss.score_kind, loss.called) for penalty in part)
    ]
    small = TrainingSettings(batch_size=16, rule=rule)
    made = tuple(map(LaneConfig, games))
    trainer = Trainer(RunConfig(made, architecture=MLP(width=8), training=small))
    before = trainer._players.tensors["generator"].clone()
    trainer.train(steps)
    moved = (trainer._players.tensors["generator"] != before).float().mean(1)
    assert moved.max() > 0.5
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(*made[1:], made[0])))
    trainer.train(steps // 3)
    trainer.flush()
    for lane, game in enumerate(games):
        assert check_honest(trainer, lane) is None, game.title
        assert moved[lane] > 0.9 * moved.max(), game.title  # the rest is gaps between layers


SLOPES = torch.tensor([0.0, 0.5, 1.0, 2.0], dtype=torch.float64)


def costs(name):
    """Return where a formulation's penalties look, and what slopes of 0, 1/2, 1 and 2 cost there, over the weight."""
    return {
        one.points: one.of_squares(SLOPES**2).tolist() for one in FORMULATIONS[name].formulation.penalties
    }


def clipping_makes_it_flat():
    """gan-maths 1.6: slopes below 0.01 with c = 0.01."""
    trainer = Trainer(RunConfig(lanes(["wasserstein"])))
    trainer.train(300)
    weights = trainer._players.tensors["discriminator"]
    assert weights.abs().max() <= 0.01
    points = (4 * torch.randn(1, 500, 2)).requires_grad_()
    scores = trainer._players.discriminator.network.forward(
        weights, weights.new_zeros(1, 0), points, TRAIN_KEEP_BUFFERS
    )
    (slopes,) = torch.autograd.grad(scores.sum(), points)
    assert slopes.norm(dim=-1).mean() < 0.01


def only_slope_one_is_free():
    ((points, (flat, _, unit, steep)),) = costs("wgan_gp").items()
    assert points is interpolates
    assert (flat, unit, steep) == pytest.approx((1, 0, 1), abs=1e-9)


def comes_to_rest(name):
    eigenvalues = stability(RunConfig(lanes([name]))).eigenvalues
    assert (eigenvalues.real < -0.01).all()
    assert (stability(RunConfig(lanes(["non_saturating"]))).eigenvalues.real > -1e-6).all()


def squares_at_real_samples():
    ((points, found),) = costs("non_saturating_r1").items()
    assert points is at_real
    assert found == [0, 0.25, 1, 4]
    comes_to_rest("non_saturating_r1")


def squares_at_both():
    assert set(costs("r3gan")) == {at_real, at_fake}
    comes_to_rest("r3gan")


def flat_is_free():
    ((points, found),) = costs("wgan_lp").items()
    assert points is interpolates
    assert found == pytest.approx([0, 0, 0, 1], abs=1e-9)


def only_around_real_samples():
    ((points, (flat, _, unit, _)),) = costs("dragan").items()
    assert isinstance(points, Around)
    assert (flat, unit) == pytest.approx((1, 0), abs=1e-9)


def four_times():
    plain, wide = (FORMULATIONS[name].formulation.loss for name in ("least_squares", "least_squares_1"))
    assert wide.b - wide.a == 2 * (plain.b - plain.a)
    assert "″(r) = 1/" in plain.divergence
    assert wide.divergence == plain.divergence.replace(" 1/", " 4/")


NOTES = {
    "wasserstein": (
        "No weight of D exceeds c: with the usual 0.01, D is so flat that G's slopes are tiny.",
        clipping_makes_it_flat,
    ),
    "wgan_gp": (
        "Slopes of D other than 1 cost λ, even at a perfect G. Give D five updates a step, as its paper does.",
        only_slope_one_is_free,
    ),
    "non_saturating_r1": (
        "Slopes of D at real samples cost γ/2: narrow modes stay near equilibrium, where soft ones are anyway.",
        squares_at_real_samples,
    ),
    "r3gan": (
        "Pairs compete, and slopes of D cost γ/2 at real and fake samples: narrow modes stay near equilibrium.",
        squares_at_both,
    ),
    "wgan_lp": (
        "Only slopes above 1 between the samples cost λ: at a perfect G, D may be flat.",
        flat_is_free,
    ),
    "dragan": (
        "Slopes of D other than 1 cost λ around real samples, where a perfect G would let D be flat.",
        only_around_real_samples,
    ),
    "least_squares_1": (
        "As (0, 1, 1) with scores twice as far apart: what G descends at the best D is four times as large.",
        four_times,
    ),
}
"""What formulations with parts of their own say of themselves, and what shows that it is true."""


@pytest.mark.parametrize("key", [key for key, named in FORMULATIONS.items() if named.note])
def test_what_a_formulation_says_of_itself_is_true(key):
    sentence, check = NOTES[key]
    assert FORMULATIONS[key].note == sentence
    check()
