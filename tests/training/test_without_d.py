"""Lanes without a discriminator: D stands still and has no numbers, G learns, all else goes on around them."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.choosing import chosen_run
from ganviz.session.happening import Facts, happening
from ganviz.spec import InvalidValueError
from ganviz.training.columns import COLUMNS, PROGRESS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.probes.surface import SurfaceProbe
from ganviz.training.rules import RULES
from ganviz.training.trainer import Trainer

OF_G = {"g_loss", "g_grad_norm", *PROGRESS}


def run(*names, training=None, **settings):
    lanes = tuple(LaneConfig(named_formulation(name)) for name in names)
    numbers = {"batch_size": 32, "device": "cpu"} | (training or {})
    given = {"architecture": MLP(width=8)} | settings
    return RunConfig(lanes=lanes, training=TrainingSettings(**numbers), **given)


def of_d(trainer, lane):
    kept = {name: t[lane].clone() for name, t in trainer._players.tensors.items() if "discriminator" in name}
    return kept, trainer._players.counts()["discriminator"][lane]


def assert_same_d(a, b):
    assert a[1] == b[1]
    assert all(torch.equal(a[0][name], b[0][name]) for name in a[0])


def has_numbers(trainer, lane):
    trainer.flush()
    last = trainer.history.last_row(lane)
    return {name for name in COLUMNS if np.isfinite(last[name])}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("settings", [{}, {"architecture": DCGAN16(channels=2)}], ids=["points", "digits"])
def test_d_stands_still_and_has_no_numbers(rule, settings):
    from ganviz.data.mnist import MNIST

    if settings:
        settings = settings | {"distribution": MNIST()}
    training = {"rule": RULES[rule](), "batch_size": 8, "d_steps": 2, "g_steps": 2, "ema_decay": 0.5}
    for names in (("mmd",), ("non_saturating", "energy_distance")):
        trainer = Trainer(run(*names, training=training, **settings))
        lane = len(names) - 1
        before, g = of_d(trainer, lane), trainer._players.tensors["generator"][lane].clone()
        trainer.train(4)
        assert_same_d(of_d(trainer, lane), before)
        assert not torch.equal(trainer._players.tensors["generator"][lane], g)
        assert has_numbers(trainer, lane) == OF_G
        assert [status.diverged_at for status in trainer.lanes] == [None] * len(names)


def test_a_live_switch_leaves_d_where_it_was_and_goes_on_with_it():
    trainer = Trainer(run("non_saturating", "hinge"))
    trainer.train(30)
    before = of_d(trainer, 0)
    trainer.reconfigure(run("mmd", "hinge"))
    assert trainer.subject().fake_scores is not None
    trainer.train(70)
    kept = of_d(trainer, 0)
    assert torch.equal(kept[0]["discriminator"], before[0]["discriminator"])
    assert np.isnan(SurfaceProbe().measure(trainer.subject()).scores[0]).all()
    assert np.isfinite(SurfaceProbe().measure(trainer.subject()).scores[1]).all()
    again = Trainer.from_state(trainer.state())
    for one in (trainer, again):
        one.train(10)
        one.rewind(64)
        one.reconfigure(run("non_saturating_r1", "hinge"))
        one.train(10)
        assert not torch.equal(of_d(one, 0)[0]["discriminator"], kept[0]["discriminator"])
        assert "d_loss" in has_numbers(one, 0)
    for name, tensor in trainer._players.tensors.items():
        assert torch.equal(tensor, again._players.tensors[name]), name


@pytest.mark.parametrize("name", ["mmd", "energy_distance"])
def test_they_learn_the_ring_and_say_that_nobody_plays(name):
    trainer = Trainer(run(name, training={"batch_size": 128, "seeds": 2}, architecture=MLP()))
    trainer.train(400)
    subject = trainer.subject()
    trace, metrics = LossTraceProbe().measure(subject), MetricsProbe().measure(subject)
    losses = trainer.history.table(1)[:, COLUMNS.index("g_loss")]
    assert losses[:5].mean() > 0.5
    assert losses[-50:].mean() < 0.08
    assert metrics.modes_hit[0] == 8
    facts = Facts(subject.config, 0, trainer.lanes[0], trace, None, None)
    assert happening(facts).startswith("no game: G alone makes the")


def test_a_distance_that_is_not_finite_stops_the_lane_and_no_other():
    trainer = Trainer(run("mmd", "non_saturating"))
    trainer.train(10)
    trainer._players.generator.parameters[0] = torch.nan
    trainer.train(60)
    trainer.flush()
    assert [status.diverged_at for status in trainer.lanes] == [11, None]
    assert trainer.lanes[0].cause == "g_loss"


@pytest.mark.parametrize(
    ("setting", "words"),
    [("formulation.penalties.r1.gamma=1", "no discriminator to be held by R1"),
     ("formulation.penalties.roth.gamma=1", "no discriminator to be held by Roth"),
     ("formulation.constraint=clipping", "no discriminator with weights to bound"),
     ("formulation.inputs.instance_noise.sigma=1", "no discriminator that could see instance noise"),
     ("training.batch_size=1", "batch_size must be at least 2")],
)  # fmt: skip
def test_what_is_of_d_is_refused_beside_its_field(setting, words):
    with pytest.raises(InvalidValueError, match=words):
        chosen_run(formulations=("mmd",), settings=[setting])
    config, _ = chosen_run(formulations=("non_saturating",), settings=[setting])
    lane = dataclasses.replace(config.lanes[0].formulation, penalties=(), inputs=())
    assert lane.loss.has_discriminator
