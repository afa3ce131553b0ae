"""The view of shadow losses: which are compared, and what is said of the pair of the original paper."""

from __future__ import annotations

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QSize

from ganviz.training.probes.shadow_gradients import SHADOWS, ShadowGradients, ShadowGradientsProbe
from ganviz.views.bases.plot_export import view_image
from ganviz.views.pictures import shadow_traces
from ganviz.views.pictures.loss_menu import MOST
from ganviz.views.pictures.shadows_view import ShadowsView, _decades, pair_words


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
    assert "e^(−t) = 7.39 times" in long
    assert "7.39 times" in short
    assert not any(pair_words(snapshot.config, found, 1))


@pytest.mark.parametrize(
    ("norms", "decades"),
    [([0.02, 3.0], (-2, 1)), ([0.5], (-1, 0)), ([np.nan, 0.0], (-1, 0)), ([1e-9, 1e3], (-9.0, 3.0))],
)
def test_bars_are_on_whole_decades(norms: list[float], decades: tuple[float, float]) -> None:
    low, high = _decades(np.array(norms))
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
    norms = [snapshot.get(ShadowGradients).norms[0, 0] for snapshot in seen]
    np.testing.assert_allclose([frame.y.value(at) for at in y], norms, rtol=1e-9)
    assert frame.y.low <= min(norms)
    view.show_snapshot(seen[1])
    assert view._norms.steps.tolist() == [40, 300]
    view.show_snapshot(made_up.snapshot(config, step=500, run=2))
    assert view._norms.steps.tolist() == [500]
    view.clear()
    assert view._norms is None
