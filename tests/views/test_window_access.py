"""Reaching everything without a mouse, and what the window remembers from one start to the next."""

from __future__ import annotations

import dataclasses
import itertools
import os
import re
import sys
from pathlib import Path

import made_up
import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTabBar,
    QToolButton,
)

from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.losses.penalties import PENALTIES
from ganviz.session.events import ConfigChanged
from ganviz.training.snapshot import Stamp
from ganviz.views.look.formula import formula_runs
from ganviz.views.look.theme import THEMES
from ganviz.views.window import dialogs
from ganviz.views.window.action_table import SEVERAL, key_words
from ganviz.views.window.losses_guide import FORMULA, families
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.points_dialog import ask_for_points
from ganviz.views.window.workspace_list import WORKSPACES


def test_a_menu_goes_with_its_button(open_window, qtbot):
    """One that is open takes no key any more once its button is switched off, and would keep the window's."""
    window = open_window()
    made_up.show_in(window, made_up.run_config(formulations=("hinge", "hinge")))
    buttons = window.findChildren(QToolButton) + window.findChildren(QPushButton)
    buttons = [button for button in buttons if button.menu() and button.isVisible() and button.isEnabled()]
    assert {button.accessibleName() for button in buttons} >= {"Remove lane", "Copy this formulation"}
    for button in buttons:
        button.menu().popup(window.pos())
        qtbot.waitUntil(button.menu().isVisible)
        button.setEnabled(False)
        assert not button.menu().isVisible(), button.accessibleName()


def test_everything_has_a_name_and_can_be_reached(open_window):
    """Every control that can be seen has an accessible name or a text, and takes the focus from the keyboard."""
    window = open_window()
    for config in (made_up.run_config(formulations=("saturating", "hinge")), made_up.run_config("digits")):
        made_up.show_in(window, config)
        for section in window.settings.findChildren(QAbstractButton):
            if (
                section.isCheckable()
                and "Section" in type(section.parent()).__name__
                and not section.isChecked()
            ):
                section.click()
        controls = [
            widget
            for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractSlider)
            for widget in window.findChildren(kind)
            if widget.isVisible() and not isinstance(widget.parent(), (QAbstractSpinBox, QComboBox, QTabBar))
        ]
        assert len(controls) > 30
        for widget in controls:
            if widget.objectName().startswith("qt_") or widget.parent().objectName().startswith("qt_"):
                continue  # made by Qt, in tabs, docks, text fields and scroll areas
            text = getattr(widget, "text", str)()
            assert widget.accessibleName() or text, widget
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not widget.isEnabled(), (widget, text)


def test_layout_and_settings_are_there_again(open_window, qtbot):
    window = open_window()
    window.docks.docks["total_loss"].hide()
    window.docks.docks["metrics"].raise_()
    mine = made_up.run_config(formulations=("wasserstein",))
    window.handle_event(ConfigChanged(mine, Stamp(1, 500, 0), False))
    window.close()
    assert WindowMemory().config() == mine
    again = open_window(mine)
    qtbot.wait(30)
    assert again.docks.docks["total_loss"].isHidden()
    assert not again.docks.docks["losses"].isHidden()
    assert again.banner.text == ""  # the hint is for the first start


@pytest.mark.parametrize("value", ["{", '{"lanes": 3}', '{"data": {"kind": "gone"}}', 7, b"\x00\xff"])
def test_broken_memories_are_forgotten(open_window, value):
    memory = WindowMemory()
    for key in ("config", "geometry", "layout", "appearance"):
        memory._settings.setValue(key, value)
    assert memory.config() is None
    window = open_window()
    made_up.show_in(window)
    assert window.docks.docks["plane"].isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="settings are in the registry")
def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(qapp):
    place = Path(WindowMemory()._settings.fileName())
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(place)
    try:
        WindowMemory().keep_text("text_size", "115")
        assert WindowMemory().text("text_size", "") == "115"
        assert place.is_fifo()
    finally:
        place.unlink()
        Path(WindowMemory()._settings.fileName()).with_name(f"ganviz-2{place.suffix}").unlink()


def test_a_kept_configuration_is_the_same(qapp):
    config = dataclasses.replace(made_up.run_config("digits"), distribution=MNIST(digits="35"))
    WindowMemory().keep_config(config)
    assert WindowMemory().config() == config


def test_the_colors_of_the_window_are_in_its_menu_and_kept(open_window):
    window = open_window()
    for key in ("dark", "light"):
        window.actions_.do(f"appearance:{key}")
        assert WindowMemory().text("appearance", "") == key
        assert window.docks.views["plane"].theme is THEMES[key]
    assert window.actions_["appearance:dark"].text().replace("&", "") == "Dark"


def test_dialogs_that_were_answered_are_gone(open_window, monkeypatch, tmp_path):
    """Their parent is the window, which would keep every one of them."""
    window = open_window()
    made_up.show_in(window)
    for kind in (QDialog, QMessageBox):
        monkeypatch.setattr(kind, "exec", lambda *_: 0)
    for ask in (
        window.dialogs.edit_preferences,
        window.exports.ask,
        lambda: dialogs.confirm_restart(window),
        lambda: dialogs.confirm_going_back(window, 3, 4),
        lambda: dialogs.confirm_removal(window, "Hinge"),
        lambda: dialogs.confirm_overwriting(window, tmp_path),
        lambda: dialogs.confirm_leaving(window, "run", "one minute"),
        lambda: dialogs.confirm_existing(window, 2, tmp_path),
        lambda: dialogs.confirm_dropping(window, "The film is being made."),
        lambda: ask_for_points(PointsFile(), window),
    ):
        ask()
        assert window.findChildren(QDialog)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not window.findChildren(QDialog)


def test_the_guide_shows_its_pages_and_knows_the_keys(open_window):
    window = open_window()
    window.dialogs.show_guide()
    text = window.dialogs.guide.contents.toPlainText()
    for title in ("The first minute", "The views", "The keyboard"):
        assert title in text
    for info, action in window.actions_:
        if info.key.partition(":")[0] not in SEVERAL:
            assert f"\n{key_words(action.shortcut().toString())}\n" in f"{text}\n\n", info.key
    assert "1 … 9\nSwitch the formulation" in text
    assert f"Ctrl+1 … Ctrl+{len(WORKSPACES)}\nOpen a workspace" in text


def test_the_guide_stages_what_it_tells(open_window, monkeypatch, qtbot):
    """By a click and from the keyboard, with buttons that stand where the words have left room for them."""
    window, played = open_window(), []
    monkeypatch.setattr(window.experiments.player, "play", lambda one: played.append(one.title))
    window.dialogs.show_guide()
    browser = window.dialogs.guide.contents
    buttons = browser.viewport().findChildren(QPushButton)
    for width in (380, 640):
        window.dialogs.guide.resize(width, 500)
        qtbot.wait(20)
        places = [button.geometry() for button in buttons]
        assert all(place.left() >= 0 and place.right() < browser.viewport().width() for place in places)
        pairs = itertools.combinations(places, 2)
        assert not [pair for pair in pairs if pair[0].intersects(pair[1])]
        words = [browser.cursorForPosition(place.center()) for place in places]
        assert all(room.block().text().count("\ufffc") for room in words), "a button covers words"
    for i, button in enumerate(buttons):
        window.dialogs.show_guide()
        qtbot.waitUntil(window.dialogs.guide.isActiveWindow)
        assert button.isVisible()
        if i % 2:
            button.click()
        else:
            button.setFocus()
            qtbot.waitUntil(button.hasFocus)
            assert browser.viewport().rect().contains(button.geometry()), "the keyboard went out of sight"
            qtbot.keyClick(button, Qt.Key.Key_Space)
        assert window.dialogs.guide.isHidden(), "it lies over what is to be seen"
    window.dialogs.show_guide()
    window.dialogs.guide.setFloating(False)
    buttons.append(buttons[0])
    buttons[0].click()
    assert window.dialogs.guide.isVisible()
    assert [f"Show me: {title}" for title in played] == [button.accessibleName() for button in buttons]
    assert len({*played}) >= 20


def test_the_guide_has_a_page_for_each_family_and_tells_of_every_formulation(open_window):
    window = open_window()
    window.dialogs.show_guide()
    contents, browser = window.dialogs.guide.contents, window.dialogs.guide.pages
    pages = re.findall(r'href="(guide:losses/[^"]+)"', contents.toHtml())
    assert len(pages) == len(families()) + 1  # and the penalties
    for page, entries in zip(pages, families().values(), strict=False):
        contents.anchorClicked.emit(QUrl(page))
        assert browser.source() == QUrl(page)
        assert browser.isVisible()
        assert browser.toHtml().count(FORMULA) == len(entries)
        text = browser.toPlainText()
        for named in entries:
            loss = named.formulation.loss
            assert f"{named.title}\n" in text
            for markup in (named.behavior, loss.divergence, loss.warning):
                assert "".join(piece for piece, _ in formula_runs(markup)) in text, markup
    browser.anchorClicked.emit(QUrl(pages[-1]))
    assert browser.toHtml().count(FORMULA) == len(PENALTIES)
    browser.anchorClicked.emit(QUrl("guide:contents"))
    assert contents.isVisible()
    chapters = re.findall(r'href="(#[^"]+)"', contents.toHtml())
    places = []
    for chapter in chapters:
        contents.anchorClicked.emit(QUrl(chapter))
        places.append(contents.verticalScrollBar().value())
    assert places == sorted({*places})
    assert len(places) == 6


@pytest.mark.parametrize("width", [900, 1440])
def test_the_first_hint_can_be_read(open_window, qtbot, width):
    window = open_window()
    window.resize(width, 700)
    qtbot.wait(50)
    text = window.banner._text
    assert "Show me" in window.banner.text
    assert text.height() >= text.heightForWidth(text.width()) > 10
    window.actions_.do("workspace:total")
    assert window.banner.text == ""  # it would cover the views of which somebody went to look


def test_the_first_hint_lies_over_no_view_in_whatever_sizes_the_window_was(open_window, qtbot):
    """It names Loss shape, over which it must not lie; settings are narrowest after a window has become smaller."""
    window = open_window()
    for size in ((1440, 900), (1024, 700), (900, 600), (1440, 900), (1024, 700)):
        window.resize(*size)
        qtbot.wait(50)
        settings = window.docks.docks["settings"].geometry()
        assert settings.contains(window.banner.geometry().center())
        assert window.banner.geometry().right() <= settings.right()


def test_the_guide_is_one_window_however_often_it_is_asked_for(open_window, qtbot):
    window = open_window()
    for _ in range(5):
        window.dialogs.show_guide()
        window.dialogs.guide.close()
    window.dialogs.show_guide()
    assert window.dialogs.guide.isVisible()
    assert window.dialogs.guide.isFloating()
    assert [dock.objectName() for dock in window.findChildren(QDockWidget)].count("guide") == 1
    for key in ("total", "watch"):
        window.actions_.do(f"workspace:{key}")
        assert window.dialogs.guide.isVisible(), "who reads the guide looks at what it tells of"
    window.banner.say("Something is the matter.")
    window.dialogs.guide.setFloating(False)
    qtbot.waitUntil(lambda: window.dialogs.guide.width() > 150)
    order = window.children()
    assert order.index(window.banner) > order.index(window.dialogs.guide)
    window.dialogs.guide.raise_()
    qtbot.waitUntil(lambda: window.children()[-1] is window.banner)


def test_bars_and_boxes_are_as_before_when_larger_text_is_left_after_another_theme(open_window, qtbot):
    window = open_window()

    def sizes():
        boxes = {box: box.height() for box in window.findChildren(QComboBox) if box.isVisible()}
        return boxes, window.run_bar._buttons["toggle"].width()

    before = sizes()
    for _ in range(4):
        window.actions_.do("larger")
    window.apply_appearance("dark")
    qtbot.wait(50)
    assert sizes() != before
    window.actions_.do("own_size")
    qtbot.waitUntil(lambda: sizes() == before)


def test_workspaces_are_read_aloud_with_the_window_and_stand_in_the_corner_of_the_menus(open_window, qtbot):
    """A bar of menus does not tell of what is in its corner."""
    window = open_window()
    window.resize(1200, 800)
    qtbot.wait(40)
    bar, menus = window.workspace_bar, window.menuBar()
    told = QAccessible.queryAccessibleInterface(window)
    assert bar in [told.child(i).object() for i in range(told.childCount())]
    for width in (1200, 1024):
        window.resize(width, 700)
        qtbot.wait(40)
        assert bar.geometry().bottomRight() == menus.geometry().bottomRight()
        assert bar.height() == menus.height()
    menus.hide()
    assert bar.isHidden()
    menus.show()
    assert not bar.isHidden()
