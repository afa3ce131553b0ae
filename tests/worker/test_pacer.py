"""When to look next, and rates."""

import pytest

from ganviz.worker.pacer import FASTEST_S, SHARE, SLOWEST_S, FramePacer, Rates


def test_cheap_frames_come_thirty_times_a_second():
    pacer = FramePacer()
    for i in range(50):
        pacer.shown(i * 0.001)
    assert pacer.interval_s == FASTEST_S
    pacer.asked(1.0)
    assert pacer.due_in_s(1.0 + FASTEST_S / 2) == pytest.approx(FASTEST_S / 2)
    assert pacer.due_in_s(1.0 + FASTEST_S) == 0


def test_frames_that_are_asked_for_a_little_late_come_thirty_times_a_second_all_the_same():
    pacer, now = FramePacer(), 10.0
    pacer.asked(now)
    for i in range(1, 31):
        now += pacer.due_in_s(now) + 0.2 * FASTEST_S * (i % 3)
        pacer.asked(now)
    assert now == pytest.approx(10.0 + 30 * FASTEST_S, abs=FASTEST_S)
    now += 5.0
    pacer.asked(now)
    assert pacer.due_in_s(now) == pytest.approx(FASTEST_S), "frames that were missed are not made up for"


def test_costly_frames_come_less_often_and_never_stop():
    pacer = FramePacer()
    for i in range(200):
        pacer.shown(i * 0.03)
    assert pacer.interval_s == pytest.approx(0.03 / SHARE, rel=0.05)
    for i in range(200):
        pacer.shown(10 + i * 5.0)
    assert pacer.interval_s == pytest.approx(SLOWEST_S)


def test_what_was_done_in_a_pause_makes_the_next_frames_hardly_rarer():
    pacer, thread_s = FramePacer(), 0.0
    for cost_s in [0.01] * 100 + [3.0]:
        thread_s += cost_s
        pacer.shown(thread_s)
    assert pacer.interval_s < 1.5 * FASTEST_S
    for _ in range(10):
        thread_s += 0.01
        pacer.shown(thread_s)
    assert pacer.interval_s == FASTEST_S


def test_a_command_makes_the_next_frame_due():
    pacer = FramePacer()
    pacer.asked(100.0)
    pacer.hurry()
    assert pacer.due_in_s(100.0) == 0


def test_rates_are_differences_of_steps_over_time():
    rates = Rates()
    assert not rates.note(0.0, 0, 100)
    assert not rates.note(0.2, 0, 150)
    assert rates.note(0.5, 0, 300)
    assert (rates.steps_per_s, rates.frames_per_s) == (400.0, 4.0)


def test_rates_begin_again_with_another_run_or_an_earlier_step():
    rates = Rates()
    rates.note(0.0, 0, 1000)
    assert not rates.note(1.0, 1, 10)
    assert not rates.note(1.2, 1, 5)
    assert rates.note(1.7, 1, 55)
    assert rates.steps_per_s == pytest.approx(100)
