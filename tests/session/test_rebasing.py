"""A second choice that is made before the first one is in force takes nothing back, and restarts nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.commands import Command, ForkLane, Reconfigure, RemoveLane, SaveCheckpoint, Stop
from ganviz.session.events import ConfigChanged, Refused
from ganviz.session.loop import serve
from ganviz.session.port import QueuePort
from ganviz.session.rebasing import rebased
from ganviz.session.runner import Runner
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig

SMALL = with_settings(RunConfig(), ["architecture.width=8", "training.batch_size=16"])
HINGE = FORMULATIONS["hinge"].formulation


def _with_lanes(n: int) -> RunConfig:
    return dataclasses.replace(SMALL, lanes=SMALL.lanes * n)


def _everywhere(config: RunConfig) -> RunConfig:
    lanes = tuple(dataclasses.replace(lane, formulation=HINGE) for lane in config.lanes)
    return dataclasses.replace(config, lanes=lanes)


def test_two_changes_over_the_same_settings_are_both_made():
    faster = with_settings(SMALL, ["lanes.0.generator_optimizer.learning_rate=0.01"])
    more = with_settings(SMALL, ["training.d_steps=5"])
    both = rebased(SMALL, more, faster)
    assert both == with_settings(faster, ["training.d_steps=5"])
    assert rebased(SMALL, _everywhere(SMALL), both) == _everywhere(both)


def test_of_two_changes_of_one_setting_the_newer_is_made():
    assert rebased(
        SMALL, with_settings(SMALL, ["training.d_steps=5"]), with_settings(SMALL, ["training.d_steps=2"])
    ) == (with_settings(SMALL, ["training.d_steps=5"]))


def test_a_lane_that_was_added_stays_as_it_is():
    two = _with_lanes(2)
    found = rebased(SMALL, _everywhere(SMALL), two)
    assert [lane.formulation for lane in found.lanes] == [HINGE, SMALL.lanes[0].formulation]


def test_lanes_that_are_left_are_found_by_what_they_were():
    three = _everywhere(_with_lanes(2)).lanes
    before = dataclasses.replace(SMALL, lanes=(SMALL.lanes[0], *three))
    wished = with_settings(before, ["lanes.2.generator_optimizer.learning_rate=0.01"])
    present = dataclasses.replace(before, lanes=before.lanes[1:])
    assert rebased(before, wished, present) == dataclasses.replace(
        present, lanes=(wished.lanes[1], wished.lanes[2])
    )
    strange = with_settings(SMALL, ["training.d_steps=5", "lanes.0.generator_optimizer.learning_rate=0.5"])
    with pytest.raises(InvalidValueError, match="lanes have changed"):
        rebased(before, wished, strange)


def test_a_choice_over_one_lane_does_not_take_back_a_second_nor_restart_the_run():
    run = Runner(SMALL)
    run.trainer.train(20)
    run.handle(ForkLane(0, HINGE))
    (changed, *_) = (
        event for event in run.handle(Reconfigure(with_settings(SMALL, ["training.d_steps=2"]), SMALL))
        if isinstance(event, ConfigChanged)
    )  # fmt: skip
    assert not changed.restarted
    assert (len(changed.config.lanes), changed.config.training.d_steps, run.trainer.step) == (2, 2, 20)
    before = run.config
    run.handle(RemoveLane(0))
    run.handle(Reconfigure(with_settings(before, ["training.d_steps=3"]), before))
    assert (len(run.config.lanes), run.config.training.d_steps, run.trainer.step) == (1, 3, 20)


def test_what_cannot_be_put_together_is_refused():
    run = Runner(_with_lanes(2))
    before = with_settings(run.config, ["lanes.0.label=one", "lanes.1.label=two"])
    run.handle(RemoveLane(0))
    kept = run.config
    events = run.handle(Reconfigure(_everywhere(before), before))
    assert any(isinstance(event, Refused) for event in events)
    assert run.config == kept


def _ended(*commands: Command) -> list[object]:
    """Return what a loop tells that gets these commands, and the end behind them, once it has a run."""
    told: list[object] = []
    port = QueuePort(told.extend)

    def make() -> Runner:
        for command in (*commands, Stop()):
            port.send(command)
        return Runner(SMALL)

    serve(make, port)
    return told


def test_choices_that_wait_are_made_together():
    first = Reconfigure(with_settings(SMALL, ["training.d_steps=5"]), SMALL)
    told = _ended(first, Reconfigure(_everywhere(SMALL), SMALL), SaveCheckpoint(Path("/dev/null/none")))
    _, changed = (event for event in told if isinstance(event, ConfigChanged))
    assert changed.config == _everywhere(with_settings(SMALL, ["training.d_steps=5"]))
