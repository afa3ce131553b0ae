"""Everything from the keyboard: where Tab goes, what is seen of it, and what only a pointer could do before."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QKeySequence, QPalette
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QTabBar

from ganviz.views.bases.chart_content import lane_key
from ganviz.views.bases.chart_data import steps_in


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def stops_of(window, qtbot):
    """Return what Tab comes to, until it comes to the first again."""
    window.setFocus()
    found = []
    for _ in range(300):
        press(qtbot, QApplication.focusWidget() or window, "Tab")
        at = QApplication.focusWidget()
        if at in found:
            return found
        found.append(at)
    raise AssertionError


def test_tab_comes_to_what_is_in_sight_alone(open_window, qtbot):
    """What is behind another tab Qt takes for visible, and puts beyond the window's edge."""
    window = open_window()
    made_up.show_in(window)
    qtbot.wait(100)
    stops = stops_of(window, qtbot)
    assert len(stops) > 50
    for stop in stops:
        dock = stop
        while dock.parentWidget() is not window:
            dock = dock.parentWidget()
        assert window.rect().intersects(dock.geometry()), (stop, stop.accessibleName())
    names = [stop.accessibleName() for stop in stops]
    assert "Saturating total" in names
    assert "Last batch" not in names  # of the histograms, behind Loss shape
    assert any(isinstance(stop, QTabBar) for stop in stops)
    window.docks.bring_forward(("score_histogram",))
    qtbot.wait(50)
    assert "Last batch" in [stop.accessibleName() for stop in stops_of(window, qtbot)]


def test_tab_goes_through_a_view_as_it_stands(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    view = window.docks.views["losses"]
    qtbot.waitUntil(lambda: view._canvas.sheet is not None)
    stops = [stop for stop in stops_of(window, qtbot) if view.isAncestorOf(stop)]
    assert stops[-1] is view._canvas.sheet
    places = [stop.mapTo(view, QPoint()).x() for stop in stops[:-1]]
    assert places == sorted(places)
    assert len(places) > 4


def test_tab_comes_to_every_formulation_in_the_strip(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    stops = stops_of(window, qtbot)
    buttons = [button for button in window.strip._group.buttons() if button.isVisible()]
    assert len(buttons) > 4
    assert all(button in stops for button in buttons)


def test_arrows_are_of_the_control_that_has_the_focus(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    window.timeline.track.show_keyframes((0, 10, 100))
    speed, before = window.run_bar._speed, window.run_bar._speed.value()
    speed.setFocus()
    press(qtbot, speed, "Left")
    assert speed.value() == before - 1
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.isVisible() and bar.count() > 1)
    bar.setFocus()
    at = bar.currentIndex()
    press(qtbot, bar, "Right")
    assert bar.currentIndex() == at + 1
    assert window.timeline.track.wanted is None
    window.setFocus()
    press(qtbot, window, "Left")
    assert window.timeline.track.wanted == 100


def test_a_plot_shows_that_it_has_the_keys(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    qtbot.waitUntil(lambda: window.docks.views["losses"]._canvas.sheet is not None)
    sheet = window.docks.views["losses"]._canvas.sheet
    for theme in ("light", "dark"):
        window.apply_appearance(theme)
        color = QColor(sheet.palette().color(QPalette.ColorRole.Highlight))
        for reason, is_seen in (
            (Qt.FocusReason.TabFocusReason, True),
            (Qt.FocusReason.MouseFocusReason, False),
        ):
            window.setFocus()
            sheet.setFocus(reason)
            qtbot.wait(20)
            edge = sheet.grab().toImage().pixelColor(sheet.width() // 2, 0)
            assert (edge.name() == color.name()) is is_seen, (theme, reason)


def test_a_click_gives_a_plot_the_focus(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    view = window.docks.views["losses"]
    qtbot.waitUntil(lambda: view._canvas.sheet is not None)
    qtbot.mouseClick(view._canvas.sheet.viewport(), Qt.MouseButton.LeftButton)
    assert view._canvas.sheet.hasFocus()


def test_escape_gives_the_keys_back_to_the_run(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    button = window.run_bar._buttons["same_weights"]
    qtbot.waitUntil(lambda: window.docks.views["losses"]._canvas.sheet is not None)
    for widget in (button, window.run_bar._speed, window.docks.views["losses"]._canvas.sheet):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        press(qtbot, widget, "Escape")
        assert window.hasFocus(), widget


def test_a_view_floats_and_comes_back_by_a_command(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    for key in ("losses", "dirac"):  # open, and not in this workspace
        dock = window.docks.docks[key]
        window.actions_.do(f"float:{key}")
        qtbot.waitUntil(lambda dock=dock: dock.isFloating() and dock.windowType() == Qt.WindowType.Window)
        assert dock.isVisible()
        window.actions_.do(f"float:{key}")
        assert not dock.isFloating()


def test_every_table_of_values_opens_by_a_command(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    for key in ("losses", "metrics", "ledger", "mode_bars"):
        window.actions_.do(f"values:{key}")
        table = next(one for one in window.docks.views[key].children() if type(one).__name__ == "ValuesTable")
        assert table.isVisible()
        assert table.model.columnCount() > 2
        table.close()


def test_a_curve_is_shown_alone_from_the_menu(open_window, qtbot):
    """What a click on the legend does, and one with Alt."""
    window = open_window()
    made_up.show_in(window, made_up.run_config(formulations=("saturating", "hinge")))
    view = window.docks.views["losses"]
    qtbot.waitUntil(lambda: view._canvas.sheet is not None and view._chart.drawn is not None)
    sheet = view._canvas.sheet

    def chosen(title, words):
        sheet.setFocus(Qt.FocusReason.TabFocusReason)
        press(qtbot, sheet, "Shift+F10")
        menu = next(menu for menu in view.findChildren(QMenu) if menu.isVisible())
        inner = next(one for one in menu.findChildren(QMenu) if one.title() == title)
        action = next(action for action in inner.actions() if action.text().startswith(words))
        was = action.isChecked()
        action.trigger()
        menu.close()
        return was

    chosen("One alone, or all again", "L_G")
    chosen("One alone, or all again", "Hinge")
    columns, lanes = view._legend_keys()
    assert {*columns, *lanes} - view._hidden == {"g_loss", lane_key(1)}
    assert chosen("Curves", "L_D") is False
    assert "d_loss" not in view._hidden


def test_escape_closes_the_guide_that_is_a_window(open_window, qtbot):
    window = open_window()
    window.dialogs.show_guide()
    guide = window.dialogs.guide
    qtbot.waitUntil(guide.contents.hasFocus)
    qtbot.keyClick(guide.contents, Qt.Key.Key_Escape)
    assert guide.isHidden()
    qtbot.waitUntil(window.isActiveWindow)


def test_steps_are_shown_that_are_written(open_window, qtbot, monkeypatch):
    window = open_window()
    made_up.show_in(window)
    view, other = window.docks.views["losses"], window.docks.views["total_loss"]
    qtbot.waitUntil(lambda: view._canvas.sheet is not None and view._chart.drawn is not None)
    answers, asked = [("400-200", True), ("200 – 400", True)], []
    monkeypatch.setattr(
        QInputDialog, "getText", lambda *words, **_: (asked.append(words[2]), answers[len(asked) - 1])[1]
    )
    sheet = view._canvas.sheet
    sheet.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, sheet, "Shift+F10")
    menu = next(menu for menu in view.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "Show steps …").trigger()
    menu.close()
    assert len(asked) == 2
    assert asked[1].startswith("These are not two steps")
    qtbot.waitUntil(lambda: view._canvas.looks.present.x == (200.0, 400.0))
    assert other._canvas.looks.present.x == (200.0, 400.0)
    press(qtbot, sheet, "0")
    assert view._canvas.looks.present.x is None


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("200–400", (200, 400)),
        ("1 200 to 1 400", (1200, 1400)),
        ("5, 7", (5, 7)),
        ("7 5", None),
        ("12", None),
        ("", None),
        ("a", None),
    ],
)
def test_steps_that_are_written(text, steps):
    assert steps_in(text) == steps
