"""The first steps of a new window: slow until they are over, or until somebody chooses a pace."""

import pytest
from made_up import run_config, snapshot

from ganviz.session.commands import SetPace
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.window.slow_start import SLOW, SLOW_STEPS, SlowStart


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
