"""Schedules of learning rates: their factors, what they make of updates, and how they are chosen."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from ganviz.networks.mlp import MLP
from ganviz.session.settings import with_settings
from ganviz.training.changes import change_marks
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings, config_from_plain
from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam
from ganviz.training.schedules import SCHEDULES, ConstantRate, CosineDecay, LinearDecay
from ganviz.training.trainer import Trainer
from ganviz.training.updates import FlatOptimizer

UPDATES = np.arange(1, 31)
DONE = np.minimum((UPDATES - 1) / 20, 1)
FACTORS = {
    "constant": (ConstantRate(), np.ones(30)),
    "linear": (LinearDecay(length=20, end=0.1), 0.1 + 0.9 * (1 - DONE)),
    "cosine": (CosineDecay(length=20, end=0.1), 0.1 + 0.45 * (1 + np.cos(math.pi * DONE))),
}


def optimizer_of(spec, size=5):
    weights = torch.linspace(-1, 1, size, dtype=torch.float64).view(1, size)
    slots = {name: torch.zeros_like(weights) for name in spec.slots}
    return weights, FlatOptimizer(weights, slots, [0], [spec], [True])


def test_every_schedule_is_tried():
    assert set(FACTORS) == set(SCHEDULES)


@pytest.mark.parametrize("key", FACTORS)
def test_factors(key):
    schedule, expected = FACTORS[key]
    found = [float(schedule.factor(torch.tensor(float(n)))) for n in UPDATES]
    assert found == pytest.approx(expected.tolist(), abs=1e-12)
    assert found[0] == 1


@pytest.mark.parametrize("key", FACTORS)
def test_descent_goes_as_far_as_the_rates_add_up(key):
    schedule, factors = FACTORS[key]
    weights, optimizer = optimizer_of(SGD(learning_rate=0.1, schedule=schedule))
    start = weights.clone()
    optimizer.gradients.fill_(2.0)
    for _ in UPDATES:
        optimizer.update()
    torch.testing.assert_close(weights, start - 0.2 * factors.sum(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("key", FACTORS)
@pytest.mark.parametrize("cls", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_moments_do_not_know_of_the_schedule(cls, key):
    """Each update is that of an optimizer with this update's rate, from the same moments."""
    schedule, factors = FACTORS[key]
    weights, optimizer = optimizer_of(cls(learning_rate=0.1, schedule=schedule))
    plain, twin = optimizer_of(cls(learning_rate=0.1))
    draw = torch.Generator().manual_seed(0)
    for factor in factors:
        gradient = torch.randn(1, 5, dtype=torch.float64, generator=draw)
        befores = weights.clone(), plain.clone()
        for one in (optimizer, twin):
            one.gradients.copy_(gradient)
            one.update()
        torch.testing.assert_close(
            weights - befores[0], factor * (plain - befores[1]), rtol=1e-12, atol=1e-15
        )
    for name, slot in optimizer.slots.items():
        assert torch.equal(slot, twin.slots[name])


def run_of(**schedules):
    optimizers = {f"{player}_optimizer": Adam(schedule=one) for player, one in schedules.items()}
    return RunConfig(
        (LaneConfig(**optimizers),), architecture=MLP(width=8), training=TrainingSettings(batch_size=16)
    )


def test_each_network_has_its_own():
    trainer = Trainer(run_of(generator=LinearDecay(length=10)))
    trainer.train(10)
    before = {name: trainer._players.tensors[name].clone() for name in ("generator", "discriminator")}
    trainer.train(20)
    assert torch.equal(trainer._players.tensors["generator"], before["generator"])
    assert not torch.equal(trainer._players.tensors["discriminator"], before["discriminator"])


def test_a_run_in_two_parts_goes_on_where_it_was():
    whole, first = (Trainer(run_of(generator=CosineDecay(length=40))) for _ in range(2))
    whole.train(60)
    first.train(25)
    second = Trainer.from_state(first.state())
    second.train(35)
    for name, tensor in whole._players.tensors.items():
        assert torch.equal(tensor, second._players.tensors[name]), name


def test_schedules_are_chosen_by_name_and_marked():
    old = RunConfig()
    new = with_settings(
        old, ["generator_optimizer.schedule=cosine", "generator_optimizer.schedule.length=50"]
    )
    assert new.lanes[0].generator_optimizer.schedule == CosineDecay(length=50)
    assert not old.needs_restart(new)
    assert [label for _, label, _ in change_marks(old, new)] == ["G Adam Constant → Cosine decay"]
    longer = with_settings(new, ["generator_optimizer.schedule.length=70"])
    assert [label for _, label, _ in change_marks(new, longer)] == [
        "G Adam Cosine decay length 50 → 70 updates"
    ]
    kept = with_settings(new, ["generator_optimizer=sgd"])
    assert kept.lanes[0].generator_optimizer.schedule == CosineDecay(length=50)
    assert config_from_plain(new.to_plain()) == new


def test_files_without_schedules_are_read():
    plain = RunConfig().to_plain()
    for player in ("generator", "discriminator"):
        del plain["lanes"][0][f"{player}_optimizer"]["schedule"]
    assert config_from_plain(plain) == RunConfig()


def test_a_schedule_of_one_lane_is_not_anothers():
    decaying = dataclasses.replace(
        run_of().lanes[0], generator_optimizer=Adam(schedule=LinearDecay(length=5))
    )
    both = dataclasses.replace(run_of(), lanes=(*run_of().lanes, decaying))
    alone, together = Trainer(run_of()), Trainer(both)
    for trainer in (alone, together):
        trainer.train(20)
    weights = together._players.tensors["generator"]
    assert torch.equal(weights[0], alone._players.tensors["generator"][0])
    assert not torch.equal(weights[0], weights[1])
