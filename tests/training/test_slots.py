"""What optimizers remember: tensors named after their declared slots, and no others, through a run's whole life."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.lecam import LeCam, LeCamCode
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import OPTIMIZERS, SGD, AbstractOptimizer, Adam, OptimisticAdam, RMSprop
from ganviz.training.players import PLAYERS
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.trainer import Trainer

EVERY = [cls(learning_rate=1e-3) for cls in OPTIMIZERS.values()] + [SGD(momentum=-0.3), Adam(beta1=0.0)]


def of(generator, discriminator=None):
    return LaneConfig(
        named_formulation("non_saturating"),
        generator_optimizer=generator,
        discriminator_optimizer=discriminator or generator,
    )


def trained(*lanes, steps=70):
    trainer = Trainer(RunConfig(lanes=lanes, architecture=MLP(width=16), training=TrainingSettings()))
    trainer.train(steps)
    return trainer


def kept(trainer):
    """Return the slots that there are, by player."""
    names = trainer._players.tensors
    return {
        player: {name.removeprefix(f"{player}_") for name in names if name.startswith(f"{player}_")}
        - {"buffers"}
        for player in PLAYERS
    }


def assert_same(a, b):
    a.flush(), b.flush()
    assert a._players.tensors.keys() == b._players.tensors.keys()
    for name, tensor in a._players.tensors.items():
        assert torch.equal(tensor, b._players.tensors[name]), name
    assert a._players.counts() == b._players.counts()
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.history.table(lane), b.history.table(lane))


@pytest.mark.parametrize("spec", EVERY, ids=str)
def test_there_is_what_is_declared(spec):
    trainer = trained(of(spec, SGD()), steps=3)
    assert kept(trainer) == {"generator": set(spec.slots), "discriminator": {"first"}}
    both = trained(of(spec), of(RMSprop()), steps=3)
    assert kept(both)["generator"] == {*spec.slots, "second"}


@pytest.mark.parametrize("spec", EVERY, ids=str)
def test_a_run_goes_on_from_its_state_and_from_a_rewind(spec):
    whole, first = trained(of(spec), steps=150), trained(of(spec), steps=100)
    resumed = Trainer.from_state(first.state())
    resumed.train(50)
    assert_same(whole, resumed)
    first.rewind(64)
    first.train(150 - 64)
    assert_same(whole, first)


@pytest.mark.parametrize("spec", EVERY, ids=str)
def test_a_state_with_two_moments_whatever_is_used_goes_on(spec):
    """As version 0.1 kept them."""
    whole, first = trained(of(spec), steps=100), trained(of(spec))
    state = first.state()
    for frame in (state["now"], *state["keyframes"]):
        for player in PLAYERS:
            for slot in ("first", "second"):
                frame["tensors"].setdefault(f"{player}_{slot}", torch.zeros_like(frame["tensors"][player]))
    old = Trainer.from_state(state)
    old.train(30)
    assert_same(whole, old)


def test_a_state_without_a_declared_slot_is_refused():
    state = trained(of(Adam())).state()
    del state["now"]["tensors"]["generator_second"]
    with pytest.raises(ValueError, match="generator_second"):
        Trainer.from_state(state)


@pytest.mark.parametrize("spec", EVERY, ids=str)
def test_another_kind_starts_afresh_and_what_nobody_declares_goes(spec):
    trainer = trained(of(spec), steps=10)
    other: AbstractOptimizer = RMSprop() if isinstance(spec, OptimisticAdam) else OptimisticAdam()
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(of(spec, other),)))
    assert kept(trainer) == {"generator": set(spec.slots), "discriminator": set(other.slots)}
    assert trainer._players.counts() == {"generator": [10], "discriminator": [0]}
    for slot in other.slots:
        assert not trainer._players.tensors[f"discriminator_{slot}"].any()
    trainer.train(10)
    assert not trainer.is_finished


@pytest.mark.parametrize("spec", EVERY, ids=str)
def test_another_loss_forgets_every_slot(spec):
    trainer = trained(of(spec), steps=10)
    lane = dataclasses.replace(trainer.config.lanes[0], formulation=named_formulation("hinge"))
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(lane,)))
    for slot in spec.slots:
        assert not trainer._players.tensors[f"generator_{slot}"].any()
    assert trainer._players.counts() == {"generator": [0], "discriminator": [0]}


@pytest.mark.parametrize("spec", EVERY, ids=str)
def test_a_fork_keeps_every_slot_and_its_removal_takes_its_own_away(spec):
    trainer = trained(of(spec))
    trainer.fork(0, of(spec))
    trainer.fork(0, of(OptimisticAdam(), spec))
    for tensor in trainer._players.tensors.values():
        assert torch.equal(tensor[0], tensor[1])
    assert kept(trainer)["generator"] == {*spec.slots, *OptimisticAdam.slots}
    trainer.train(30)
    trainer.remove_lane(2)
    assert kept(trainer)["generator"] == set(spec.slots)
    trainer.train(30)
    trainer.rewind(128)
    lonely = trained(of(spec), steps=128)
    for name, tensor in lonely._players.tensors.items():
        assert torch.equal(trainer._players.tensors[name][0], tensor[0]), name


def test_a_lane_that_diverges_after_a_change_keeps_nothing_that_is_not_finite():
    trainer = trained(of(SGD()), of(SGD()))
    wild = of(OptimisticAdam(learning_rate=100.0, eps=1.0))
    loss = named_formulation("least_squares")
    wild = dataclasses.replace(wild, formulation=loss, discriminator_optimizer=SGD(learning_rate=100.0))
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(trainer.config.lanes[0], wild)))
    trainer.train(100)
    trainer.flush()
    assert trainer.lanes[1].diverged_at is not None
    for name, tensor in trainer._players.tensors.items():
        assert torch.isfinite(tensor).all(), name


LECAM = Formulation(NonSaturating(), (LeCam(), LeCamCode(decay=0.9, interval=3)))
PLAIN = Formulation(NonSaturating())


@pytest.mark.parametrize("cls", [AnalyticStep, AutogradStep], ids=lambda cls: cls.name)
def test_penalties_remember_through_a_runs_whole_life(monkeypatch, cls):
    """As optimizers do: saved, rewound, forked, alike beside a lane without, and empty after another loss."""
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: cls)
    whole, first = trained(LaneConfig(LECAM), steps=110), trained(LaneConfig(LECAM), steps=70)
    memory = first._players.tensors["penalty_lecam"]
    assert memory[0, 2] == pytest.approx(1 - 0.99**70, rel=1e-4)
    assert first._players.tensors["penalty_lecam_code"][0, 2] == pytest.approx(1 - 0.9**24, rel=1e-4)
    resumed = Trainer.from_state(first.state())
    resumed.train(40)
    assert_same(whole, resumed)
    first.rewind(64)
    first.train(46)
    assert_same(whole, first)
    both = trained(LaneConfig(PLAIN), LaneConfig(LECAM), steps=110)
    for name, tensor in whole._players.tensors.items():
        assert torch.equal(both._players.tensors[name][1], tensor[0]), name
    assert not both._players.tensors["penalty_lecam"][0].any()
    first.fork(0, LaneConfig(LECAM))
    first.train(10)
    kept = first._players.tensors["penalty_lecam"]
    assert torch.equal(kept[0], kept[1])
    first.half_step("generator")
    assert torch.equal(first._players.tensors["penalty_lecam"], kept)
    other = Formulation(LeastSquares(), LECAM.penalties)
    first.reconfigure(dataclasses.replace(first.config, lanes=(LaneConfig(other), LaneConfig(PLAIN))))
    assert not first._players.tensors["penalty_lecam"][0].any()
    first.reconfigure(dataclasses.replace(first.config, lanes=(LaneConfig(other), LaneConfig(LECAM))))
    assert not first._players.tensors["penalty_lecam"].any()
    first.reconfigure(dataclasses.replace(first.config, lanes=(LaneConfig(PLAIN), LaneConfig(PLAIN))))
    assert not [name for name in first._players.tensors if name.startswith("penalty_")]


def test_stopped_lanes_keep_what_their_penalties_remember():
    wild = LaneConfig(
        Formulation(LeastSquares(), (LeCam(),)), discriminator_optimizer=SGD(learning_rate=100.0)
    )
    trainer = trained(LaneConfig(LECAM), wild, steps=128)
    assert [status.diverged_at is None for status in trainer.lanes] == [True, False]
    before = trainer._players.tensors["penalty_lecam"].clone()
    assert torch.isfinite(before).all()
    trainer.train(10)
    assert torch.equal(trainer._players.tensors["penalty_lecam"][1], before[1])
    assert not torch.equal(trainer._players.tensors["penalty_lecam"][0], before[0])
