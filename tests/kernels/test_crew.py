"""Shares are made at once, each ends before anything goes on, and a failure is told."""

import os
import sys
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


@pytest.fixture
def beside_a_window(monkeypatch):
    monkeypatch.setattr(crew, "_gives_way", False)
    monkeypatch.setattr(crew, "_spared", 0)
    monkeypatch.setattr(switch, "PLAIN", False)
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    yield crew.give_way
    crew._others.cache_clear()


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own on Linux only")
def test_beside_a_window_the_other_thread_gives_way_and_this_one_does_not(beside_a_window):
    before, seen = niceness(), {}
    beside_a_window()
    run_at_once([lambda: seen.update(first=niceness()), lambda: seen.update(other=niceness())])
    assert seen == {"first": before, "other": crew.COURTESY}
    assert (size(), size(giving_way=True)) == (1, 2)
    with alone():
        assert size(giving_way=True) == 1


def test_a_window_of_this_very_process_has_its_processor_to_itself(beside_a_window):
    engine = threading.Thread(target=beside_a_window)
    engine.start()
    engine.join()
    assert size(giving_way=True) == 1


def test_where_threads_have_no_priority_a_processor_is_left_to_the_window(beside_a_window, monkeypatch):
    monkeypatch.setattr(crew.sys, "platform", "darwin")
    beside_a_window()
    assert size(giving_way=True) == 1


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
    periods = [64, 128, 256, 512, 1024, 1024]
    for _ in range(sum(periods)):
        each.run([])
    tried = ["in turn", "at once"] * crew.TRIED
    assert made == [way for n in periods for way in tried + [faster] * (n - 2 * crew.TRIED)]
