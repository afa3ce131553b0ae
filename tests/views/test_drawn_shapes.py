"""What curves, marks and bands are drawn through: numbers of their own lane and plot, in lanes unlike each other."""

from __future__ import annotations

import dataclasses
import math

import made_up
import numpy as np
import pytest
from drawn import drawn
from PySide6.QtCore import QRectF, QSize
from test_drawn_numbers import of

from ganviz.training.floors import Level
from ganviz.training.probes.bound import Bound
from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.probes.metrics import Metrics
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import bound_view, phase_drawing, shape_drawing, shape_stills
from ganviz.views.pictures.bound_view import BoundView
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.phase_points import DIVERGENCE, FAKE, PHASE, coverage
from ganviz.views.pictures.phase_view import PhaseView
from ganviz.views.plot.looks import Look
from ganviz.views.plot.plotting import number

LN2 = math.log(2)
SIZE = QSize(700, 520)
pytestmark = pytest.mark.usefixtures("qapp")


def shape() -> LossShape:
    """Return a non-saturating lane whose batch is skewed, and a saturating one that lies elsewhere."""
    made = made_up.snapshot(made_up.run_config(formulations=("non_saturating", "saturating"))).get(LossShape)
    assert made is not None
    places = np.stack([np.repeat([-3.0, 1.0], [96, 32]), np.repeat([2.0, 0.5], [112, 16])]).astype(np.float32)
    means, gone = np.array([0.42, 0.17], np.float32), np.array([0.58, 0.09], np.float32)
    return dataclasses.replace(made, places=places, mean_slope=means, gone=gone)


def test_the_batchs_mean_is_marked_on_its_own_loss_and_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean, not the median; the end of the game is where the loss's own equilibrium is."""
    marks: list[tuple[float, float]] = []
    monkeypatch.setattr(shape_drawing, "draw_markers", lambda _, x, y, __: marks.append((x[0], y[0])))
    view = LossShapeView()
    view.show_snapshot(of(shape(), "non_saturating", "saturating"))
    view_image(view, SIZE, LIGHT)
    loss, slope = view.frames(QRectF(0, 0, 700, 520))
    a, b = -2.0, 1.8125
    expected = [
        (a, np.logaddexp(0, -a)),
        (b, -np.logaddexp(0, b)),
        (a, -1 / (1 + np.exp(a))),
        (b, -1 / (1 + np.exp(-b))),
    ]
    found = [
        (frame.x.value(x), frame.y.value(y))
        for frame, (x, y) in zip((loss, loss, slope, slope), marks, strict=True)
    ]
    np.testing.assert_allclose(found, expected, atol=5e-3)
    view.show_snapshot(of(dataclasses.replace(shape()), "least_squares", "rpgan"))
    assert [curve.end for curve in view.curves()] == [0.5, 0.0]


def test_the_lower_plot_has_the_slopes_and_the_batch_lies_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[tuple[np.ndarray, np.ndarray]] = []
    for module in (shape_drawing, shape_stills):
        if hasattr(module, "draw_curve"):
            monkeypatch.setattr(module, "draw_curve", lambda _, x, y, __: lines.append((x, y)))
    view = LossShapeView()
    view._ghosts.setChecked(False)
    view.show_snapshot(of(shape(), "non_saturating", "saturating"))
    view_image(view, SIZE, LIGHT)
    loss, slope = view.frames(QRectF(0, 0, 700, 520))
    *batch, first, second, of_first, of_second = lines
    x = np.linspace(-5, 5, 11)
    for frame, line, values in (
        (loss, first, np.logaddexp(0, -x)), (loss, second, -np.logaddexp(0, x)),
        (slope, of_first, -1 / (1 + np.exp(x))), (slope, of_second, -1 / (1 + np.exp(-x))),
    ):  # fmt: skip
        heights = np.interp([frame.x.pixel(at) for at in x], *line)
        np.testing.assert_allclose([frame.y.value(at) for at in heights], values, atol=5e-3)
    ends = [(loss.x.value(at.min()), loss.x.value(at.max())) for at, _ in batch]
    np.testing.assert_allclose(ends, [(-3, 1), (0.5, 2)], atol=0.6)


def test_the_words_of_the_loss_shape_are_of_their_lanes() -> None:
    view = LossShapeView()
    view.show_snapshot(of(shape(), "non_saturating", "saturating"))
    words = [text.words for text in drawn(view, 900, 560).texts]
    assert "Non-saturating, mean |slope| 0.420" in words
    assert "Saturating, mean |slope| 0.170" in words
    assert "58 %, 9 % of the batch lie where |slope| < 0.05." in words
    view._over_probability.setChecked(True)
    words = [text.words for text in drawn(view, 900, 560).texts]
    for name, curve in zip(("Non-saturating", "Saturating"), view.curves(), strict=True):
        assert f"{name}, mean |slope| {number(curve.mean_size)}" in words
    assert "Non-saturating, mean |slope| 0.420" not in words, "that is the slope over the score"
    losses, slopes = view.read_out(0, 0.5, 0.0).rows
    assert (losses.values, slopes.values) == (("0.693", "−0.693"), ("−2.000", "−2.000"))


def bound() -> Bound:
    """Return two lanes of cross-entropies, and one of least squares."""
    value, best = np.array([-1.3, -0.9, np.nan]), np.array([-1.1, -0.6, np.nan])
    d_loss, best_d_loss = np.array([1.3, 0.9, 0.24]), np.array([1.1, 0.6, 0.19])
    return Bound(value, best, 2000, Level(-1.36, -1.38, -1.32), d_loss, best_d_loss)


def test_what_d_lacks_stands_beside_its_lane_and_curves_go_through_v_and_its_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gaps, levels = [], []
    monkeypatch.setattr(bound_view, "draw_gap", lambda _, __, known, whose, ___: gaps.append((known, whose)))
    monkeypatch.setattr(bound_view, "draw_level", lambda _, __, value, ___: levels.append(value))
    view = BoundView()
    view.show_snapshot(of(bound(), "non_saturating", "saturating", "least_squares"))
    words = " ".join(text.words for text in drawn(view, 1200, 700).texts)
    for lane, gap, divergence, least in (
        ("Non-saturating", 0.2, 0.693147 - 0.55, 0.693147 - 0.65), ("Saturating", 0.3, 0.693147 - 0.3, 0.693147 - 0.45),
    ):  # fmt: skip
        assert f"{lane}: V, gap {gap:.3f} nats, JSD {divergence:.3f} ≥ {least:.3f} = ln 2 + V/2" in words
    assert "gap 0.050, at best 0.190" in words
    of_pairs = BoundView()
    of_pairs.show_snapshot(of(bound(), "non_saturating", "saturating", "rpgan"))
    told = " ".join(text.words for text in drawn(of_pairs, 1200, 700).texts)
    assert "gap 0.050 nats, at best 0.190" in told, "a cross-entropy of pairs is measured in nats"
    del gaps[3:], levels[2:]
    assert [whose for _, whose in gaps] == [("value", 0), ("value", 1), ("d_loss", 2)]
    found = [(float(of_d[0]), float(of_best[0])) for (_, of_d, of_best), _ in gaps]
    assert found == [(-1.3, -1.1), (-0.9, -0.6), (0.24, 0.19)]
    assert levels == pytest.approx([-2 * LN2, 0.25])


def test_the_band_of_a_perfect_generator_is_as_high_as_its_draws_and_the_table_has_v_first() -> None:
    view = BoundView()
    config = ("non_saturating", "saturating", "least_squares")
    for step in (400, 4000):
        view.show_snapshot(dataclasses.replace(of(bound(), *config), viewed_step=step))
    plot = drawn(view, 1200, 700)
    top, low = (plot.at(text).y for text in ("−0.5", "−1"))
    (band,) = plot.bars_of(LIGHT.line("real").name())
    assert band.height == pytest.approx((low - top) * 0.06 / 0.5, abs=0.1)
    rows = view.values().rows
    assert view.values().headings[2:] == ("V(D, G)", "V(D*, G)", "L_D", "L_D of the best D")
    assert [row[1:] for row in rows[:2]] == [(400, -1.3, -1.1, 1.3, 1.1), (4000, -1.3, -1.1, 1.3, 1.1)]
    assert rows[4][2:] == ("", "", 0.24, 0.19)
    back = dataclasses.replace(of(bound(), *config), viewed_step=400)
    view.show_snapshot(back)
    assert {row[1] for row in view.values().rows} == {400}, "what came after the step that is looked at"


def phase(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[PhaseView, dict[str, list[tuple[np.ndarray, np.ndarray]]]]:
    """Return the view of two lanes, and what it has drawn as curves and as markers, in the numbers of its axes."""
    view, found = PhaseView(), {"curves": [], "markers": []}
    for name, kind in (("draw_curve", "curves"), ("draw_markers", "markers")):
        monkeypatch.setattr(phase_drawing, name, lambda _, x, y, __, kind=kind: found[kind].append((x, y)))
    view.choose(mode)
    view.show_snapshot(of(bound(), "non_saturating", "saturating"))
    view_image(view, SIZE, LIGHT)
    (frame,) = view.frames(QRectF(0, 0, SIZE.width(), SIZE.height()))
    for kind, drawn_ones in found.items():
        found[kind] = [
            (np.array([frame.x.value(at) for at in x]), np.array([frame.y.value(at) for at in y]))
            for x, y in drawn_ones
        ]
    return view, found


def test_references_of_the_phase_portrait_lie_where_the_formulas_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """A D that says p of all has L_D = -ln p - ln(1 - p); below e^-A + e^-B = 1 nothing is (3.6)."""
    view, found = phase(PHASE, monkeypatch)
    (x, y), (of_d, of_g), (x_sat, y_sat), (of_d_sat, of_g_sat) = found["curves"][:4]
    p = np.exp(-y)
    inner = (p > 0.01) & (p < 0.99)
    np.testing.assert_allclose(x[inner], (-np.log(p) - np.log(1 - p))[inner], rtol=1e-6)
    not_p = np.exp(y_sat)  # L_sat = ln(1 - p)
    inner = (not_p > 0.01) & (not_p < 0.99)
    np.testing.assert_allclose(x_sat[inner], (-np.log(1 - not_p) - np.log(not_p))[inner], rtol=1e-6)
    m = 1 / (np.exp(of_g) - 1)  # L_NS = ln((1 + m) / m)
    np.testing.assert_allclose(of_d, (1 + m) * np.log1p(m) - m * np.log(m), rtol=1e-6)
    m = np.exp(-of_g_sat) - 1
    np.testing.assert_allclose(of_d_sat[5:], ((1 + m) * np.log1p(m) - m * np.log(m))[5:], rtol=1e-6)
    for (path_x, path_y), (now_x, now_y) in zip(view.paths(), found["markers"][:2], strict=True):
        assert (now_x[0], now_y[0]) == pytest.approx((path_x[-1], path_y[-1]), rel=1e-6)
    _, found = phase(FAKE, monkeypatch)
    x, y = found["curves"][0]
    np.testing.assert_allclose(np.exp(-x) + np.exp(-y), 1, rtol=1e-6)
    _, found = phase(DIVERGENCE, monkeypatch)
    x, y = found["curves"][0]
    np.testing.assert_allclose(
        np.interp([0.151796, 0.380396], x[::-1], y[::-1]), [2.038214, 2.234941], atol=1e-3
    )


def test_paths_are_of_their_own_lane_and_read_in_the_order_of_their_names() -> None:
    view = PhaseView()
    snapshot = of(bound(), "non_saturating", "saturating")
    view.show_snapshot(snapshot)
    trace, metrics = view._trace, snapshot.get(Metrics)
    assert trace is not None
    assert metrics is not None
    for lane, (x, y) in enumerate(view.paths()):
        at = np.isfinite(x)
        np.testing.assert_array_equal(x[at], trace.mean[lane, trace.column("d_loss")][at])
        np.testing.assert_array_equal(y[at], trace.mean[lane, trace.column("g_loss")][at])
        view._at = lane, view.steps()[-1][1]
        shown = view.read_out(0, 0.0, 0.0)
        assert shown is not None
        first, second, _ = shown.rows
        assert [(row.name, row.values[0]) for row in (first, second)] == [
            ("L<sub>D</sub>", number(float(x[-1]))), ("L<sub>G</sub>", number(float(y[-1]))),
        ]  # fmt: skip
    assert view._points() == [pytest.approx((2 * LN2, LN2)), pytest.approx((2 * LN2, -LN2))]
    view.choose(FAKE)
    assert view._points() == [pytest.approx((LN2, LN2))]
    view.choose(DIVERGENCE)
    assert view._points()[0] == pytest.approx((0, 3 * LN2))
    for lane, (x, y) in enumerate(view.paths()):
        assert x[-1] == metrics.js_divergence[lane]
        assert y[-1] == trace.current[lane, trace.column("total_non_saturating")]


def test_the_number_of_a_point_stands_beside_that_point() -> None:
    view = PhaseView()
    view.show_snapshot(of(bound(), "non_saturating"))
    view._looks_of(0).slide(Look((0.0, 1.6), (0.0, 3.0)))
    (frame,) = view.frames(QRectF(0, 0, 700, 520))
    at = coverage(np.arange(1, 9) / 8)
    for text, box in phase_drawing.numbers_of_points(frame, view._columns(), view.fonts()):
        k = int(text) - 1
        x, y = frame.x.pixel(at["d_loss"][k]), frame.y.pixel(at["g_non_saturating"][k])
        assert math.hypot(box.center().x() - x, box.center().y() - y) < 20
