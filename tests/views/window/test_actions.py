"""One table of actions: every one can be done, is in a menu, and is found by its name."""

from __future__ import annotations

import dataclasses
from collections import Counter

import made_up
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QToolButton,
)

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.commands import Reconfigure, Restart, Run, Step
from ganviz.session.events import ConfigChanged
from ganviz.session.run_presets import run_presets
from ganviz.session.state import RunState
from ganviz.training.snapshot import Stamp
from ganviz.views.pictures import VIEWS
from ganviz.views.window.action_info import ActionInfo
from ganviz.views.window.action_table import action_table
from ganviz.views.window.palette import Palette, rank

CONFIG = made_up.run_config()
NOW = Stamp(1, 500, 0)


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def test_every_action_of_the_table_can_be_done(open_window):
    window = open_window()
    can_be_done = {*window._commands(), *window.docks.toggle_actions()}
    for info in action_table():
        assert {info.key, info.key.partition(":")[0]} & can_be_done, info.key
    used = {info.key.partition(":")[0] for info in action_table()}
    assert set(window._commands()) <= used


def test_no_two_actions_have_one_key_or_one_name():
    infos = action_table()
    shortcuts = Counter(info.shortcut for info in infos if info.shortcut)
    assert max(shortcuts.values()) == 1
    assert max(Counter(info.key for info in infos).values()) == 1
    assert max(Counter((info.menu, info.words) for info in infos).values()) == 1


def test_every_action_says_what_it_does():
    for info in action_table():
        assert info.tip.endswith((".", "?")), info.key


def test_every_action_stands_in_the_menus_once(open_window):
    window = open_window()
    menus = window.actions_.menus.values()
    actions = [
        action
        for menu in window.actions_.menus.values()
        for action in menu.actions()
        if not action.isSeparator() and action not in (other.menuAction() for other in menus)
    ]
    assert Counter(actions) == Counter(action for _, action in window.actions_)
    kinds = Counter(info.key.partition(":")[0] for info in action_table())
    assert kinds["formulation"] == len(FORMULATIONS)
    assert kinds["preset"] == len(run_presets())
    assert kinds["show"] == len(VIEWS) + 2  # and the settings, and the saved runs


def test_keys_act_while_no_menu_can_be_seen(open_window, qtbot):
    window = open_window()
    window.menuBar().hide()
    press(qtbot, window, ".")
    press(qtbot, window, "Space")
    assert window.commands == [Step(), Run()]


def palette_of(window, qtbot):
    press(qtbot, window, "Ctrl+Shift+P")
    found = next(palette for palette in window.findChildren(Palette) if palette.isVisible())
    return found, found.findChild(QLineEdit), found.findChild(QListWidget)


def listed(names):
    return [names.item(i).text() for i in range(names.count())]


def test_the_palette_does_what_is_typed(open_window, qtbot):
    window = open_window()
    palette, typed, names = palette_of(window, qtbot)
    n_all = names.count()
    assert n_all > 40
    assert names.currentRow() == 0
    qtbot.keyClicks(typed, "new weights")
    assert 0 < names.count() < n_all
    assert "Start again with new weights" in names.currentItem().text()
    assert "Shift+R" in names.currentItem().text()
    qtbot.keyClick(typed, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.commands == [Restart(new_weights=True)]


def test_the_palette_is_walked_with_arrow_keys_and_left_with_escape(open_window, qtbot):
    window = open_window()
    palette, typed, names = palette_of(window, qtbot)
    qtbot.keyClicks(typed, "formulation")
    first = names.currentItem().text()
    qtbot.keyClick(typed, Qt.Key.Key_Down)
    assert names.currentRow() == 1
    assert names.currentItem().text() != first
    qtbot.keyClick(typed, Qt.Key.Key_Return)
    assert len(window.commands) == 1
    palette, typed, names = palette_of(window, qtbot)
    qtbot.keyClicks(typed, "no such thing at all")
    assert listed(names) == []
    qtbot.keyClick(typed, Qt.Key.Key_Return)  # nothing to do
    qtbot.keyClick(typed, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert len(window.commands) == 1


def test_the_palette_hides_and_shows_views(open_window, qtbot):
    window = open_window()
    for words, is_open in (("Hide: Total loss", False), ("Show: Total loss", True)):
        _, typed, names = palette_of(window, qtbot)
        qtbot.keyClicks(typed, "total loss")
        assert words in listed(names)
        names.setCurrentRow(listed(names).index(words))
        qtbot.keyClick(names, Qt.Key.Key_Return)
        assert window.docks.docks["total_loss"].isVisible() is is_open
        qtbot.wait(10)


def test_the_palette_offers_only_what_can_be_done(open_window, qtbot):
    window = open_window()
    _, typed, names = palette_of(window, qtbot)
    qtbot.keyClicks(typed, "undo setting")
    assert not [name for name in listed(names) if name.startswith("Undo")]


@pytest.mark.parametrize(
    ("typed", "place"), [("", 0), ("start again", 0), ("weights same", 1), ("settings", None), ("run", None)]
)
def test_names_that_begin_as_typed_come_first(typed, place):
    info = ActionInfo("same", "Other", "Start again with the same weights", tip="No change.")
    assert rank(typed, info, info.words) == place


def test_undo_says_what_it_takes_back(open_window):
    window = open_window()
    window._memory.set_flag("restarts_unasked")
    undo, redo = window.actions_["undo"], window.actions_["redo"]
    assert (undo.text(), undo.isEnabled()) == ("Undo setting", False)
    fewer = dataclasses.replace(CONFIG, distribution=dataclasses.replace(CONFIG.distribution, n_modes=2))
    window.handle_event(ConfigChanged(CONFIG, NOW, False))
    window.handle_event(ConfigChanged(fewer, NOW, False))
    assert undo.text() == f"Undo: {type(CONFIG.distribution).title} modes 8 → 2"
    window.handle_event(ConfigChanged(CONFIG, NOW, False))
    assert undo.isEnabled() is False
    assert redo.text().endswith("modes 8 → 2")
    assert redo.text().startswith("Redo: ")
    redo.trigger()
    assert window.commands[-1] == Reconfigure(fewer)


def test_buttons_menus_and_keys_are_one_action(open_window):
    window = open_window()
    for key, button in window.run_bar._buttons.items():
        assert button.defaultAction() is window.actions_[key]
        shortcut = window.actions_[key].shortcut().toString()
        assert f"({shortcut})" in button.toolTip()


def test_the_space_bar_presses_the_button_with_the_focus_and_a_click_only_what_is_clicked(open_window, qtbot):
    window = open_window()
    buttons = window.run_bar._buttons
    buttons["toggle"].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(buttons["toggle"], Qt.Key.Key_Space)
    assert window.commands == [Run()]
    buttons["step"].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(buttons["step"], Qt.Key.Key_Space)
    assert window.commands == [Run(), Step()]
    qtbot.mouseClick(buttons["toggle"], Qt.MouseButton.LeftButton)
    assert window.commands == [Run(), Step(), Run()]


def test_nothing_moves_in_the_run_bar_when_run_becomes_pause(open_window, qtbot):
    window = open_window()
    beside = window.run_bar._buttons["new_weights"]
    places = []
    for state in (RunState.PAUSED, RunState.RUNNING, RunState.PAUSED):
        window.run_bar.show_state(state)
        qtbot.wait(10)
        places.append(beside.mapTo(window, QPoint(0, 0)).x())
    assert len(set(places)) == 1


def test_space_runs_after_a_switch_was_clicked(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    window.commands.clear()
    switch = next(one for one in window.settings.findChildren(QCheckBox) if one.text() == "R1")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    window.commands.clear()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
    assert window.commands == [Run()]


def test_a_click_on_a_button_leaves_the_keys_to_the_run(open_window, qtbot):
    """Where a button that was clicked goes, Qt would hand its focus on: to the search field, say."""
    window = open_window()
    for kind in (QPushButton, QToolButton, QCheckBox, QComboBox):
        for one in window.findChildren(kind):
            assert not one.focusPolicy() & Qt.FocusPolicy.ClickFocus, one.accessibleName()
    made_up.show_in(window)
    window.timeline.track.look_at(0)
    qtbot.mouseClick(window.timeline._now, Qt.MouseButton.LeftButton)
    assert window.timeline._now.isHidden()
    window.commands.clear()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_D)
    assert len(window.commands) == 1


def test_space_runs_when_a_presentation_has_taken_the_settings_away(open_window, qtbot):
    """Qt gave the focus of a hidden setting to a layer's button, which the space bar then switched off."""
    window = open_window()
    made_up.show_in(window)
    field = next(one for one in window.settings.findChildren(QSpinBox) if one.isVisible())
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert QApplication.focusWidget() is field
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.wait(40)
    window.commands.clear()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
    assert window.commands == [Run()]


def test_no_button_has_the_focus_when_a_dialog_has_closed(open_window, qtbot):
    """Qt gives the focus to the first button where none has it: the space bar opened the list of lanes."""
    window = open_window()
    made_up.show_in(window)
    window.clearFocus()
    dialog = QDialog(window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.close()
    window.activateWindow()  # as a desktop does
    qtbot.waitUntil(window.isActiveWindow)
    assert QApplication.focusWidget() is window


def test_a_button_that_had_the_focus_has_it_again_after_a_dialog(open_window, qtbot):
    window = open_window()
    button = window.run_bar._buttons["step"]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    dialog = QDialog(window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.close()
    window.activateWindow()  # as a desktop does
    qtbot.waitUntil(window.isActiveWindow)
    assert QApplication.focusWidget() is button
