"""Which states are kept of a run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganviz.training.keyframes import BYTES, FEWEST_FRAMES, FIRST_INTERVAL, MOST_FRAMES, Keyframes


def kept(n_steps, frame_bytes=1):
    keyframes = Keyframes(frame_bytes)
    for step in range(0, n_steps + 1, FIRST_INTERVAL):
        if keyframes.is_due(step):
            keyframes.add({"step": step})
    return keyframes


@given(st.integers(0, 40_000), st.sampled_from([1, BYTES // 20, BYTES]))
def test_frames_are_evenly_spaced_from_the_start_and_few(n_steps, frame_bytes):
    keyframes = kept(n_steps, frame_bytes)
    most = {1: MOST_FRAMES, BYTES // 20: 20, BYTES: FEWEST_FRAMES}[frame_bytes]
    assert len(keyframes.steps) <= most
    assert keyframes.steps == tuple(range(0, keyframes.steps[-1] + 1, keyframes.interval))
    assert n_steps - keyframes.steps[-1] < keyframes.interval
    if n_steps >= FIRST_INTERVAL * most:
        assert len(keyframes.steps) > most // 2


def test_a_frame_is_the_newest_at_or_before_a_step():
    keyframes = kept(200)
    assert [keyframes.at(step)["step"] for step in (-5, 0, 63, 64, 150, 10**9)] == [0, 0, 0, 64, 128, 192]
    keyframes.drop_after(100)
    assert keyframes.steps == (0, 64)
    assert [frame["step"] for frame in keyframes.frames()] == [0, 64]


def test_no_frame_is_a_sentence():
    with pytest.raises(ValueError, match="no keyframe"):
        Keyframes(1).at(3)


def test_frames_can_be_converted_and_dropped():
    keyframes = kept(200)
    keyframes.change(lambda frame: {**frame, "seen": True} if frame["step"] else None)
    assert keyframes.steps == (64, 128, 192)
    assert all(frame["seen"] for frame in keyframes.frames())
