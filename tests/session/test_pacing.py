"""Pacing by a clock of the test's own: nothing here sleeps."""

import math

import pytest

from ganviz.session.pacing import MOST_CATCH_UP_S, MOST_SLICE_STEPS, SLICE_S, Pacing
from ganviz.spec import InvalidValueError


class Clock:
    def __init__(self, step_s=0.0):
        self.now, self.step_s = 100.0, step_s

    def __call__(self):
        return self.now

    def train(self, n):
        self.now += n * self.step_s
        return n


def warmed_up(clock, pace=None):
    pacing = Pacing(clock, None)
    for _ in range(20):
        pacing.run(clock.train, pacing.n_steps(0))
    pacing.set(pace, 0)
    return pacing


@pytest.mark.parametrize(
    ("step_s", "expected"), [(0.0005, 16), (0.001, 8), (0.02, 1), (5.0, 1), (0.0, MOST_SLICE_STEPS)]
)
def test_a_slice_is_as_many_steps_as_fit_its_time(step_s, expected):
    assert warmed_up(Clock(step_s)).n_steps(0) == pytest.approx(expected, abs=1 if step_s < 0.02 else 0)


def test_a_slice_grows_step_by_step_and_shrinks_at_once():
    clock = Clock(step_s=1e-5)
    pacing = Pacing(clock, None)
    seen = []
    for _ in range(5):
        seen.append(pacing.n_steps(0))
        pacing.run(clock.train, seen[-1])
    assert seen == [1, 2, 4, 8, 16]
    clock.step_s = SLICE_S
    pacing.run(clock.train, 16)
    assert pacing.n_steps(0) == 1


def test_without_a_pace_a_step_is_always_due():
    pacing = Pacing(Clock(), None)
    assert pacing.due_in_s(0) == pacing.due_in_s(1000) == 0.0


@pytest.mark.parametrize("pace", [0.5, 3.0, 30.0, 400.0])
def test_waiting_until_a_step_is_due_makes_exactly_that_step(pace):
    clock = Clock()
    pacing = warmed_up(clock, pace)
    start = clock.now
    for step in range(50):
        assert pacing.n_steps(step) == 0
        assert pacing.due_in_s(step) == pytest.approx(1 / pace)
        clock.now += pacing.due_in_s(step)
        assert pacing.n_steps(step) == 1
        assert pacing.due_in_s(step) == 0.0
    assert clock.now - start == pytest.approx(50 / pace)


def test_a_short_delay_is_caught_up_with():
    clock = Clock()
    pacing = warmed_up(clock, 100.0)
    clock.now += 0.1
    assert pacing.n_steps(0) == 10
    assert pacing.n_steps(10) == 0


@pytest.mark.parametrize("pace", [0.5, 100.0])
def test_a_long_delay_is_not_caught_up_with(pace):
    clock = Clock()
    pacing = warmed_up(clock, pace)
    clock.now += 3600
    made = pacing.n_steps(0)
    assert 1 <= made <= MOST_CATCH_UP_S * pace + 1
    assert pacing.n_steps(made) == 0


def test_a_pace_that_cannot_be_reached_gives_whole_slices():
    clock = Clock(step_s=0.001)
    pacing = warmed_up(clock, 10_000.0)
    step, start = 0, clock.now
    while clock.now < start + 2:
        n = pacing.n_steps(step)
        if n:
            pacing.run(clock.train, n)
            step += n
        else:
            clock.now += pacing.due_in_s(step) + 1e-9
    assert step == pytest.approx(2000, rel=0.02)


@pytest.mark.parametrize("pace", [0, -1, 0.0, math.nan, math.inf])
def test_a_pace_is_a_number_greater_than_0(pace):
    with pytest.raises(InvalidValueError, match=f"greater than 0, not {pace!r}"):
        Pacing(Clock(), pace)
    pacing = Pacing(Clock(), 5.0)
    with pytest.raises(InvalidValueError):
        pacing.set(pace, 0)
    assert pacing.due_in_s(0) == pytest.approx(0.2)


def test_another_run_begins_with_single_steps():
    pacing = warmed_up(Clock(step_s=1e-5))
    assert pacing.n_steps(0) > 100
    pacing.begin(7)
    assert pacing.n_steps(7) == 1
