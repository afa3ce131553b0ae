"""Every formulation by name trains, and each can be switched into every other while the run goes on."""

import dataclasses

import numpy as np
import pytest

from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.trainer import Trainer

NAMES = list(FORMULATIONS)
LANES = 32


def lanes(names):
    return tuple(LaneConfig(FORMULATIONS[name].formulation) for name in names)


def assert_honest(trainer, lane):
    """Finite up to the step at which it diverged, if it did."""
    status, table = trainer.lanes[lane], trainer.history.table(lane)
    known = table[: (status.diverged_at or trainer.step + 1) - 1]
    assert bool(status.cause) is (status.diverged_at is not None)
    for name in ("g_loss", "d_loss", "total", "d_grad_norm", "g_grad_norm"):
        assert np.isfinite(known[:, COLUMNS.index(name)]).all(), name


def test_each_trains_on_the_soft_ring():
    """As lanes of one run, which are what they are alone (test_independence)."""
    for start in range(0, len(NAMES), LANES):
        names = NAMES[start : start + LANES]
        trainer = Trainer(RunConfig(lanes(names)))
        before = trainer._players.tensors["generator"].clone()
        trainer.train(300)
        trainer.flush()
        for lane, name in enumerate(names):
            assert_honest(trainer, lane)
            assert trainer.lanes[lane].diverged_at is None, name
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
        assert_honest(trainer, lane)
        assert trainer.lanes[lane].diverged_at is None
    marks = [mark for mark in trainer.history.marks if mark.breaks]
    assert len(marks) >= n_lanes * (len(NAMES) - 1)
