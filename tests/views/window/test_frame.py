"""The window fits its screen, panels give way in their order, letters grow, and a presentation is for looking."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QTabBar, QToolBar, QToolButton, QWidget

from ganviz.views.controls.banner import StatusBanner
from ganviz.views.window.floating import within
from ganviz.views.window.frame import SMALLEST
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.room import first_size, room_of

LAPTOP, FULL_HD_AT_200, LARGE = QRect(0, 0, 1366, 728), QRect(0, 0, 960, 500), QRect(0, 0, 2560, 1400)


pytestmark = pytest.mark.usefixtures("own_letters")


@pytest.fixture
def window(open_window):
    window = open_window()
    made_up.show_in(window)
    return window


def is_open(window, key):
    return not window.docks.docks[key].isHidden()


@pytest.mark.parametrize("screen", [LAPTOP, FULL_HD_AT_200, LARGE])
def test_the_first_size_fits_the_screen(screen):
    size = first_size(screen)
    assert size.width() <= screen.width()
    assert size.height() <= screen.height()
    assert first_size(LARGE) == QSize(1440, 900)


@pytest.fixture
def on_wayland(monkeypatch):
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "wayland"))


def test_on_wayland_there_is_room_for_bars_that_no_program_is_told_of(on_wayland, open_window):
    """The first window's status bar lay below the screen, beneath a panel of 32 pixels and a title bar of as many."""
    screen = QApplication.primaryScreen()
    most = screen.size().height() - 2 * 48
    assert first_size(room_of(screen)).height() <= most
    window = open_window()
    window.resize(screen.size())
    window.frame.restored()
    assert window.height() <= most


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (QRect(100, 50, 800, 500), QRect(100, 50, 800, 500)),
        (QRect(3000, 50, 800, 500), QRect(566, 50, 800, 500)),  # its screen went away
        (QRect(-900, -40, 800, 500), QRect(0, 0, 800, 500)),
        (QRect(0, 0, 2500, 1300), QRect(0, 0, 1366, 728)),  # the screen became smaller
    ],
)
def test_a_window_comes_back_to_a_screen(wanted, expected):
    assert within(wanted, LAPTOP) == expected


def test_it_can_be_small_and_nothing_lies_over_something_else(window, qtbot):
    window.resize(SMALLEST)
    qtbot.wait(60)
    assert window.size() == SMALLEST
    assert not is_open(window, "settings")
    assert not is_open(window, "loss_shape")
    shown = [
        QRect(part.mapTo(window, part.rect().topLeft()), part.size())
        for part in (window.run_bar, window.strip, window.timeline, window.statusBar())
    ]
    shown += [dock.geometry() for dock in window.docks.docks.values() if not dock.visibleRegion().isEmpty()]
    for i, one in enumerate(shown):
        assert window.rect().contains(one), i
        for other in shown[:i]:
            assert not one.intersects(other), (one, other)


def test_panels_give_way_and_come_back(window, qtbot):
    front = [key for key in window.workspaces.last_row() if not window.docks.unseen((key,))]
    assert len(front) == 1
    rows = [window.docks.docks[key] for key in ("losses", "total_loss", front[0])]
    heights = [dock.height() for dock in rows]
    window.resize(800, 700)
    qtbot.wait(20)
    assert not is_open(window, "settings")
    assert is_open(window, "metrics")
    window.resize(800, 500)
    qtbot.wait(20)
    assert not is_open(window, "metrics")
    window.resize(1440, 900)
    for key in ("settings", "metrics", "loss_shape"):
        assert is_open(window, key)
    qtbot.waitUntil(lambda: not window.docks.unseen(tuple(front)))
    qtbot.waitUntil(lambda: [dock.height() for dock in rows] == pytest.approx(heights, abs=25))


def test_what_the_person_closes_or_opens_stays_so(window, qtbot):
    window.docks.docks["settings"].hide()
    window.resize(800, 700)
    window.resize(1440, 900)
    qtbot.wait(20)
    assert not is_open(window, "settings")
    window.resize(800, 700)
    qtbot.wait(20)
    window.actions_["show:settings"].trigger()
    window.resize(790, 700)
    qtbot.wait(20)
    assert is_open(window, "settings")


def test_panels_come_back_also_after_another_start(window, open_window, qtbot):
    window.resize(800, 500)
    qtbot.wait(20)
    window.close()
    again = open_window()
    qtbot.wait(20)
    assert is_open(again, "settings")
    assert is_open(again, "loss_shape")


def test_a_workspace_fits_a_small_window_too(window, qtbot):
    window.resize(800, 500)
    window.workspaces.choose("digits")
    qtbot.wait(20)
    assert not is_open(window, "settings")
    assert not is_open(window, "metrics")
    window.resize(1440, 900)
    qtbot.wait(20)
    assert is_open(window, "settings")
    assert is_open(window, "metrics")


def test_letters_grow_and_are_as_large_at_the_next_start(window, open_window, qtbot):
    parts = [window.strip, window.status._words, window.docks.views["losses"].canvas, window.settings]
    before = [part.font().pointSizeF() for part in parts]
    assert before[0] > 0
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert [part.font().pointSizeF() for part in parts] == pytest.approx(
        [1.3 * size for size in before], rel=0.02
    )
    qtbot.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert parts[0].font().pointSizeF() == pytest.approx(1.15 * before[0], rel=0.02)
    assert WindowMemory().text("text_size", "") == "115"
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert [part.font().pointSizeF() for part in parts] == pytest.approx(before, rel=0.02)
    for _ in range(20):
        window.actions_["larger"].trigger()
    assert parts[0].font().pointSizeF() == pytest.approx(2 * before[0], rel=0.02)


def test_a_presentation_leaves_what_is_to_be_looked_at(window, qtbot):
    before = window.docks.views["plane"].canvas.size()
    letters = QApplication.font().pointSizeF()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.wait(40)
    for part in (window.menuBar(), window.strip, window.timeline, window.settings):
        assert not part.isVisible()
    assert window.run_bar.isVisible()
    assert window.actions_["presentation"].isChecked()
    assert window.status._words.text().startswith("Esc ends the presentation")
    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * letters)
    assert window.docks.views["plane"].canvas.width() > before.width()
    qtbot.keyClick(window.docks.views["losses"].canvas, Qt.Key.Key_Escape)
    qtbot.wait(40)
    for part in (window.menuBar(), window.strip, window.timeline, window.settings):
        assert part.isVisible()
    assert QApplication.font().pointSizeF() == pytest.approx(letters)
    assert not window.actions_["presentation"].isChecked()
    assert not window.status._words.text().startswith("Esc")


def test_the_last_row_gives_way_to_large_letters(window, qtbot):
    """At 150 % a laptop's screen has no room for it; the person's own choice of size brings it back."""
    window.resize(1366, 728)
    qtbot.wait(40)
    front = [key for key in window.workspaces.last_row() if not window.docks.unseen((key,))]
    assert front
    for _ in range(3):
        window.actions_["larger"].trigger()
    assert window.docks.unseen(tuple(front)) == tuple(front)
    window.actions_["own_size"].trigger()
    qtbot.waitUntil(lambda: not window.docks.unseen(tuple(front)))


def test_what_gave_way_is_part_of_the_workspace_that_is_left(window, qtbot):
    """It was kept as closed, and was gone for good when another workspace had been open meanwhile."""
    window.resize(1366, 728)
    qtbot.wait(40)
    window.docks.bring_forward(("metrics",))
    qtbot.wait(40)
    before, height = window.docks.closed, window.docks.docks["losses"].height()
    for _ in range(3):
        window.actions_["larger"].trigger()
    qtbot.wait(40)
    assert window.docks.closed != before
    window.workspaces.choose("total")
    qtbot.wait(40)
    window.workspaces.choose("watch")
    qtbot.wait(40)
    assert window.docks.closed != before
    window.workspaces.choose("theory")
    window.actions_["own_size"].trigger()
    window.workspaces.choose("watch")
    qtbot.wait(60)
    assert window.docks.closed == before
    assert not window.docks.unseen(("metrics",))
    assert window.docks.docks["losses"].height() == pytest.approx(height, abs=30)


def test_a_presentation_on_a_laptop_leaves_room_for_what_it_shows(window, qtbot):
    window.resize(1366, 728)
    qtbot.wait(40)
    window.banner.say("Three things to try.")
    front = [key for key in window.workspaces.last_row() if not window.docks.unseen((key,))]
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.wait(40)
    assert window.docks.unseen(tuple(front)) == tuple(front)
    assert window.docks.unseen(("losses",)) == ()
    assert not window.banner.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not window.docks.unseen(tuple(front)))
    assert window.banner.isVisible()


def test_workspaces_that_change_in_a_presentation_keep_bars_and_settings(window, open_window, qtbot):
    """A layout that was kept in a presentation took the bars away for good, from a killed window's next start, too."""
    parts = (window.menuBar(), window.strip, window.timeline, window.settings)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    for name in ("workspace:loss", "workspace:watch"):
        window.actions_.do(name)
        qtbot.wait(40)
        assert window.frame.is_presenting
        assert window.actions_["presentation"].isChecked()
        assert not any(part.isVisible() for part in parts), name
    window.workspaces.stage("An experiment", (("plane",), ("losses",)), "points")
    qtbot.wait(40)
    assert not any(part.isVisible() for part in parts)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    for name in ("workspace:loss", "workspace:watch"):
        window.actions_.do(name)
        qtbot.wait(40)
        assert all(part.isVisible() for part in parts), name
    window.strip.parentWidget().hide()
    window._memory.keep_layout(window)  # as it was kept once
    assert open_window().strip.isVisible()


def test_a_presentation_is_over_with_the_window(window, open_window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F5)
    window.close()
    again = open_window()
    assert again.menuBar().isVisible()
    assert again.strip.isVisible()
    assert again.settings.isVisible()


def test_a_floating_view_is_a_window_that_can_be_maximized_and_goes_back(window, qtbot):
    dock = window.docks.docks["losses"]
    dock.setFloating(True)
    qtbot.waitUntil(lambda: dock.windowType() == Qt.WindowType.Window)
    assert dock.windowFlags() & Qt.WindowType.WindowMaximizeButtonHint
    assert window.docks.unseen(("losses",)) == ()
    dock.showMaximized()
    assert dock.isMaximized()
    dock.activateWindow()
    qtbot.waitUntil(dock.isActiveWindow)
    window.commands.clear()
    qtbot.keyClick(dock, Qt.Key.Key_D)
    assert len(window.commands) == 1, "the keys of the run act there too"
    dock.showNormal()
    dock.setFloating(False)
    qtbot.waitUntil(lambda: not dock.isWindow() and not window.docks.unseen(("losses",)))
    assert window.rect().contains(dock.geometry())


def test_a_floating_view_comes_back_to_a_screen(window, qtbot):
    dock = window.docks.docks["losses"]
    dock.setFloating(True)
    dock.setGeometry(QRect(9000, 9000, 400, 300))
    qtbot.waitUntil(lambda: dock.windowType() == Qt.WindowType.Window)
    assert window.screen().availableGeometry().contains(dock.geometry())


def test_no_word_of_the_run_bar_is_cut_in_the_smallest_window(open_window, qtbot):
    window = open_window()
    for size in (SMALLEST, QSize(1024, 700)):
        window.resize(size)
        qtbot.wait(30)
        for button in window.run_bar.findChildren(QToolButton):
            assert button.width() >= button.sizeHint().width(), button.text()


def test_the_titles_of_tabs_are_whole(open_window, qtbot):
    window = open_window()
    window.resize(1024, 700)
    qtbot.wait(60)
    bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible() and bar.count() > 1]
    assert max(bar.count() for bar in bars) == 5
    for bar in bars:
        for i in range(bar.count()):
            assert bar.tabRect(i).width() > bar.fontMetrics().horizontalAdvance(bar.tabText(i))
            assert bar.tabText(i) == bar.tabToolTip(i)


def title_height(dock):
    """Return over how many rows of pixels the title of a dock has ink."""
    image = dock.grab(QRect(0, 0, dock.width() // 2, dock.widget().y())).toImage()
    lines = [{image.pixel(x, y) for x in range(image.width())} for y in range(image.height())]
    return sum(len(colors) > 1 for colors in lines)


def test_letters_of_the_start_do_not_come_back(open_window, qtbot):
    """Qt gave views the letters back that they had had at the start, once they came to another place or theme."""
    WindowMemory().keep_text("text_size", "130")
    window = open_window()
    for _ in range(2):
        window.actions_["smaller"].trigger()
    expected, plane = window.font().pointSizeF(), window.docks.docks["plane"]
    for change in (
        lambda: plane.setFloating(True),
        lambda: plane.setFloating(False),
        lambda: window.actions_.do("workspace:loss"),
        lambda: window.dialogs.choose_appearance("dark"),
    ):
        change()
        qtbot.wait(40)
        found = {key: view.font().pointSizeF() for key, view in window.docks.views.items()}
        assert found == pytest.approx(dict.fromkeys(found, expected), rel=0.01)


@pytest.mark.parametrize("sizes", [1, 2])
def test_titles_keep_their_letters_in_another_theme(open_window, qtbot, sizes):
    window = open_window()
    for _ in range(sizes):
        window.actions_["larger"].trigger()
    qtbot.wait(20)
    dock = window.docks.docks["losses"]
    before = title_height(dock)
    for theme in ("dark", "light"):
        window.apply_appearance(theme)
        qtbot.wait(20)
        assert title_height(dock) == before
        assert dock.font() != QApplication.font()  # whose title Qt would paint in the desktop's letters


@pytest.mark.parametrize(("size", "percent"), [((720, 450), 100), ((720, 450), 150), ((1024, 700), 150)])
def test_with_little_room_controls_are_whole_or_not_there(window, qtbot, size, percent):
    before = title_height(window.docks.docks["plane"])
    while window.frame._text_size < percent:
        window.actions_["larger"].trigger()
    window.resize(*size)
    qtbot.wait(60)
    chart = window.docks.views["losses"]
    shown = [one for kind in (QToolButton, QComboBox) for one in chart.findChildren(kind) if one.isVisible()]
    assert [one.text() for one in shown if isinstance(one, QToolButton)] == [
        "Parts",
        "Stacked",
        "V",
        "Shadows",
    ]
    assert all(one.width() >= one.sizeHint().width() for one in shown)
    assert dict(chart.choices()).keys() == {"Vertical scale", "Smoothing"}
    assert window.run_bar._numbers.seen.rstrip("…") == window.run_bar._numbers.seen, "the step is whole"
    assert title_height(window.docks.docks["plane"]) == pytest.approx(before * percent / 100, abs=2)


def test_a_sentence_said_before_the_window_is_laid_out_finds_its_place_after_it(qtbot, qtlog):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    bar, foot, banner = QToolBar(window), QWidget(window), StatusBanner()
    bar.setGeometry(0, 0, 400, 38)
    foot.setGeometry(0, 0, 400, 40)  # as Qt puts it before there is a layout
    banner.lie_over(window, foot)
    window.show()
    banner.say("The run diverged at step 7.")
    foot.setGeometry(0, 260, 400, 40)
    qtbot.waitUntil(lambda: banner.geometry().bottom() > 200)
    assert banner.height() >= banner.fontMetrics().height()
    assert not [record.message for record in qtlog.records if "egative" in record.message]
