"""Undo and redo of settings, over any sequence of changes."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganviz.losses.presets import named_formulation
from ganviz.training.config import MAX_LANES, RunConfig
from ganviz.views.window.undo import DEEPEST, SettingsUndo

BASE = RunConfig()


def seeded(seed):
    return dataclasses.replace(BASE, training=dataclasses.replace(BASE.training, seed=seed))


def walk(undo, present, direction):
    """Do what the window does: ask for the neighbor and record it when the engine has it in force."""
    neighbor = undo.earlier() if direction == "undo" else undo.later()
    if neighbor is None:
        return present
    undo.record(neighbor)
    return neighbor


@given(st.lists(st.one_of(st.integers(0, 5), st.sampled_from(["undo", "redo"])), max_size=40))
def test_it_is_a_list_with_a_cursor(actions):
    undo, present = SettingsUndo(BASE), BASE
    states, cursor = [BASE], 0
    for action in actions:
        if isinstance(action, int):
            new = seeded(action)
            if new == present or new in (undo.earlier(), undo.later()):
                continue  # going there by hand is going there
            present = new
            undo.record(new)
            states, cursor = [*states[: cursor + 1], new], cursor + 1
        else:
            present = walk(undo, present, action)
            cursor = max(0, cursor - 1) if action == "undo" else min(len(states) - 1, cursor + 1)
        assert present == states[cursor]
        assert (undo.earlier() is not None) == (cursor > 0)
        assert (undo.later() is not None) == (cursor < len(states) - 1)


def lane(formulation, rate=BASE.lanes[0].discriminator_optimizer.learning_rate):
    one = BASE.lanes[0]
    other = dataclasses.replace(one.discriminator_optimizer, learning_rate=rate)
    return dataclasses.replace(one, formulation=named_formulation(formulation), discriminator_optimizer=other)


def with_lanes(config, *lanes):
    return dataclasses.replace(config, lanes=lanes)


def test_changes_are_undone_after_a_lane_has_come_or_gone():
    ns, saturating, hinge = "non_saturating", "saturating", "hinge"
    undo = SettingsUndo(with_lanes(BASE, lane(ns, 0.1)))
    for config in (
        with_lanes(BASE, lane(ns, 0.2)),
        with_lanes(seeded(3), lane(ns, 0.2)),
        with_lanes(seeded(3), lane(ns, 0.2), lane(saturating, 0.2)),
    ):
        undo.record(config)
    # the forked lane had the past of the first one, under its own formulation
    assert undo.earlier() == with_lanes(BASE, lane(ns, 0.2), lane(saturating, 0.2))
    undo.record(undo.earlier())
    assert undo.earlier() == with_lanes(BASE, lane(ns, 0.1), lane(saturating, 0.1))
    undo.record(with_lanes(BASE, lane(saturating, 0.2)))
    assert undo.earlier() == with_lanes(BASE, lane(saturating, 0.1))
    assert undo.later() == with_lanes(seeded(3), lane(saturating, 0.2))
    undo.record(with_lanes(BASE, lane(hinge, 0.2)))
    undo.record(with_lanes(BASE, lane(hinge, 0.2), lane(ns, 0.2)))
    assert undo.earlier() == with_lanes(BASE, lane(saturating, 0.2), lane(ns, 0.2))
    undo.record(with_lanes(BASE, lane(ns, 0.2)))
    # what was changed in the lane that has gone is nothing to undo
    assert undo.earlier() == with_lanes(BASE, lane(ns, 0.1))


def test_another_run_with_more_lanes_begins_anew():
    undo = SettingsUndo(BASE)
    undo.record(seeded(3))
    undo.record(with_lanes(seeded(4), *BASE.lanes, *BASE.lanes))
    assert undo.earlier() is None
    assert undo.later() is None


@pytest.mark.parametrize("way", [1, -1])
def test_another_run_of_as_many_seeds_as_there_may_be_begins_anew(way):
    """Neither has room for the other's lanes."""
    many = dataclasses.replace(BASE, training=dataclasses.replace(BASE.training, seeds=MAX_LANES))
    few, other = (many, with_lanes(seeded(3), *BASE.lanes, *BASE.lanes))[::way]
    undo = SettingsUndo(few)
    undo.record(other)
    assert undo.earlier() is None


def test_what_more_lanes_leave_no_room_for_is_left_out():
    many = dataclasses.replace(BASE.training, seeds=MAX_LANES)
    undo = SettingsUndo(seeded(2))
    undo.record(dataclasses.replace(BASE, training=many))
    undo.record(seeded(3))
    undo.record(with_lanes(seeded(3), *BASE.lanes, *BASE.lanes))
    assert undo.earlier() == with_lanes(seeded(2), *BASE.lanes, *BASE.lanes)


def test_it_does_not_grow_without_end():
    undo = SettingsUndo(BASE)
    for seed in range(1, 3 * DEEPEST):
        undo.record(seeded(seed))
    assert len(undo._past) <= DEEPEST + 1
    assert undo.earlier() == seeded(3 * DEEPEST - 2)
