"""Saved runs beside the open one: laid along the axis by what each knows of itself, free where none is ticked."""

from __future__ import annotations

import dataclasses

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPicture

from ganviz.rendering import render
from ganviz.session.figure import Figure
from ganviz.session.runs.curves import RunCurves, packed, unpacked
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import save_checkpoint
from ganviz.training.columns import METRICS
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.trainer import Trainer
from ganviz.views.bases import touched_chart
from ganviz.views.bases.beside import Beside, beside_tracks, furthest, value_beside
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_cursors import Cursors
from ganviz.views.bases.chart_legend import legend_entries
from ganviz.views.bases.plot_export import view_image
from ganviz.views.bases.traces import value_at
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.plot.plotting import number

CHARTS = [cls for cls in VIEWS if issubclass(cls, AbstractChartView)]
OPEN, SAVED = 1000, 4000
SIZE = QSize(529, 190)


def saved_run(steps: int = SAVED, without: str = "") -> Beside:
    """Return a run as the index keeps it; without a column where a file did not have it yet."""
    trace = made_up.trace(1, steps, np.random.default_rng(5))
    if without:
        place = trace.column(without)
        gone = {name: getattr(trace, name).copy() for name in ("low", "high", "mean")}
        for values in gone.values():
            values[:, place] = np.nan
        trace = dataclasses.replace(trace, **gone)
    at, values = np.array([64, 128, steps]), np.full((1, len(METRICS), 3), 0.5)
    measured = LossTrace(METRICS, at, at, values, values, values, values[..., -1], ())
    return Beside("beside a 0", "a <run>", unpacked(packed(RunCurves(trace, measured))), 0, 0)


@pytest.fixture
def view(qapp):
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=OPEN))
    return view


def overlay(view):
    """Paint what lies over the chart that was drawn last."""
    picture = QPicture()
    painter = QPainter(picture)
    view.draw_overlay(painter, QRectF(QPointF(), SIZE))
    painter.end()


def test_a_saved_run_tells_what_is_drawn_at_the_step_looked_at(view):
    """Of what was measured, the last before; without a step, the newest."""
    one = saved_run()
    history, place = one.curves.history, one.curves.history.column("d_loss")
    around = (history.first <= OPEN) & (history.last >= OPEN)
    mean = float(history.mean[0, place, around].item())
    newest = float(history.current[0, place])
    assert value_beside(one, "d_loss", OPEN) == (mean, OPEN)
    assert value_beside(one, "d_loss") == value_beside(one, "d_loss", SAVED + 9) == (newest, SAVED)
    assert value_beside(one, "quality_fraction", 127) == (0.5, 64)
    assert value_beside(one, "quality_fraction", 128) == (0.5, 128)
    assert np.isnan(value_beside(one, "quality_fraction", 63)[0])
    assert np.isnan(value_beside(one, "no such column")[0])
    view.show_beside((one,))
    curve = view.curves(view.snapshot.config)[0]
    assert curve.column == "d_loss"
    for step, value in ((OPEN, newest), (OPEN - 100, value_beside(one, "d_loss", OPEN - 100)[0])):
        view._trace = dataclasses.replace(view._trace, step=step)
        assert legend_entries(view.content(), LIGHT)[0].values.split(" | ")[1] == curve.text(value)


@pytest.mark.parametrize("cls", CHARTS, ids=[cls.key for cls in CHARTS])
def test_every_chart_draws_a_saved_run_in_all_its_curves(qapp, pixels, cls):
    view = cls()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=OPEN))
    alone = pixels(view)
    view.show_beside((saved_run(),))
    content = view.content()
    assert {curve.column for curve, _, _ in beside_tracks(content, 500)} == {
        curve.column for curve in content.curves
    }
    assert (pixels(view) != alone).any()
    assert view._chart.drawn.home[0][1] >= SAVED
    view.show_beside(())
    assert (pixels(view) == alone).all()


def test_nothing_is_paid_where_no_run_is_ticked(view, calls_of):
    def redraw():
        view_image(view, SIZE, LIGHT)

    redraw()  # widths of words are kept from the first drawing on
    before = calls_of(redraw)
    view.show_beside((saved_run(),))
    assert calls_of(redraw) > before + 20
    view.show_beside(())
    redraw()  # ticks of the range without it
    assert calls_of(redraw) == before


def test_its_name_in_the_legend_hides_it(view, pixels):
    alone = pixels(view)
    view.show_beside((saved_run(OPEN),))
    pixels(view)
    place = view.legend_places()["beside a 0"]
    assert view.press(QPointF(place.center()), Qt.KeyboardModifier.NoModifier)
    assert beside_tracks(view.content(), 500) == []
    assert alone.shape == pixels(view).shape


@pytest.mark.parametrize("key", ["step", "samples_seen", "seconds"])
def test_steps_lie_along_the_axis_by_what_the_saved_run_knows(view, key):
    one = saved_run()
    view.show_horizontal(key)
    view.show_beside((one,))
    content, history = view.content(), one.curves.history
    end = SAVED if key == "step" else history.high[0, history.column(key), -1]
    assert furthest(content) == pytest.approx(end)
    (_, _, made), *_ = beside_tracks(content, 500)
    where = content.along.scale.forward(made.steps)
    middles = (history.first + history.last) / 2
    wanted = middles if key == "step" else one.along(content.along).scale.forward(middles)
    assert where[np.isfinite(where)][-1] == pytest.approx(wanted[-1], rel=0.02)


def test_a_run_that_does_not_know_its_samples_is_not_laid_along_them(view):
    view.show_beside((saved_run(without="samples_seen"),))
    assert beside_tracks(view.content(), 500) != []
    view.show_horizontal("samples_seen")
    assert beside_tracks(view.content(), 500) == []
    assert furthest(view.content()) < SAVED * 128


def test_smoothing_smooths_saved_runs_too(view):
    view.show_beside((saved_run(),))
    raw = [made.mean for _, _, made in beside_tracks(view.content(), 500)]
    view.set_smoothing(0.99)
    smooth = [made.mean for _, _, made in beside_tracks(view.content(), 500)]
    for before, after in zip(raw, smooth, strict=True):
        known = np.isfinite(before)
        assert np.abs(np.diff(after[known])).sum() < 0.7 * np.abs(np.diff(before[known])).sum()
        assert after[known][0] == before[known][0]


def test_a_figure_shows_other_saved_runs(qapp, tmp_path):
    files = [tmp_path / name for name in ("one.ganviz", "other.ganviz")]
    for file, steps in zip(files, (20, 60), strict=True):
        trainer = Trainer(with_settings(RunConfig(), ["architecture.width=4", "training.batch_size=8"]))
        trainer.train(steps)
        save_checkpoint(file, trainer)
    figure, pictures = Figure.of_pixels(400, 240), []
    for beside in ((), files[1:]):
        render(files[0], "losses", tmp_path / "plot.svg", figure, "light", beside=beside)
        pictures.append((tmp_path / "plot.svg").read_text())
    assert pictures[0] != pictures[1]
    with pytest.raises(InvalidValueError, match=r"'plane' has no axis of steps; --beside is for losses, "):
        render(files[0], "plane", tmp_path / "plot.png", figure, "light", beside=files[1:])


def test_saved_runs_are_read_beside_the_open_one(view, pixels, monkeypatch):
    said = []
    monkeypatch.setattr(touched_chart, "draw_read_out", lambda *args: said.append(args[3]))
    one = saved_run(without="g_loss")
    view.show_beside((one,))
    history = one.curves.history
    pixels(view)
    _, _, made = view._chart.drawn.besides[0]
    for step, has_own in ((history.first[40], True), (history.last[-40], False)):
        view.show_cursor(float(step))
        overlay(view)
        assert said[-1].headings == ("this run", "a <run>")
        own, saved = said[-1].rows[0].values
        assert (own != "–") is has_own
        assert saved == number(value_at(made, float(step)))
        assert said[-1].rows[1].values[1] == "–"
    view.put_cursors(Cursors(100.0, 200.0))
    overlay(view)
    assert "→" in said[-1].rows[0].values[1]


def test_values_have_a_column_a_saved_run_and_go_on_where_it_does(view):
    alone = view.values()
    one = saved_run()
    view.show_beside((one,))
    with_it, history = view.values(), one.curves.history
    place = with_it.headings.index("a <run>: d_loss mean")
    assert [row[: len(alone.headings)] for row in with_it.rows[: len(alone.rows)]] == list(alone.rows)
    *_, last = with_it.rows
    assert last[0] == round(float(history.first[-1] + history.last[-1]) / 2)
    assert np.isnan(last[2])
    assert last[place] == history.mean[0, history.column("d_loss"), -1]
    view.put_cursors(Cursors(10.0, 20.0))
    view.copy_range()
    assert "a <run>: d_loss mean" in QGuiApplication.clipboard().text().splitlines()[0]


def test_the_legend_has_the_last_value_of_a_saved_run(view):
    one = saved_run()
    view.show_beside((one,))
    entry = legend_entries(view.content(), LIGHT)[0]
    trace = one.curves.history
    assert entry.values.split(" | ")[1] == number(float(trace.current[0, trace.column("d_loss")]))
