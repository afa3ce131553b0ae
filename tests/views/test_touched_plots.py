"""Loss shape, score histograms and the bound under the hand: zoom, pan, history, read-outs, values on the clipboard."""

from __future__ import annotations

import csv
import dataclasses
import io

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter, QPicture
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from test_touched_charts import ALT, CTRL, LEFT, MIDDLE, NONE, drag, send, wheel

from ganviz.spec.words import grouped
from ganviz.training.probes.bound import Bound
from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.probes.score_histogram import ScoreHistogram
from ganviz.training.probes.shadow_trace import ShadowTrace
from ganviz.training.shadows import ShadowCurve
from ganviz.views.bases import touched_plots
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import shadow_traces
from ganviz.views.pictures.bound_view import BoundView
from ganviz.views.pictures.histogram_drawing import draw_steps
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView
from ganviz.views.pictures.shadows_view import ShadowsView
from ganviz.views.plot.looks import EVERYTHING
from ganviz.views.plot.plotting import Axis

BOTH = pytest.mark.parametrize("cls", [LossShapeView, ScoreHistogramView])
ALL = pytest.mark.parametrize("cls", [LossShapeView, ScoreHistogramView, BoundView, ShadowsView])


@pytest.fixture
def opened(qtbot):
    made = []

    def make(cls, *formulations):
        view = cls()
        if cls is ShadowsView:
            view._values.setChecked(True)
        qtbot.addWidget(view)
        view.resize(620, 420)
        view.show()
        qtbot.waitExposed(view)
        show(view, 4000, *formulations)
        qtbot.waitUntil(lambda: view.canvas.sheet is not None)
        QTest.qWait(50)
        made.append(view)
        return view

    yield make
    for view in made:
        assert (view.canvas.sheet.paper.failure, view.canvas.sheet.overlay.failure) == (None, None)


def show(view, step, *formulations, run=1):
    config = made_up.run_config("ring", formulations or ("non_saturating",))
    view.show_snapshot(made_up.snapshot(config, step=step, run=run))
    QTest.qWait(20)


def frame(view, index=0):
    return view._frames_here()[index]


def ranges(view, index=0):
    one = frame(view, index)
    return (one.x.low, one.x.high), (one.y.low, one.y.high)


def place(view, x, y, index=0):
    area = frame(view, index).area
    return QPointF(round(area.left() + x * area.width()), round(area.bottom() - y * area.height()))


def point(view, at):
    send(view.canvas.sheet, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)
    QTest.qWait(20)


@ALL
def test_the_wheel_zooms_at_the_pointer_and_a_held_key_keeps_one_axis(opened, cls):
    view = opened(cls)
    sheet, at, whole = view.canvas.sheet, place(view, 0.25, 0.6), ranges(view)
    before = frame(view).x.value(at.x()), frame(view).y.value(at.y())
    wheel(sheet, at, 2)
    assert all(
        new[1] - new[0] < 0.8 * (old[1] - old[0]) for new, old in zip(ranges(view), whole, strict=True)
    )
    assert (frame(view).x.value(at.x()), frame(view).y.value(at.y())) == pytest.approx(before)
    enlarged = ranges(view)
    sheet.setFocus()
    QTest.keyPress(sheet, Qt.Key.Key_X)
    wheel(sheet, at)
    QTest.keyRelease(sheet, Qt.Key.Key_X)
    assert ranges(view)[1] == pytest.approx(enlarged[1])
    assert ranges(view)[0] != pytest.approx(enlarged[0])
    wheel(sheet, at, -40)
    assert ranges(view) == whole


@ALL
def test_box_pan_and_history_work(opened, cls):
    view = opened(cls)
    sheet, whole = view.canvas.sheet, ranges(view)
    drag(sheet, place(view, 0.3, 0.8), place(view, 0.7, 0.2))
    boxed = ranges(view)
    span = boxed[0][1] - boxed[0][0]
    assert span == pytest.approx(0.4 * (whole[0][1] - whole[0][0]), rel=0.02)
    for button, modifiers in ((MIDDLE, NONE), (LEFT, CTRL)):
        before = ranges(view)
        drag(sheet, place(view, 0.5, 0.5), place(view, 0.7, 0.5), button, modifiers)
        assert ranges(view)[0][0] == pytest.approx(before[0][0] - 0.2 * span, abs=0.02 * span)
    for keys, expected in (
        ((Qt.Key.Key_Left, ALT), before), ((Qt.Key.Key_Left, ALT), boxed), ((Qt.Key.Key_Left, ALT), whole),
        ((Qt.Key.Key_Right, ALT), boxed), ((Qt.Key.Key_0, NONE), whole),
    ):  # fmt: skip
        QTest.keyClick(sheet, *keys)
        QTest.qWait(20)
        assert ranges(view) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


@BOTH
def test_what_is_enlarged_stands_still_while_a_run_goes_on_and_is_forgotten_for_another_loss(opened, cls):
    view = opened(cls)
    drag(view.canvas.sheet, place(view, 0.3, 0.8), place(view, 0.9, 0.2))
    before = ranges(view)
    show(view, 4100)
    assert ranges(view) == before
    view_image(view, QSize(1000, 700), LIGHT)
    assert ranges(view) == before
    show(view, 4200, "rpgan" if cls is LossShapeView else "wgan_gp")
    assert view.look(0) == EVERYTHING


def test_probabilities_share_a_look_and_scores_have_their_own(opened):
    view = opened(ScoreHistogramView, "non_saturating", "wgan_gp", "saturating")
    whole = [ranges(view, i) for i in range(3)]
    wheel(view.canvas.sheet, place(view, 0.5, 0.5, 2), 3)
    assert ranges(view, 0)[0] == ranges(view, 2)[0] != whole[0][0]
    assert ranges(view, 1) == whole[1]
    at = place(view, 0.3, 0.5, 1)
    before = frame(view, 1).x.value(at.x())
    wheel(view.canvas.sheet, at, 3)
    assert frame(view, 1).x.value(at.x()) == pytest.approx(before)
    assert ranges(view, 1) != whole[1]
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_0)
    QTest.qWait(20)
    assert ranges(view, 1) == whole[1]
    assert ranges(view, 0) != whole[0]


def test_read_outs_tell_loss_and_slope_and_the_shares_of_a_bin(opened, monkeypatch):
    said = []
    monkeypatch.setattr(touched_plots, "draw_read_out", lambda *args: said.append(args[3]))
    view = opened(LossShapeView, "non_saturating", "saturating")
    shape = next(r for _, r in view.snapshot.readings if isinstance(r, LossShape))
    at = place(view, 0.4, 0.5)
    point(view, at)
    t = frame(view).x.value(at.x())
    assert said[-1].title.replace("−", "-") == f"score t = {t:.2f}"
    assert said[-1].headings == ("Non-saturating", "Saturating")
    for row, values in zip(said[-1].rows, (shape.g_loss, shape.g_slope), strict=True):
        expected = [float(np.interp(t, shape.axis, one)) for one in values]
        assert [float(text.replace("−", "-")) for text in row.values] == pytest.approx(expected, abs=6e-4)
    view = opened(ScoreHistogramView)
    histogram = next(r for _, r in view.snapshot.readings if isinstance(r, ScoreHistogram))
    at = place(view, 0.83, 0.2)
    point(view, at)
    i = int(frame(view).x.value(at.x()) * 40)
    assert said[-1].title == f"D {i / 40:.3f} … {(i + 1) / 40:.3f}"
    assert [float(row.values[0].split(" ")[0]) for row in said[-1].rows] == pytest.approx(
        [100 * histogram.real[0, i], 100 * histogram.generated[0, i]], abs=0.06
    )
    said.clear()
    point(view, QPointF(2, 2))
    assert not said


def test_bars_below_an_enlarged_part_leave_no_dots(qapp):
    axis_x, axis_y = Axis(0, 1, 0, 100), Axis(5, 10, 80, 0)
    picture = QPicture()
    painter = QPainter(picture)
    edges, shares = np.array([0, 0.5, 1.0]), np.array([2.0, 2.0])
    painter.setClipRect(0, 0, 100, 81)
    draw_steps(painter, axis_x, axis_y, edges, shares, "generated", LIGHT)
    painter.end()
    image = QImage(100, 82, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.drawPicture(0, 0, picture)
    painter.end()
    assert {image.pixel(x, y) for x in range(2, 98) for y in range(81)} == {0xFFFFFFFF}


@ALL
def test_what_is_read_under_the_pointer_goes_when_a_menu_opens(opened, cls):
    """It stayed for good where the menu opened a dialog: the pointer left unseen."""
    view = opened(cls)
    sheet, at = view.canvas.sheet, place(view, 0.5, 0.5)
    view.pointer_moved(at)
    assert view._pointed is not None
    QApplication.sendEvent(
        sheet.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at.toPoint(), at.toPoint())
    )
    assert view._pointed is None
    view.findChild(QMenu).close()


@BOTH
def test_the_menu_copies_what_is_visible(opened, cls):
    view = opened(cls)
    drag(view.canvas.sheet, place(view, 0.25, 0.9), place(view, 0.75, 0.1))
    view.canvas.sheet._plot.open_menu(place(view, 0.5, 0.5))
    menu = view.findChild(QMenu)
    next(action for action in menu.actions() if "Copy visible" in action.text()).trigger()
    menu.close()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    (low, high), _ = ranges(view)
    if cls is LossShapeView:
        assert rows[0] == ["t", "L_G", "slope", "L_G (saturating)", "slope (saturating)"]
        assert all(low <= float(row[0]) <= high for row in rows[1:])
        assert all(
            float(row[1]) == pytest.approx(np.logaddexp(0, -float(row[0])), rel=1e-5) for row in rows[1:]
        )
    else:
        assert rows[0] == ["lane", "from", "to", "share of real", "share of generated"]
        assert all(float(row[2]) >= low and float(row[1]) <= high for row in rows[1:])
    assert 18 < len(rows) < 0.6 * (201 if cls is LossShapeView else 40)


@ALL
def test_a_view_without_a_run_can_be_touched(qtbot, cls):
    view = cls()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    qtbot.waitUntil(lambda: view.canvas.sheet is not None)
    point(view, QPointF(150, 100))
    wheel(view.canvas.sheet, QPointF(150, 100))
    drag(view.canvas.sheet, QPointF(50, 50), QPointF(150, 100))
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_0)
    assert len(view.values().csv().splitlines()) == 1
    assert view.canvas.sheet.overlay.failure is None


def test_the_bound_is_read_at_the_nearest_step_that_was_measured_and_its_plots_show_the_same_steps(
    opened, monkeypatch
):
    said = []
    monkeypatch.setattr(touched_plots, "draw_read_out", lambda *args: said.append(args[3]))
    lanes = "non_saturating", "saturating", "hinge"
    view = opened(BoundView, *lanes)
    show(view, 8000, *lanes)
    bound = next(r for _, r in view.snapshot.readings if isinstance(r, Bound))
    for index, names, of_d, best, which in (
        (0, ["V(D, G)", "V(D*, G)", "gap"], bound.value, bound.best, [0, 1]),
        (1, ["L<sub>D</sub>", "best D", "gap"], bound.d_loss, bound.best_d_loss, [2]),
    ):
        point(view, place(view, 0.9, 0.5, index))
        assert said[-1].title == f"step {grouped(8000)}"
        assert len(said[-1].headings) == len(which) * (len(which) > 1)
        assert [row.name for row in said[-1].rows] == names
        for row, values in zip(said[-1].rows, (of_d, best, np.abs(best - of_d)), strict=True):
            told = [float(text.replace("−", "-")) for text in row.values]
            assert told == pytest.approx(values[which].tolist(), abs=6e-4)
    heights = ranges(view, 1)[1]
    drag(view.canvas.sheet, place(view, 0.8, 0.8), place(view, 0.95, 0.3))
    assert ranges(view, 1) == (pytest.approx(ranges(view, 0)[0]), pytest.approx(heights))
    assert {row[1] for row in view.values().rows} == {8000}
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_Left, ALT)
    QTest.qWait(20)
    assert {row[1] for row in view.values().rows} == {4000, 8000}
    show(view, 8100, *lanes, run=2)
    assert view.look(0) == EVERYTHING


def late(curve):
    """Return a curve that begins later."""
    parts = (getattr(curve, name)[..., 10:] for name in ("first", "last", "low", "high", "mean"))
    return ShadowCurve(*parts)


def test_shadow_losses_are_read_at_a_step_and_lanes_show_the_same_steps(opened, monkeypatch):
    said = []
    monkeypatch.setattr(touched_plots, "draw_read_out", lambda *args: said.append(args[3]))
    view = opened(ShadowsView, "non_saturating", "hinge")
    trace = next(r for _, r in view.snapshot.readings if isinstance(r, ShadowTrace))
    at = place(view, 0.4, 0.5, 1)
    point(view, at)
    curve = trace.curves[0]
    i = int(np.abs(curve.last - frame(view, 1).x.value(at.x())).argmin())
    assert said[-1].title == f"step {grouped(int(curve.last[i]))}"
    assert [row.name for row in said[-1].rows] == [name for _, name in view._rows(1)]
    assert float(said[-1].rows[0].values[0].replace("−", "-")) == pytest.approx(curve.mean[1, i], abs=6e-4)
    plot = view._plot(0)
    tracks = {**plot.tracks, 1: shadow_traces.track(late(trace.curves[1]), 0)}
    begun = dataclasses.replace(plot, tracks=tracks)
    step, values = begun.at(float(curve.last[3]))
    assert step == curve.last[3]
    assert [np.isnan(value) for _, _, value in values][:2] == [False, True], "that one begins later"
    heights = ranges(view, 1)[1]
    drag(view.canvas.sheet, place(view, 0.2, 0.8), place(view, 0.5, 0.3))
    assert ranges(view, 1) == (pytest.approx(ranges(view, 0)[0]), pytest.approx(heights))
    low, high = ranges(view)[0]
    table = view.values().rows
    assert 0 < len(table) < 0.5 * 2 * sum(len(one.first) for one in trace.curves)
    assert all(row[3] >= low and row[2] <= high for row in table)
    view._over_steps.setChecked(True)
    assert view.look(0) == EVERYTHING, "norms have heights of their own"
    assert [title for _, title, _ in view._plot(0).at(4000.0)[1]] == [name for _, name in view._rows(0)]
    view._over_steps.setChecked(False)
    assert view._frames_here() == [], "a table has nothing to be enlarged"


@pytest.mark.parametrize("cls", [BoundView, ShadowsView])
def test_a_plot_that_comes_later_shows_the_steps_that_the_others_show(opened, cls):
    view = opened(cls, "non_saturating")
    assert len(view._frames_here()) == 1
    drag(view.canvas.sheet, place(view, 0.2, 0.8), place(view, 0.5, 0.3))
    show(view, 4100, "non_saturating", "hinge")
    one, other = (ranges(view, index)[0] for index in (0, 1))
    assert one == other == view.look(0).x


def click(view, at, modifiers=NONE):
    send(view.canvas.sheet, QEvent.Type.MouseButtonPress, at, LEFT, LEFT, modifiers)
    send(view.canvas.sheet, QEvent.Type.MouseButtonRelease, at, LEFT, Qt.MouseButton.NoButton, modifiers)
    QTest.qWait(QApplication.doubleClickInterval() + 50)


def figure(text):
    return float(text.replace("−", "-").replace("+", "").removeprefix("Δ ").removesuffix(" %"))


@ALL
def test_two_places_are_compared_and_what_lies_between_is_copied(opened, cls, monkeypatch):
    said = []
    monkeypatch.setattr(touched_plots, "draw_read_out", lambda *args: said.append(args[3]))
    view = opened(cls)
    show(view, 8000)  # of the bound, a second step is known
    plain = view.canvas.grab().toImage()
    one, other = place(view, 0.3, 0.5), place(view, 0.7, 0.5)
    at_a, at_b = (view.read_out(0, frame(view).x.value(at.x()), 0.0) for at in (one, other))
    click(view, one)
    click(view, other, Qt.KeyboardModifier.ShiftModifier)
    point(view, place(view, 0.5, 0.6))
    assert view.canvas.grab().toImage() != plain
    read = said[-1]
    assert read.title == f"A {at_a.title} → B {at_b.title}"
    for row, before, after in zip(read.rows, at_a.rows, at_b.rows, strict=True):
        found = row.values[:3] if not at_a.headings else (before.values[0], after.values[0], row.brief[0])
        assert found[:2] == (before.values[0], after.values[0])
        difference = after.figures[0] - before.figures[0]
        assert (
            found[2].removeprefix("Δ ") == "–"
            if np.isnan(difference)
            else figure(found[2]) == pytest.approx(difference, abs=0.06)
        )
    places = sorted(frame(view).x.value(at.x()) for at in (one, other))
    next(act for words, _, act in view.acts() if "from A to B" in words)()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))[1:]
    first, last = view.place_columns
    assert 0 < len(rows) < len(view.values().rows)
    assert all(places[0] <= float(row[last]) and float(row[first]) <= places[1] for row in rows)
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_Escape)
    assert not view.cursors.are_set
    QTest.keyClick(view.canvas.sheet, Qt.Key.Key_A)  # at the pointer
    assert view.cursors.a == pytest.approx(frame(view).x.value(place(view, 0.5, 0.6).x()))
    point(view, place(view, 0.6, 0.6))
    assert said[-1].title.startswith("A ")
    assert "→ here " in said[-1].title


def test_cursors_on_scores_of_a_critic_are_not_on_probabilities(opened):
    view = opened(ScoreHistogramView, "non_saturating", "wgan_gp", "saturating")
    click(view, place(view, 0.3, 0.5))
    assert [view.axis(i) == view._cursors_on for i in range(3)] == [True, False, True]
    click(view, place(view, 0.3, 0.5, 1))
    assert [view.axis(i) == view._cursors_on for i in range(3)] == [False, True, False]
    assert view.cursors.b is None


def test_half_of_a_double_click_puts_no_cursor(opened):
    view = opened(LossShapeView)
    at = place(view, 0.3, 0.5)
    QTest.mouseDClick(view.canvas.sheet.viewport(), LEFT, NONE, at.toPoint())
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    assert not view.cursors.are_set


def test_the_legend_of_the_loss_shape_hides_curves_and_shows_one_alone(opened):
    view = opened(LossShapeView, "non_saturating", "saturating", "hinge")
    everything = view.canvas.grab().toImage()
    lanes = [curve.lane for curve in view.curves()]
    for modifiers, left in ((NONE, [0, 2]), (NONE, [0, 1, 2]), (ALT, [1]), (ALT, [0, 1, 2])):
        at = view.legend_places()["g_loss:1"].center()
        send(view.canvas.sheet, QEvent.Type.MouseButtonPress, at, LEFT, LEFT, modifiers)
        send(view.canvas.sheet, QEvent.Type.MouseButtonRelease, at, LEFT, Qt.MouseButton.NoButton, modifiers)
        QTest.qWait(20)
        assert [curve.lane for curve in view.curves()] == left
        assert (view.canvas.grab().toImage() == everything) == (left == lanes)
        assert len(view.values().headings) == 1 + 2 * len(left)
        assert len(view.read_out(0, 1.0, 0.0).rows[0].values) == len(left)
    (shown, alone) = view.choices()
    assert [words for words, _, _ in shown[1]][1].startswith("Saturating")
    alone[1][2][2]()
    assert [curve.lane for curve in view.curves()] == [2]
    show(view, 4100, "non_saturating", "saturating")  # other lanes
    assert [curve.lane for curve in view.curves()] == [0, 1]
    assert opened(LossShapeView).legend_places() == {}, "the only curve there is stays"
