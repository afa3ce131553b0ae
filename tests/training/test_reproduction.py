"""Any step is made anew as it was, or refused in a sentence."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.mlp import MLP
from ganviz.spec import InvalidValueError
from ganviz.training import keyframes
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.reproduction import keep_again
from ganviz.training.trainer import Trainer

SMALL = TrainingSettings(batch_size=16, ema_decay=0.9, seeds=2)
GAMES = tuple(LaneConfig(FORMULATIONS[name].formulation) for name in ("non_saturating", "wgan_gp", "r3gan"))
CONFIG = RunConfig(lanes=GAMES, architecture=MLP(width=8), training=SMALL)


def trained(steps, config=CONFIG):
    trainer = Trainer(config)
    trainer.train(steps)
    return trainer


def state_of(trainer):
    trainer.flush()
    return trainer.frame()


def assert_equal(frame, expected):
    assert (frame["step"], frame["config"], frame["lanes"]) == (
        expected["step"],
        expected["config"],
        expected["lanes"],
    )
    assert frame["tensors"].keys() == expected["tensors"].keys()
    for name, tensor in expected["tensors"].items():
        assert torch.equal(frame["tensors"][name], tensor), name
    assert frame["counts"] == expected["counts"]
    assert (frame["scores"] == expected["scores"]).all()


@pytest.mark.parametrize("step", [0, 1, 63, 101, 150])
def test_a_step_is_what_the_run_was_then(step):
    trainer, then = trained(150), trained(step)
    now = state_of(trainer)
    keep_again(trainer, step)
    assert step in trainer.keyframes.steps
    kept = trainer.keyframes.at(step)
    if step:
        assert_equal(kept, state_of(then))
    assert_equal(state_of(trainer), now)
    trainer.rewind(step)
    trainer.train(150 - step)
    assert_equal(state_of(trainer), now)


def test_a_step_after_a_change_is_what_the_run_was_then():
    """A frame is kept at every change: those of before tell nothing of what came after."""
    runs = []
    for last in (90, 75):
        trainer = trained(70)
        hinge = LaneConfig(FORMULATIONS["hinge"].formulation)
        trainer.reconfigure(dataclasses.replace(CONFIG, lanes=(hinge, *GAMES[1:])))
        trainer.train(last - 70)
        runs.append(trainer)
    changed, then = runs
    keep_again(changed, 75)
    assert_equal(changed.keyframes.at(75), state_of(then))
    keep_again(changed, 69)
    assert_equal(changed.keyframes.at(69), state_of(trained(69)))


def test_lanes_that_came_and_went_are_as_they_were():
    trainer = trained(70)
    trainer.fork(0, LaneConfig(FORMULATIONS["hinge"].formulation))
    trainer.train(5)
    trainer.remove_lane(1)
    trainer.train(20)
    two = trained(50, dataclasses.replace(CONFIG, lanes=(GAMES[0], GAMES[2])))
    keep_again(trainer, 50)
    assert_equal(trainer.keyframes.at(50), state_of(two))
    keep_again(trainer, 73)
    assert len(trainer.keyframes.at(73)["lanes"]) == 6


def test_changes_and_forks_at_one_step_are_told_apart():
    hinge = LaneConfig(FORMULATIONS["hinge"].formulation)
    runs = []
    for last in (90, 80):
        trainer = trained(70)
        trainer.reconfigure(dataclasses.replace(CONFIG, lanes=(hinge, *GAMES[1:])))
        trainer.fork(1, hinge)
        trainer.train(last - trainer.step)
        runs.append(trainer)
    forked, then = runs
    keep_again(forked, 80)
    assert_equal(forked.keyframes.at(80), state_of(then))
    forked.rewind(70)
    assert len(forked.config.lanes) == 4


def test_a_step_at_which_a_change_was_made_is_that_before_it():
    trainer = trained(70)
    trainer.reconfigure(
        dataclasses.replace(CONFIG, lanes=(LaneConfig(FORMULATIONS["hinge"].formulation), *GAMES[1:]))
    )
    trainer.train(20)
    then = state_of(trainer)
    keep_again(trainer, 70)
    assert_equal(trainer.keyframes.at(70), state_of(trained(70)))
    keep_again(trainer, 90)
    assert_equal(trainer.keyframes.at(90), then)


def test_a_lane_that_diverges_does_so_again():
    fast = SGD(learning_rate=0.5)
    lanes = (GAMES[0], LaneConfig(Formulation(Wasserstein()), "", fast, fast))
    config = dataclasses.replace(CONFIG, lanes=lanes)
    trainer = trained(60, config)
    trainer.flush()
    (at, *_) = sorted(status.diverged_at for status in trainer.lanes if status.diverged_at)
    for step in {at - 1, at, at + 3}:
        then = trained(step, config)
        keep_again(trainer, step)
        assert_equal(trainer.keyframes.at(step), state_of(then))


def test_what_cannot_be_made_anew_is_refused_and_changes_nothing(monkeypatch):
    trainer = trained(65)
    for i in range(keyframes.MOST_PINNED + 1):
        rate = dataclasses.replace(GAMES[0].generator_optimizer, learning_rate=0.001 * (1 + i))
        lane = dataclasses.replace(GAMES[0], generator_optimizer=rate)
        trainer.reconfigure(dataclasses.replace(CONFIG, lanes=(lane, *GAMES[1:])))
        trainer.train(2)
    trainer.train(120 - trainer.step)
    before = trainer.keyframes.steps
    for step, words in (
        (-1, "has no step -1"), (121, "has made 120"), (66, "at step 65 is between"), (90, "takes about"),
    ):  # fmt: skip
        with pytest.raises(InvalidValueError, match=words):
            keep_again(trainer, step, most_s=-1.0)  # no step takes longer by the clock of tests
    trainer.keyframes.begin(91)["tensors"]["generator"][0] += 1e-6
    with pytest.raises(InvalidValueError, match="comes out otherwise"):
        keep_again(trainer, 91)
    assert trainer.keyframes.steps == before


def test_pinned_frames_stay_when_others_go_and_go_one_by_one(monkeypatch):
    monkeypatch.setattr(keyframes, "MOST_FRAMES", 30)
    trainer = trained(130)
    pinned = list(range(65, 65 + keyframes.MOST_PINNED + 2))
    for step in pinned:
        keep_again(trainer, step)
    trainer.train(3000)
    kept = trainer.keyframes.steps
    assert len(kept) <= 30
    assert {step for step in kept if 64 < step < 128} == set(pinned[2:])
    assert kept[-1] > 3000
