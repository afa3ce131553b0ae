"""Metrics over time: what the engine has measured, where it was measured, with the band of real samples."""

from __future__ import annotations

import dataclasses
import math
import re

import made_up
import numpy as np
import pytest

from ganviz.session.commands import Look
from ganviz.session.runner import Runner
from ganviz.session.runs.curves import RunCurves
from ganviz.training.columns import METRICS
from ganviz.training.config import LaneConfig
from ganviz.training.floors import floors
from ganviz.training.history import ChangeMark
from ganviz.training.measurements import N_SAMPLES
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics_trace import MetricsTrace, MetricsTraceProbe, grouped
from ganviz.training.trainer import Trainer
from ganviz.views.bases.beside import Beside
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_legend import legend_entries
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.metrics_trace_view import MEASURES, MetricsTraceView


@pytest.fixture(scope="module")
def runner():
    config = dataclasses.replace(made_up.run_config("ring"), lanes=(LaneConfig(), LaneConfig(label="two")))
    made = Runner(trainer=Trainer(config))
    made.trainer.train(150)
    return made


@pytest.fixture
def view(qtbot, runner):
    made = MetricsTraceView()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show_snapshot(runner.answer(Look(made.needs(), None)))
    made.grab()
    return made


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.column)
def test_each_measure_is_drawn_where_it_was_measured_with_its_band(view, runner, measure):
    view.choose(measure.column)
    view.grab()
    steps, values = runner.trainer.history.measured.table(1)
    one = next(track for _, lane, track in view._chart.drawn.tracks if lane == 1)
    known = np.isfinite(one.mean)
    assert one.steps[known].tolist() == steps.tolist() == [64, 128]
    scale = 100 if measure.column == "quality_fraction" else 1  # a share is told in percent, as everywhere
    np.testing.assert_array_equal(one.mean[known], scale * values[:, METRICS.index(measure.column)])
    (line,) = view.references(runner.config)
    if measure.floor:
        data = runner.config.distribution
        level = getattr(floors(data, data.version, N_SAMPLES), measure.floor)
        assert (line.value, line.band) == (scale * level.mean, (scale * level.low, scale * level.high))
        assert "1\u202f000 real samples" in line.label
    else:
        assert line.value == 8
    assert view._chart.drawn.x.high >= 150
    assert view.values().headings[:2] == ("first_step", "last_step")
    assert not any("fraction" in name for name in view.values().headings)


@pytest.mark.parametrize(
    ("at_step", "measured_at"),
    [(None, 128), (128, 128), (64, 64)],
)
def test_the_number_in_the_legend_is_of_the_step_looked_at_or_its_step_is_said_once(
    view, runner, at_step, measured_at
):
    view.show_snapshot(runner.answer(Look(view.needs(), None, at_step)))
    steps, values = runner.trainer.history.measured.table(0)
    trace = view.trace_of(view.snapshot)
    assert trace.measured_at == measured_at
    shares = 100 * values[steps.tolist().index(measured_at), METRICS.index("quality_fraction")]
    assert trace.current[0, trace.column("quality_fraction")] == shares
    assert "step" not in view.caption(runner.config)
    first = legend_entries(view.content(), LIGHT)[0]  # a low chart has no caption
    assert (first.symbol, first.short) == (
        ("High quality at step 128", "High quality") if at_step is None else ("High quality", "")
    )


def test_numbers_of_saved_runs_have_their_own_steps(view, runner):
    view.show_snapshot(runner.answer(Look(view.needs(), None)))
    at, values = np.array([64, 96]), np.full((1, len(METRICS), 2), 0.25)
    saved = LossTrace(METRICS, at, at, values, values, values, values[..., -1], ())
    view.show_beside(
        (Beside("beside a 0", "a", RunCurves(made_up.trace(1, 96, np.random.default_rng(5)), saved), 0, 0),)
    )
    first = legend_entries(view.content(), LIGHT)[0]
    assert first.symbol == "High quality at step 128 | 128 | 96"
    view.show_snapshot(runner.answer(Look(view.needs(), None, 64)))  # where all were measured
    assert legend_entries(view.content(), LIGHT)[0].symbol == "High quality"
    view.show_snapshot(runner.answer(Look(view.needs(), None)))
    assert first.values.endswith(" | 25.0")
    view._hide("beside a 0", alone=False)
    assert legend_entries(view.content(), LIGHT)[0].symbol == "High quality at step 128"


def test_what_it_rests_on_is_said_and_that_it_is_off(view, runner):
    off = dataclasses.replace(runner.config.training, metrics_every=0)
    assert "1\u202f000 samples each" in view.caption(runner.config)
    assert view.caption(dataclasses.replace(runner.config, training=off)).endswith("settings, is 0.")


def test_data_without_modes_show_a_distance(qtbot, runner):
    view = MetricsTraceView()
    qtbot.addWidget(view)
    snapshot = runner.answer(Look(view.needs(), None))
    trace = dataclasses.replace(snapshot.get(MetricsTrace), n_modes=0)
    view.show_snapshot(dataclasses.replace(snapshot, readings=((MetricsTraceProbe(), trace),)))
    assert view.measure.column == "sliced_wasserstein"
    assert view._box.currentText() == "Sliced Wasserstein"
    view.show_snapshot(snapshot)
    assert view._box.currentText() == "High quality"


def test_each_measure_has_its_own_floor():
    """Those of all samples and of good ones are next to equal: a wrong one would not be seen."""
    own = {measure.column: measure.floor for measure in MEASURES if measure.floor}
    assert own.pop("quality_fraction") == "quality"
    assert all(column == floor for column, floor in own.items())
    assert set(own) == {"reverse_kl", "good_reverse_kl", "sliced_wasserstein", "js_divergence"}


def test_many_measurements_keep_their_extremes():
    values = np.random.default_rng(0).standard_normal((2, 3, 1001))
    values[1, 2, 500:] = np.nan
    first, last, low, high, mean = grouped(np.arange(64, 64 * 1002, 64), values, 100)
    assert len(first) <= 100
    assert (first[0], last[-1]) == (64, 64 * 1001)
    assert np.nanmin(low) == np.nanmin(values)
    assert np.nanmax(high) == np.nanmax(values)
    for place, (begin, end) in enumerate(zip(first // 64 - 1, last // 64, strict=True)):
        for lane, column in ((0, 0), (1, 2)):
            part = values[lane, column, begin:end]
            if np.isfinite(part).any():  # of groups that are partly known, and the last one, which is smaller
                expected = np.nanmin(part), np.nanmax(part), np.nanmean(part)
                found = [one[lane, column, place] for one in (low, high, mean)]
                np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert np.isnan(mean[1, 2, -1])


def test_a_range_is_of_what_was_measured_where_nothing_was_since_the_last_switch(qtbot, runner):
    """The line of real samples alone would be a range of no height."""
    view = MetricsTraceView()
    qtbot.addWidget(view)
    snapshot = runner.answer(Look(view.needs(), None))
    switch = (ChangeMark(130, None, "a → b", True),)
    readings = tuple(
        (probe, dataclasses.replace(one, marks=switch, last=np.append(one.last[:-1], 400)))
        if isinstance(one, MetricsTrace)
        else (probe, one)
        for probe, one in snapshot.readings
    )
    view.show_snapshot(dataclasses.replace(snapshot, readings=readings))
    view.resize(900, 400)
    view.grab()
    drawn = view._chart.drawn
    assert drawn.y.high - drawn.y.low > 20
    assert drawn.since == 0


@pytest.mark.parametrize(
    ("column", "shape"),
    [("quality_fraction", r"\d+\.\d"), ("modes_hit", r"\d"), ("reverse_kl", r"\d\.\d{3}")],
)
def test_shares_have_one_digit_and_counts_none(view, column, shape):
    view.choose(column)
    view.grab()
    value = legend_entries(view.content(), LIGHT)[0].values
    assert re.fullmatch(rf"{shape} \| {shape}", value), value
    (line,) = view.references(made_up.run_config("ring"))
    assert not re.search(r"\d\.\d{2}", line.label) or column == "reverse_kl"


def test_a_mean_of_counts_is_no_whole_number():
    counts = Curve("modes_hit", "generated", "modes hit", digits=0)
    assert [counts.text(value) for value in (8.0, 7.5, math.nan)] == ["8", "7.5", "–"]
    assert [counts.difference(value) for value in (2.0, -0.5)] == ["+2", "−0.5"]
