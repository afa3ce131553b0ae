"""Cursors A and B on charts: put by clicks, keys and drags; what lies between them is read and copied."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from test_touched_charts import ALT, CTRL, LEFT, NONE, charts, drag, place, ranges, send  # noqa: F401

from ganviz.spec.words import grouped
from ganviz.views.bases import touched_chart
from ganviz.views.bases.chart_cursors import Cursors, compared, read_out_at, signed
from ganviz.views.bases.traces import value_at
from ganviz.views.plot.plotting import number

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def said(monkeypatch):
    found = []
    monkeypatch.setattr(touched_chart, "draw_read_out", lambda *args: found.append(args[3]))
    return found


def click(chart, at, modifiers=NONE):
    sheet = chart.canvas.sheet
    send(sheet, QEvent.Type.MouseButtonPress, at, LEFT, LEFT, modifiers)
    send(sheet, QEvent.Type.MouseButtonRelease, at, LEFT, Qt.MouseButton.NoButton, modifiers)
    QTest.qWait(20)


def point(chart, at):
    send(chart.canvas.sheet, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)
    QTest.qWait(20)


def step_at(chart, at):
    return round(chart._chart.drawn.x.value(at.x()))


def test_clicks_put_cursors_on_steps_in_every_chart_and_a_double_click_puts_none(charts):  # noqa: F811
    one, other = charts
    a, b = place(one, 0.3, 0.5), place(one, 0.6, 0.5)
    click(one, a)
    click(one, b, SHIFT)
    assert one.cursors == other.cursors == Cursors(step_at(one, a), step_at(one, b))
    at = place(one, 0.8, 0.5)
    click(one, at)
    send(one.canvas.sheet, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    send(one.canvas.sheet, QEvent.Type.MouseButtonRelease, at, LEFT, Qt.MouseButton.NoButton)
    QTest.qWait(20)
    assert one.cursors == other.cursors == Cursors(step_at(one, a), step_at(one, b))
    click(one, QPointF(place(one, 0.5, 0.5).x(), 4))
    assert one.cursors.a == step_at(one, a)


def test_the_read_out_compares_the_cursors(charts, said):  # noqa: F811
    one, _ = charts
    a, b = place(one, 0.1, 0.5), place(one, 0.7, 0.5)
    click(one, a)
    point(one, b)
    assert said[-1].headings[0].startswith("A ")
    assert said[-1].headings[1].startswith("step ")
    click(one, b, SHIFT)
    point(one, place(one, 0.4, 0.5))
    shown, (curve, _, track) = said[-1], one._chart.drawn.tracks[0]
    assert [heading[0] for heading in shown.headings] == ["A", "B", "Δ"]
    assert shown.rows[0].name == curve.symbol
    values = [value_at(track, one.cursors.a), value_at(track, one.cursors.b)]
    read = [float(text.replace("−", "-")) for text in shown.rows[0].values]
    assert read == pytest.approx([*values, values[1] - values[0]], abs=1e-3)
    assert len(shown.rows) == len(one._chart.drawn.tracks)


def test_keys_move_the_crosshair_put_cursors_and_take_them_away(charts, said):  # noqa: F811
    one, other = charts
    sheet = one.canvas.sheet
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_A)
    assert not one.cursors.are_set
    QTest.keyClick(sheet, Qt.Key.Key_Right, CTRL)
    start = one._cursor
    QTest.keyClick(sheet, Qt.Key.Key_A)
    for _ in range(3):
        QTest.keyClick(sheet, Qt.Key.Key_Left, CTRL)
    QTest.keyClick(sheet, Qt.Key.Key_B)
    low, high = ranges(one)[0]
    assert one.cursors.a == round(start)
    assert one.cursors.b == pytest.approx(one.cursors.a - 0.03 * (high - low), abs=3)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not one.cursors.are_set
    assert not other.cursors.are_set


def test_keys_zoom_and_move_every_axis(charts):  # noqa: F811
    one, _ = charts
    sheet, whole = one.canvas.sheet, ranges(one)
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_Plus, SHIFT)
    QTest.qWait(20)
    before = ranges(one)
    assert all(
        new[1] - new[0] == pytest.approx(0.8 * (old[1] - old[0]))
        for new, old in zip(before, whole, strict=True)
    )
    QTest.keyClick(sheet, Qt.Key.Key_Left, SHIFT)
    QTest.keyClick(sheet, Qt.Key.Key_Up, SHIFT)
    QTest.qWait(20)
    (x, y), (x0, y0) = ranges(one), before
    assert x[0] == pytest.approx(x0[0] - 0.1 * (x0[1] - x0[0]))
    assert y[0] == pytest.approx(y0[0] + 0.1 * (y0[1] - y0[0]))
    QTest.keyClick(sheet, Qt.Key.Key_Minus)
    QTest.keyClick(sheet, Qt.Key.Key_Minus)
    QTest.qWait(20)
    assert ranges(one) == whole


def test_a_drag_on_the_axis_with_shift_is_a_range_whose_values_are_copied(charts):  # noqa: F811
    one, other = charts
    drawn, whole = one._chart.drawn, ranges(one)
    start, end = (QPointF(place(one, share, 0).x(), drawn.area.bottom() + 8) for share in (0.25, 0.5))
    drag(one.canvas.sheet, start, end, LEFT, SHIFT)
    low, high = step_at(one, start), step_at(one, end)
    assert one.cursors == other.cursors == Cursors(low, high)
    assert ranges(one) == whole
    point(one, place(one, 0.9, 0.5))
    assert one.cursors == Cursors(low, high)
    one.open_menu(place(one, 0.5, 0.5))
    menu = one.findChild(QMenu)
    next(action for action in menu.actions() if "from A to B" in action.text()).trigger()
    menu.close()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0][:3] == ["first_step", "last_step", "d_loss mean"]
    assert int(rows[1][0]) <= low <= int(rows[1][1])
    assert int(rows[-1][0]) <= high <= int(rows[-1][1])


def test_a_drag_on_the_axis_without_shift_and_another_run_set_no_range(charts):  # noqa: F811
    one, _ = charts
    y = one._chart.drawn.area.bottom() + 8
    drag(one.canvas.sheet, QPointF(place(one, 0.3, 0).x(), y), QPointF(place(one, 0.6, 0).x(), y))
    assert not one.cursors.are_set
    click(one, place(one, 0.3, 0.5))
    assert one.cursors.are_set
    one.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=50, run=2))
    assert not one.cursors.are_set


def test_the_menu_speaks_of_cursors_where_there_are_any(charts):  # noqa: F811
    one, _ = charts

    def words():
        one.open_menu(place(one, 0.5, 0.5))
        menu = [menu for menu in one.findChildren(QMenu) if menu.parent() is one][-1]
        found = [action.text().split("\t")[0] for action in menu.actions()]
        menu.close()
        return found

    assert "Remove cursors" not in words()
    click(one, place(one, 0.3, 0.5))
    assert "Remove cursors" in words()
    assert "Copy values from A to B (CSV)" not in words()


def test_lanes_have_a_column_each_where_cursors_are_compared(charts):  # noqa: F811
    one, _ = charts
    curve, _, track = one._chart.drawn.tracks[0]
    shown = compared([(curve, 0, track), (curve, 1, track)], ("one", "two"), Cursors(100, 200), 5.0)
    assert shown.title == "A 100 → B 200, Δ +100 · means of 16 steps"
    assert shown.headings == ("one", "two")
    start, end = value_at(track, 100), value_at(track, 200)
    delta = signed(end - start)
    (row,) = shown.rows
    assert row.values == (f"{start:.3f} → {end:.3f}, {delta}",) * 2
    assert row.brief == (delta, delta)


def test_a_read_out_is_of_the_lanes_that_were_drawn_until_others_are(charts):  # noqa: F811
    """A lane may go after a picture was made: what is under the pointer is still of that one."""
    chart = charts[0]
    chart.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating", "hinge", "wgan_gp"))))
    QTest.qWait(20)
    chart.show_cursor(2000.0)
    before = chart._read_out().headings
    assert len(before) == 3
    chart.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating", "hinge"))))
    assert chart._read_out().headings == before
    chart.cursors = Cursors().put("A", 100.0).put("B", 200.0)
    assert len(chart._read_out().headings) == 3
    QTest.qWait(20)
    assert len(chart._read_out().headings) == 2


def test_a_read_out_names_the_steps_of_which_its_values_are_means(charts):  # noqa: F811
    """ "Step 398" over the mean of steps 385 to 400 would give another value to that step at each zoom."""
    one, _ = charts
    curve, _, track = one._chart.drawn.tracks[0]
    at = int(np.flatnonzero(track.last - track.first >= 2)[3])
    first, last = int(track.first[at]), int(track.last[at])
    shown = read_out_at([(curve, 0, track)], (), first + 1.0)
    assert shown.title == f"mean of steps {grouped(first)}–{grouped(last)}"
    assert shown.rows[0].values[0].startswith(number(float(track.mean[at])))
    single = replace(track, first=track.steps, last=track.steps)
    assert read_out_at([(curve, 0, single)], (), first + 1.0).title == f"step {grouped(int(track.steps[at]))}"
    both = compared([(curve, 0, single)], (), Cursors(100, 200), 5.0)
    assert both.title == ""


def test_differences_have_signs():
    assert [signed(value) for value in (0.5, -0.5, 0.0, np.nan)] == ["+0.500", "−0.500", "0.000", "–"]
    assert Cursors(5, 2).span == (2, 5)
    assert Cursors(5).span is None
    assert Cursors().put("B", 0.2) == Cursors(None, 1.0)
