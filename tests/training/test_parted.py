"""Many pairs of networks, made in parts, are what they are when made together."""

import dataclasses
import threading
from functools import lru_cache

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.kernels.crew import Crew, run_at_once
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.presets import named_formulation
from ganviz.networks import network
from ganviz.networks.conv import DCGAN16
from ganviz.networks.layers import BatchNorm
from ganviz.networks.mlp import MLP
from ganviz.networks.network import Network, dcgan_discriminator
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.rules import Alternating, Extragradient, Unrolled
from ganviz.training.steps import halved, parted
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.steps.halved import HalvedStep
from ganviz.training.steps.parted import PartedStep, parts_of
from ganviz.training.trainer import Trainer

COMPARED = [i for i, name in enumerate(COLUMNS) if name != "seconds"]


def run_of(games, lanes, seeds, **others):
    """Return a run of so many lanes; the games take turns, and one lane has another optimizer."""
    made = [LaneConfig(named_formulation(games[i % len(games)])) for i in range(lanes)]
    made[lanes // 2] = dataclasses.replace(made[lanes // 2], generator_optimizer=SGD(learning_rate=0.05))
    run = RunConfig(
        lanes=tuple(made),
        architecture=MLP(width=7),
        training=TrainingSettings(batch_size=16, seeds=seeds, d_steps=2, ema_decay=0.5),
    )
    return dataclasses.replace(run, **others)


def played(config, kind):
    """Return a run that has been through all that changes rows, and how often others were let in between."""
    trainer, calls = Trainer(config), []
    assert type(trainer._method) is kind
    trainer.train(5, lambda: calls.append((trainer.step, threading.get_ident())))
    trainer.half_step("discriminator")
    trainer.half_step("generator")
    trainer.train(40 if isinstance(config.architecture, MLP) else 10)
    trainer = Trainer.from_state(trainer.state())
    trainer.rewind(4)
    trainer.train(3)
    trainer.flush()
    return trainer, calls


ALIKE = (["non_saturating"], ["wgan_gp"], ["ragan"])
DIFFERENT = (["ragan", "r3gan", "wgan_gp"], ["non_saturating", "mmd"])
RUNS = [
    *((games, *shape, n) for games in ALIKE for shape in ((10, 1), (1, 10)) for n in (1, 2)),
    *((games, *shape, 2) for games in DIFFERENT for shape in ((10, 1), (2, 5), (5, 2))),
]


@pytest.mark.parametrize(("games", "lanes", "seeds", "processors"), RUNS)
def test_parts_change_no_number(monkeypatch, games, lanes, seeds, processors):
    check(monkeypatch, run_of(games, lanes, seeds), processors, AnalyticStep)


@lru_cache(maxsize=1)
def together(config, kind):
    """Return what ``played`` gives before anything is patched; runs that differ in processors follow each other."""
    return played(config, kind)


def check(monkeypatch, config, processors, kind):
    whole, calls = together(config, kind)
    monkeypatch.setattr(parted, "CACHE", 1)
    monkeypatch.setattr(parted, "WORTHWHILE", 0)
    monkeypatch.setattr(parted, "size", lambda: processors)
    parts = parts_of(config)
    assert [row for rows in parts for row in rows] == list(range(config.n_rows))
    assert len(parts) > 1
    assert_same(played(config, PartedStep), (whole, calls))


def assert_same(one, other):
    """Compare what ``played`` has given twice."""
    (several, calls_of_parts), (whole, calls) = one, other
    for name, tensor in whole._players.tensors.items():
        assert torch.equal(several._players.tensors[name], tensor), name
    assert several._method.counts() == whole._method.counts()
    for row in range(whole.config.n_rows):
        a, b = (trainer.history.table(row)[:, COMPARED] for trainer in (whole, several))
        assert np.array_equal(a, b, equal_nan=True)
    assert str(several.frame()["streams"]) == str(whole.frame()["streams"])
    assert calls_of_parts == calls


def test_parts_of_what_is_differentiated_change_no_number(monkeypatch):
    pictures = {"architecture": DCGAN16(channels=2), "distribution": MNIST(digits="35")}
    check(monkeypatch, run_of(["non_saturating", "wgan_gp"], 3, 1, **pictures), 2, AutogradStep)


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize(
    ("game", "rule"),
    [
        ("non_saturating", Alternating()),
        ("ragan", Alternating()),
        ("wasserstein", Extragradient()),
        ("hinge", Unrolled(inner_steps=2)),
    ],
)
def test_halves_change_no_number(monkeypatch, game, rule, fresh):
    config = run_of([game], 1, 1, architecture=DCGAN16(channels=2), distribution=MNIST(digits="35"))
    noisy = dataclasses.replace(config.lanes[0].formulation, inputs=(InstanceNoise(),))
    training = dataclasses.replace(config.training, rule=rule, fresh_latents=fresh)
    lanes = (dataclasses.replace(config.lanes[0], formulation=noisy),)
    config = dataclasses.replace(config, lanes=lanes, training=training)
    monkeypatch.setattr(halved, "size", lambda *, giving_way: 1)
    whole = played(config, AutogradStep)
    monkeypatch.setattr(halved, "size", lambda *, giving_way: 2)
    monkeypatch.setattr(Crew, "run", lambda self, shares: run_at_once(shares))
    assert_same(played(config, HalvedStep), whole)


def test_batches_that_move_the_buffers_of_d_come_one_after_the_other(monkeypatch):
    def normalized(channels, shape):
        plain = dcgan_discriminator(channels, shape).layers
        return Network((plain[0], BatchNorm(channels), *plain[1:]), is_score=True, lane_batched=False)

    monkeypatch.setattr(halved, "size", lambda *, giving_way: 2)

    def kind(channels):
        pictures = {"architecture": DCGAN16(channels=channels), "distribution": MNIST(digits="35")}
        return type(Trainer(run_of(["hinge"], 1, 1, **pictures))._method)

    assert kind(3) is HalvedStep
    monkeypatch.setattr(network, "dcgan_discriminator", normalized)
    assert kind(5) is AutogradStep  # networks of sizes that are known are kept


def test_parts_are_whole_lanes_or_seeds_of_one(monkeypatch):
    monkeypatch.setattr(parted, "CACHE", 1)
    monkeypatch.setattr(parted, "size", lambda: 1)
    assert [len(rows) for rows in parts_of(run_of(["ragan"], 10, 1))] == [3, 3, 4]
    assert [len(rows) for rows in parts_of(run_of(["ragan"], 5, 2))] == [2, 4, 4]
    assert [len(rows) for rows in parts_of(run_of(["ragan"], 2, 5))] == [2, 3, 2, 3]
    assert parts_of(run_of(["ragan"], 4, 1)) == [range(4)]
    monkeypatch.setattr(parted, "size", lambda: 2)
    assert parts_of(run_of(["ragan"], 4, 1)) == [range(4)], "threads would wait for each other"
    monkeypatch.setattr(parted, "WORTHWHILE", 0)
    assert [len(rows) for rows in parts_of(run_of(["ragan"], 10, 1))] == [2, 3, 2, 3]
    assert parts_of(run_of(["ragan"], 2, 1)) == [range(1), range(1, 2)]
    assert parts_of(run_of(["ragan"], 1, 1)) == [range(1)]
