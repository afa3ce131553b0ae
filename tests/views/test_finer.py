"""Charts ask for the steps that are visible, and smooth by steps: against a run that is really trained."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.commands import Look as Wish
from ganviz.session.runner import Runner
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.views.bases.finer import BUCKETS, FinerTraces, Shown, asked_steps
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.plot.looks import EVERYTHING, Look

CONFIG = RunConfig(
    lanes=tuple(LaneConfig(named_formulation(name)) for name in ("non_saturating", "hinge")),
    architecture=MLP(width=8), training=TrainingSettings(batch_size=16),
)  # fmt: skip
D_LOSS = COLUMNS.index("d_loss")


@pytest.fixture(scope="module")
def run():
    runner = Runner(CONFIG)
    runner.trainer.train(2000)
    lanes = (LaneConfig(named_formulation("saturating")), CONFIG.lanes[1])
    runner.trainer.reconfigure(dataclasses.replace(CONFIG, lanes=lanes))
    runner.trainer.train(1000)
    return runner


@pytest.fixture
def chart(qtbot, run):
    view = LossesView()
    qtbot.addWidget(view)
    view.show_snapshot(run.answer(Wish(view.needs())))
    return view


def look(view, run, at=EVERYTHING, smoothing=0.0):
    """Look at some steps, let the run answer what the chart then asks, and return the drawn track of lane 0's L_D."""
    asked: list[int] = []
    view.needs_changed.connect(lambda: asked.append(1))
    view.set_smoothing(smoothing)
    view.canvas.looks.go(at)
    view.redraw()
    assert asked or (at == EVERYTHING and not smoothing)
    view.show_snapshot(run.answer(Wish(view.needs())))
    view_image(view, view.sizeHint() * 3, LIGHT)
    assert view._chart.drawn is not None
    return next(one for curve, lane, one in view._chart.drawn.tracks if (curve.column, lane) == ("d_loss", 0))


def test_zoomed_to_200_steps_every_one_of_them_is_drawn(chart, run):
    one = look(chart, run, Look((200.0, 400.0)))
    seen = (one.steps >= 200) & (one.steps <= 400)
    np.testing.assert_array_equal(one.steps[seen], np.arange(200, 401))
    expected = run.trainer.history.table(0)[199:400, D_LOSS]
    for values in (one.mean, one.low, one.high):
        np.testing.assert_array_equal(values[seen], expected)


@pytest.mark.parametrize(
    "at", [EVERYTHING, Look((900.0, 1100.0)), Look((1.0, 2900.0)), Look((1950.0, 2050.0))]
)
def test_a_smoothed_curve_is_the_average_over_steps(chart, run, at):
    one = look(chart, run, at, smoothing=0.9)
    values, total, count, expected = run.trainer.history.table(0)[:, D_LOSS], 0.0, 0.0, []
    for step, value in enumerate(values):
        total, count = (0.0, 0.0) if step == 2000 else (0.9 * total, 0.9 * count)
        total, count = total + value, count + 1
        expected.append(total / count)
    steps, average = one.average
    known = np.isfinite(steps)
    assert known.sum() > 90
    np.testing.assert_allclose(average[known], np.array(expected)[steps[known].astype(int) - 1], atol=1e-9)
    low, high = at.x or (1, 3000)
    assert (~known).sum() == (low < 2000 < high)


def test_a_finer_trace_is_drawn_only_where_it_fits(run):
    shown = Shown((200.0, 400.0), ("d_loss",), 0.0)
    whole = run.answer(Wish((LossTraceProbe(), shown.probe())))
    plain, finer = whole.get(type(whole.readings[0][1]), LossTraceProbe()), FinerTraces()
    assert finer.best(shown, plain) is None
    finer.take(whole, shown.probe())
    assert finer.best(shown, plain) is not None
    for change in (
        {"x": (100.0, 400.0)}, {"x": (200.0, 600.0)}, {"x": None}, {"smoothing": 0.5}, {"columns": ("g_loss",)},
    ):  # fmt: skip
        assert finer.best(dataclasses.replace(shown, **change), plain) is None
    finer.clear()
    assert finer.best(shown, plain) is None


@pytest.mark.parametrize("x", [(200.0, 400.0), (-5.0, 3.0), (0.4, 1e7), (123.4, 723.4), (77.0, 977.0)])
def test_what_is_asked_holds_what_is_visible_and_little_more(x):
    low, high = asked_steps(x)
    assert 1 <= low <= max(1, x[0])
    assert high >= x[1]
    assert high - low <= max(1.5 * (x[1] - x[0]), 12)
    if x[1] - x[0] <= 600:
        assert high - low < BUCKETS
    assert asked_steps((x[0] + 1e-3, x[1])) == (low, high)
