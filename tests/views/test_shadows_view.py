"""The view of shadow losses: which are compared, and what is said of the pair of the original paper."""

from __future__ import annotations

import dataclasses

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStyleOptionToolButton

from ganviz.training.probes.shadow_gradients import SHADOWS, ShadowGradients, ShadowGradientsProbe
from ganviz.training.probes.shadow_trace import ShadowTrace, ShadowTraceProbe
from ganviz.training.shadows import ShadowCurve
from ganviz.views.bases.plot_export import view_image
from ganviz.views.pictures import shadow_traces
from ganviz.views.pictures.loss_menu import MOST, LossMenu
from ganviz.views.pictures.shadow_table import decades_of, pair_words
from ganviz.views.pictures.shadows_view import ShadowsView


def test_ticked_losses_are_asked_for(qapp: object) -> None:
    view = ShadowsView()
    asked: list[int] = []
    view.needs_changed.connect(lambda: asked.append(1))
    assert view.needs() == (ShadowGradientsProbe(SHADOWS),)
    actions = {action.data(): action for action in view.losses.menu().actions()}
    actions["hinge"].setChecked(False)
    assert "hinge" not in view.needs()[0].losses
    assert asked
    for action in actions.values():
        action.setChecked(True)
    assert len(view.needs()[0].losses) == MOST == sum(action.isChecked() for action in actions.values())


def test_only_logits_have_a_pair() -> None:
    snapshot = made_up.snapshot(made_up.run_config(formulations=("non_saturating", "wgan_gp")))
    found = snapshot.get(ShadowGradients)
    long, short = pair_words(snapshot.config, found, 0)  # t = -2
    assert "e⁻ᵗ = 7.39 times" in long
    assert "7.39 times" in short
    assert not any(pair_words(snapshot.config, found, 1))


@pytest.mark.parametrize(
    ("norms", "decades"),
    [([0.02, 3.0], (-2, 1)), ([0.5], (-1, 0)), ([np.nan, 0.0], (-1, 0)), ([1e-9, 1e3], (-9.0, 3.0))],
)
def test_bars_are_on_whole_decades(norms: list[float], decades: tuple[float, float]) -> None:
    low, high = decades_of(np.array(norms))
    assert low <= decades[0]
    assert high == decades[1]


def test_norms_are_kept_over_the_steps_at_which_they_were_seen(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each curve goes through the norms that were read; another run begins anew, and so does going back."""
    view, frames, curves = ShadowsView(), [], []
    monkeypatch.setattr(
        shadow_traces, "draw_step_frame", lambda painter, area, frame, *_: frames.append(frame)
    )
    monkeypatch.setattr(shadow_traces, "draw_curve", lambda painter, x, y, pen: curves.append((x, y)))
    view._over_steps.setChecked(True)
    config = made_up.run_config(formulations=("non_saturating", "wgan_gp"))
    seen = [made_up.snapshot(config, step=step) for step in (40, 300, 4000)]
    for snapshot in seen:
        view.show_snapshot(snapshot)
    view_image(view, QSize(500, 400), view.theme)
    x, y = curves[4]  # the last one drawn of the first lane is the trained loss's
    frame = frames[0]
    assert [round(frame.x.value(at)) for at in x] == [40, 300, 4000]
    own = [frames[1].y.value(at) for at in curves[10][1]]  # that of the second lane, of six curves
    np.testing.assert_allclose(
        own, [snapshot.get(ShadowGradients).norms[1, 0] for snapshot in seen], rtol=1e-9
    )
    norms = [snapshot.get(ShadowGradients).norms[0, 0] for snapshot in seen]
    np.testing.assert_allclose([frame.y.value(at) for at in y], norms, rtol=1e-9)
    assert frame.y.low <= min(norms)
    view.show_snapshot(dataclasses.replace(seen[1], stamp=seen[2].stamp))  # one looks back
    view_image(view, QSize(500, 400), view.theme)
    assert [round(frames[-2].x.value(at)) for at in curves[-6][0]] == [40, 300]
    assert view._norms.steps.tolist() == [40, 300, 4000]
    view.show_snapshot(seen[1])
    assert view._norms.steps.tolist() == [40, 300]
    view.show_snapshot(made_up.snapshot(config, step=500, run=2))
    assert view._norms.steps.tolist() == [500]
    view.clear()
    assert view._norms is None


def test_losses_over_steps_are_drawn_where_they_are_ticked(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bold and last the trained one; every extreme has room; the table has every bucket."""
    view, frames, curves = ShadowsView(), [], []
    monkeypatch.setattr(
        shadow_traces, "draw_step_frame", lambda painter, area, frame, *_: frames.append(frame)
    )
    monkeypatch.setattr(shadow_traces, "draw_curve", lambda painter, x, y, pen: curves.append((x, y, pen)))
    assert ShadowTraceProbe(SHADOWS) not in view.needs()
    view._over_steps.setChecked(True)
    view._values.setChecked(True)
    assert not view._over_steps.isChecked()
    assert view.needs() == (ShadowGradientsProbe(SHADOWS), ShadowTraceProbe(SHADOWS))
    snapshot = made_up.snapshot(made_up.run_config(formulations=("wgan_gp",)))
    view.show_snapshot(snapshot)
    view_image(view, QSize(500, 400), view.theme)
    trace = snapshot.get(ShadowTrace)
    assert len(curves) == len(trace.curves)
    x, y, pen = curves[-1]
    assert pen.widthF() > curves[0][2].widthF()
    np.testing.assert_allclose([frames[0].x.value(at) for at in x], trace.curves[0].last, atol=0.6)
    np.testing.assert_allclose([frames[0].y.value(at) for at in y], trace.curves[0].mean[0], atol=1e-6)
    assert frames[0].y.high >= max(curve.high.max() for curve in trace.curves)
    assert frames[0].y.low <= min(curve.low.min() for curve in trace.curves)
    rows = view.values().rows
    assert len(rows) == sum(len(curve.first) for curve in trace.curves)
    assert view.values().headings[4:] == ("L_G", "lowest", "highest")
    assert all(lowest < value < highest for *_, value, lowest, highest in rows)
    assert next(row for row in rows if row[1] == "Hinge")[2] == trace.curves[3].first[0]


def test_the_step_looked_back_at_is_marked_whose_values_stand_beside_the_names(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, marked = ShadowsView(), []
    monkeypatch.setattr(shadow_traces, "draw_viewed", lambda *drawn: marked.append(drawn[3]))
    view._values.setChecked(True)
    present = made_up.snapshot(made_up.run_config())
    for snapshot in (present, dataclasses.replace(present, viewed_step=present.stamp.step - 100)):
        view.show_snapshot(snapshot)
        view_image(view, QSize(500, 400), view.theme)
    assert marked == [present.stamp.step - 100]


def test_a_loss_that_is_far_off_does_not_flatten_the_others() -> None:
    def track(*values: float) -> shadow_traces.Track:
        mean = np.array(values)
        return shadow_traces.Track(np.arange(1.0, len(mean) + 1), mean, mean, mean)

    assert shadow_traces.heights_of([track(0.5, 0.8), track(3.0, -2.0)])[2].key == "linear"
    low, high, scale = shadow_traces.heights_of([track(0.5, 0.8), track(900.0, -2.0)])
    assert scale.key == "symlog"
    assert low <= -2
    assert high >= 900


def test_a_curve_breaks_where_its_loss_became_another_one() -> None:
    values = np.arange(20.0).reshape(2, 10)
    steps = np.arange(10, 110, 10)
    curve = ShadowCurve(steps - 9, steps, values, values, values, ((1, 41),))
    assert np.isfinite(shadow_traces.track(curve, 0).mean).all()
    broken = shadow_traces.track(curve, 1)
    assert np.flatnonzero(np.isnan(broken.mean)).tolist() == [4]
    assert (np.diff(broken.steps) >= 0).all()
    for part in (broken.low, broken.mean, broken.high):
        np.testing.assert_array_equal(part[np.isfinite(part)], values[1])


def test_readings_of_other_lanes_or_of_later_steps_alone_are_not_drawn(qapp: object) -> None:
    """One of two readings may come with a later look, and the first norm may have been read after this step."""
    view = ShadowsView()
    one, two = (made_up.run_config(formulations=("non_saturating", *more)) for more in ((), ("saturating",)))
    view._values.setChecked(True)
    view.show_snapshot(made_up.snapshot(one))
    assert view.values().headings[2] == "first step"
    view.show_snapshot(made_up.snapshot(two, leave_out=(ShadowTrace,)))
    view_image(view, QSize(500, 400), view.theme)
    assert view.values().headings[2] == "L_G"
    view._values.setChecked(False)
    view._over_steps.setChecked(True)
    early = made_up.snapshot(two, leave_out=(ShadowGradients,))
    view.show_snapshot(dataclasses.replace(early, viewed_step=1))
    view_image(view, QSize(500, 400), view.theme)


def test_the_arrow_of_the_menu_of_losses_stands_behind_the_word(qtbot) -> None:
    """Qt drew its own into the last letter, most of all where letters are large."""
    menu, option = LossMenu("Losses", ""), QStyleOptionToolButton()
    qtbot.addWidget(menu)
    menu.initStyleOption(option)
    assert not option.features & QStyleOptionToolButton.ToolButtonFeature.HasMenu
    assert menu.text() == "Losses ▾"
    assert menu.accessibleName() == "Losses"
