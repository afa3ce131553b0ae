"""What a lane that diverges is left with depends on that lane alone: not on keyframes, looks, files or neighbors."""

from functools import lru_cache

import pytest
import torch

from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.formulation import Formulation
from ganviz.networks.mlp import MLP
from ganviz.training import keyframes, refuge
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.trainer import Trainer

PLAIN = LaneConfig(Formulation(NonSaturating()))
LATE = LaneConfig(Formulation(NonSaturating()), "", SGD(learning_rate=1.0), SGD(learning_rate=1.0))
EARLY = LaneConfig(Formulation(Wasserstein()), "", SGD(learning_rate=0.2), SGD(learning_rate=0.2))
REFUGES = {LATE: 192, EARLY: 32}
FORKS = {LATE: 230, EARLY: 40}
"""A little before it diverges."""


def begun(*lanes, steps=0):
    small = TrainingSettings(batch_size=8, ema_decay=0.9)
    trainer = Trainer(RunConfig(lanes=lanes, architecture=MLP(width=8), training=small))
    trainer.train(steps)
    return trainer


def ended(trainer):
    trainer.train((256 if LATE in trainer.config.lanes else 64) - trainer.step)
    trainer.flush()
    return trainer


@lru_cache
def expected(wild):
    return left_with(ended(begun(wild)), 0)


def left_with(trainer, row):
    """Return where a lane diverged, and all that it was left with."""
    status = trainer.lanes[row]
    assert status.diverged_at is not None
    counts = {name: torch.tensor(counts[row]) for name, counts in trainer._players.counts().items()}
    tensors = {
        name: tensor[row].clone() for name, tensor in trainer._players.tensors.items() if tensor[row].any()
    }
    scores = torch.from_numpy(trainer.subject().real_scores[row])
    return status, {
        **tensors,
        "scores": scores,
        **{f"count of {name}": count for name, count in counts.items()},
    }


def assert_same(one, other):
    assert one[0] == other[0]
    assert one[1].keys() == other[1].keys()
    for name, tensor in one[1].items():
        assert torch.equal(tensor, other[1][name]), name


@pytest.mark.parametrize("wild", [LATE, EARLY])
def test_it_is_left_with_what_it_was_at_its_refuge(wild):
    trainer, before = ended(begun(PLAIN, wild)), begun(PLAIN, wild, steps=REFUGES[wild])
    status, kept = left_with(trainer, 1)
    assert REFUGES[wild] < status.diverged_at < refuge.next_due(REFUGES[wild])
    for name in ("generator", "discriminator", "ema"):
        assert torch.equal(kept[name], before._players.tensors[name][1]), name


def looked_at(wild):
    trainer = begun(PLAIN, wild)
    while trainer.lanes[1].diverged_at is None:
        trainer.train(7)
        trainer.flush()
    return trainer


def forked_and_removed(wild):
    trainer = begun(PLAIN, wild, steps=FORKS[wild])
    trainer.fork(0, PLAIN)
    trainer.train(1)
    trainer.remove_lane(2)
    return ended(trainer)


def resumed(wild):
    return ended(Trainer.from_state(begun(PLAIN, wild, steps=FORKS[wild]).state()))


def rewound(wild):
    """Return a run that went back to a keyframe at a step of its own."""
    trainer = begun(PLAIN, wild, steps=FORKS[wild])
    trainer.fork(0, PLAIN)
    trainer = Trainer.from_state(ended(trainer).state())
    trainer.rewind(FORKS[wild])
    assert trainer.step == FORKS[wild]
    assert trainer.lanes[1].diverged_at is None
    return ended(trainer)


@pytest.mark.parametrize("wild", [LATE, EARLY])
@pytest.mark.parametrize("way", [looked_at, forked_and_removed, resumed, rewound])
def test_keyframes_looks_files_and_neighbors_change_nothing_of_that(wild, way):
    assert_same(left_with(way(wild), 1), expected(wild))


@pytest.mark.parametrize("wild", [LATE, EARLY])
def test_fewer_keyframes_change_nothing_of_that(monkeypatch, wild):
    """The more lanes, the fewer frames fit."""
    before = expected(wild)
    for name, few in (("BYTES", 1), ("FEWEST_FRAMES", 2)):
        monkeypatch.setattr(keyframes, name, few)
    trainer = ended(begun(wild, PLAIN))
    assert len(trainer.keyframes.steps) <= 2
    assert_same(left_with(trainer, 0), before)


@pytest.mark.parametrize("wild", [LATE, EARLY])
def test_a_fork_is_left_with_what_the_lane_is(wild):
    trainer = begun(wild, steps=FORKS[wild])
    trainer.fork(0, wild)
    ended(trainer)
    assert_same(left_with(trainer, 1), left_with(trainer, 0))


def test_weights_that_are_not_finite_are_no_refuge_and_others_have_theirs():
    trainer, before = begun(PLAIN, PLAIN, steps=15), begun(PLAIN, PLAIN, steps=8)._players.tensors
    frame, older = trainer.frame(), trainer._refuge
    frame["tensors"]["generator"][1] = torch.nan
    kept = refuge.made_of(frame, older)["tensors"]
    assert torch.equal(kept["generator"][1], before["generator"][1])
    assert torch.equal(kept["discriminator"][1], before["discriminator"][1])
    assert torch.equal(kept["generator"][0], trainer._players.tensors["generator"][0])


def test_a_file_without_a_refuge_has_its_last_keyframe_or_itself():
    trainer = begun(PLAIN, EARLY, steps=FORKS[EARLY])
    state = trainer.state()
    del state["now"]["refuge"]
    opened = ended(Trainer.from_state(state))
    assert torch.equal(left_with(opened, 1)[1]["generator"], trainer._players.tensors["generator"][1])
    state["now"]["tensors"]["generator"][1] = torch.nan
    opened = ended(Trainer.from_state(state))
    assert torch.equal(left_with(opened, 1)[1]["generator"], expected(EARLY)[1]["generator"])
