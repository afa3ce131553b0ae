"""The ranges of axes where values are alike, or at the ends of what numbers can be: no axis is without a length."""

from __future__ import annotations

import dataclasses
import itertools

import made_up
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QImage, QPainter

from ganviz.training.columns import COLUMNS
from ganviz.training.history import ChangeMark, History
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.views.bases.chart import Chart
from ganviz.views.bases.chart_content import ChartContent
from ganviz.views.bases.chart_range import beyond
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.plot.looks import Look, within, zoomed
from ganviz.views.plot.plotting import Fonts
from ganviz.views.plot.scales import SCALES, Scale

LARGE = (0.0, 1.0, -1.0, 1e-300, 3e6, 1e13, -1e16, 3e38, -1e290)
PAIRS = [*((one, one) for one in LARGE), (np.inf, np.inf), (1e15, 1e15 + 1), (-1e290, 1e290), (0.0, 1e-12)]
SHARES = (0.0, 1.0)
"""The bounds of a metric that is a share."""


def constant(content: ChartContent, low: float, high: float) -> ChartContent:
    """Return a chart's content with these two values by turns in every column of every lane."""
    trace = content.trace
    values = np.broadcast_to(np.where(np.arange(len(trace.last)) % 2, low, high), trace.mean.shape)
    current = np.full_like(trace.current, low)
    return dataclasses.replace(
        content, trace=dataclasses.replace(trace, low=values, high=values, mean=values, current=current)
    )


def heights(chart: Chart, content: ChartContent) -> tuple[float, float]:
    """Draw a chart, and return between which positions its values lie."""
    image = QImage(600, 300, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    chart.draw(painter, QRectF(0, 0, 600, 300), content, LIGHT, Fonts.of(QFont()))
    painter.end()
    assert chart.drawn is not None
    axis = chart.drawn.y
    low, high = axis.scale.forward(np.array([axis.low, axis.high])).tolist()
    return low, high


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.key)
def test_an_axis_has_a_height_whatever_the_values_are(qapp: object, scale: Scale) -> None:
    """A penalty that is 0 in all lanes, on a symlog scale, had none: the chart could not be drawn."""
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating",))))
    base = view.content()
    assert base is not None
    base = dataclasses.replace(base, scale=scale, references=())
    for (low, high), bounds in itertools.product(PAIRS, ((-np.inf, np.inf), SHARES)):
        chart, content = Chart(), dataclasses.replace(constant(base, low, high), bounds=bounds)
        found = heights(chart, content)
        assert np.isfinite(found).all(), (low, high, bounds)
        assert found[0] < found[1], (low, high, bounds)
        assert chart.drawn is not None
        closer = home = chart.drawn.home[1]
        for _ in range(120):
            closer = within(zoomed(closer, home[0] + 0.7 * (home[1] - home[0]), 0.84), home) or home
        at = heights(chart, dataclasses.replace(content, look=Look((10.0, 20.0), closer)))
        assert at[0] < at[1], (low, high, bounds)


@given(st.sampled_from(SCALES), st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_a_rounded_range_holds_what_it_is_for(scale: Scale, one: float, other: float) -> None:
    low, high = sorted(min(max(value, -1e300), 1e300) for value in (one, other))
    first, last = scale.rounded(low, high)
    assert first < last
    if scale.key != "log" or low >= 1e-9:
        slack = 1e-9 * max(abs(low), abs(high), last - first)
        assert first - slack <= low <= high <= last + slack


def test_no_room_is_kept_below_zero_where_nothing_is_below_it() -> None:
    """A penalty near 0 began a range of losses at −0.5: a quarter of a low chart was empty."""
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating_r1",))))
    trace = view._trace
    for lowest, expected in ((0.0, 0.0), (0.01, 0.0), (-0.3, -0.5)):
        low = trace.low.copy()
        low[:, trace.column("penalty")] = lowest
        view._trace = dataclasses.replace(trace, low=low)
        view._chart.reset()
        view.redraw()
        view_image(view, QSize(600, 260), LIGHT)
        assert view._chart.drawn.y.low == expected


@pytest.mark.parametrize(("spike", "is_calm"), [(60.0, True), (46.0, True), (30.0, False)])
def test_a_step_far_from_all_others_does_not_press_them_into_a_quarter(spike: float, is_calm: bool) -> None:
    """After λ went from 10 to 50, curves within ±9 had a quarter of the range, and just missed the bound."""
    values = np.sin(np.arange(2000.0))[:, None] * np.full(len(COLUMNS), 8.0)
    at, loss = 1003, COLUMNS.index("d_loss_fake")
    values[at, loss], values[at + 1, loss] = spike, -spike / 8
    history = History.from_tables([values], [])
    trace = LossTrace(COLUMNS, *history.thinned(600), marks=(ChangeMark(1000, 0, "λ 10 → 50", True),))
    view = LossesView()
    config = made_up.run_config("ring", ("wgan_gp",))
    view.show_snapshot(dataclasses.replace(made_up.snapshot(config), readings=((LossTraceProbe(), trace),)))
    view_image(view, QSize(600, 300), LIGHT)
    drawn = view._chart.drawn
    assert drawn.is_calm == is_calm
    assert (drawn.y.high < 15) == is_calm
    marked = beyond(drawn.tracks, drawn.y.low, drawn.y.high, 0, 2000)
    assert [one.value for one in marked] == ([spike] if is_calm else []), "a mark says how far it went"


def test_what_is_left_out_is_told_where_it_would_be_seen() -> None:
    """Steps 200 to 400 of a run were said to be without extremes, marked at the edge: these were at its beginning."""
    values = np.sin(np.arange(2000.0))[:, None] * np.full(len(COLUMNS), 0.1) + 0.7
    values[5] = 60.0
    trace = LossTrace(COLUMNS, *History.from_tables([values], []).thinned(600), marks=())
    view, snapshot = LossesView(), made_up.snapshot(made_up.run_config("ring", ("non_saturating",)))
    view.show_snapshot(dataclasses.replace(snapshot, readings=((LossTraceProbe(), trace),)))
    base, seen = view.content(), []
    assert base is not None
    for look in ((0.0, 2000.0), (200.0, 400.0), (0.0, 2000.0)):
        heights(view._chart, dataclasses.replace(base, look=Look(look)))
        drawn = view._chart.drawn
        assert drawn.y.high < 3, "the range stays as it is"
        seen.append((drawn.is_calm, any("extremes" in line for line in drawn.caption)))
    assert seen == [(True, True), (False, False), (True, True)]
