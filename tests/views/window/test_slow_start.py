"""The first steps of a new window: slow until they are over, or until somebody chooses a pace."""

import dataclasses

import pytest
from made_up import run_config, snapshot
from PySide6.QtWidgets import QStatusBar

from ganviz.session.commands import SetPace
from ganviz.session.state import RunState
from ganviz.training.changes import D_STEP
from ganviz.training.history import ChangeMark
from ganviz.training.marks import TIMES
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.window.slow_start import RELEASE_STEPS, SLOW, SLOW_STEPS, SlowRelease, SlowStart
from ganviz.views.window.status import WindowStatus


@pytest.fixture
def bar(qtbot):
    made = RunBar()
    qtbot.addWidget(made)
    made.set_pace(SLOW)
    made.commands = []
    made.command_requested.connect(made.commands.append)
    return made


def at(step):
    return snapshot(run_config(), step=step)


def test_it_goes_on_faster_once(bar):
    start = SlowStart(bar, 400.0)
    start.note(at(SLOW_STEPS - 1))
    assert bar.commands == []
    start.note(at(SLOW_STEPS))
    assert bar.commands == [SetPace(400)]
    bar.set_pace(SLOW)
    start.note(at(9000))
    assert bar.pace == SLOW


def test_a_pace_that_was_chosen_stays(bar):
    start = SlowStart(bar, 400.0)
    bar.set_pace(2)
    start.note(at(20))
    bar.set_pace(SLOW)
    start.note(at(SLOW_STEPS + 1))
    assert bar.commands == [SetPace(2), SetPace(SLOW)]


def held(step, times):
    """Return a snapshot at a step since which D was moved by hand so often."""
    plain = at(step)
    marks = (ChangeMark(step, None, f"{D_STEP}{TIMES}{times}", False),)
    readings = tuple(
        (probe, dataclasses.replace(one, marks=marks) if isinstance(one, LossTrace) else one)
        for probe, one in plain.readings
    )
    return dataclasses.replace(plain, readings=readings)


def test_after_d_by_hand_g_goes_on_slowly_and_then_as_before(bar):
    status = WindowStatus(QStatusBar(bar))
    status.show_state(RunState.RUNNING)
    bar.set_pace(400)
    release = SlowRelease(bar, status)
    release.note(held(3000, 3))
    assert bar.pace == 400, "single updates, as in slow motion"
    release.note(held(3000, 250))
    release.note(held(3000, 300))
    assert bar.pace == SLOW
    assert "slow steps after D by hand" in status._words.text()
    release.note(at(3000 + RELEASE_STEPS - 1))
    assert bar.pace == SLOW
    release.note(at(3000 + RELEASE_STEPS))
    assert bar.pace == 400
    assert "slow" not in status._words.text()


def test_a_pace_that_was_chosen_after_d_by_hand_stays(bar):
    bar.set_pace(None)
    release = SlowRelease(bar, WindowStatus(QStatusBar(bar)))
    release.note(held(3000, 300))
    assert bar.pace == SLOW
    bar.set_pace(100)
    release.note(at(3020))
    release.note(at(9000))
    assert bar.pace == 100
