"""Many pairs of networks, made in parts, are what they are when made together."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.steps import parted
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.parted import PartedStep, parts_of
from ganviz.training.trainer import Trainer

ROWS = 10
COMPARED = [i for i, name in enumerate(COLUMNS) if name != "seconds"]


def run_of(game, lanes, seeds):
    lane = LaneConfig(named_formulation(game))
    other = dataclasses.replace(lane, generator_optimizer=SGD(learning_rate=0.05))
    return RunConfig(
        lanes=(lane, other, *(lane,) * lanes)[:lanes],
        architecture=MLP(width=7),
        training=TrainingSettings(batch_size=16, seeds=seeds, d_steps=2, ema_decay=0.5),
    )


def played(config, kind):
    """Return a run that has been through all that changes rows, and how often others were let in between."""
    trainer, calls = Trainer(config), []
    assert type(trainer._method) is kind
    trainer.train(5, lambda: calls.append(trainer.step))
    trainer.half_step("discriminator")
    trainer.half_step("generator")
    trainer.train(70)
    trainer = Trainer.from_state(trainer.state())
    trainer.rewind(4)
    trainer.train(3)
    trainer.flush()
    return trainer, calls


@pytest.mark.parametrize(("lanes", "seeds"), [(ROWS, 1), (1, ROWS)])
@pytest.mark.parametrize("game", ["non_saturating", "wgan_gp", "ragan"])
def test_parts_change_no_number(monkeypatch, game, lanes, seeds):
    config = run_of(game, lanes, seeds)
    whole, calls = played(config, AnalyticStep)
    monkeypatch.setattr(parted, "CACHE", 1)
    parts = parts_of(config)
    assert [len(rows) for rows in parts] == [3, 3, 4]  # so that memory is shared by unequal ones
    several, calls_of_parts = played(config, PartedStep)
    for name, tensor in whole._players.tensors.items():
        assert torch.equal(several._players.tensors[name], tensor), name
    assert several._method.counts() == whole._method.counts()
    for row in range(ROWS):
        a, b = (trainer.history.table(row)[:, COMPARED] for trainer in (whole, several))
        assert np.array_equal(a, b, equal_nan=True)
    assert str(several._frame()["streams"]) == str(whole._frame()["streams"])
    assert calls_of_parts == calls


def test_runs_that_draw_differently_are_made_together(monkeypatch):
    monkeypatch.setattr(parted, "CACHE", 1)
    mixed = dataclasses.replace(
        run_of("ragan", 6, 1), lanes=(*run_of("ragan", 5, 1).lanes, LaneConfig(named_formulation("r3gan")))
    )
    for config in (mixed, run_of("ragan", 2, 5), run_of("ragan", 4, 1)):
        assert parts_of(config) == [range(config.n_rows)]
