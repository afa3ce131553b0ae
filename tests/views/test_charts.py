"""The loss charts: equilibrium lines, marks, smoothing, scales, the shared crosshair, thinning."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable

import made_up
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSize

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import FORMULATIONS
from ganviz.training.columns import COLUMNS, TRAINED
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.history import ChangeMark, History
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.rules.unrolled import Unrolled
from ganviz.views.bases import chart_stack
from ganviz.views.bases.chart import CAPTIONED_PX, LEAST_PLOT_PX, Chart
from ganviz.views.bases.chart_ahead import ahead_ends
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_cursors import MISSING, read_out_at
from ganviz.views.bases.chart_data import text_at
from ganviz.views.bases.chart_range import beyond
from ganviz.views.bases.equilibrium import equilibrium_lines, value_name
from ganviz.views.bases.plot_export import view_image
from ganviz.views.bases.traces import latest_values, marks_of, tracks, value_at
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import MOVES_V, LossesView
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.plot.plotting import line_height, number
from ganviz.views.plot.scales import next_round

Paint = Callable[..., np.ndarray]


def shown(cls: type[AbstractChartView], *formulations: str, step: int = 4000) -> AbstractChartView:
    view = cls()
    config = made_up.run_config("ring", formulations or ("non_saturating",))
    view.show_snapshot(made_up.snapshot(config, step=step))
    return view


def of_formulation(formulation: Formulation) -> RunConfig:
    return RunConfig((LaneConfig(formulation),))


@pytest.mark.parametrize("back", ["non_saturating", "least_squares", "non_saturating_r1"])
def test_values_of_an_earlier_step_have_the_formulas_of_that_step(back: str) -> None:
    """E log(1 − D(G(z))) is never positive, while L_G was 0.7 before the loss was switched."""
    view, then = shown(LossesView, "saturating"), shown(LossesView, back)
    now = view.snapshot
    assert now is not None
    assert [curve.formula for curve in view.curves(now.config)] != [
        curve.formula for curve in then.curves(made_up.run_config("ring", (back,)))
    ]
    before = made_up.run_config("ring", (back,))
    view.show_snapshot(dataclasses.replace(now, config=before, newest=now.config, viewed_step=64))
    content, expected = view.content(), then.content()
    assert content is not None
    assert expected is not None
    assert [curve.formula for curve in content.curves] == [curve.formula for curve in expected.curves]
    assert (content.references, content.y_label) == (expected.references, expected.y_label)
    view.show_snapshot(now)
    assert view.curves(now.config) == shown(LossesView, "saturating").curves(now.config)


def test_the_total_of_an_earlier_step_is_called_what_it_was() -> None:
    view = shown(TotalLossView, "non_saturating")
    now = view.snapshot
    assert now is not None
    assert view.curves(now.config)[0].symbol == "L<sub>D</sub> + L<sub>G</sub>"
    before = made_up.run_config("ring", ("saturating",))
    view.show_snapshot(dataclasses.replace(now, config=before, newest=now.config, viewed_step=64))
    assert view.curves(now.config)[0].symbol == "non-saturating total"
    content = view.content()
    assert content is not None
    assert content.references[0].label.startswith("non-saturating total at")
    critic = made_up.run_config("ring", ("wgan_gp",))
    view.show_snapshot(dataclasses.replace(now, config=critic, newest=now.config, viewed_step=64))
    content = view.content()
    assert content is not None
    assert content.y_label == "total (nats)", "the curve is a cross-entropy before and after"


@pytest.mark.parametrize("key", list(FORMULATIONS))
def test_equilibrium_lines_are_those_of_the_losses(key: str) -> None:
    formulation = FORMULATIONS[key].formulation
    equilibrium = formulation.equilibrium()
    lines = equilibrium_lines(of_formulation(formulation), with_parts=False)
    found = {line.role: line.value for line in lines if not line.is_open}
    expected = {"d_loss": equilibrium.d_loss, "g_loss": equilibrium.g_loss}
    assert found == {role: value for role, value in expected.items() if value is not None}
    of_loss = formulation.loss.equilibrium()
    missing = {} if formulation.has_equilibrium else {"d_loss": of_loss.d_loss, "g_loss": of_loss.g_loss}
    names = {line.role: line.label for line in lines if line.is_open}
    assert set(names) == {role for role, value in missing.items() if value is not None}
    assert all(
        name.endswith(" keeps D from being flat") and ("penalty" in name or "DRAGAN" in name)
        for name in names.values()
    )


def test_equilibrium_lines_follow_the_parameters_of_a_loss() -> None:
    loss = ADVERSARIAL_LOSSES["least_squares"]
    config = of_formulation(Formulation(loss(a=-1.0, b=1.0, c=0.0)))
    (d_line, *_) = equilibrium_lines(config, with_parts=False)
    assert d_line.value == config.lanes[0].formulation.loss.equilibrium().d_loss
    assert "sum of means" in d_line.label


def test_label_smoothing_moves_the_lines_of_every_chart(qapp: object) -> None:
    config = of_formulation(Formulation(NonSaturating(real_target=0.9)))
    lines = {line.label.split(":")[0]: line.value for line in equilibrium_lines(config, with_parts=True)}
    assert lines == pytest.approx(
        {
            "L<sub>D</sub> at equilibrium": 1.376278,
            "L<sub>G</sub> at equilibrium": 0.798508,
            "real part of L<sub>D</sub> at equilibrium": 0.778441,
            "fake part of L<sub>D</sub> at equilibrium": 0.597837,
        },
        abs=5e-7,
    )
    view = TotalLossView()
    total, *_ = view.curves(config)
    assert (total.column, total.formula) == ("batch_total", "as trained, with smoothed targets")
    values = [line.value for line in view.references(config)]
    assert values == pytest.approx([2.174785, 0.778441, 0.597837], abs=5e-7)
    assert "0.9 E log D(x)" in LossesView().curves(config)[0].formula


def test_each_line_states_its_convention() -> None:
    for key in FORMULATIONS:
        for line in equilibrium_lines(made_up.run_config("ring", (key,)), with_parts=False):
            assert line.is_open or line.label.endswith(("sum of means", "mean over pairs", "mean"))


def test_lines_shared_by_lanes_are_drawn_once() -> None:
    lines = equilibrium_lines(made_up.run_config("ring", ("saturating", "non_saturating")), with_parts=False)
    assert [(line.role, round(line.value, 3)) for line in lines] == [
        ("d_loss", 1.386), ("g_loss", -0.693), ("g_loss", 0.693)
    ]  # fmt: skip


def test_the_totals_stand_at_three_and_one_ln_2(qapp: object) -> None:
    view = TotalLossView()
    values = [line.value for line in view.references(made_up.run_config("ring"))]
    assert values == pytest.approx([3 * math.log(2), math.log(2)])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (math.log(4), "2 ln 2 = 1.386"),
        (-math.log(2), "−ln 2 = −0.693"),
        (0.0, "0"),
        (2.0, "2"),
        (0.25, "0.25"),
    ],
)
def test_values_are_named(value: float, name: str) -> None:
    assert value_name(value)[0] == name


def test_legends_name_the_formulas(qapp: object) -> None:
    config = made_up.run_config("ring", ("non_saturating",))
    d, g, *_ = LossesView().curves(config)
    assert (d.formula, g.formula) == (
        config.lanes[0].formulation.loss.d_formula,
        config.lanes[0].formulation.loss.g_formula,
    )
    with_penalty = LossesView().curves(made_up.run_config("ring", ("non_saturating_r1",)))
    assert with_penalty[0].formula.endswith("+ penalty")


@pytest.mark.parametrize("had_one", [False, True], ids=["never", "before"])
def test_a_lane_without_a_penalty_has_no_curve_of_it_unless_it_had_one(pixels: Paint, had_one: bool) -> None:
    """The crosshair read 0.000 where the legend had "–"."""
    view = shown(LossesView, "non_saturating", "non_saturating_r1")
    trace = view._trace
    assert trace is not None
    values = {name: getattr(trace, name).copy() for name in ("low", "high", "mean")}
    for one in values.values():
        one[0, trace.column("penalty")] = 0.0
        one[0, trace.column("penalty"), 3] = 0.1 * had_one
    view._trace = dataclasses.replace(trace, **values)
    pixels(view)
    found = [lane for curve, lane, _ in view._chart.drawn.tracks if curve.column == "penalty"]
    assert found == [0, 1] if had_one else found == [1]
    read = read_out_at(view._chart.drawn.tracks, ("NS", "R1"), 40.0)
    (row,) = [one for one in read.rows if one.name == "penalty"]
    assert len(row.values) == 2
    assert (row.values[0] == MISSING) != had_one


@pytest.mark.parametrize("height", [240, 110, 80])
def test_rows_of_a_legend_give_way_to_a_low_plot(pixels: Paint, height: int) -> None:
    view = shown(LossesView, "non_saturating", "saturating", "wgan", "least_squares")
    pixels(view, 260, height)
    drawn = view._chart.drawn
    assert drawn.area.height() >= LEAST_PLOT_PX or len(drawn.legend.rows) == 1
    assert drawn.legend_area.bottom() < drawn.area.top()
    assert (drawn.legend.n_missing > 0) == (height < 240)


@pytest.mark.parametrize(("letters", "height", "n_lines"), [(1.6, 320, 2), (1.6, 210, 1), (2.4, 210, 0)])
def test_a_caption_in_large_letters_gives_way_to_the_plot(
    pixels: Paint, letters: float, height: int, n_lines: int
) -> None:
    view = shown(LossesView, "non_saturating", "wgan")
    view._value.setChecked(True)
    font = view.font()
    font.setPointSizeF(letters * font.pointSizeF())
    view.setFont(font)
    pixels(view, 420, height)
    drawn = view._chart.drawn
    assert len(drawn.caption) == n_lines
    assert drawn.area.height() >= LEAST_PLOT_PX
    assert not n_lines or drawn.area.height() >= CAPTIONED_PX


def test_the_legend_of_an_unrolled_run_says_what_g_descends(qapp: object) -> None:
    view = LossesView()
    for key, steps, formula in (
        ("saturating", 5, "−L<sub>D</sub>, D 5 steps ahead"),
        ("non_saturating", 1, f"{NonSaturating().g_formula}, D 1 step ahead"),
    ):
        config = made_up.run_config("ring", (key,))
        rule = Unrolled(inner_steps=steps)
        config = dataclasses.replace(config, training=dataclasses.replace(config.training, rule=rule))
        assert next(one for one in view.curves(config) if one.column == "g_loss").formula == formula


@pytest.mark.parametrize("cls", [LossesView, TotalLossView])
@pytest.mark.parametrize("scale", ["linear", "symlog", "log"])
def test_scales_keep_order_and_show_ticks(cls: type, scale: str, pixels: Paint) -> None:
    view = shown(cls)
    view.set_scale(scale)
    pixels(view)
    drawn = view._chart.drawn
    assert drawn is not None
    values = np.linspace(max(drawn.y.low, 0.01), drawn.y.high, 20)
    assert (np.diff(drawn.y.pixels(values)) < 0).all()
    assert len(drawn.y.scale.ticks(drawn.y.low, drawn.y.high, 5)) >= 2


def test_a_negative_loss_is_visible_in_linear_and_symlog(pixels: Paint) -> None:
    view = shown(TotalLossView)
    view._value.setChecked(True)  # type: ignore[attr-defined]
    for scale in ("linear", "symlog"):
        view.set_scale(scale)
        pixels(view)
        drawn = view._chart.drawn
        assert drawn is not None
        assert drawn.y.low < -1.3


def test_smoothing_is_said_and_leaves_the_raw_curve(pixels: Paint) -> None:
    view = shown(LossesView)
    raw = pixels(view)
    view.set_smoothing(0.9)
    content = view.content()
    assert content is not None
    assert content.smoothing == 0.9
    assert "moothed" in content.caption
    assert "smoothed" in content.y_label
    assert not np.array_equal(pixels(view), raw)
    view.set_smoothing(0.0)
    assert np.array_equal(pixels(view), raw)


def track(trace, lane, column, n_points):
    return tracks(trace, lane, [column], n_points)[0]


def test_an_average_is_drawn_at_its_steps_and_broken_at_marks() -> None:
    trace = made_trace(2000)
    at = trace.last
    values = np.broadcast_to(at.astype(np.float64), trace.mean.shape)
    trace = dataclasses.replace(
        trace, smoothed=values, smoothed_at=at, marks=(ChangeMark(int(at[99]), 0, "x", True),)
    )
    for n_points in (90, 600):
        average = track(trace, 0, "d_loss", n_points).average
        assert average is not None
        steps, read = average
        np.testing.assert_array_equal(steps, read)
        (gap,) = np.flatnonzero(np.isnan(steps))
        assert (steps[gap - 1], steps[-1]) == (at[99], at[-1])
        assert np.nanmax(np.diff(steps)) <= 2000 / n_points * 1.5 + 4
    assert track(dataclasses.replace(trace, smoothed=None), 0, "d_loss", 90).average is None


def made_trace(steps: int = 5000) -> LossTrace:
    return made_up.trace(1, steps, np.random.default_rng(1))


@pytest.mark.parametrize("n_points", [50, 200, 1000])
def test_thinned_curves_keep_every_extreme(n_points: int) -> None:
    trace = dataclasses.replace(made_trace(), marks=())
    one = track(trace, 0, "d_loss", n_points)
    i = trace.column("d_loss")
    assert len(one.steps) <= n_points
    assert (one.low.min(), one.high.max()) == (trace.low[0, i].min(), trace.high[0, i].max())
    weights = (trace.last - trace.first + 1).astype(float)
    if n_points < 600:
        assert one.mean.mean() == pytest.approx(np.average(trace.mean[0, i], weights=weights), rel=0.02)


def test_a_change_of_formulation_breaks_the_curve() -> None:
    trace = made_trace()
    one = track(trace, 0, "d_loss", 200)
    gaps = np.flatnonzero(np.isnan(one.steps))
    assert len(gaps) == 1
    assert one.steps[gaps[0] - 1] <= 910 and one.steps[gaps[0] + 1] >= 890  # noqa: PT018 - one break


@given(st.sets(st.integers(0, 5000), max_size=30), st.integers(2, 700))
def test_a_thinned_curve_is_made_of_the_buckets_between_two_breaks(steps: set[int], n_points: int) -> None:
    marks = tuple(ChangeMark(step, 0, "a → b", True) for step in sorted(steps))
    trace = dataclasses.replace(made_trace(), marks=marks)
    i, n = trace.column("d_loss"), len(trace.first)
    group = -(-n // n_points)
    ends = [int((trace.first <= step).sum()) for step in sorted(steps)]
    cuts = sorted({0, *ends, n})
    is_of_both = [any(a <= step < b for step in steps) for a, b in zip(trace.first, trace.last, strict=True)]
    expected: list[float] = []
    for start, end in itertools.pairwise(cuts):
        expected += [float("nan")] if expected else []
        for at in range(start, end, group):
            part = [k for k in range(at, min(at + group, end)) if not is_of_both[k]]
            weights = (trace.last - trace.first + 1)[part].astype(float)
            whole = np.average(trace.mean[0, i, part], weights=weights) if part else np.nan
            expected.append(float(whole))
    assert track(trace, 0, "d_loss", n_points).mean == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("step", "gap_before"), [(70, 128), (128, 256), (200, 256), (63, None)])
def test_a_break_stands_before_the_first_value_after_it(step: int, gap_before: int | None) -> None:
    """Metrics are few: the one that follows a change is of what was changed, however far apart they are."""
    at, trace = np.array([64, 128, 256, 512]), made_trace(8)
    values = np.broadcast_to(at.astype(np.float64), (*trace.mean.shape[:2], 4))
    trace = dataclasses.replace(
        trace, first=at, last=at, low=values, high=values, mean=values,
        marks=(ChangeMark(step, 0, "fork: a", True),),
    )  # fmt: skip
    (gaps,) = np.nonzero(np.isnan(steps := track(trace, 0, "d_loss", 90).steps))
    assert [steps[gap + 1] for gap in gaps] == ([] if gap_before is None else [gap_before])


def test_a_change_that_is_undone_and_made_again_is_the_newest_mark() -> None:
    made = [ChangeMark(7, lane, label, True) for label in ("on", "off", "on") for lane in (0, 1)]
    shown = marks_of(dataclasses.replace(made_trace(), marks=tuple(made)), ("one", "two"))
    assert [mark.label for mark in shown] == ["off", "on"]


def test_equal_marks_of_several_lanes_are_drawn_once() -> None:
    marks = tuple(ChangeMark(10, lane, "a → b", True) for lane in range(3))
    assert len(marks_of(dataclasses.replace(made_trace(), marks=marks))) == 1


def test_a_mark_says_whose_it_is_unless_all_lanes_have_it() -> None:
    marks = (
        ChangeMark(90, 0, "rate", False), ChangeMark(91, 0, "x", False), ChangeMark(91, 2, "x", False),
        ChangeMark(92, None, "y", True), ChangeMark(93, 0, "z", True), ChangeMark(93, 1, "z", True),
        ChangeMark(93, 2, "z", True), ChangeMark(94, 2, "fork: three", True),
    )  # fmt: skip
    trace = dataclasses.replace(made_trace(), marks=marks)
    assert [mark.label for mark in marks_of(trace, ("one", "&lt;b&gt;", "three"))] == [
        "one: rate", "one, three: x", "y", "z", "fork: three"
    ]  # fmt: skip
    assert [mark.label for mark in marks_of(trace, ())] == ["rate", "x", "y", "z", "fork: three"]


def test_the_crosshair_is_shared_by_all_charts(pixels: Paint) -> None:
    one, other = shown(LossesView), shown(TotalLossView)
    one.cursor_moved.connect(other.show_cursor)
    pixels(one)
    drawn = one._chart.drawn
    assert drawn is not None
    one.pointer_moved(QPointF(drawn.x.pixel(2000), drawn.area.center().y()))
    assert one._cursor == pytest.approx(2000)
    assert other._cursor == pytest.approx(2000)
    one.pointer_moved(None)
    assert (one._cursor, other._cursor) == (None, None)


def test_the_crosshair_reads_the_value_at_its_step() -> None:
    trace = made_trace(500)
    one = track(dataclasses.replace(trace, marks=()), 0, "d_loss", 1000)
    i = trace.column("d_loss")
    assert value_at(one, 321) == trace.mean[0, i, 320]


@pytest.mark.parametrize("scale", ["linear", "symlog", "log"])
def test_no_extreme_is_lost(pixels: Paint, scale: str) -> None:
    """One step of 1,000 among 20,000 and one of a hundredth: axis, or marks at its edge, and read-out know both."""
    config = made_up.run_config("ring", ("non_saturating",))
    values = np.full((20_000, len(COLUMNS)), 0.7)
    values[12_344, COLUMNS.index("d_loss")], values[12_346, COLUMNS.index("d_loss")] = 1000.0, 0.01
    history = History.from_tables([values], [])
    trace = LossTrace(COLUMNS, *history.thinned(600), marks=())
    view = LossesView()
    view.show_snapshot(dataclasses.replace(made_up.snapshot(config), readings=((LossTraceProbe(), trace),)))
    view.set_scale(scale)
    pixels(view)
    drawn = view._chart.drawn
    assert drawn is not None
    marked = [one.value for one in beyond(drawn.tracks, drawn.y.low, drawn.y.high, 0, 20_000)]
    assert min([drawn.y.low, *marked]) <= 0.01
    assert max([drawn.y.high, *marked]) >= 1000
    assert bool(marked) == drawn.is_calm == (scale == "linear")
    one = next(one for curve, _, one in drawn.tracks if curve.column == "d_loss")
    assert text_at(one, 12_345.0).endswith(f"({number(0.01)} … {number(1000.0)})")
    assert text_at(one, 100.0) == number(0.7)


@pytest.mark.parametrize("stacked", [False, True])
def test_what_d_has_learned_by_hand_is_seen_before_a_step_counts_it(pixels: Paint, stacked: bool) -> None:
    """The curves stayed where they were, with another L_D than the ledger, for as long as D was held."""
    view = shown(LossesView)
    before = pixels(view)
    trace, now = view._trace, view.snapshot
    assert trace is not None
    assert now is not None
    ahead = np.full_like(trace.current, np.nan)
    said = {"d_loss": 0.4, "d_loss_real": 0.1, "d_loss_fake": 0.3, "g_loss": 5.0}
    for name, value in said.items():
        ahead[:, trace.column(name)] = value
    mark = ChangeMark(int(trace.last[-1]), None, "D moved by hand × 315", breaks=False)
    moved = dataclasses.replace(trace, ahead=ahead, marks=(*trace.marks, mark))
    view.show_snapshot(dataclasses.replace(now, readings=((LossTraceProbe(), moved),)))
    view._stacked.setChecked(stacked)
    assert (pixels(view) != before).any()
    content, drawn = view.content(), view._chart.drawn
    assert content is not None
    assert drawn is not None
    ends = {curve.column: (was, value) for curve, _, was, value in ahead_ends(content)}
    assert ends["d_loss"] == (trace.current[0, trace.column("d_loss")], 0.4)
    assert ("g_loss" in ends) != stacked
    assert drawn.y.low <= 0.4
    assert stacked or drawn.y.high >= 5.0
    assert latest_values(moved, "d_loss").tolist() == [0.4]
    assert content.caption.startswith("315 updates of D by hand")


def test_the_crosshair_is_painted_over_the_kept_picture(qtbot: object) -> None:
    view = shown(LossesView, "non_saturating", "hinge")
    qtbot.addWidget(view)  # type: ignore[attr-defined]
    view.resize(520, 300)
    before = view.grab().toImage()
    painted: list[int] = []
    original = view.draw
    view.draw = lambda *args: (painted.append(1), original(*args))  # type: ignore[method-assign]
    view.show_cursor(1500.0)
    assert view.grab().toImage() != before
    assert not painted
    view.show_cursor(None)
    assert view.grab().toImage() == before


@given(st.floats(1, 1e9))
def test_the_axis_ends_at_a_round_step_not_far_beyond_the_last(value: float) -> None:
    assert value <= next_round(value) * (1 + 1e-9) <= max(value * 1.6, 2)


def test_a_chart_begins_without_ranges() -> None:
    chart = Chart()
    chart.reset()
    assert chart.drawn is None


def test_a_loss_has_no_value_before_its_first_step():
    trace = made_up.trace(2, 500, np.random.default_rng(1))
    after = dataclasses.replace(trace, marks=(ChangeMark(500, 1, "x", True), ChangeMark(500, 0, "y", False)))
    for column in ("d_loss", "total", "value", "fake_mean"):
        expected = trace.current[:, trace.column(column)].copy()
        np.testing.assert_array_equal(latest_values(trace, column), expected)
        expected[1] = np.nan if column in TRAINED else expected[1]
        np.testing.assert_array_equal(latest_values(after, column), expected)
        looked_back = dataclasses.replace(after, step=400)
        np.testing.assert_array_equal(
            latest_values(looked_back, column), trace.current[:, trace.column(column)]
        )
    assert latest_values(dataclasses.replace(after, marks=(ChangeMark(499, 1, "x", True),)), "d_loss")[
        1
    ] == expected_of(trace)


def expected_of(trace):
    return trace.current[1, trace.column("d_loss")]


@pytest.mark.parametrize(
    ("key", "asks", "columns", "name", "ends"),
    [
        ("non_saturating", False, 5, "L<sub>D</sub> + L<sub>G</sub>", [3 * math.log(2), math.log(2)]),
        ("saturating", False, 5, "non-saturating total", [3 * math.log(2), math.log(2)]),
        ("least_squares", False, 1, "L<sub>D</sub> + L<sub>G</sub>", [0.375]),
        ("wgan_gp", False, 1, "L<sub>D</sub> + L<sub>G</sub>", []),
        ("wgan_gp", True, 5, "non-saturating total", [3 * math.log(2), math.log(2)]),
    ],
)
def test_a_cross_entropy_is_drawn_of_logits_and_where_it_is_asked_for(qtbot, key, asks, columns, name, ends):
    view = TotalLossView()
    qtbot.addWidget(view)
    config = made_up.run_config(formulations=(key,))
    view.show_snapshot(made_up.snapshot(config))
    view._as_logits.setChecked(asks)
    curves = view.curves(config)
    assert (curves[0].symbol, len(curves)) == (name, columns)
    assert curves[0].column == ("total_non_saturating" if columns > 1 else "batch_total")
    assert [line.value for line in view.references(config) if not line.is_open] == pytest.approx(ends)
    assert ("read as logits" in view.caption(config)) == asks
    assert ("no origin" in view.caption(config)) == (key == "wgan_gp" and not asks)
    assert view._as_logits.isHidden() == (key in ("non_saturating", "saturating"))


def test_a_stacked_total_has_three_terms_on_each_other(qtbot, monkeypatch):
    areas = []
    monkeypatch.setattr(chart_stack, "draw_band", lambda painter, x, y, one, color: areas.append(one))
    view = TotalLossView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config()))
    view._stacked.setChecked(True)
    view_image(view, QSize(600, 300), LIGHT)
    means = {curve.column: one.mean for curve, _, one in view._chart.drawn.tracks}
    for lower, upper in itertools.pairwise(areas):
        np.testing.assert_array_equal(lower.high, upper.low)
    assert len(areas) == 3
    assert not areas[0].low.any()
    np.testing.assert_allclose(areas[2].high, means["total_non_saturating"], atol=1e-12)


def test_stacked_parts_reach_from_0_to_their_sum(qtbot, monkeypatch):
    """The areas that are filled, against the trace: the upper one's edge is L_D."""
    areas = []
    monkeypatch.setattr(chart_stack, "draw_band", lambda painter, x, y, one, color: areas.append(one))
    view = LossesView()
    qtbot.addWidget(view)
    config = made_up.run_config()
    view.show_snapshot(made_up.snapshot(config))
    for button in (view._stacked, view._value):
        button.setChecked(True)
    view_image(view, QSize(600, 300), LIGHT)
    drawn = view._chart.drawn
    assert drawn is not None
    means = {curve.column: one.mean for curve, _, one in drawn.tracks}
    assert list(means) == ["d_loss", "d_loss_real", "d_loss_fake", "value"], "L_G is another matter"
    real, fake = areas
    assert not real.low.any()
    np.testing.assert_allclose(real.high, means["d_loss_real"], atol=1e-12)
    np.testing.assert_array_equal(fake.low, real.high)
    np.testing.assert_allclose(fake.high, means["d_loss"], atol=1e-12)
    np.testing.assert_allclose(means["value"], -means["d_loss"], atol=1e-12)
    assert drawn.y.low <= 0.0
    assert [line.value for line in view.references(config)] == pytest.approx(
        [2 * math.log(2), math.log(2), -2 * math.log(2)]
    )
    other = made_up.run_config(formulations=("wgan_gp",))
    assert "value" not in [curve.column for curve in view.curves(other)]
    assert "no logits" in view.caption(other)


def test_the_chart_of_v_says_who_moves_it(qapp: object) -> None:
    """The button's tip alone did: V was one more curve."""
    view, config = LossesView(), made_up.run_config()
    assert view.caption(config) == ""
    view._value.setChecked(True)
    assert view.caption(config).startswith("D raises V, G lowers it")
    assert "raises" not in view.caption(made_up.run_config(formulations=("wgan_gp",)))
    view._shadows.setChecked(True)
    assert "not trained" in view.caption(config).removeprefix(MOVES_V)


def test_the_step_that_is_looked_at_is_seen_in_every_chart(pixels: Paint) -> None:
    view = shown(LossesView)
    now, trace = view.snapshot, view._trace
    assert now is not None
    assert trace is not None
    before, past = pixels(view), dataclasses.replace(trace, step=int(trace.last[-1]) // 2)
    view.show_snapshot(dataclasses.replace(now, readings=((LossTraceProbe(), past),)))
    changed = (pixels(view) != before).any(axis=tuple(range(2, before.ndim))).any(axis=0)
    at = view._chart.drawn.x.pixel(past.step)
    assert set(np.flatnonzero(changed).tolist()) <= {round(at) + shift for shift in range(-2, 4)}
    assert changed.any()


def test_updates_of_d_alone_are_told_where_no_curve_shows_them(open_window):
    window, config = open_window(), made_up.run_config()
    whole = made_up.snapshot(config, step=0)
    nothing = whole.get(LossTrace)

    def show(step: int, *marks: ChangeMark) -> tuple[str, str]:
        readings = ((LossTraceProbe(), dataclasses.replace(nothing, marks=marks)),)
        stamp = dataclasses.replace(whole.stamp, step=step)
        window.show_snapshot(dataclasses.replace(whole, stamp=stamp, viewed_step=step, readings=readings))
        return window.docks.views["losses"].empty_text, window.run_bar._numbers.text()

    moved = ChangeMark(0, None, "D moved by hand × 157", False)
    usual = "The curves start with the first step"
    text, numbers = show(0, moved, ChangeMark(0, None, "learning rate 1 → 2", False))
    assert "D alone has made 157 updates" in text
    assert numbers.startswith("step 0 + 157 D ·")
    assert "1 update:" in show(0, dataclasses.replace(moved, label="D moved by hand"))[0]
    assert show(0)[0] == usual
    assert show(9, moved)[1].startswith("step 9 ·"), "those before are a mark of the charts"


@pytest.mark.parametrize(
    ("cls", "n_lanes", "is_on"), [(LossesView, 1, True), (LossesView, 2, False), (TotalLossView, 2, False)]
)
def test_what_stacks_nothing_cannot_be_pressed(qtbot, cls, n_lanes, is_on):
    view = cls()
    qtbot.addWidget(view)
    keys = ("non_saturating", "saturating")[:n_lanes]
    view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=keys)))
    assert view._stacked.isEnabled() == is_on


@pytest.mark.parametrize("percent", [100, 160])
def test_names_of_equilibria_have_a_heading_below_the_legend(qtbot, percent):
    """In large letters it stood across the legend's last row."""
    view = LossesView()
    qtbot.addWidget(view)
    font = view.font()
    font.setPointSizeF(font.pointSizeF() * percent / 100)
    view.setFont(font)
    view.show_snapshot(made_up.snapshot(made_up.run_config()))
    assert view._trace is not None
    view._trace = dataclasses.replace(view._trace, marks=())  # whose names would have that room, too
    view_image(view, QSize(640, 700), LIGHT)
    drawn = view._chart.drawn
    assert drawn is not None
    assert drawn.legend_area.bottom() <= drawn.area.top() - line_height(view.fonts().tick)
