"""The guide beside the views: its buttons can be pressed whatever is staged beside it."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from ganviz.session.experiments import experiments
from ganviz.views.window.guide import LEAST_PX, place_beside
from ganviz.views.window.text_buttons import TextButtons


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)], ids=str)
def test_every_button_is_whole_beside_every_experiment(open_window, qtbot, size):
    window = open_window()
    window.resize(*size)
    window.actions_.do("guide")
    guide = window.dialogs.guide
    (buttons,) = guide.findChildren(TextButtons)
    assert {key for key, _ in buttons.by_target} == {one.key for one in experiments()}
    guide.setFloating(False)
    for key in ("saturation", "v_is_nobodys_loss", "digits_at_equilibrium"):
        window.actions_.do(f"show_me:{key}")
        qtbot.wait(50)
        room = guide.contents.viewport().width()
        assert guide.contents.width() >= LEAST_PX
        assert all(button.x() >= 0 and button.geometry().right() < room for _, button in buttons.by_target)
    guide.setFloating(True)
    qtbot.waitUntil(lambda: guide.contents.minimumWidth() == 0 == guide.widget().minimumWidth())


def test_a_guide_that_is_taken_out_at_once_is_given_no_room(open_window, qtbot, qtlog):
    """Its room was given a moment after it was docked, which Qt warned of where it had gone by then."""
    window = open_window()
    window.actions_.do("guide")
    guide = window.dialogs.guide
    guide.setFloating(False)
    window.removeDockWidget(guide)
    qtbot.wait(20)
    assert not [record for record in qtlog.records if "not part of the layout" in record.message]
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, guide)
    guide.show()
    guide.setFloating(True)
    guide.setFloating(False)
    qtbot.waitUntil(lambda: guide.width() >= LEAST_PX)


@pytest.mark.parametrize("platform", ["xcb", "wayland"])
def test_a_guide_that_may_lie_over_the_pictures_makes_way(open_window, qtbot, monkeypatch, platform):
    """On Wayland no window knows where it is: beside the main window by its own account, it lay over what it staged."""
    window = open_window()
    window.actions_.do("guide")
    guide = window.dialogs.guide
    guide.setGeometry(window.frameGeometry().translated(window.width() + 50, 0))
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: platform))
    (buttons,) = guide.findChildren(TextButtons)
    buttons.pressed.emit(buttons.by_target[0][0])
    assert guide.isHidden() is (platform == "wayland")


def test_a_floating_guide_is_titled_once_and_can_be_put_back(open_window, qtbot):
    """Its frame has the title: Qt's own bar below it said the same again."""
    window = open_window()
    window.actions_.do("guide")
    guide = window.dialogs.guide
    qtbot.waitUntil(lambda: guide.titleBarWidget() is not None)
    words = [label.text() for label in guide.titleBarWidget().findChildren(QToolButton)]
    assert words == ["Put back"]
    QTest.mouseClick(guide.titleBarWidget().findChild(QToolButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not guide.isFloating() and guide.titleBarWidget() is None)
    assert guide.windowTitle() == "Guide"
    assert guide.isVisible()
    guide.setFloating(True)
    qtbot.waitUntil(lambda: guide.titleBarWidget() is not None)


NO_SETTINGS = QRect(0, 0, 0, 0)
LEFT, RIGHT = QRect(0, 90, 290, 560), QRect(734, 90, 290, 560)


@pytest.mark.parametrize(
    ("frame", "screen", "settings", "expected"),
    [
        ((0, 0, 1440, 900), (0, 0, 2560, 1440), LEFT, (1447, 211, 680, 680)),  # to its right
        ((0, 0, 1024, 700), (0, 0, 1600, 1000), LEFT, (1031, 11, 560, 680)),  # to its right, narrower
        ((576, 0, 1024, 700), (0, 0, 1600, 1000), LEFT.translated(576, 0), (8, 11, 560, 680)),  # to its left
        ((0, 0, 1024, 700), (0, 0, 1366, 768), LEFT, (297, 150, 680, 541)),  # over the views
        ((0, 0, 1024, 700), (0, 0, 1366, 768), RIGHT, (8, 150, 680, 541)),
        ((0, 0, 720, 450), (0, 0, 800, 600), LEFT, (297, 150, 414, 291)),
        ((0, 0, 720, 450), (0, 0, 800, 600), NO_SETTINGS, (7, 150, 680, 291)),
        ((800, 300, 1440, 900), (0, 0, 1440, 900), NO_SETTINGS, (8, 300, 680, 591)),  # half outside
    ],
)
def test_it_opens_where_it_covers_least(frame, screen, settings, expected):
    found = place_beside(QRect(*frame), QRect(*screen), settings)
    assert found.getRect() == expected
    assert QRect(*screen).contains(found)
    assert not found.intersects(settings)
