"""Shares are made at once, each ends before anything goes on, and a failure is told."""

import threading

import pytest
import torch

from ganviz.kernels import crew, switch
from ganviz.kernels.crew import Crew, alone, run_at_once, size, spare


def test_all_shares_are_at_work_at_once_in_the_manner_of_the_first():
    meeting, seen = threading.Barrier(2), []

    def share():
        meeting.wait(10)  # nobody gets past it alone
        seen.append((threading.get_ident(), torch.is_inference_mode_enabled()))

    for is_inference in (True, False):
        seen.clear()
        with torch.inference_mode(is_inference):
            run_at_once([share, share])
        assert len({thread for thread, _ in seen}) == 2
        assert [mode for _, mode in seen] == [is_inference] * 2


@pytest.mark.parametrize("failing", [0, 1])
def test_a_failure_is_told_when_all_have_ended(failing):
    ended = []

    def share(number):
        if number == failing:
            raise KeyError(number)
        threading.Event().wait(0.05)
        ended.append(number)

    with pytest.raises(KeyError, match=str(failing)):
        run_at_once([lambda: share(0), lambda: share(1)])
    assert ended == [1 - failing]


def test_one_thread_where_others_have_work_or_kernels_are_plain(monkeypatch):
    monkeypatch.setattr(crew, "_spared", 0)
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(switch, "PLAIN", False)
    assert size() == crew.MOST
    with alone():
        assert size() == 1
    assert size() == crew.MOST
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert size() == 1
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    spare(1)
    assert size() == 1
    spare(0)
    assert size() == 2
    monkeypatch.setattr(switch, "PLAIN", True)
    assert size() == 1


@pytest.mark.parametrize(("seconds", "faster"), [((1.0, 2.0), "at once"), ((2.0, 1.0), "in turn")])
def test_the_faster_way_is_taken_and_both_are_tried_again(monkeypatch, seconds, faster):
    now, made = 0.0, []

    def way(name, cost):
        def run(shares):
            nonlocal now
            now += cost
            made.append(name)

        return run

    monkeypatch.setattr(crew.time, "perf_counter", lambda: now)
    ways = [way(name, cost) for name, cost in zip(("at once", "in turn"), seconds, strict=True)]
    monkeypatch.setattr(crew, "_WAYS", ways)
    each = Crew()
    for _ in range(2 * crew.PERIOD):
        each.run([])
    period = ["in turn", "at once"] * crew.TRIED
    assert made == 2 * (period + [faster] * (crew.PERIOD - 2 * crew.TRIED))
