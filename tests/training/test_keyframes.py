"""Which states are kept of a run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganviz.training.changes import D_STEP
from ganviz.training.history import ChangeMark
from ganviz.training.keyframes import (
    BYTES,
    FEWEST_FRAMES,
    FIRST_INTERVAL,
    MOST_FRAMES,
    Keyframes,
    early_steps,
)


def kept(n_steps, frame_bytes=1):
    keyframes, step = Keyframes(frame_bytes), 0
    while step <= n_steps:
        assert keyframes.is_due(step)
        keyframes.add({"step": step})
        step = keyframes.next_due(step)
    return keyframes


@given(st.integers(0, 40_000), st.sampled_from([1, BYTES // 20, BYTES]))
def test_frames_are_early_ones_and_evenly_spaced_ones_and_few(n_steps, frame_bytes):
    keyframes = kept(n_steps, frame_bytes)
    most = {1: MOST_FRAMES, BYTES // 20: 20, BYTES: FEWEST_FRAMES}[frame_bytes]
    early = {step for step in early_steps(most // 3) if step <= n_steps}
    assert len(keyframes.steps) <= most
    assert set(keyframes.steps) == early | set(range(0, n_steps + 1, keyframes.interval))
    if n_steps >= FIRST_INTERVAL * most:
        assert len(keyframes.steps) > most // 2


@pytest.mark.parametrize("n_steps", [500, 60_000, 10_000_000])
def test_how_the_first_500_steps_were_learned_can_be_looked_back_at(n_steps):
    early = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)
    assert set(early) <= set(kept(n_steps).steps)


@pytest.mark.parametrize(("most", "steps"), [(2, {16, 512}), (6, {2, 8, 32, 128, 512}), (30, None)])
def test_early_frames_leave_room_for_others(most, steps):
    assert early_steps(most) == (steps or {2**i for i in range(10)})


def test_the_next_frame_is_due_at_the_first_step_that_is_due():
    keyframes = kept(30_000)
    for step in (*range(700), 29_999, 30_000):
        due = next(later for later in range(step + 1, 10**6) if keyframes.is_due(later))
        assert keyframes.next_due(step) == due


def test_a_frame_is_the_newest_at_or_before_a_step():
    keyframes = kept(200)
    assert [keyframes.at(step)["step"] for step in (-5, 0, 63, 64, 150, 10**9)] == [0, 0, 32, 64, 128, 192]
    keyframes.drop_after(100, [])
    assert keyframes.steps == (0, 1, 2, 4, 8, 16, 32, 64)
    assert [frame["step"] for frame in keyframes.frames()] == [0, 1, 2, 4, 8, 16, 32, 64]


def test_no_frame_is_a_sentence():
    with pytest.raises(ValueError, match="no keyframe"):
        Keyframes(1).at(3)


def test_frames_can_be_converted_and_dropped():
    keyframes = kept(200)
    keyframes.change(lambda frame: {**frame, "seen": True} if frame["step"] > 60 else None)
    assert keyframes.steps == (64, 128, 192)
    assert all(frame["seen"] for frame in keyframes.frames())


@pytest.mark.parametrize(
    ("frame_bytes", "steps"), [(1, [3001, 3002, 3004, 3008, 3016, 3032, 3064]), (BYTES, [3001, 3016])]
)
def test_what_follows_d_by_hand_can_be_looked_back_at(frame_bytes, steps):
    """Close together after the last time, and frames stay few, however often D is moved."""
    kept = Keyframes(frame_bytes)
    for held in (0, 130, 3000):
        kept.follow([ChangeMark(held, None, D_STEP, False), ChangeMark(held, 0, "other", False)])
        while (due := kept.next_due(max(kept.steps, default=-1))) <= held + 200:
            kept.add({"step": due})
    assert set(steps) <= set(kept.steps)
    assert len(kept.steps) <= 64
    assert 131 not in kept.steps
