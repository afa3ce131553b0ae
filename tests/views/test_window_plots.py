"""Plots in the real window: keys that a plot takes do not act on the run, all others do, and charts are linked."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from test_touched_charts import CTRL, LEFT, NONE, send, wheel

from ganviz.session.commands import HalfStep, Pause, Run, Step
from ganviz.views.bases.chart_cursors import Cursors
from ganviz.views.bases.plot_export import view_image
from ganviz.views.plot.looks import Look
from ganviz.views.plot.values_table import ValuesTable

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    views = window.docks.views
    qtbot.waitUntil(
        lambda: all(views[key].canvas.sheet is not None for key in ("plane", "losses", "total_loss"))
    )
    qtbot.wait(50)
    window.commands.clear()
    return window


def click(view, x, y, modifiers=NONE):
    area, *_ = view.place()
    at = QPointF(round(area.left() + x * area.width()), round(area.top() + y * area.height()))
    for kind, buttons in ((QEvent.Type.MouseButtonPress, LEFT), (QEvent.Type.MouseButtonRelease, 0)):
        send(view.canvas.sheet, kind, at, LEFT, Qt.MouseButton(buttons), modifiers)
    QTest.qWait(20)
    return at


def test_a_chart_is_read_with_clicks_and_keys_and_the_run_does_not_notice(window):
    losses, total = window.docks.views["losses"], window.docks.views["total_loss"]
    sheet = losses.canvas.sheet
    click(losses, 0.2, 0.5)
    click(losses, 0.7, 0.5, SHIFT)
    assert total.cursors == losses.cursors
    assert losses.cursors.b > losses.cursors.a
    for key, modifiers in (
        (Qt.Key.Key_Right, CTRL), (Qt.Key.Key_A, NONE), (Qt.Key.Key_Plus, SHIFT), (Qt.Key.Key_Left, SHIFT),
        (Qt.Key.Key_Minus, NONE), (Qt.Key.Key_0, NONE), (Qt.Key.Key_T, NONE),
    ):  # fmt: skip
        QTest.keyClick(sheet, key, modifiers)
    (table,) = losses.findChildren(ValuesTable)
    table.close()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert total.cursors == Cursors()
    assert total._cursor == losses._cursor is not None
    assert not window.commands


def test_keys_of_the_run_act_on_it_while_a_plot_has_the_focus(window):
    click(window.docks.views["plane"], 0.5, 0.5)
    sheet = window.docks.views["plane"].canvas.sheet
    for key in (Qt.Key.Key_D, Qt.Key.Key_G, Qt.Key.Key_Space):
        QTest.keyClick(sheet, key)
    steps = [command.players for command in window.commands if isinstance(command, Step)]
    assert steps == [HalfStep.DISCRIMINATOR, HalfStep.GENERATOR]
    assert isinstance(window.commands[-1], Run | Pause)


def test_zoomed_charts_show_the_same_steps_and_the_plane_is_left_alone(window):
    losses, total, plane = (window.docks.views[key] for key in ("losses", "total_loss", "plane"))
    before = plane.place()[1:]
    area = losses.place()[0]
    wheel(losses.canvas.sheet, area.center(), 4)
    assert losses.place()[1] == pytest.approx(total.place()[1])
    assert plane.place()[1:] == before
    wheel(plane.canvas.sheet, plane.place()[0].center(), 4)
    assert plane.place()[1] != before[0]
    assert losses.place()[1] == pytest.approx(total.place()[1])


@pytest.mark.parametrize("key", ["losses", "loss_shape"])
def test_one_menu_exports_and_copies_the_picture(window, qtbot, key):
    view, wished = window.docks.views[key], []
    for signal in (window.docks.export_wished, window.docks.copy_wished):
        signal.disconnect()
        signal.connect(wished.append)
    dock = window.docks.docks[key]
    view.open_menu(QPointF(60, 60))
    menus = [menu for menu in view.findChildren(QMenu) if menu.parent() is view]
    dock.customContextMenuRequested.emit(dock.rect().center())
    menus += [menu for menu in dock.findChildren(QMenu) if menu.parent() is dock]
    assert len(menus) == 2
    for menu in menus:
        for words in ("Export this plot", "Copy this plot"):
            next(action for action in menu.actions() if words in action.text()).trigger()
        menu.close()
    assert wished == [key] * 4


def test_plots_above_each_other_begin_and_end_alike_until_one_of_them_goes(window, qtbot):
    """Their numbers and names need different room: without this, a crosshair would stand at two places."""
    losses, total = window.docks.views["losses"], window.docks.views["total_loss"]
    window.resize(1440, 900)

    def sides(view):
        drawn, width = view._chart.drawn.area, view.canvas.width()
        return drawn.left(), width - drawn.right()

    def is_aligned():
        own = losses._chart.own, total._chart.own
        return sides(losses) == sides(total) == tuple(max(both) for both in zip(*own, strict=True))

    qtbot.waitUntil(is_aligned)
    assert losses._chart.own != total._chart.own
    before = losses._chart.own
    losses._canvas.looks.slide(Look(None, (0.7, 0.70001), following=True))
    losses.redraw()  # long numbers, which the other follows
    qtbot.waitUntil(lambda: losses._chart.own != before)
    qtbot.waitUntil(is_aligned)
    view_image(losses, QSize(400, 300), losses.theme)  # a figure of another size is for itself
    assert losses._chart.sides == losses._chart.own
    window.docks.docks["total_loss"].hide()
    qtbot.waitUntil(lambda: sides(losses) == losses._chart.own)
