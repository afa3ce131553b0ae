"""Workspaces: views are placed by naming them; each is found as it was left, and as at first when asked."""

from __future__ import annotations

import itertools

import made_up
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QMenuBar, QTabBar

from ganviz.session.events import ConfigChanged
from ganviz.session.view_names import VIEW_OF_KIND
from ganviz.training.snapshot import Stamp
from ganviz.views.controls.formulation_strip import BEST_KNOWN
from ganviz.views.pictures import VIEWS
from ganviz.views.window.dock_sizes import seen_heights
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.own_workspaces import OwnWorkspaces
from ganviz.views.window.workspace_list import (
    DIGITS,
    RUNS,
    WATCH,
    WORKSPACES,
    Column,
    Workspace,
    placed,
)

NOW = Stamp(1, 500, 0)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window):
    window = open_window()
    made_up.show_in(window)
    return window


def open_ones(buttons):
    return [button.text() for button in buttons if button.isChecked()]


def opened(window):
    return {key for key, dock in window.docks.docks.items() if not dock.isHidden()}


def test_views_are_named_once_in_a_workspace_and_there_are_no_others():
    keys = {view.key for view in VIEWS}
    for one in WORKSPACES:
        assert set(one.named) <= {*keys, RUNS}
        assert len(set(one.named)) == len(one.named)
    assert set(VIEW_OF_KIND.values()) <= keys
    assert len({one.key for one in WORKSPACES}) == len(WORKSPACES)


def test_views_stand_where_the_workspace_names_them(window, qtbot):
    for one in WORKSPACES:
        window.workspaces.choose(one.key)
        qtbot.wait(40)
        check_places(window, one)


def check_places(window, one):
    docks = window.docks.docks
    left = docks["settings"].geometry().right()
    for column in one.columns:
        below = 0
        for row in column.rows:
            front = next(key for key in row if not docks[key].isHidden())
            place = docks[front].geometry()
            assert place.left() > left, front
            assert place.top() >= below, front
            below = place.bottom()
            tabs = {docks[key] for key in row if key != front and not docks[key].isHidden()}
            assert tabs <= set(window.tabifiedDockWidgets(docks[front]))
        left = docks[front].geometry().left()


def test_a_view_that_no_workspace_names_stands_behind_the_last_tabs():
    whole = placed(WATCH, ("settings", "plane", "quite_new"))
    assert whole.columns[-1].rows[-1] == (*WATCH.columns[-1].rows[-1], "quite_new")
    assert whole.columns[0] == WATCH.columns[0]


def test_a_view_is_placed_by_naming_it(window, qtbot):
    """What a new workspace takes: its description and nothing else."""
    mine = Workspace("mine", "Mine", "Two.", (Column((("total_loss",),)), Column((("metrics", "ledger"),))))
    window.docks.arrange(mine)
    qtbot.wait(40)
    assert opened(window) >= {"settings", "total_loss", "metrics", "ledger"}
    assert not opened(window) & {"losses", "loss_shape", "score_histogram", "digits"}
    docks = window.docks.docks
    assert docks["metrics"].geometry().left() > docks["total_loss"].geometry().right()


def test_keys_and_buttons_open_workspaces(window, qtbot):
    buttons = window.workspace_bar.buttons
    assert [button.text() for button in buttons] == [one.title for one in WORKSPACES]
    assert open_ones(buttons) == ["Watch"]
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + WORKSPACES.index(DIGITS)), CTRL)
    assert window.workspaces.current is DIGITS
    assert open_ones(buttons) == ["Images"]
    qtbot.keyClick(
        window, Qt.Key(Qt.Key.Key_1 + WORKSPACES.index(DIGITS)), CTRL
    )  # is open already, and stays marked
    assert open_ones(buttons) == ["Images"]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert window.workspaces.current is WATCH
    assert open_ones(buttons) == ["Watch"]
    assert window.commands == []


def test_a_workspace_is_found_as_it_was_left_and_reset_when_asked(window, qtbot):
    window.docks.docks["total_loss"].hide()
    window.workspaces.choose("digits")
    window.docks.docks["metrics"].hide()
    window.workspaces.choose("watch")
    assert "total_loss" not in opened(window)
    assert "metrics" in opened(window)
    window.actions_["reset_layout"].trigger()
    assert "total_loss" in opened(window)
    window.workspaces.choose("digits")
    assert "metrics" not in opened(window)


def test_the_open_workspace_is_there_again(window, open_window, qtbot):
    window.workspaces.choose("digits")
    window.docks.docks["metrics"].hide()
    window.close()
    again = open_window()
    assert again.workspaces.current is DIGITS
    assert again.workspace_bar.buttons[WORKSPACES.index(DIGITS)].isChecked()
    assert "metrics" not in opened(again)
    again.workspaces.choose("watch")
    assert {"plane", "losses", "metrics"} <= opened(again)


@pytest.mark.parametrize("state", ["WindowFullScreen", "WindowMaximized"])
def test_a_window_that_filled_the_screen_with_staged_views_opens_again(window, qtbot, state):
    window.workspaces.stage("Both", (("losses",), ("plane", "seeds")), "ring")
    window.setWindowState(Qt.WindowState[state])
    qtbot.wait(20)
    window.close()
    again = MainWindow(window.config, None, WindowMemory())
    qtbot.addWidget(again)
    again.show()  # which Qt ended with a segmentation fault
    qtbot.wait(20)
    assert again.windowState() == Qt.WindowState[state]
    assert again.workspaces.current == WORKSPACES[0]


def test_no_view_of_another_workspace_is_open_at_the_next_start(window, open_window, qtbot):
    window.workspaces.choose("theory")
    qtbot.wait(40)
    before = opened(window)
    assert "losses" not in before
    window.close()
    assert opened(open_window()) == before


def test_digits_open_their_workspace_and_points_theirs(window):
    digits, points = made_up.run_config("digits"), made_up.run_config()
    window.handle_event(ConfigChanged(digits, NOW, True))
    assert window.workspaces.current is DIGITS
    assert "digits" in opened(window)
    assert "plane" not in opened(window)
    window.workspaces.choose("watch")  # of one's own will: it stays, and shows what fits
    assert "digits" in opened(window)
    assert "plane" not in opened(window)
    window.handle_event(ConfigChanged(points, NOW, True))
    assert window.workspaces.current is WATCH
    assert "plane" in opened(window)
    assert "digits" not in opened(window)


@pytest.mark.parametrize("first", ["ring", "digits"])
def test_a_window_begins_in_the_workspace_of_its_data(open_window, first):
    """As for digits that an experiment has left in a window whose own workspace was for points."""
    kinds = {"ring": WATCH, "digits": DIGITS}
    second = next(key for key in kinds if key != first)
    window = open_window(made_up.run_config(first))
    window.workspaces.choose(kinds[first].key)
    window.close()
    again = open_window(made_up.run_config(second))
    assert again.workspaces.current is kinds[second]
    assert again.workspace_bar.buttons[WORKSPACES.index(kinds[second])].isChecked()
    seen = {VIEW_OF_KIND[made_up.run_config(key).distribution.kind.name]: key for key in kinds}
    assert {key for key in seen if key in opened(again)} == {key for key, of in seen.items() if of == second}
    again.workspaces.choose(kinds[first].key)  # of one's own will
    again.close()
    assert open_window(made_up.run_config(second)).workspaces.current is kinds[first]


def test_unknown_memories_of_workspaces_are_forgotten(open_window):
    from ganviz.views.window.memory import WindowMemory

    memory = WindowMemory()
    memory.keep_text("workspace", "gone")
    memory.keep_text("layout_digits", "broken")
    window = open_window()
    assert window.workspaces.current is WATCH
    window.workspaces.choose("digits")
    assert "digits" in opened(window) or "plane" in opened(window)


@pytest.mark.parametrize("width", [1024, 1440])
def test_workspaces_are_tabs_beside_the_menus_and_seven_formulations_have_buttons(window, qtbot, width):
    window.resize(width, 700)
    qtbot.wait(40)
    bar, strip = window.workspace_bar, window.strip
    assert all(button.isVisible() for button in bar.buttons)
    assert not bar.menu_button.isVisible()
    assert bar.mapTo(window, bar.rect().topRight()).x() <= width
    assert bar.mapTo(window, bar.rect().topLeft()).x() >= menus_end(window)
    assert all(button.width() >= button.sizeHint().width() for button in bar.buttons)
    shown = [one for one in strip._group.buttons() if one.isVisible()]
    assert len(shown) == BEST_KNOWN
    assert all(one.width() >= one.sizeHint().width() for one in shown)


def menus_end(window):
    menus = window.menuBar()
    return max(menus.actionGeometry(one).right() for one in menus.actions())


def test_where_menus_are_on_the_desktop_workspaces_are_beside_the_formulations(
    open_window, qtbot, monkeypatch
):
    monkeypatch.setattr(QMenuBar, "isNativeMenuBar", lambda self: True)
    window = open_window()
    made_up.show_in(window)
    window.resize(1440, 900)
    qtbot.wait(40)
    bar, strip = window.workspace_bar, window.strip
    assert all(button.isVisible() for button in bar.buttons)
    assert bar.mapTo(window, bar.rect().center()).y() == pytest.approx(
        strip.mapTo(window, strip.rect().center()).y(), abs=4
    )


def test_where_there_is_no_room_one_button_has_a_menu(window, qtbot):
    for _ in range(5):
        window.frame.change_text(1)
    window.resize(720, 450)
    qtbot.wait(40)
    bar = window.workspace_bar
    assert bar.menu_button.isVisible()
    assert not bar.buttons[0].isVisible()
    assert bar.menu_button.text() == "Watch"
    bar.menu_button.menu().actions()[WORKSPACES.index(DIGITS)].trigger()
    assert window.workspaces.current is DIGITS
    assert bar.menu_button.text() == "Images"
    qtbot.wait(40)
    assert bar.menu_button.width() >= bar.menu_button.sizeHint().width()
    assert bar.mapTo(window, bar.rect().topLeft()).x() >= menus_end(window)
    window.frame.change_text(0)
    window.resize(1440, 900)
    qtbot.wait(40)
    assert open_ones(one for one in bar.buttons if one.isVisible()) == ["Images"]


def test_a_workspace_without_the_plane_does_not_open_it(window, qtbot):
    total = next(one for one in WORKSPACES if one.key == "total")
    assert not {"plane", "digits"} & set(total.named)
    for _ in range(2):  # as it is at first, and as it was left
        window.workspaces.choose("total")
        qtbot.wait(40)
        assert opened(window) == {"settings", *total.named}
        window.workspaces.choose("watch")
        qtbot.wait(40)
        assert "plane" in opened(window)
        assert "ledger" in opened(window)


def test_a_view_that_the_workspace_does_not_name_opens_behind_its_last_ones(window, qtbot):
    """From the menu, and where something brings it forward: it takes no other view's place."""
    window.actions_.do("workspace:loss")
    qtbot.wait(20)
    docks, before = window.docks.docks, opened(window)
    for key, open_it in (
        ("losses", lambda: window.actions_["show:losses"].trigger()),
        ("ledger", lambda: window.docks.bring_forward(("ledger",))),
    ):
        open_it()
        qtbot.wait(20)
        assert docks["formula"] in window.tabifiedDockWidgets(docks[key])
        assert not window.docks.unseen((key, "plane", "loss_shape"))
    assert opened(window) == before | {"losses", "ledger"}
    window.actions_["show:losses"].trigger()
    assert docks["losses"].isHidden()
    window.actions_.do("workspace:watch")  # left before it had a place for this one
    qtbot.wait(20)
    window.docks.bring_forward(("dirac",))
    qtbot.wait(20)
    assert docks["loss_shape"] in window.tabifiedDockWidgets(docks["dirac"])


def test_a_workspace_of_ones_own_is_named_kept_found_again_and_removed(
    window, open_window, qtbot, monkeypatch
):
    names = iter(["Losses / mine", ""])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (next(names), True))
    window.workspaces.choose("loss")
    window.docks.docks["shadows"].close()
    window.actions_["save_workspace"].trigger()
    mine, is_there = "own:Losses mine", window.actions_["own_workspace:0"]
    assert (window.workspaces.current.key, is_there.text(), is_there.isChecked()) == (
        mine,
        "Losses mine",
        True,
    )
    assert not any(window.actions_[f"workspace:{one.key}"].isChecked() for one in WORKSPACES)
    window.workspaces.choose("total")
    assert not is_there.isChecked()
    is_there.trigger()
    assert "shadows" not in opened(window)
    assert "loss_shape" in opened(window)
    window.actions_["save_workspace"].trigger()  # without a name
    assert window.workspaces.own.keys == [mine]
    window.close_unasked()
    qtbot.waitUntil(lambda: not window.isVisible())
    again = open_window()
    assert again.workspaces.current.key == mine
    assert "shadows" not in opened(again)
    again.actions_["remove_workspace"].trigger()
    assert again.workspaces.current.key == "loss"
    assert not again.actions_["own_workspace:0"].isVisible()
    assert not again.actions_["remove_workspace"].isEnabled()


@pytest.mark.parametrize("text", ["{", "[]", '{"a": "nowhere", "b": 7}', "[" * 9999])
def test_unknown_memories_of_own_workspaces_are_forgotten(text, qapp):
    memory = WindowMemory()
    memory.keep_text("own_workspaces", text)
    assert OwnWorkspaces(memory).keys == []


def test_tabs_show_whole_titles_or_short_ones_that_fit(window, qtbot):
    """At each width no tab is cut, and where there is room for the whole titles, those stand there."""
    for width, one in itertools.product((1024, 1440, 1920), WORKSPACES):
        window.resize(width, 900)
        window.workspaces.choose(one.key)
        window.workspaces.arrange()
        qtbot.wait(60)
        bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible() and bar.count() > 1]
        for bar in bars:
            last = bar.tabRect(bar.count() - 1)
            assert last.right() < bar.width(), [bar.tabText(i) for i in range(bar.count())]
        assert bars
        if width == 1920:
            shown = {bar.tabText(i) for bar in bars for i in range(bar.count())}
            assert shown <= {dock.accessibleName() for dock in window.docks.docks.values()}


def test_what_is_opened_from_the_menu_is_in_front_also_the_second_time(window, qtbot):
    """Under a sentence of the banner, too, which lies above all docks."""
    window.banner.say("Something to know.")
    action = window.docks.docks["phase"].toggleViewAction()
    for is_on in (True, False, True):
        action.trigger()
        qtbot.wait(40)
        assert window.docks.unseen(("phase",)) == (() if is_on else ("phase",))


def test_the_loss_workspace_opens_with_arrows_and_scores_in_sight(window, qtbot):
    """Where there is room; arrows are as they were elsewhere, and here as they were left."""
    arrows = window.docks.views["plane"].layers
    assert not arrows()["arrows"]
    window.workspaces.choose("loss")
    qtbot.wait(40)
    assert not window.docks.unseen(("plane", "score_histogram", "loss_shape", "shadows"))
    assert arrows()["arrows"]
    window.docks.views["plane"].set_layer("arrows", False)
    window.workspaces.choose("watch")
    window.docks.views["plane"].set_layer("arrows", True)
    window.workspaces.choose("loss")
    assert not arrows()["arrows"]
    window.workspaces.choose("watch")
    assert arrows()["arrows"]
    window.workspaces.choose("loss")
    window.resize(1024, 700)
    window.actions_["reset_layout"].trigger()
    qtbot.wait(40)
    assert arrows()["arrows"]
    assert window.docks.unseen(("plane", "score_histogram", "loss_shape")) == ("score_histogram",)


@pytest.mark.parametrize("key", ["loss", "total"])
@pytest.mark.parametrize("sizes", [((1440, 900), (1024, 700)), ((1024, 700), (1440, 900))])
def test_rows_keep_their_shares_where_the_window_has_another_size_meanwhile(window, qtbot, key, sizes):
    """The lower row of Loss was 92 pixels high at 1024 × 700 when it had been left at 1440 × 900."""
    before, after = sizes
    window.resize(*before)
    window.workspaces.choose(key)
    window.workspaces.reset()
    qtbot.wait(80)
    kept = seen_heights(window.docks.docks)
    window.workspaces.choose("watch")
    qtbot.wait(40)
    window.resize(*after)
    qtbot.wait(40)
    window.workspaces.choose(key)
    qtbot.wait(120)
    now = seen_heights(window.docks.docks)
    assert now.keys() == kept.keys()
    ratio = now["settings"] / kept["settings"]
    assert now == pytest.approx({name: ratio * height for name, height in kept.items()}, abs=12)


@pytest.mark.parametrize("is_dragged", [False, True])
def test_docks_that_are_placed_otherwise_let_go_of_the_line_that_the_pointer_is_on(window, qtbot, is_dragged):
    """Qt would look for it where it was, among docks that are gone, and end the program with the next key."""
    docks = window.docks
    nowhere = [dock for dock in docks.docks.values() if window.dockWidgetArea(dock).value == 0]
    ways = [
        lambda: docks.bring_forward((nowhere[0].objectName(),)),
        lambda: window.workspaces.choose(WORKSPACES[1].key),
        lambda: window.workspaces.choose(WORKSPACES[0].key),  # as it was left
        window.workspaces.reset,
    ]
    for place_otherwise in ways:
        qtbot.wait(30)
        settings = docks.docks["settings"].geometry()
        at = QPointF(settings.right() + 2, settings.center().y())
        there = at, window.mapToGlobal(at)
        QApplication.sendEvent(window, QHoverEvent(QEvent.Type.HoverMove, *there, at))
        assert window.cursor().shape() == Qt.CursorShape.SplitHCursor
        if is_dragged:
            left = Qt.MouseButton.LeftButton
            kind = QEvent.Type.MouseButtonPress
            QApplication.sendEvent(
                window, QMouseEvent(kind, *there, left, left, Qt.KeyboardModifier.NoModifier)
            )
        place_otherwise()
        assert window.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_no_tabs_of_another_workspace_lie_over_the_settings(window, qtbot):
    """They were painted there until Qt came to delete them."""
    bars = []
    for one in (*WORKSPACES, *WORKSPACES):
        window.workspaces.choose(one.key)
        bars += [
            [bar.tabText(i) for i in range(bar.count())]
            for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if bar.count() and bar.geometry().intersects(window.docks.docks["settings"].geometry())
        ]
        qtbot.wait(40)
    assert bars == []


def test_no_tabs_of_another_workspace_lie_over_the_views(window, qtbot):
    """Also where they name views that are open here, behind others."""
    for one in (*WORKSPACES, *WORKSPACES):
        window.workspaces.choose(one.key)
        keys = {dock.windowTitle(): key for key, dock in window.docks.docks.items()}
        rows = [set(row) for column in one.columns for row in column.rows]
        for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if bar.count() and bar.geometry().intersects(window.rect()):
                found = {keys[bar.tabText(i)] for i in range(bar.count())}
                assert any(found <= row for row in rows), (one.key, found)
        qtbot.wait(40)


def test_a_view_that_needs_something_else_when_it_is_seen_again_opens_no_others(window, qtbot, monkeypatch):
    """It said so in the midst of the change: what stood open then was kept as what the person had left open."""
    for key in ("loss", "total", "theory"):
        window.workspaces.choose(key)
        qtbot.wait(40)
    window.workspaces.choose("loss")
    qtbot.wait(40)
    before = opened(window)
    for key in ("watch", "theory"):
        window.workspaces.choose(key)
        qtbot.wait(40)
    view = window.docks.views["loss_shape"]
    monkeypatch.setattr(view, "show_snapshot", lambda _: view.needs_changed.emit())
    window.workspaces.choose("loss")
    qtbot.wait(40)
    assert opened(window) == before


def test_a_change_of_workspace_says_once_what_is_needed(window, qtbot):
    """It was said for each dock that came or went: ninety-five times at a start."""
    told = []
    window.needs_changed.connect(told.append)
    window.workspaces.choose("loss")
    qtbot.wait(50)
    assert 0 < len(told) <= 3
