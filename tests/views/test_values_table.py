"""A plot's values as a table: opened by key and menu, read again, copied; and a range that leaves out extremes."""

from __future__ import annotations

import dataclasses
import itertools

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from test_touched_charts import LEFT, NONE, charts, drag, place, ranges  # noqa: F401

from ganviz.spec.words import grouped
from ganviz.views.bases.chart_annotations import value_box
from ganviz.views.bases.chart_chips import CALM, FOLLOWING, placed
from ganviz.views.bases.chart_range import beyond, parted
from ganviz.views.bases.traces import robust_range
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView
from ganviz.views.plot.plotting import number
from ganviz.views.plot.track import Track
from ganviz.views.plot.values import Values
from ganviz.views.plot.values_table import ValuesTable


def table_of(view):
    QTest.qWait(20)
    (found,) = view.findChildren(ValuesTable)
    return found


@pytest.mark.parametrize("cls", [PlaneView, LossShapeView, ScoreHistogramView])
def test_a_key_opens_the_table_of_any_plot(qtbot, cls):
    view = cls()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring")))
    qtbot.waitUntil(lambda: view.canvas.sheet is not None)
    view.canvas.sheet.setFocus()
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_T)
    table, values = table_of(view), view.values()
    assert (table.model.rowCount(), table.model.columnCount()) == (len(values.rows), len(values.headings))
    assert table.model.rowCount() > 20
    assert view.title in table.windowTitle()
    assert table.table.accessibleName()
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_T)
    assert table_of(view) is table, "a key that is held opened a window each time"
    table.close()
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_T)
    assert [one.isVisible() for one in view.findChildren(ValuesTable)][-1:] == [True]


def test_the_table_says_each_value_with_its_name_and_reads_again(charts):  # noqa: F811
    one, _ = charts
    one.open_menu(place(one, 0.5, 0.5))
    menu = next(menu for menu in one.findChildren(QMenu) if menu.parent() is one)
    next(action for action in menu.actions() if "Table of values" in action.text()).trigger()
    menu.close()
    table, whole = table_of(one), len(one.values().rows)
    index = table.model.index(3, 2)
    text = number(one.values().rows[3][2], 4)
    assert table.model.data(index) == text
    assert table.model.data(index, Qt.ItemDataRole.AccessibleTextRole) == f"d_loss mean: {text}"
    assert table.model.headerData(2, Qt.Orientation.Horizontal) == "d_loss mean"
    tip = table.model.headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "by the D before it" in tip, "a column does not say of which moment it is"
    header = table.table.horizontalHeader()
    for column in range(table.model.columnCount()):
        assert header.sectionSize(column) >= header.sectionSizeHint(column), "a heading is cut"
    drag(one.canvas.sheet, place(one, 0.2, 0.9), place(one, 0.4, 0.1))
    assert table.model.rowCount() == whole
    buttons = {button.text(): button for button in table.findChildren(QPushButton)}
    buttons["Read again"].click()
    assert 10 < table.model.rowCount() < whole
    buttons["Copy as CSV"].click()
    assert QGuiApplication.clipboard().text() == one.values().csv()
    table.close()


@pytest.fixture
def with_event(charts):  # noqa: F811
    """Two charts, the first of a run in which one bucket of L_D went up to 500."""
    one, other = charts
    trace, i = one._trace, one._trace.column("d_loss")
    high, mean = trace.high.copy(), trace.mean.copy()
    high[0, i, 40] = mean[0, i, 40] = 500.0
    one._trace = dataclasses.replace(trace, high=high, mean=mean)
    one._chart.reset()
    one.redraw()
    QTest.qWait(20)
    return one, other


def test_an_event_does_not_flatten_the_rest_and_is_marked_at_the_edge(with_event):
    one, _ = with_event
    assert ranges(one)[1][1] < 10
    drawn = one._chart.drawn
    found = beyond(drawn.tracks, drawn.y.low, drawn.y.high, 0, drawn.newest)
    most = max(found, key=lambda one: one.value)
    assert (most.value, most.is_above, drawn.tracks[most.place][0].column) == (500.0, True, "d_loss")
    ((words, box, _),) = one._chips()
    assert words == "Without extremes ×"
    QTest.mouseClick(one.canvas.sheet.viewport(), LEFT, NONE, box.center().toPoint())
    QTest.qWait(20)
    assert ranges(one)[1][1] >= 500
    assert not one._chips()
    one.set_whole(False)
    QTest.qWait(20)
    assert ranges(one)[1][1] < 10


def test_a_robust_range_is_asked_for_in_the_menu_and_left_by_its_chip(with_event):
    one, other = with_event
    one.set_whole(True)
    QTest.qWait(20)
    whole = ranges(one)[1]
    assert whole[1] >= 500
    one.open_menu(place(one, 0.5, 0.5))
    menu = next(menu for menu in one.findChildren(QMenu) if menu.parent() is one)
    next(action for action in menu.actions() if "Robust" in action.text()).trigger()
    menu.close()
    QTest.qWait(20)
    assert ranges(one)[1][1] < 10
    assert [text for text, *_ in one._chips()] == ["Robust range ×"]
    assert not other._chips()
    QTest.mouseClick(one.canvas.sheet.viewport(), LEFT, NONE, one._chips()[0][1].center().toPoint())
    QTest.qWait(20)
    assert ranges(one)[1] == whole
    assert not one._chips()


def test_curves_are_not_flat_on_the_range_of_the_formulation_before(charts):  # noqa: F811
    one, _ = charts
    trace, (mark, *_) = one._trace, (mark for mark in one._trace.marks if mark.breaks)
    before = trace.last <= mark.step
    grown = {name: np.where(before, 500.0, 1.0) * getattr(trace, name) for name in ("low", "high", "mean")}
    one._trace = dataclasses.replace(trace, **grown)
    one._chart.reset()
    one.redraw()
    QTest.qWait(20)
    assert ranges(one)[1][1] < 5
    assert one._chart.drawn.since == mark.step
    assert [text for text, *_ in one._chips()] == [f"Range since step {mark.step} ×"]
    drawn = one._chart.drawn
    earlier, newest = parted(drawn.tracks, mark.step, drawn.y.low, drawn.y.high)
    assert not any(np.isfinite(track.mean).any() for *_, track in earlier), "strokes from edge to edge"
    for (*_, whole), (*_, part) in zip(drawn.tracks, newest, strict=True):
        np.testing.assert_array_equal(part.mean[whole.steps > mark.step], whole.mean[whole.steps > mark.step])
    QTest.mouseClick(one.canvas.sheet.viewport(), LEFT, NONE, one._chips()[0][1].center().toPoint())
    QTest.qWait(20)
    assert ranges(one)[1][1] > 100
    assert not one._chips()


def test_chips_stand_beside_each_other(charts):  # noqa: F811
    one, _ = charts
    drag(one.canvas.sheet, place(one, 0.7, 0.9), place(one, 1.0, 0.1))
    one.set_robust(True)
    QTest.qWait(20)
    (_, first, _), (_, second, _) = one._chips()
    assert not first.intersects(second)
    assert one._chart.drawn.area.contains(QPointF(second.left(), second.top()))


@pytest.mark.parametrize("width", [180, 240, 300, 400, 700])
@pytest.mark.parametrize("share", [1.0, 2.0])
def test_chips_cover_nothing_beside_the_plot(with_event, width, share):
    """The numbers of the axis stand there."""
    one, _ = with_event
    letters = one.font()
    letters.setPointSizeF(letters.pointSizeF() * share)
    one.setFont(letters)
    one.set_robust(True)
    one.resize(width, 300)
    QTest.qWait(30)
    one.canvas.grab()
    drawn = one._chart.drawn
    drawn.since, drawn.is_calm = 123_456, True
    chips = one._chips()
    assert len(chips) == 3
    for text, box, _ in chips:
        assert drawn.area.contains(box), (text, box, drawn.area)
    boxes = [box for _, box, _ in chips]
    assert not any(a.intersects(b) for a, b in itertools.combinations(boxes, 2))
    assert (
        width < 700
        or share > 1
        or [text for text, *_ in chips][1] == f"Range since step {grouped(123_456)} ×"
    )


def test_a_robust_range_keeps_to_the_means_but_for_a_hundredth():
    values = np.concatenate([np.linspace(0, 1, 1000), [1e6, -1e6, np.nan]])
    one = Track(np.arange(len(values), dtype=float), values - 9, values + 9, values)
    low, high = robust_range([one], [])
    assert 0 <= low < 0.02
    assert 0.98 < high <= 1
    assert robust_range([one], [7.0]) == (low, 7.0)
    assert robust_range([], []) is None


def test_copying_in_the_table_takes_the_cells_that_are_chosen(qtbot):
    """Ctrl+A and Ctrl+C put one number on the clipboard: Qt copies the cell that the keys stand on."""
    values = Values(("step", "loss"), ((1, 0.1 + 0.2), (2, 1.25), (3, 2.0)))
    table = ValuesTable("Losses", lambda: values, None)
    qtbot.addWidget(table)
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(table.table, key, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied == "step\tloss\n1\t0.30000000000000004\n2\t1.25\n3\t2.0"
    table.table.clearSelection()
    table.table.setCurrentIndex(table.model.index(1, 1))
    QTest.keyClick(table.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1.25"


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_the_value_beyond_the_upper_edge_does_not_lie_under_a_chip(charts, share):  # noqa: F811
    """Where extremes are left out, a chip says so, and lay on the value of the farthest of them."""
    one, _ = charts
    plot, fonts = one._chart.drawn.area, one.fonts()
    at = plot.left() + share * plot.width()
    box = value_box(plot, at, 1, "penalty, WGAN-GP: 47.03 ↑", fonts)
    for _, chip, _ in placed(plot, [(CALM, print), (FOLLOWING, print)], fonts):
        assert not box.intersects(chip)
    assert plot.top() <= box.top() < plot.center().y()
    assert plot.left() <= box.left()
