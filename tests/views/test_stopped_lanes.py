"""A lane that has diverged keeps its last finite weights: every view says so, and goes by the lanes that go on."""

from __future__ import annotations

import dataclasses
import itertools
from xml.etree import ElementTree

import made_up
import numpy as np
import pytest

from ganviz.session.figure import Figure
from ganviz.training.history import ChangeMark
from ganviz.training.probes.ledger import Ledger
from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.shadow_gradients import ShadowGradients
from ganviz.training.snapshot import LaneStatus, Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.plot_export import figure_svg
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import VIEWS, shadows_view
from ganviz.views.pictures.bound_view import BoundView
from ganviz.views.pictures.dirac_view import DiracView
from ganviz.views.pictures.formula_view import FormulaView
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.metrics_view import MetricsView
from ganviz.views.pictures.mode_bars_view import ModeBarsView
from ganviz.views.pictures.phase_view import PhaseView
from ganviz.views.pictures.shadow_table import decades_of
from ganviz.views.pictures.shadows_view import ShadowsView

STOPPED = 3000
GOOD, BAD = "non_saturating", "saturating"
PLAYED = [cls for cls in VIEWS if cls is not DiracView]  # which plays a game of its own
SIZES = [(1580, 920), (640, 420), (420, 260)]


def stopped(snapshot: Snapshot, lane: int = 1, at: int = STOPPED) -> Snapshot:
    """Return a snapshot one lane of which has diverged."""
    lanes = [LaneStatus(at, "g_loss") if i == lane else one for i, one in enumerate(snapshot.lanes)]
    return dataclasses.replace(snapshot, lanes=tuple(lanes))


def with_reading(snapshot: Snapshot, kind: type, **values: object) -> Snapshot:
    """Return a snapshot with a reading that has other values."""
    readings = tuple(
        (probe, dataclasses.replace(one, **values) if isinstance(one, kind) else one)
        for probe, one in snapshot.readings
    )
    return dataclasses.replace(snapshot, readings=readings)


def shown(cls: type, snapshot: Snapshot) -> AbstractPaintedView:
    view = cls()
    assert isinstance(view, AbstractPaintedView)
    view.show_snapshot(snapshot)
    return view


def texts(view: AbstractPaintedView, width: int = 640, height: int = 420) -> list[str]:
    """Return what a view writes, line by line."""
    root = ElementTree.fromstring(figure_svg(view, Figure.of_pixels(width, height), LIGHT))
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("cls", "n_others", "width", "height"),
    [
        pytest.param(cls, n_others, width, height, id=f"{cls.key}-{n_others}-{height}")
        for cls, n_others, (width, height) in itertools.product(PLAYED, (1, 3), SIZES)
        if min(width, height) >= 300 or not (n_others > 1 or cls is FormulaView)  # no room for all names
    ],
)
def test_every_view_says_which_lane_has_diverged(
    qapp: object, cls: type, n_others: int, width: int, height: int
) -> None:
    config = made_up.run_config(made_up.of_view(cls), (GOOD, BAD, "least_squares", "hinge")[: 1 + n_others])
    before = made_up.snapshot(config)
    assert not any("diverged" in text for text in texts(shown(cls, before), width, height))
    said = [text for text in texts(shown(cls, stopped(before)), width, height) if "diverged" in text]
    assert said
    assert all("3\u202f000" in text or "diverged at" not in text for text in said)


@pytest.mark.parametrize(
    "cls", [cls for cls in PLAYED if not issubclass(cls, AbstractChartView)], ids=lambda cls: cls.key
)
def test_so_does_a_view_of_that_lane_alone(qapp: object, cls: type) -> None:
    """Charts have the mark."""
    before = made_up.snapshot(made_up.run_config(made_up.of_view(cls), (GOOD,)))
    assert any("diverged" in text for text in texts(shown(cls, stopped(before, 0))))


def test_a_step_before_that_is_of_a_lane_that_goes_on(qapp: object) -> None:
    at = stopped(made_up.snapshot(made_up.run_config("ring", (GOOD, BAD))))
    back = dataclasses.replace(at, viewed_step=STOPPED - 1)
    assert back.stopped_at(1) is None
    assert at.stopped_at(1) == STOPPED
    assert not any("diverged" in text for text in texts(shown(LedgerView, back)))


def test_what_is_written_to_files_names_it_too(qapp: object) -> None:
    rows = shown(LedgerView, stopped(made_up.snapshot(made_up.run_config("ring", (GOOD, BAD))))).values().rows
    assert {row[0] for row in rows} == {"Non-saturating", "Saturating, diverged at step 3\u202f000"}


def pair() -> Snapshot:
    return made_up.snapshot(made_up.run_config("ring", (GOOD, BAD)))


def of(snapshot: Snapshot, kind: type) -> object:
    return next(one for _, one in snapshot.readings if isinstance(one, kind))


def test_the_bars_of_the_ledger_keep_the_scale_of_lanes_that_go_on(qapp: object) -> None:
    view = shown(LedgerView, pair())
    texts(view)
    reach, trained = view._reach, of(pair(), Ledger).g_trained.copy()
    trained[1] = 6e6
    view = shown(LedgerView, stopped(with_reading(pair(), Ledger, g_trained=trained)))
    texts(view)
    low, high = view._reach
    assert high - low < 2 * (reach[1] - reach[0])


def test_so_do_those_of_the_metrics(qapp: object) -> None:
    found = of(pair(), Metrics)
    distance = found.sliced_wasserstein.copy()
    distance[1] = 5e25
    view = shown(MetricsView, stopped(with_reading(pair(), Metrics, sliced_wasserstein=distance)))
    texts(view)
    assert max(view._full.values()) < 10


def test_so_do_mode_bars(qapp: object) -> None:
    found = of(pair(), Metrics)
    counts = found.mode_counts.copy()
    counts[1] = 0
    counts[1, 0] = found.n
    view = shown(ModeBarsView, stopped(with_reading(pair(), Metrics, mode_counts=counts)))
    texts(view)
    assert view._full < 0.5


def test_so_do_norms_of_shadow_gradients(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    norms, scales = of(pair(), ShadowGradients).norms.copy(), []
    norms[1] *= 1e20
    view = shown(ShadowsView, stopped(with_reading(pair(), ShadowGradients, norms=norms)))
    monkeypatch.setattr(
        shadows_view, "decades_of", lambda norms: scales.append(decades_of(norms)) or scales[-1]
    )
    texts(view)
    assert set(scales) == {decades_of(norms[:1])}


def test_the_loss_shape_reaches_as_far_as_lanes_that_go_on(qapp: object) -> None:
    places = of(pair(), LossShape).places.copy()
    reach = shown(LossShapeView, pair())._reach
    places[1] += 273
    far = with_reading(pair(), LossShape, places=places)
    assert shown(LossShapeView, far)._reach > 100
    assert shown(LossShapeView, stopped(far))._reach == reach


def test_norms_over_steps_end_where_the_lane_did(qapp: object) -> None:
    view = shown(ShadowsView, pair())
    assert view._norms is not None
    assert np.isfinite(view._norms.norms[-1]).all()
    view = shown(ShadowsView, stopped(pair()))
    assert view._norms is not None
    assert np.isnan(view._norms.norms[-1, 1]).all()
    assert np.isfinite(view._norms.norms[-1, 0]).all()


def test_the_bound_draws_nothing_of_a_lane_that_has_diverged(qapp: object) -> None:
    """Its frozen weights would be measured on and on."""
    view = BoundView()
    for step in (2000, 2999, 3500, 4000):
        view.show_snapshot(stopped(made_up.snapshot(pair().config, step=step)))
    (value,) = view._seen("value")
    assert np.isfinite(value).tolist() == [[True, True], [True, True], [True, False], [True, False]]
    said = texts(view)
    assert any("Saturating, diverged" in text for text in said)
    assert not any("Saturating: V, gap" in text or "Saturating: gap" in text for text in said)


def test_the_bound_of_lanes_that_have_all_diverged_says_so(qapp: object) -> None:
    config = made_up.run_config("ring", (GOOD,))
    view = shown(BoundView, stopped(made_up.snapshot(config), 0))
    said = " ".join(texts(view))
    assert "diverged at step 3\u202f000" in said
    assert "Nothing was measured before" in said


def diverging(n_steps: int) -> Snapshot:
    """Return a lane that diverged after so many steps, beside one that goes on; its last loss was large."""
    at, first = pair(), of(pair(), LossTrace)
    mean = first.mean.copy()
    last = int(np.searchsorted(first.last, n_steps, side="right"))
    mean[1, :, last:] = np.nan
    mean[1, :, last - 1] = 1e6
    mark = ChangeMark(n_steps + 1, 1, "diverged", breaks=True)
    return stopped(with_reading(at, LossTrace, mean=mean, marks=(mark,)), at=n_steps + 1)


def test_the_phase_portrait_keeps_the_path_of_a_lane_that_has_diverged(qapp: object) -> None:
    view = shown(PhaseView, diverging(2999))
    x, _ = view.paths()[1]
    assert np.isfinite(x).sum() > 10
    assert "Saturating, diverged at step 3\u202f000" in texts(view)


def test_the_phase_portrait_is_as_large_as_lanes_that_go_on_need(qapp: object) -> None:
    (low, high), _ = shown(PhaseView, diverging(2999)).home(0)
    assert high - low < 10
