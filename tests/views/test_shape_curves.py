"""What the loss shape shows, against formulas of the two axes; and both players, ghosts, the share without slope."""

from __future__ import annotations

import dataclasses
import itertools
import re

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPainter

from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import shape_drawing
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.shape_curves import (
    ON_PROBABILITY,
    ShapeCurve,
    _over_probability,
    batch_words,
    heights,
    shape_curves,
)
from ganviz.views.pictures.shape_reading import value_names
from ganviz.views.plot.plotting import number, text_width


def snapshot(*formulations: str) -> Snapshot:
    return made_up.snapshot(made_up.run_config(formulations=formulations))


def curves(*formulations: str, **how: bool) -> list[ShapeCurve]:
    made = snapshot(*formulations)
    shape = made.get(LossShape)
    assert shape is not None
    return shape_curves(
        made.config, shape, **({"of_d": False, "is_probability": False, "with_ghosts": False} | how)
    )


def test_saturation_is_seen_over_the_score_and_hidden_over_the_probability() -> None:
    """A8: over t the slopes are -σ(t) and -σ(-t); over D they are -1/(1 - D), -1 at D = 0, and -1/D."""
    over_t = curves("non_saturating", "saturating")
    over_d = curves("non_saturating", "saturating", is_probability=True)
    assert over_t[1].at(-6.0)[1] == pytest.approx(-1 / (1 + np.exp(6)), abs=1e-6)
    assert over_t[0].at(-6.0)[1] == pytest.approx(-1 / (1 + np.exp(-6)), abs=1e-6)
    for d in (0.001, 0.02, 0.5, 0.9):
        assert over_d[1].at(d)[1] == pytest.approx(-1 / (1 - d), rel=0.01)
        assert over_d[0].at(d)[1] == pytest.approx(-1 / d, rel=0.03)
        assert over_d[1].at(d)[0] == pytest.approx(np.log(1 - d), abs=0.003)
    assert [curve.end for curve in over_d] == [0.5, 0.5]
    for curve, size in zip(over_d, (lambda d: 1 / d, lambda d: 1 / (1 - d)), strict=True):
        assert curve.mean_size == pytest.approx(size(curve.places).mean(), rel=0.01)
    assert 0 <= over_d[0].places.min() <= over_d[0].places.max() <= 1


def test_the_mean_slope_over_the_probability_is_right_where_d_is_sure() -> None:
    """d log(1 - D)/dD = -1/(1 - D), which is -1 where D is 0, however sure D is of that."""
    x = np.linspace(-100, 100, 4001)
    places = np.array([-60.0, -40.0, -20.0, np.nan])
    sure = ShapeCurve("", "g_loss", 0, x, -np.logaddexp(0, x), -1 / (1 + np.exp(-x)), places, None)
    over_d = _over_probability(sure)
    assert over_d.mean_size == pytest.approx(1, rel=1e-3)
    np.testing.assert_allclose(over_d.slope[x < 0], -1 - np.exp(x[x < 0]), rtol=1e-9)


def test_ghosts_are_what_nobody_trains() -> None:
    def ghosts(*keys: str) -> list[str]:
        return [curve.name for curve in curves(*keys, with_ghosts=True) if curve.is_ghost]

    assert ghosts("non_saturating") == ["saturating"]
    assert ghosts("non_saturating", "saturating") == []
    assert ghosts("wgan_gp") == ghosts("rpgan") == []


def test_other_losses_of_the_catalog_are_drawn_over_the_same_axis() -> None:
    def ghosts(*keys: str, **how: object) -> dict[str, ShapeCurve]:
        return {curve.name: curve for curve in curves(*keys, **how) if curve.is_ghost}  # type: ignore[arg-type]

    found = ghosts("non_saturating", also=("non_saturating", "hinge", "maximum_likelihood", "rpgan"))
    assert list(found) == ["Maximum likelihood", "Hinge"] or list(found) == ["Hinge", "Maximum likelihood"]
    assert found["Hinge"].at(-2.0) == pytest.approx((2.0, -1.0), abs=1e-3)
    assert found["Maximum likelihood"].at(1.0) == pytest.approx((-np.e, -np.e), rel=1e-2)
    over_d = ghosts("non_saturating", also=("hinge", "maximum_likelihood"), is_probability=True)
    assert list(over_d) == ["Maximum likelihood"], "a hinge's scores are no logits"
    assert list(ghosts("r3gan", also=("hinge", "ralsgan"))) == ["RaLSGAN"]


@pytest.mark.parametrize("is_split", [True, False])
@pytest.mark.parametrize("far", [-33.0, 38.0])
def test_the_batchs_mean_lies_on_its_line_and_in_the_plot(far: float, is_split: bool) -> None:
    """Scores of critics have no origin: a batch far out stood at the plot's edge, beside a line that ended below."""
    (curve,) = curves("wgan_gp")
    x = np.linspace(-40, 40, 161)
    curve = dataclasses.replace(curve, x=x, loss=-x, slope=-np.ones_like(x), places=np.full(64, far))
    for index in range(1 + is_split):
        low, high = heights([curve], index, (-28.0, 28.0), is_split=is_split)
        value, room = curve.at(far)[index], 0.04 * (high - low)
        assert low + room < value < high - room


def test_where_a_legend_has_no_room_the_mean_slopes_are_in_the_sentence() -> None:
    made = snapshot("non_saturating", "saturating")
    shape = made.get(LossShape)
    assert shape is not None
    own = curves("non_saturating", "saturating")
    means = ", ".join(map(number, shape.mean_slope.tolist()))
    assert batch_words(shape, own, with_means=True).startswith(f"Mean |slope| {means}. ")
    assert "Mean" not in batch_words(shape, own, with_means=False)
    partly = dataclasses.replace(shape, gone=np.array([0.58, np.nan]))
    assert batch_words(partly, own, with_means=False) == "58 %, – of the batch lie where |slope| < 0.05."


def test_a_small_view_leaves_its_plot_room_and_says_the_same_shorter(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating"))
    area = QRectF(0, 0, 356, 110)
    found, fonts = view.curves(), view.fonts()
    legend = view._room(area, LIGHT).legend
    assert len(legend.rows) == 1
    assert view.frames(area)[0].area.height() > 30
    brief = view._words(found, legend, is_brief=True)
    assert re.fullmatch(r"\d+ % with \|slope\| < 0\.05\. Mean \S+: loss \S+, slope \S+\.", brief)
    assert (
        text_width(fonts.tick, brief) < area.width() - 16 < text_width(fonts.tick, view._words(found, legend))
    )


def test_in_a_low_view_names_and_sentence_give_way_before_the_plot(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating", "saturating", "least_squares", "hinge"))
    before = (9, True, True)
    for height in range(300, 68, -4):
        area = QRectF(0, 0, 327, height)
        view.redraw()
        room = view._room(area, LIGHT)
        assert view.frames(area)[0].area.height() >= 40 - 1e-6
        left = sum(map(len, room.legend.rows)), room.has_sentence, room.has_axis_line
        assert all(now <= then for now, then in zip(left, before, strict=True))
        assert (
            left[1] or not left[2]
        )  # the axis's line is the first to go, the slope's name goes after the sentence
        assert left[0] == 5 or not left[1]
        before = left
    assert before == (0, False, False)


def test_a_ticked_loss_does_not_set_the_range(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating"))
    before = view.home(0)
    actions = {action.data(): action for action in view._others.menu().actions()}
    actions["maximum_likelihood"].trigger()
    assert [curve.name for curve in view.curves() if curve.is_ghost] == ["saturating", "Maximum likelihood"]
    assert view.home(0) == before


def test_the_discriminator_has_two_parts_with_a_batch_each() -> None:
    parts = curves("non_saturating", of_d=True, with_ghosts=True)
    assert [part.role for part in parts] == ["real", "generated"]
    assert parts[0].at(-3.0)[0] == pytest.approx(np.log1p(np.exp(3)), rel=1e-4)
    assert parts[1].at(3.0)[0] == pytest.approx(np.log1p(np.exp(3)), rel=1e-4)
    assert parts[0].mean > parts[1].mean
    assert value_names(parts, "L_D") == ["L_D (real)", "slope (real)", "L_D (generated)", "slope (generated)"]
    assert value_names(parts[:1], "L_D") == ["L_D", "slope"]


def said(view: LossShapeView) -> str:
    found = view.curves()
    return view._words(found, view._room(QRectF(0, 0, 640, 420), LIGHT).legend)


def test_the_share_without_slope_is_said(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating"))
    shape = view.snapshot.get(LossShape)
    mean = float(shape.places[0].mean())
    gone, where = said(view).split(". At its mean, ")
    assert gone == f"{100 * shape.gone[0]:.0f} % of the batch lies where |slope| < 0.05"
    found = [float(one) for one in re.findall(r"-?\d+\.\d+", where.replace("−", "-"))]
    assert found == pytest.approx([mean, np.logaddexp(0, -mean), -1 / (1 + np.exp(mean))], abs=6e-3)
    view._over_probability.setChecked(True)
    assert said(view) == ON_PROBABILITY


def test_a_plot_without_height_has_no_batch(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating"))
    frame = view.frames(QRectF(0, 0, 300, 200))[0]
    flat = dataclasses.replace(frame, area=QRectF(frame.area.topLeft(), QSizeF(frame.area.width(), 0)))
    picture = QImage(300, 200, QImage.Format.Format_ARGB32)
    painter = QPainter(picture)
    shape_drawing.draw_batch(painter, flat, view.curves(), LIGHT)
    painter.end()


@pytest.mark.parametrize("far", [-40.0, 40.0])
def test_the_range_follows_the_batch_which_is_marked_at_the_edge_until_then(
    far: float, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks, words = [], []
    monkeypatch.setattr(shape_drawing, "draw_markers", lambda _, x, y, __: marks.append((x[0], y[0])))
    monkeypatch.setattr(
        shape_drawing, "draw_text", lambda _, box, text, *__, **___: words.append((text, box))
    )
    made = snapshot("non_saturating")
    shape = made.get(LossShape)
    far_shape = dataclasses.replace(shape, places=shape.places + np.float32(far))
    readings = tuple((probe, far_shape if one is shape else one) for probe, one in made.readings)
    view, asked = LossShapeView(), []
    view.needs_changed.connect(lambda: asked.extend(view.needs()))
    view.show_snapshot(dataclasses.replace(made, readings=readings))
    assert view.frames(QRectF(0, 0, 500, 300))[0].x.high > np.abs(far_shape.places.mean())
    assert [(probe.low, probe.high) for probe in asked] == [(-50.0, 50.0)]
    view._reach = 6.0  # as before the batch went there
    for height in (300, 500):  # one plot, and two
        marks.clear()
        words.clear()
        view_image(view, QSize(500, height), LIGHT)
        frames = view.frames(QRectF(0, 0, 500, height))
        assert len(marks) == len(frames)
        assert all(one.area.contains(QPointF(*at)) for one, at in zip(frames, marks, strict=True))
        said = [(text, box) for text, box in words if "→" in text or "←" in text]
        assert [text.strip("←→ ") for text, _ in said] == [number(float(far_shape.places.mean()), 1)] * len(
            frames
        )
        assert all(one.area.contains(box) for one, (_, box) in zip(frames, said, strict=True))


def test_critics_have_no_axis_of_probabilities(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating"))
    view._over_probability.setChecked(True)
    assert view.home(0)[0] == (0.0, 1.0)
    for keys in (("non_saturating", "hinge"), ("rpgan",), ("least_squares",)):
        view.show_snapshot(snapshot(*keys))
        assert not view._over_probability.isEnabled()
        assert "no probability" in view._over_probability.toolTip()
        assert view.home(0)[0][0] < -5
        assert not any("D(G(z))" in words for words in view._axis_words())


def test_a_high_view_has_two_plots_over_the_same_scores(qapp: object) -> None:
    view = LossShapeView()
    view.show_snapshot(snapshot("saturating"))
    assert len(view.frames(QRectF(0, 0, 400, 280))) == 1
    loss, slope = view.frames(QRectF(0, 0, 700, 500))
    assert (loss.x, loss.area.left(), loss.area.right()) == (slope.x, slope.area.left(), slope.area.right())
    assert loss.area.bottom() < slope.area.top()
    view._looks_of(0).go(type(view.look(0))(x=(-2.0, 1.0)))
    view.looked(view.look(0))
    assert view.look(1).x == (-2.0, 1.0)


def test_histograms_of_lanes_stand_above_each_other(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(shape_drawing, "draw_curve", lambda _, __, y, pen: drawn.append((y.min(), y.max())))
    view = LossShapeView()
    view.show_snapshot(snapshot("non_saturating", "saturating", "hinge", "wgan_gp"))
    frame = view.frames(QRectF(0, 0, 520, 300))[0]
    picture = QImage(520, 330, QImage.Format.Format_ARGB32)
    painter = QPainter(picture)
    shape_drawing.draw_batch(painter, frame, view.curves(), LIGHT)
    painter.end()
    assert len(drawn) == 4
    assert drawn[-1][1] == frame.area.bottom()
    for (_, base), (top, below) in itertools.pairwise(drawn):
        assert base < top < below - 3, "each has a base line of its own, below the lane before"
    assert shape_drawing.base_lines(100, 1) == ([0.0], pytest.approx(24))
