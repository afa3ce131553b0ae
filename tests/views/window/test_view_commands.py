"""Commands for what is otherwise reached on a view alone: keys of plots, layers of the plane, lanes by name."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMenu

from ganviz.session.commands import RemoveLane
from ganviz.views.pictures.layers import LAYERS
from ganviz.views.window.palette import Palette

LANES = ("non_saturating", "saturating", "hinge")


@pytest.fixture
def window(open_window, qtbot):
    config = made_up.run_config("ring", LANES)
    found = open_window(config)
    found.show_config(config, True)
    found.show_snapshot(made_up.snapshot(config, step=4000))
    charts = [found.docks.views[key] for key in ("losses", "total_loss")]
    qtbot.waitUntil(lambda: all(chart.canvas.sheet is not None for chart in charts))
    for chart in charts:
        chart.canvas.grab()
    return found


def by_name(window, typed):
    """Do the first command that the palette finds."""
    window.actions_.do("palette")
    palette = next(one for one in window.findChildren(Palette) if one.isVisible())
    QTest.keyClicks(palette.findChild(QLineEdit), typed)
    words = palette.findChild(QListWidget).currentItem().text()
    QTest.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)
    QApplication.processEvents()
    return words


def test_keys_of_plots_act_on_the_plot_that_was_touched_last(window):
    plane, losses = (window.docks.views[key] for key in ("plane", "losses"))
    for view in (losses, plane):
        view.canvas.sheet.setFocus()
        for key, is_whole in (("zoom_in", False), ("back", True), ("forward", False), ("everything", True)):
            window.run_bar.setFocus()
            window.actions_.do(f"plot:{key}")
            assert (view.canvas.looks.present.x is None) == is_whole, (view.key, key)
    assert by_name(window, "zoom in") == "Plot touched last: Zoom in    +"
    assert plane.canvas.looks.present.x is not None
    window.actions_.do("plot:menu")
    (menu,) = (one for one in plane.findChildren(QMenu) if one.isVisible())
    menu.close()


def test_before_any_plot_was_touched_the_first_that_is_seen_is_meant(window):
    window.actions_.do("plot:zoom_in")
    touched = [
        view.key
        for view in window.docks.views.values()
        if hasattr(view.canvas, "looks") and view.canvas.looks.present.x is not None
    ]
    assert touched == ["plane"]


def test_layers_are_switched_by_name_and_ticked_in_the_menu(window):
    plane = window.docks.views["plane"]
    for layer in LAYERS:
        action = window.actions_[f"layer:{layer.key}"]
        before = plane.layers()[layer.key]
        assert action.isChecked() == before, layer.key
        action.trigger()
        assert action.isChecked() == plane.layers()[layer.key] == (not before), layer.key
        plane.set_layer(layer.key, before)
        assert action.isChecked() == before, layer.key


def test_lanes_are_named_and_removed_by_their_names(window):
    def shown(kind):
        return [one.text() for one in window.actions_.of_kind(kind) if one.isVisible()]

    assert shown("remove_lane") == shown("name_lane") == ["Non-saturating", "Saturating", "Hinge"]
    by_name(window, "remove lane hinge")
    assert window.commands == [RemoveLane(2)]
    assert (
        by_name(window, "name lane saturating")
        == f"Name a lane: {window.config.lane_title(window.strip.lane)}"
    )
    name = window.settings.lane_row.name
    assert window.focusWidget() is name
    QTest.keyClicks(name, "mine")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert "mine" in [lane.label for lane in window.commands[-1].config.lanes]
    alone = made_up.run_config("ring", LANES[:1])
    window.show_config(alone, True)
    assert shown("remove_lane") == shown("name_lane") == []
    assert not window.actions_.menus["Run/Remove a lane"].menuAction().isVisible()
