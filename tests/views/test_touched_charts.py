"""Charts under the hand: wheel, box, pan, keys, legend, following, linked steps, the clipboard."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import subprocess
import sys
from collections import Counter

import made_up
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from ganviz.training.snapshot import Stamp
from ganviz.views.bases.chart_content import lane_key
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.total_loss_view import TotalLossView

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
)  # fmt: skip


def send(sheet, kind, at, button, buttons, modifiers=NONE):
    viewport = sheet.viewport()
    place = QPointF(viewport.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(viewport, QMouseEvent(kind, at, place, button, buttons, modifiers))


def drag(sheet, start, end, button=LEFT, modifiers=NONE):
    send(sheet, QEvent.Type.MouseButtonPress, start, button, button, modifiers)
    for share in (0.3, 0.6, 1.0):
        at = start + (end - start) * share
        send(sheet, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button, modifiers)
    send(sheet, QEvent.Type.MouseButtonRelease, end, button, Qt.MouseButton.NoButton, modifiers)
    QTest.qWait(20)


def wheel(sheet, at, notches=1):
    place = QPointF(sheet.viewport().mapToGlobal(at.toPoint()))
    event = QWheelEvent(
        at, place, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(sheet.viewport(), event)
    QTest.qWait(20)


def grow(charts, step):
    for chart in charts:
        chart.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=step))
    QTest.qWait(20)


@pytest.fixture
def charts(qtbot):
    window = QWidget()
    layout = QHBoxLayout(window)
    found = [LossesView(), TotalLossView()]
    for chart in found:
        layout.addWidget(chart)
    qtbot.addWidget(window)
    window.resize(1100, 380)
    window.show()
    qtbot.waitExposed(window)
    grow(found, 4000)
    qtbot.waitUntil(lambda: all(chart.canvas.sheet is not None for chart in found))
    QTest.qWait(50)
    yield found
    for chart in found:
        sheet = chart.canvas.sheet
        assert (sheet.paper.failure, sheet.overlay.failure) == (None, None)


def ranges(chart):
    drawn = chart._chart.drawn
    return (drawn.x.low, drawn.x.high), (drawn.y.low, drawn.y.high)


def place(chart, x, y):
    """Return the pixel at these shares of the plot, from the bottom left."""
    area = chart._chart.drawn.area
    return QPointF(round(area.left() + x * area.width()), round(area.bottom() - y * area.height()))


def test_the_wheel_zooms_at_the_pointer_and_a_held_key_keeps_one_axis(charts):
    one, _ = charts
    sheet, at = one.canvas.sheet, place(one, 0.25, 0.5)
    (x0, y0), step = ranges(one), one._chart.drawn.x.value(at.x())
    wheel(sheet, at)
    x1, y1 = ranges(one)
    assert x1[1] - x1[0] < 0.9 * (x0[1] - x0[0])
    assert y1[1] - y1[0] < 0.9 * (y0[1] - y0[0])
    assert one._chart.drawn.x.value(at.x()) == pytest.approx(step, abs=1e-6 * x0[1])
    for key, kept in ((Qt.Key.Key_X, 1), (Qt.Key.Key_Y, 0)):
        before = ranges(one)
        sheet.setFocus()
        QTest.keyPress(sheet, key)
        wheel(sheet, at)
        QTest.keyRelease(sheet, key)
        after = ranges(one)
        assert after[kept] == pytest.approx(before[kept])
        assert after[1 - kept] != pytest.approx(before[1 - kept])
    wheel(sheet, at, -40)
    assert ranges(one) == (x0, y0)


def test_the_wheel_over_an_axis_enlarges_it_alone(charts):
    """It did nothing there; over the plot, where it enlarges both, the curves often left the picture."""
    one, _ = charts
    for at, kept in ((place(one, 0.25, 0.0) + QPointF(0, 8), 1), (place(one, 0.0, 0.5) - QPointF(8, 0), 0)):
        whole = ranges(one)
        wheel(one.canvas.sheet, at, 3)
        near = ranges(one)
        assert near[kept] == whole[kept]
        assert near[1 - kept][1] - near[1 - kept][0] < 0.7 * (whole[1 - kept][1] - whole[1 - kept][0])
        wheel(one.canvas.sheet, at, -40)
        assert ranges(one) == whole


def test_ctrl_and_plus_are_left_to_the_window_where_a_chart_has_the_focus(charts):
    """The View menu has larger text there; the chart was enlarged instead."""
    sheet = charts[0].canvas.sheet
    for modifiers in (CTRL, CTRL | Qt.KeyboardModifier.ShiftModifier):
        for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
            asked.ignore()
            QApplication.sendEvent(sheet, asked)
            assert not asked.isAccepted()


def test_a_box_enlarges_what_it_holds_and_history_goes_back_and_forward(charts):
    one, _ = charts
    sheet, (x0, y0) = one.canvas.sheet, ranges(one)
    drag(sheet, place(one, 0.2, 0.7), place(one, 0.4, 0.3))
    x1, y1 = ranges(one)
    whole = x0[1] - x0[0]
    assert x1 == pytest.approx((0.2 * whole, 0.4 * whole), abs=0.01 * whole)
    assert (y1[1] - y1[0]) == pytest.approx(0.4 * (y0[1] - y0[0]), rel=0.05)
    for keys, expected in (
        ((Qt.Key.Key_Left, ALT), (x0, y0)),
        ((Qt.Key.Key_Right, ALT), (x1, y1)),
        ((Qt.Key.Key_0, NONE), (x0, y0)),
    ):
        QTest.keyClick(sheet, *keys)
        QTest.qWait(20)
        assert ranges(one) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


@pytest.mark.parametrize(("end", "enlarged"), [((0.4, 0.5), 0), ((0.2, 0.9), 1), ((0.7, 0.55), 0)])
def test_a_line_instead_of_a_box_enlarges_along_it_alone(charts, end, enlarged):
    one, _ = charts
    before = ranges(one)
    drag(one.canvas.sheet, place(one, 0.2, 0.5), place(one, *end))
    after = ranges(one)
    whole = before[enlarged][1] - before[enlarged][0]
    share = end[enlarged] - (0.2, 0.5)[enlarged]
    assert after[enlarged][1] - after[enlarged][0] == pytest.approx(share * whole, rel=0.1)
    assert after[1 - enlarged] == pytest.approx(before[1 - enlarged])


@pytest.mark.parametrize(("button", "modifiers"), [(MIDDLE, NONE), (LEFT, CTRL)])
def test_a_pan_moves_the_window_and_a_double_click_shows_everything(charts, button, modifiers):
    one, _ = charts
    sheet, (x0, y0) = one.canvas.sheet, ranges(one)
    drag(sheet, place(one, 0.4, 0.7), place(one, 0.6, 0.3))
    x1, _ = ranges(one)
    drag(sheet, place(one, 0.3, 0.5), place(one, 0.8, 0.5), button, modifiers)
    x2, _ = ranges(one)
    assert x2[1] - x2[0] == pytest.approx(x1[1] - x1[0])
    assert x2[0] == pytest.approx(x1[0] - 0.5 * (x1[1] - x1[0]), rel=0.02)
    at = place(one, 0.5, 0.5)
    for kind, buttons in (
        (QEvent.Type.MouseButtonPress, LEFT), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        (QEvent.Type.MouseButtonDblClick, LEFT), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
    ):  # fmt: skip
        send(sheet, kind, at, LEFT, buttons)
    QTest.qWait(20)
    assert ranges(one) == (x0, y0)


def test_the_crosshair_is_under_the_pointer_after_each_look(charts):
    """It stayed at its step, elsewhere in the new picture, until the pointer moved."""
    one, other = charts
    one.cursor_moved.connect(other.show_cursor)
    sheet, end = one.canvas.sheet, place(one, 0.4, 0.3)

    def is_under_pointer():
        at = one._chart.drawn.x.pixel(one._cursor)
        return at == pytest.approx(end.x(), abs=0.01) and one._cursor == other._cursor

    drag(sheet, place(one, 0.2, 0.7), end)
    assert is_under_pointer()
    wheel(sheet, place(one, 0.9, 0.9))
    assert is_under_pointer()
    one.canvas.reset()
    QTest.qWait(20)
    assert is_under_pointer()
    step = one._cursor
    QTest.keyClick(sheet, Qt.Key.Key_Plus)
    QTest.qWait(20)
    assert one._cursor == step
    one._pointer = QPointF(0, 0)
    wheel(sheet, end)
    assert (one._cursor, other._cursor) == (None, None)


def test_steps_are_linked_and_heights_are_not(charts):
    one, other = charts
    before = ranges(other)
    drag(one.canvas.sheet, place(one, 0.2, 0.7), place(one, 0.4, 0.3))
    assert ranges(other) == (pytest.approx(ranges(one)[0]), before[1])
    QTest.keyClick(other.canvas.sheet, Qt.Key.Key_0)
    QTest.qWait(20)
    assert ranges(one)[0] == ranges(other)[0] == before[0]


@pytest.mark.parametrize("button", [LEFT, MIDDLE])
def test_the_history_of_steps_is_that_of_all_charts(charts, button):
    """Alt+← on another chart did nothing, or showed what that one had shown long before."""
    one, other = charts
    shown = [ranges(other)[0]]

    def touch(chart, first, last, button=LEFT):
        drag(chart.canvas.sheet, place(chart, *first), place(chart, *last), button)
        shown.append(ranges(other)[0])
        assert ranges(one)[0] == pytest.approx(shown[-1])

    touch(one, (0.2, 0.7), (0.6, 0.3))
    touch(other, (0.2, 0.7), (0.6, 0.3), button)
    heights = ranges(other)[1]
    drag(other.canvas.sheet, place(other, 0.5, 0.7), place(other, 0.5, 0.3))
    assert ranges(other)[1] != heights
    for key, chart, at in (
        ("Left", one, 1), ("Left", other, 0), ("Right", one, 1), ("Right", other, 2), ("Left", other, 1),
    ):  # fmt: skip
        QTest.keyClick(chart.canvas.sheet, Qt.Key[f"Key_{key}"], ALT)
        QTest.qWait(20)
        assert [ranges(each)[0] for each in charts] == [pytest.approx(shown[at])] * 2, (key, at)


def test_an_enlarged_end_follows_the_run_until_the_chip_is_pressed(charts):
    one, other = charts
    drag(one.canvas.sheet, place(one, 0.7, 0.9), place(one, 1.0, 0.1))
    x0, _ = ranges(one)
    grow(charts, 4100)
    assert ranges(one)[0] == pytest.approx((x0[0] + 100, x0[1] + 100))
    assert ranges(other)[0] == pytest.approx(ranges(one)[0])
    QTest.mouseClick(one.canvas.sheet.viewport(), LEFT, NONE, one._chips()[0][1].center().toPoint())
    grow(charts, 4200)
    assert ranges(one)[0] == pytest.approx((x0[0] + 100, x0[1] + 100))
    assert ranges(other)[0] == ranges(one)[0]


def test_an_enlarged_past_stands_still(charts):
    one, _ = charts
    drag(one.canvas.sheet, place(one, 0.2, 0.9), place(one, 0.4, 0.1))
    before = ranges(one)
    grow(charts, 4100)
    assert ranges(one) == before
    assert not one._chips()


def test_the_legend_hides_and_isolates_curves(charts):
    one, _ = charts
    drawn, viewport = one._chart.drawn, one.canvas.sheet.viewport()
    at = QPoint(round(drawn.legend_area.left() + 8), round(drawn.legend_area.top() + 8))
    everything = {curve.column for curve, *_ in drawn.tracks}

    def seen():
        QTest.qWait(20)
        return {curve.column for curve, *_ in one._chart.drawn.tracks}

    QTest.mouseClick(viewport, LEFT, NONE, at)
    assert seen() == everything - {"d_loss"}
    QTest.mouseClick(viewport, LEFT, NONE, at)
    assert seen() == everything
    QTest.mouseClick(viewport, LEFT, ALT, at)
    assert seen() == {"d_loss"}
    QTest.mouseClick(viewport, LEFT, ALT, at)
    assert seen() == everything


def test_the_menu_of_a_legend_entry_leaves_it_alone(charts):
    """Alt and a click do it too, but some desktops move the window with them, and nothing tells of them."""
    one, _ = charts
    everything = {curve.column for curve, *_ in one._chart.drawn.tracks}
    for expected in ({"g_loss"}, everything):
        one.canvas.sheet._plot.open_menu(one.legend_places()["g_loss"].center())
        menu = one.findChild(QMenu)
        next(action for action in menu.actions() if "Only this" in action.text()).trigger()
        menu.close()
        QTest.qWait(20)
        assert {curve.column for curve, *_ in one._chart.drawn.tracks} == expected
    one.canvas.sheet._plot.open_menu(place(one, 0.5, 0.5))
    menu = one.findChild(QMenu)
    assert not any("Only this" in action.text() for action in menu.actions()), (
        "there is no entry under the pointer"
    )
    menu.close()


def test_a_lane_that_is_hidden_is_not_hidden_in_other_runs(charts):
    """Where a run has one lane, no legend would bring it back."""
    one, _ = charts

    def show(run, *formulations):
        config = made_up.run_config("ring", formulations)
        shown = made_up.snapshot(config, step=500)
        one.show_snapshot(dataclasses.replace(shown, stamp=Stamp(run, 500, 0)))
        QTest.qWait(20)
        return {lane for _, lane, _ in one._chart.drawn.tracks}

    def hide(lane):
        at = one.legend_places()[lane_key(lane)].center().toPoint()
        QTest.mouseClick(one.canvas.sheet.viewport(), LEFT, NONE, at)
        QTest.qWait(20)

    assert show(2, "saturating", "non_saturating") == {0, 1}
    hide(0)
    assert show(3, "saturating", "non_saturating") == {1}, "the same lanes once more"
    one.clear()
    assert show(4, "hinge") == {0}
    assert show(5, "saturating", "non_saturating") == {0, 1}
    hide(1)
    hide(0)
    assert show(5, "saturating") == {0}, "the other lane was removed"


def test_the_menu_copies_what_is_visible(charts):
    one, _ = charts
    one.canvas.sheet._plot.open_menu(place(one, 0.5, 0.5))
    drag(one.canvas.sheet, place(one, 0.2, 0.9), place(one, 0.4, 0.1))
    menu = one.findChild(QMenu)
    words = [action.text() for action in menu.actions()]
    assert not any("View All" in text or "Export..." in text for text in words)
    next(action for action in menu.actions() if "Copy visible" in action.text()).trigger()
    menu.close()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    (low, high), _ = ranges(one)
    assert rows[0][:5] == ["first_step", "last_step", "d_loss mean", "d_loss min", "d_loss max"]
    assert len(rows) > 20
    assert all(int(row[1]) >= low and int(row[0]) <= high for row in rows[1:])
    trace = one._trace
    i = trace.first.tolist().index(int(rows[1][0]))
    assert float(rows[1][2]) == trace.mean[0, trace.column("d_loss"), i]


def test_an_export_shows_the_same_steps_without_the_chip(charts):
    one, _ = charts
    drag(one.canvas.sheet, place(one, 0.7, 0.9), place(one, 1.0, 0.1))
    shown = ranges(one)[0]
    view_image(one, one.canvas.size() * 2, LIGHT)
    assert ranges(one)[0] == shown


def test_after_an_export_the_pointer_reads_where_the_screen_has_the_plot(charts):
    one, _ = charts
    before = one._chart.drawn.area
    view_image(one, one.canvas.size() * 2, LIGHT)
    QTest.qWait(20)
    assert one._chart.drawn.area == before


def test_an_exception_while_painting_is_logged_and_kept(charts, monkeypatch, caplog):
    one, _ = charts
    sheet = one.canvas.sheet

    def fail(*_):
        raise ArithmeticError

    monkeypatch.setattr(one, "draw_overlay", fail)
    for _ in range(3):
        sheet.viewport().repaint()
    assert isinstance(sheet.overlay.failure, ArithmeticError)
    one.redraw()
    QTest.qWait(60)
    assert isinstance(sheet.overlay.failure, ArithmeticError)
    assert len(caplog.records) == 1
    monkeypatch.undo()
    one.redraw()
    QTest.qWait(60)
    assert sheet.overlay.failure is None  # with the next picture it is painted again


def test_the_window_is_made_before_pyqtgraph_is_imported(tmp_path):
    code = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication(["test", "-platform", "offscreen"])
from ganviz.views.pictures.losses_view import LossesView
import ganviz.app
view = LossesView()
view.show()
app.sendPostedEvents()
view.repaint()
assert "pyqtgraph" not in sys.modules
app.processEvents()
app.processEvents()
assert "pyqtgraph" in sys.modules
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_colors_tell_lanes_where_that_is_asked_for(qtbot):
    view = LossesView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating", "saturating"))))

    quantities = {LIGHT.line(role).name() for role in ("d_loss", "g_loss")}
    lanes = {LIGHT.of_lane(1).name()}

    def colors():
        image = view_image(view, QSize(700, 400), LIGHT)
        places = itertools.product(range(image.width()), range(image.height()))
        counted = Counter(image.pixelColor(x, y).name() for x, y in places)
        return {color for color in quantities | lanes if counted[color] > 20}

    assert colors() == quantities
    words = "Color by lane"
    next(switch for text, is_on, switch in view.checks() if text == words and not is_on)(True)
    assert colors() == lanes
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), run=2))
    assert words not in [text for text, *_ in view.checks()], "there is one lane"
