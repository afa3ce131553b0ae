"""Steps laid along D updates, samples or seconds: exact, linked, named twice in read-outs, kept while zoomed."""

from __future__ import annotations

import csv
import dataclasses
import io

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ganviz.rendering import render
from ganviz.session.figure import Figure
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import save_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.trainer import Trainer
from ganviz.views.bases.horizontal import STEP, Along, horizontal
from ganviz.views.bases.plot_export import view_image
from ganviz.views.controls.timeline_track import TimelineTrack
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.plot.looks import Look
from ganviz.views.plot.plotting import text_width

RIGHT, CENTER = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
KINK, LAST = 1000, 4000


def updates(step):
    """Return the updates of D that the made-up run has made: five a step from step 1,000 on."""
    return step + 4 * max(0, step - KINK)


@pytest.fixture
def trace():
    return made_up.trace(2, LAST, np.random.default_rng(0))


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
    for chart in found:
        chart.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=LAST))
    qtbot.waitUntil(lambda: all(chart.canvas.sheet is not None for chart in found))
    for chart in found:
        chart.show_horizontal("d_updates")
    QTest.qWait(50)
    yield found
    window.close()


def test_steps_lie_where_the_run_had_its_updates(trace):
    along = Along.of(horizontal("d_updates"), trace)
    last = trace.last[-1]
    for step in (*trace.first[::37].tolist(), *trace.last[::41].tolist()):
        assert along.position(step) == updates(step)
        assert along.scale.backward(updates(step)) == pytest.approx(step)
    assert along.position(2 * last) > 1.9 * updates(last)  # an axis goes on beyond the newest step
    ticks = along.scale.ticks(0.0, float(last), 6)
    assert len(ticks) >= 4
    assert all(float(along.scale.text(t).replace("\u202f", "")) == round(along.position(t)) for t in ticks)
    for name, at in (("samples_seen", 128 * updates(last)), ("seconds", last / 200)):
        assert Along.of(horizontal(name), trace).position(last) == at


def test_a_run_that_does_not_know_shows_steps(trace):
    low = trace.low.copy()
    low[:, COLUMNS.index("seconds"), 0] = np.nan
    along = Along.of(horizontal("seconds"), dataclasses.replace(trace, low=low))
    assert along.shown is STEP
    assert along.words(10) == ""


def test_all_charts_show_the_same_steps_and_name_both(charts):
    one, _ = charts
    drawn = one._chart.drawn
    for x in (0.1, 0.5, 0.9):  # across the kink, a pixel is worth the same number of updates everywhere
        step = drawn.x.value(drawn.area.left() + x * drawn.area.width())
        assert one.along.position(step) == pytest.approx(x * one.along.position(drawn.x.high), rel=1e-9)
    one._canvas.sheet.box.choose((500.0, 3000.0), (0.0, 2.0))
    QTest.qWait(20)
    wanted = (500.0, pytest.approx(1400.0))
    for chart in charts:
        assert (chart._chart.drawn.x.low, chart._chart.drawn.x.high) == wanted
    one.show_cursor(1200)
    assert one._read_out().title == "mean of steps 1\u202f193–1\u202f200 · 2\u202f000 D updates"
    one.copy_values()
    rows = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert all(float(row["d_updates"]) == pytest.approx(updates(int(row["last_step"]))) for row in rows)
    one.show_horizontal("seconds")
    QTest.qWait(20)
    assert one._canvas.looks.present.x == (pytest.approx(2.5), pytest.approx(7.0))
    assert one._look().x == (pytest.approx(500.0), pytest.approx(1400.0))
    assert one._canvas.looks.back()
    assert one._look().x is None  # where one was before is known along another axis, too


def test_a_window_that_follows_goes_on_following(charts):
    one, _ = charts
    one._canvas.looks.slide(Look((8000.0, float(updates(LAST))), None, True))
    one.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=LAST + 200))
    assert one._canvas.looks.present.x == (9000.0, float(updates(LAST + 200)))


def test_the_menu_of_a_chart_chooses_for_all(charts, qtbot):
    one, _ = charts
    asked = []
    one.horizontal_wished.connect(asked.append)
    one.open_menu(one._chart.drawn.area.center())
    (along,) = (menu for menu in one.findChildren(QMenu) if menu.title() == "Horizontal axis")
    actions = {action.text(): action for action in along.actions()}
    assert [text for text, action in actions.items() if action.isChecked()] == ["D updates"]
    actions["Seconds"].trigger()
    assert asked == ["seconds"]
    along.parentWidget().close()


def test_a_picture_is_laid_along_what_is_asked_for(tmp_path):
    trainer = Trainer(made_up.run_config("ring"))
    trainer.train(30)
    save_checkpoint(tmp_path / "run.ganviz", trainer)
    given = (tmp_path / "run.ganviz", "losses", tmp_path / "plot.svg", Figure.of_pixels(500, 300), "light")
    render(*given, "samples_seen")
    assert "samples" in (tmp_path / "plot.svg").read_text("utf-8")
    with pytest.raises(InvalidValueError, match="did not note its seconds"):  # a clock that stood still
        render(*given, "seconds")
    with pytest.raises(
        InvalidValueError, match="'plane' has no axis of steps; --along is for losses, total_loss"
    ):
        render(given[0], "plane", *given[2:], "seconds")


def test_the_timeline_lies_along_the_same(qtbot, trace):
    track = TimelineTrack()
    qtbot.addWidget(track)
    track.resize(600, 34)
    track.show_run(LAST, LAST, ())
    track.show_along(Along.of(horizontal("d_updates"), trace))
    start, kink, end = (track._x(step) for step in (0, KINK, LAST))
    assert (kink - start) / (end - start) == pytest.approx(updates(KINK) / updates(LAST))
    assert end < 600


def test_back_along_steps_the_axis_ends_where_it_ended(charts):
    """4,240 steps end within the 4,250 of a run that grew; an axis made for them anew would end at 4,500."""
    one, _ = charts
    ends = {}
    for key in ("step", "seconds", "d_updates"):
        one.show_horizontal(key)
        one.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=LAST))
        one.canvas.grab()
        one.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=4240))
        one.canvas.grab()
        ends[key] = one._chart.drawn.x.high
    assert ends["step"] == 4250
    for key, end in ends.items():
        one.show_horizontal(key)
        one.canvas.grab()
        assert one._chart.drawn.x.high == pytest.approx(end), key


def test_back_along_steps_the_timeline_ends_where_it_ended(qtbot, trace):
    track = TimelineTrack()
    qtbot.addWidget(track)
    track.resize(600, 34)
    for now in (LAST, 4490):
        track.show_run(now, now, ())
    at = track._x(1000)
    for key in ("d_updates", "step"):
        track.show_along(Along.of(horizontal(key), trace))
    assert track._x(1000) == at


@pytest.mark.parametrize("size", [(180, 130), (240, 170), (420, 260)])
@pytest.mark.parametrize(
    "steps", [(12_000, 12_010), (103_000, 104_000), (3_996, 4_000), (1_000_000, 9_000_000)]
)
def test_a_small_enlarged_chart_says_what_its_axis_counts_over_no_number(size, steps, qapp, monkeypatch):
    written: list[tuple[str, QRectF]] = []

    def draw(painter, box, text, align, **_):
        width = text_width(painter.font(), text)
        left = (
            box.right() - width
            if align & RIGHT
            else box.center().x() - width / 2
            if align & CENTER
            else box.left()
        )
        written.append((text, QRectF(left, box.top(), width, box.height())))

    for module in ("plot.plotting", "bases.chart"):
        monkeypatch.setattr(f"ganviz.views.{module}.draw_text", draw)
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=LAST))
    for along in ("step", "d_updates", "seconds"):
        view.show_horizontal(along)
        view.canvas.looks.slide(Look(tuple(map(float, steps))))
        written.clear()
        view_image(view, QSize(*size), LIGHT)
        label = view.along.shown.label
        ((_, word),) = [one for one in written if one[0] == label]
        assert word.left() >= 0
        beside = [(text, box) for text, box in written if text != label and abs(box.top() - word.top()) < 2]
        assert beside, "numbers stay"
        assert not [text for text, box in beside if box.left() < word.right()]
