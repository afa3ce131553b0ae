"""The phase portrait: references against the table of exact coverages, what is impossible, and what is remembered."""

from __future__ import annotations

import dataclasses
import itertools
import math

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPicture

from ganviz.spec.words import grouped
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.probes.samples import EarlierSamples, EarlierSamplesProbe, Samples
from ganviz.views.bases.planes import Frame
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import phase_drawing, phase_names
from ganviz.views.pictures.phase_points import (
    DIVERGENCE,
    FAKE,
    PHASE,
    constant_d,
    coverage,
    perfect_on_parts,
    spread,
)
from ganviz.views.pictures.phase_view import PhaseView
from ganviz.views.plot.looks import Look
from ganviz.views.plot.plotting import Axis, Fonts

LN2 = math.log(2)
TABLE = {
    1: (0.496929, 0.392436, 2.197225, -0.117783, 2.589661),
    2: (0.380396, 0.625503, 1.609438, -0.223144, 2.234941),
    4: (0.215762, 0.954771, 1.098612, -0.405465, 2.053384),
    5: (0.151796, 1.082702, 0.955511, -0.485508, 2.038214),
    7: (0.045407, 1.295481, 0.762140, -0.628609, 2.057621),
    8: (0.0, 1.386294, 0.693147, -0.693147, 2.079442),
}


@pytest.mark.parametrize("k", TABLE)
def test_coverage_is_that_of_the_exact_table(k: int) -> None:
    found = coverage(np.array(k / 8))
    names = ("js_divergence", "d_loss", "g_non_saturating", "g_saturating", "total_non_saturating")
    assert [float(found[name]) for name in names] == pytest.approx(TABLE[k], abs=1e-6)


def test_the_perfect_generator_has_not_the_least_total() -> None:
    totals = coverage(np.arange(1, 9) / 8)["total_non_saturating"]
    assert int(totals.argmin()) + 1 == 5
    assert totals[-1] == pytest.approx(3 * LN2)


def test_no_batch_of_scores_is_below_the_curve_and_one_score_is_on_it() -> None:
    rng = np.random.default_rng(0)
    for size in (0.0, 0.5, 3.0, 20.0):
        scores = rng.normal(rng.normal(0, 3), size, 200)
        far = spread(np.logaddexp(0, scores).mean(), np.logaddexp(0, -scores).mean())
        assert far >= -1e-12
        assert (far < 1e-12) is (size == 0.0)
    line = constant_d()
    assert line["g_saturating"] == pytest.approx(-line["d_fake"])
    assert line["d_loss"] == pytest.approx(line["d_fake"] + line["g_non_saturating"])
    assert np.argmax(line["d_fake"]) == np.argmin(line["g_non_saturating"]) == 199, "D rises from 0 to 1"
    assert np.exp(-line["d_fake"]) + np.exp(-line["g_non_saturating"]) == pytest.approx(np.ones(200))


def shown(*formulations: str) -> PhaseView:
    view = PhaseView()
    view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=formulations)))
    return view


def test_a_path_is_the_history_of_the_formulation_in_force(qapp: object) -> None:
    view = shown("non_saturating", "wgan_gp")
    trace = view._trace
    (changed,) = (mark.step for mark in trace.marks if mark.breaks)
    newest = trace.first > changed
    assert 0 < newest.sum() < len(newest)
    assert f"Since step {changed}." in view._caption(view.paths())
    for mode, names in ((PHASE, ("d_loss", "g_loss")), (FAKE, ("d_fake", "g_non_saturating"))):
        view.choose(mode)
        for values, name in zip(view.paths()[0], names, strict=True):
            np.testing.assert_array_equal(values[newest], trace.mean[0, trace.column(name)][newest])
            assert np.isnan(values[~newest]).all()
    assert np.isnan(view.paths()[1]).all(), "a critic's scores are no logits"
    view.choose(PHASE)
    assert np.isfinite(view.paths()[1]).any()


def test_ends_and_references_are_those_of_the_lanes(qapp: object) -> None:
    assert shown("non_saturating")._points() == [pytest.approx((2 * LN2, LN2))]
    assert shown("saturating")._columns() == [("d_loss", "g_saturating")]
    for key in ("wgan_gp", "hinge"):
        critic = shown(key)
        assert critic._points() == []
        assert critic._columns() == []
        assert not any(word in critic._caption(critic.paths()) for word in ("equilibrium", "modes", "Dashed"))


def test_the_divergence_is_asked_for_only_where_it_is_drawn_and_remembered_by_step(qapp: object) -> None:
    view = PhaseView()
    assert not any(isinstance(probe, MetricsProbe) for probe in view.needs())
    view.choose(DIVERGENCE)
    assert any(isinstance(probe, MetricsProbe) for probe in view.needs())
    config = made_up.run_config()
    snapshots = [made_up.snapshot(config, step=step) for step in (100, 200, 300)]
    for snapshot in snapshots:
        view.show_snapshot(snapshot)
        view.show_snapshot(dataclasses.replace(snapshot, ticket=5, readings=(*snapshot.readings,)))
    ((x, y),) = view.paths()
    assert x == pytest.approx([snapshot.get(Metrics).js_divergence[0] for snapshot in snapshots])
    assert len(y) == 3
    view.show_snapshot(made_up.snapshot(config, step=50, run=2))
    assert len(view.paths()[0][0]) == 1, "another run is another path"


@pytest.mark.parametrize("mode", [PHASE, FAKE, DIVERGENCE])
@pytest.mark.parametrize("keys", [("non_saturating",), ("wgan_gp",), ("saturating", "rpgan")])
def test_every_pair_is_painted(mode: str, keys: tuple[str, ...], pixels) -> None:
    view = shown(*keys)
    view.choose(mode)
    assert pixels(view).std() > 1


def test_the_point_nearest_to_the_pointer_is_read_with_the_samples_of_its_keyframe(qapp: object) -> None:
    view = shown("non_saturating")
    view.canvas.resize(520, 380)
    asked, wished = [], []
    view.needs_changed.connect(lambda: asked.append(view.needs()))
    view.step_wished.connect(wished.append)
    (frame,), ((x, y),) = view._frames_here(), view.paths()
    trace, i = view._trace, len(x) // 2
    at = QPointF(frame.x.pixel(x[i]), frame.y.pixel(y[i]))
    view.pointer_moved(at)
    lane, step = view._at
    near = int(np.flatnonzero(trace.last == step)[0])
    assert lane == 0
    assert math.hypot(frame.x.pixel(x[near]) - at.x(), frame.y.pixel(y[near]) - at.y()) < 0.5
    (probe,) = (one for one in asked[-1] if isinstance(one, EarlierSamplesProbe))
    assert probe.of_step == step
    made = view.snapshot
    samples = made.get(Samples)
    found = EarlierSamples(samples.real[:160], samples.generated[:, :160], step - 7)
    before = overlay(view)
    view.show_snapshot(dataclasses.replace(made, readings=(*made.readings, (probe, found))))
    assert (overlay(view) != before).sum() > 2000, "the samples are shown"
    assert grouped(step) in view.read_out(0, 0, 0).title
    view.clicked(at, Qt.KeyboardModifier.NoModifier)
    assert wished == [step - 7], "what is shown is what is gone to"
    view.move_crosshair(-0.01)
    assert view._at[1] < step
    view.act_of(Qt.Key.Key_Return)()
    assert wished[1] == view._at[1]
    view.pointer_moved(None)
    assert not any(isinstance(one, EarlierSamplesProbe) for one in view.needs())
    assert view.act_of(Qt.Key.Key_Return) is None


def overlay(view: PhaseView) -> np.ndarray:
    picture = QImage(view.canvas.size(), QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    view.draw_overlay(painter, QRectF(picture.rect()))
    painter.end()
    return np.array(picture.constBits()).reshape(picture.height(), picture.width(), 4)[..., :3].sum(axis=2)


def test_the_corner_where_d_wins_is_named_where_it_is_in_sight(
    qapp: object, monkeypatch: pytest.MonkeyPatch, pixels
) -> None:
    named = []
    name = phase_drawing.name_corner
    monkeypatch.setattr("ganviz.views.pictures.phase_view.name_corner", lambda *how: named.append(name(*how)))
    view = shown("non_saturating")
    for x, y, is_seen in (
        ((0.0, 2.0), (0.0, 4.0), True),
        ((1.0, 2.0), (0.0, 4.0), False),
        ((0.0, 2.0), (0.0, 0.5), False),
    ):
        view._looks_of(0).slide(Look(x, y))
        view.redraw()
        pixels(view)
        assert named.pop() is is_seen
    pixels(shown("wgan_gp"))
    assert not named, "a critic has no such corner"


def test_several_lanes_are_named_where_their_paths_end(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, QRectF]] = []
    monkeypatch.setattr(
        phase_names, "draw_text", lambda painter, box, text, *_, **__: written.append((text, box))
    )
    for keys in (("non_saturating",), ("non_saturating", "saturating", "hinge")):
        view = PhaseView()
        snapshot = made_up.snapshot(made_up.run_config(formulations=keys))
        view.show_snapshot(snapshot)
        view_image(view, QSize(420, 260), view.theme)
    names = [snapshot.config.lane_title(lane) for lane in range(3)]
    assert [text for text, _ in written] == names  # the one lane before had no name
    boxes = [box for _, box in written]
    assert not any(a.intersects(b) for a, b in itertools.combinations(boxes, 2))


def test_a_name_does_not_cover_the_points_of_coverage_where_there_is_room_below(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[QRectF] = []
    monkeypatch.setattr(phase_names, "draw_text", lambda painter, box, *_, **__: written.append(box))
    view = PhaseView()
    view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=("non_saturating", "saturating"))))
    marked = perfect_on_parts(view._columns())
    assert marked[0] == pytest.approx((TABLE[1][1], TABLE[1][2]), abs=1e-6)  # L_D, L_G of one mode of eight
    assert marked[-1] == pytest.approx((2 * LN2, -LN2))  # saturating, perfect
    plot = QRectF(0, 0, 300, 200)
    frame, picture = Frame(plot, Axis(0.5, 1.5, 0, 300), Axis(-1.5, 1.5, 200, 0)), QPicture()
    paths = [(np.array([frame.x.pixel(x)]), np.array([frame.y.pixel(y)])) for x, y in (marked[6], marked[14])]
    painter = QPainter(picture)
    phase_names.draw_names(painter, frame, paths, ("one", "other"), [], Fonts.of(QFont()), LIGHT)
    above = written.copy()
    phase_names.draw_names(painter, frame, paths, ("one", "other"), marked, Fonts.of(QFont()), LIGHT)
    painter.end()
    dots = [QPointF(frame.x.pixel(x), frame.y.pixel(y)) for x, y in marked]
    assert any(box.contains(dot) for box in above for dot in dots)
    assert not any(box.contains(dot) for box in written[2:] for dot in dots)


def test_names_that_would_cover_an_end_stand_in_the_emptiest_corner(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[QRectF] = []
    monkeypatch.setattr(phase_names, "draw_text", lambda painter, box, *_, **__: written.append(box))
    plot = QRectF(0, 0, 300, 200)
    frame, picture = Frame(plot, Axis(0, 300, 0, 300), Axis(0, 200, 200, 0)), QPicture()
    drawn = [np.array([250.0, 260.0]), np.array([120.0, 100.0])], [np.array([150.0]), np.array([60.0])]
    for ends, is_apart in (([], True), ([(170.0, 150.0)], True), ([(170.0, 150.0), (170.0, 130.0)], False)):
        written.clear()
        painter = QPainter(picture)
        paths = [(x, y) for x, y in drawn]
        phase_names.draw_names(painter, frame, paths, ("one", "other"), ends, Fonts.of(QFont()), LIGHT)
        painter.end()
        assert (abs(written[0].left() - written[1].left()) > 20) is is_apart
        assert all(plot.contains(box.adjusted(4, 0, -4, 0)) for box in written)
    assert written[0].left() > 150
    assert written[0].top() < 20
    assert written[1].top() > written[0].top()


@pytest.mark.parametrize(("height", "n"), [(200, 4), (70, 0)])
def test_in_a_low_plot_names_of_lanes_do_not_hide_their_paths(
    height: int, n: int, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(phase_names, "draw_text", lambda painter, box, text, *_, **__: written.append(text))
    frame = Frame(QRectF(0, 0, 300, height), Axis(0, 300, 0, 300), Axis(0, height, height, 0))
    picture, paths = QPicture(), [(np.array([150.0]), np.array([height / 2]))] * 4
    painter = QPainter(picture)
    phase_names.draw_names(painter, frame, paths, ["a", "b", "c", "d"], [], Fonts.of(QFont()), LIGHT)
    painter.end()
    assert len(written) == n


def test_the_name_of_the_corner_makes_way_for_a_path_that_reaches_it() -> None:
    box, edge = QRectF(50, 10, 60, 12), np.array([40.0, 150.0])
    free = (edge, np.array([100.0, 120.0]))
    assert phase_drawing._beside(box, [free]) == 50
    at = (np.array([np.nan, 300.0, 70.0]), np.array([np.nan, 60.0, 18.0]))
    assert phase_drawing._beside(box, [free, at]) == 70 + 2 * phase_drawing.DOT_PX


@pytest.mark.parametrize("size", [(420, 330), (660, 560), (1000, 700)])
@pytest.mark.parametrize(
    "keys", [("saturating", "wgan_gp"), ("non_saturating", "saturating"), ("saturating",)]
)
def test_no_number_of_a_point_stands_on_another_nor_on_a_name(
    size: tuple[int, int], keys: tuple[str, ...], qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[QRectF] = []
    monkeypatch.setattr(phase_names, "draw_text", lambda painter, box, *_, **__: names.append(box))
    view = PhaseView()
    view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=keys)))
    for reach in (1.0, 3.0, 10.0):
        names.clear()
        view._looks_of(0).slide(Look((-reach, reach), (-reach, reach)))
        view.redraw()
        view_image(view, QSize(*size), view.theme)
        (frame,) = view.frames(QRectF(0, 0, *size))
        found = phase_drawing.numbers_of_points(frame, view._columns(), view.fonts())
        boxes = [box for _, box in found]
        assert not any(a.intersects(b) for a, b in itertools.combinations(boxes, 2))
        assert not any(a.intersects(b) for a in boxes for b in names)
        assert reach < 2 or {"1", "8"} <= {text for text, _ in found}
