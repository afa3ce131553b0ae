"""The settings are as wide as the person has made them, whatever becomes of the window, its text and its views."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganviz.views.window.dock_sizes import resize_docks
from ganviz.views.window.docks import SETTINGS_PX, SETTINGS_SHARE


@pytest.fixture
def opened(open_window, qtbot, qapp):
    own = QFont(qapp.font())

    def another():
        qapp.setFont(own)
        window = open_window()
        qtbot.wait(60)
        return window

    yield another
    qapp.setFont(own)


def width_of(window, qtbot, size=None):
    if size is not None:
        window.resize(*size)
    qtbot.wait(60)
    return window.docks.docks["settings"].width()


def usual(width):
    return min(SETTINGS_PX, int(width * SETTINGS_SHARE))


def drag(window, qtbot, monkeypatch, width):
    with monkeypatch.context() as held:
        held.setattr(QApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
        resize_docks(window, [window.docks.docks["settings"]], [width], Qt.Orientation.Horizontal)
        qtbot.wait(60)
    return window.docks.docks["settings"].width()


def test_they_have_their_width_in_a_window_of_another_size_and_at_the_next_start(opened, qtbot):
    window = opened()
    assert width_of(window, qtbot) == usual(1440)
    for size in ((1024, 700), (1600, 950), (1440, 900)):
        assert width_of(window, qtbot, size) == usual(size[0])
    views = [window.docks.docks[key].width() for key in ("plane", "losses")]
    width_of(window, qtbot, (1024, 700))
    window.close()
    again = opened()
    assert width_of(again, qtbot, (1440, 900)) == usual(1440)
    assert [again.docks.docks[key].width() for key in ("plane", "losses")] == pytest.approx(views, abs=8)


def test_what_large_letters_need_is_given_back(opened, qtbot):
    window = opened()
    window.frame.change_text(5)
    assert width_of(window, qtbot) > SETTINGS_PX
    window.frame.change_text(0)
    assert width_of(window, qtbot) == usual(1440)


def test_what_the_person_drags_stays_until_the_layout_is_reset(opened, qtbot, monkeypatch):
    window = opened()
    dragged = drag(window, qtbot, monkeypatch, 400)
    assert dragged > SETTINGS_PX + 40
    assert width_of(window, qtbot, (1300, 800)) == dragged
    window.workspaces.choose("loss")
    assert width_of(window, qtbot) == dragged
    window.close()
    again = opened()
    assert width_of(again, qtbot, (1440, 900)) == dragged
    again.workspaces.reset()
    assert width_of(again, qtbot) == usual(1440)


def test_settings_that_stand_above_a_view_are_left_alone(opened, qtbot):
    window = opened()
    docks = window.docks.docks
    window.splitDockWidget(docks["losses"], docks["settings"], Qt.Orientation.Vertical)
    qtbot.wait(60)
    resize_docks(window, [docks["plane"], docks["losses"]], [700, 700], Qt.Orientation.Horizontal)
    qtbot.wait(60)
    before = docks["settings"].width()
    assert before > 1.5 * SETTINGS_PX
    window.frame.change_text(1)
    window.frame.change_text(-1)
    assert width_of(window, qtbot) == pytest.approx(before, abs=12)


def test_the_room_that_a_floating_view_leaves_is_no_wish(opened, qtbot, monkeypatch):
    """A double click makes a view float while the button is down: the settings stayed half the window wide."""
    window = opened()
    before = width_of(window, qtbot)
    plane = window.docks.docks["plane"]
    with monkeypatch.context() as held:
        held.setattr(QApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
        plane.setFloating(True)
        qtbot.wait(60)
    assert window._memory.text("settings_px", "") == ""
    plane.setFloating(False)
    qtbot.wait(60)
    assert width_of(window, qtbot) == before
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(2, window.height() // 2))
    assert drag(window, qtbot, monkeypatch, 400) > SETTINGS_PX + 40
    assert window._memory.text("settings_px", "") == str(width_of(window, qtbot)), (
        "a line is dragged after that"
    )
