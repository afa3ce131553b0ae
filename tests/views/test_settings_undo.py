"""Undo and redo of settings, over any sequence of changes."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from ganviz.training.config import LaneConfig, RunConfig
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


def test_lanes_that_come_or_go_begin_anew():
    undo = SettingsUndo(BASE)
    undo.record(seeded(3))
    two = dataclasses.replace(BASE, lanes=(BASE.lanes[0], LaneConfig(BASE.lanes[0].formulation)))
    undo.record(two)
    assert undo.earlier() is None
    assert undo.later() is None


def test_it_does_not_grow_without_end():
    undo = SettingsUndo(BASE)
    for seed in range(1, 3 * DEEPEST):
        undo.record(seeded(seed))
    assert len(undo._past) <= DEEPEST + 1
    assert undo.earlier() == seeded(3 * DEEPEST - 2)
