"""Every formulation by name trains, and each can be switched into every other while the run goes on."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.penalties.base import Around, at_fake, at_real, interpolates
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.layers import TRAIN_KEEP_BUFFERS
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac_stability import stability
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
        "Slopes other than 1 between the samples cost λ: D never becomes flat, not even at a perfect G.",
        only_slope_one_is_free,
    ),
    "non_saturating_r1": (
        "Slopes of D at real samples cost γ/2: near the equilibrium the game comes to rest.",
        squares_at_real_samples,
    ),
    "r3gan": (
        "Pairs compete, and slopes of D cost γ/2 at real and at fake samples: the game comes to rest.",
        squares_at_both,
    ),
    "wgan_lp": (
        "Only slopes above 1 between the samples cost λ: at a perfect G, D may be flat.",
        flat_is_free,
    ),
    "dragan": ("Slopes of D other than 1 cost λ, around real samples only.", only_around_real_samples),
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
