"""When a run is put aside. The clock is the test's own."""

import math

import pytest

from ganviz.training.snapshot import Stamp
from ganviz.worker.aside import EVERY_S, FIRST_S, LEAST_REST, UNTIL_RETRIED_S, Aside


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def aside(tmp_path, clock):
    (tmp_path / "window").mkdir()
    return Aside(tmp_path / "window", clock)


def due_after(aside, clock):
    """Return after how many seconds it is due while a run trains; it is then asked for."""
    seconds = aside.due_in_s(Stamp(0, 5, 0), is_running=True)
    clock.now += seconds
    aside.asked(5)
    return seconds


@pytest.mark.parametrize("cost", [0.0, 0.5, 10.0])
def test_a_long_run_is_put_aside_less_often(aside, clock, cost):
    assert due_after(aside, clock) == FIRST_S
    clock.now += cost
    assert aside.due_in_s(Stamp(0, 5, 0), is_running=True) == math.inf
    aside.ended(well=True)
    assert due_after(aside, clock) == max(EVERY_S, LEAST_REST * cost)


def test_a_run_is_put_aside_soon_after_its_first_steps(aside, clock):
    """How long it took until there was one, or stands still as it was read from a file, does not count."""

    def due_in_s(step, *, is_running=True):
        return aside.due_in_s(Stamp(0, step, 0), is_running=is_running)

    clock.now += 8
    assert due_in_s(0) == EVERY_S - 8
    clock.now += 8
    aside.begin()
    aside.saved(300)
    assert due_in_s(300) == EVERY_S
    clock.now += 1
    assert due_in_s(301) == FIRST_S
    clock.now += 1
    assert due_in_s(400) == FIRST_S - 1
    aside.asked(400)
    aside.ended(well=True)
    assert due_in_s(500) == EVERY_S
    aside.begin()
    clock.now += EVERY_S - 1
    assert due_in_s(7) == 1


def test_a_full_disk_is_tried_again_later(aside, clock):
    due_after(aside, clock)
    aside.ended(well=False)
    assert not aside.is_usable
    assert due_after(aside, clock) == UNTIL_RETRIED_S
    clock.now += 3
    aside.ended(well=True)
    assert aside.is_usable
    assert aside.age_s == pytest.approx(3)
    due_after(aside, clock)
    aside.ended(well=False)
    assert aside.is_usable


def test_what_belongs_to_the_run_before_is_of_no_use(aside, clock):
    due_after(aside, clock)
    aside.ended(well=True)
    assert aside.is_usable
    due_after(aside, clock)
    aside.begin()
    assert not aside.is_usable
    aside.ended(well=True)
    assert not aside.is_usable
    due_after(aside, clock)
    aside.ended(well=True)
    assert aside.is_usable


def test_a_run_that_stands_still_is_put_aside_once_after_it_has_moved(aside, clock):
    def is_due(step):
        clock.now += 1000
        if aside.due_in_s(Stamp(0, step, 0), is_running=False) == math.inf:
            return False
        aside.asked(step)
        return True

    assert not is_due(0)
    assert is_due(7)
    aside.ended(well=True)
    assert not is_due(7)
    assert is_due(8)
    aside.ended(well=True)
    aside.saved(9)
    assert not is_due(9)
    aside.begin()
    assert is_due(9)


def test_a_run_that_was_begun_anew_leaves_nothing_of_the_one_before(tmp_path, clock):
    aside = Aside(tmp_path, clock)
    due_after(aside, clock)
    aside.path.write_bytes(b"old")
    aside.ended(well=True)
    aside.saved(3)
    due_after(aside, clock)
    aside.begin()
    assert list(tmp_path.iterdir()) == []
    aside.path.write_bytes(b"old, written late")
    aside.ended(well=True)
    assert list(tmp_path.iterdir()) == []
    assert aside.is_of_person(tmp_path.parent.parent / "run.ganviz")
    assert not aside.is_of_person(tmp_path.parent / "other" / "run.ganviz")
    assert not aside.is_of_person(tmp_path.parent.parent / "points.csv")
