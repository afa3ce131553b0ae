"""Any step can be looked at: at once where a keyframe is there, else when it has been made anew."""

from __future__ import annotations

from pathlib import Path

import made_up
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QInputDialog, QMenu

from ganviz.session.commands import KeepAgain
from ganviz.session.events import ConfigChanged, Keyframes, Refused
from ganviz.spec.words import grouped
from ganviz.training.snapshot import Stamp

KEYFRAMES = (0, 256, 320)


@pytest.fixture
def window(open_window):
    window = open_window()
    window.handle_event(ConfigChanged(made_up.run_config(), Stamp(1, 0, 0), True))
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=400, run=1))
    window.handle_event(Keyframes(KEYFRAMES))
    window.commands.clear()
    return window


def seen(window):
    return window.timeline.track.wanted


def test_a_step_between_keyframes_is_asked_for_and_looked_at_when_it_is_there(window, monkeypatch):
    asked = []
    monkeypatch.setattr(
        QInputDialog,
        "getInt",
        lambda parent, title, text, *numbers: (asked.append((text, numbers)), (313, True))[1],
    )
    window.actions_.do("look_at_step")
    assert asked == [("Step, from 0 to 400:", (400, 0, 400))]
    assert window.commands == [KeepAgain(313)]
    assert seen(window) is None
    window.handle_event(Keyframes((*KEYFRAMES, 384)))  # of a run that goes on meanwhile
    assert seen(window) is None
    window.handle_event(Keyframes((0, 256, 313, 320, 384)))
    assert seen(window) == 313
    window.timeline.track.look_at(None)
    window.handle_event(Keyframes((0, 256, 313, 320, 384, 448)))
    assert seen(window) is None, "who has gone elsewhere stays there"


def test_a_keyframe_and_the_present_are_looked_at_at_once(window):
    for step, expected in ((256, 256), (0, 0), (-3, 0), (400, None), (256, 256), (10**9, None)):
        window.exact_steps.look_at(step)
        assert seen(window) == expected
    assert window.commands == []


def test_steps_are_gone_through_one_by_one_however_fast_the_key_comes(window, qtbot):
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.AltModifier)
    assert window.commands == [KeepAgain(step) for step in (399, 398, 397, 398)]


def test_one_is_told_that_one_has_to_wait_and_what_could_not_be_done(window, qtbot):
    window.banner.hide()
    window.exact_steps.look_at(313)
    assert window.banner.text == ""
    qtbot.waitUntil(lambda: window.banner.text == "Step 313 is made anew …")
    window.handle_event(Keyframes((0, 256, 313, 320)))
    assert window.banner.text == ""
    window.exact_steps.look_at(300)
    window.handle_event(Refused("Step 300 cannot be made anew.", None))
    assert window.banner.text == "Step 300 cannot be made anew."
    qtbot.wait(450)
    assert window.banner.text == "Step 300 cannot be made anew."
    window.handle_event(Keyframes((0, 256, 300, 313, 320)))
    assert seen(window) == 313


def test_another_run_waits_for_no_step_of_the_one_before(window):
    window.exact_steps.look_at(313)
    window.handle_event(ConfigChanged(made_up.run_config(), Stamp(2, 0, 0), True, Path("saved.ganviz")))
    window.handle_event(Keyframes((0, 313)))
    assert seen(window) is None


def test_the_menu_of_a_chart_looks_at_the_step_under_the_pointer(window, qtbot):
    view = window.docks.views["losses"]
    view.show_snapshot(made_up.snapshot(made_up.run_config(), step=400, run=1))
    qtbot.wait(30)
    drawn = view._chart.drawn
    view.open_menu(QPointF(drawn.x.pixel(313.2), drawn.area.center().y()))
    menu = view.findChild(QMenu)
    next(action for action in menu.actions() if action.text() == "Look at step 313").trigger()
    menu.close()
    assert window.commands == [KeepAgain(313)]


def test_the_menu_of_a_mark_looks_at_the_steps_before_and_after_its_change(window, qtbot):
    view = window.docks.views["losses"]
    snapshot = made_up.snapshot(made_up.run_config(), step=1000, run=1)
    window.show_snapshot(snapshot)
    view.show_snapshot(snapshot)
    qtbot.wait(30)
    box, (mark, *_) = view._chart.drawn.marks[0]
    view.open_menu(box.center() + QPointF(2, 0))  # not quite at its step
    menu = view.findChild(QMenu)
    looks = [action for action in menu.actions() if action.text().startswith("Look at step ")]
    assert [action.text() for action in looks] == [
        f"Look at step {grouped(mark.step)}, before the change",
        f"Look at step {grouped(mark.step + 1)}, after the change",
    ]
    looks[1].trigger()
    menu.close()
    assert window.commands == [KeepAgain(mark.step + 1)]
