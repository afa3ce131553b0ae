"""The plane under the hand: equal scales, one look for all lanes, read-outs, samples out of sight."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import made_up
import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from test_touched_charts import ALT, CTRL, LEFT, MIDDLE, NONE, drag, send, wheel

from ganviz.data.base import Extent, Modes
from ganviz.spec.words import grouped
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.training.snapshot import Snapshot
from ganviz.training.trainer import Trainer
from ganviz.views.bases.plot_export import export_view, view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import plane_layout
from ganviz.views.pictures.layers.missed_modes import MissedModes
from ganviz.views.pictures.plane_values import bilinear, enlarged, nearest_mode, outside
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.plot.looks import EVERYTHING

FAR = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(qtbot):
    made = []

    def make(*formulations):
        view = PlaneView()
        qtbot.addWidget(view)
        view.resize(760, 420)
        view.show()
        qtbot.waitExposed(view)
        view.show_snapshot(made_up.snapshot(made_up.run_config("ring", formulations or ("non_saturating",))))
        qtbot.waitUntil(lambda: view.canvas.sheet is not None)
        QTest.qWait(50)
        made.append(view)
        return view

    yield make
    for view in made:
        assert (view.canvas.sheet.paper.failure, view.canvas.sheet.overlay.failure) == (None, None)


def frame(view, lane=0):
    return view._frames_here()[lane]


def ranges(view, lane=0):
    one = frame(view, lane)
    return (one.x.low, one.x.high), (one.y.low, one.y.high)


def place(view, x, y, lane=0):
    area = frame(view, lane).area
    return QPointF(round(area.left() + x * area.width()), round(area.bottom() - y * area.height()))


def spans(view):
    return [high - low for low, high in ranges(view)]


@pytest.mark.parametrize("held", [None, Qt.Key.Key_X])
def test_the_wheel_enlarges_both_axes_alike_at_the_pointer(opened, held):
    view = opened()
    sheet, at, whole = view.canvas.sheet, place(view, 0.25, 0.6), ranges(view)
    before = frame(view).x.value(at.x()), frame(view).y.value(at.y())
    if held:
        sheet.setFocus()
        QTest.keyPress(sheet, held)
    for _ in range(4):
        wheel(sheet, at)
    assert spans(view)[0] == pytest.approx(spans(view)[1])
    assert spans(view)[0] < 0.6 * (whole[0][1] - whole[0][0])
    assert (frame(view).x.value(at.x()), frame(view).y.value(at.y())) == pytest.approx(before)
    wheel(sheet, at, -40)
    assert ranges(view) == whole


def test_the_wheel_over_an_axis_of_equal_scales_does_nothing(opened):
    view = opened()
    whole = ranges(view)
    wheel(view.canvas.sheet, place(view, 0.5, 0.0) + QPointF(0, 8), 3)
    assert ranges(view) == whole


def test_the_wheel_stops_where_nothing_finer_is_known(opened):
    view = opened()
    at, whole = place(view, 0.25, 0.6), spans(view)[0]
    for _ in range(8):
        wheel(view.canvas.sheet, at, 10)
    assert spans(view) == pytest.approx([whole / 1000] * 2)
    before = ranges(view)
    wheel(view.canvas.sheet, at, 3)
    assert ranges(view) == (pytest.approx(before[0]), pytest.approx(before[1]))


def test_a_flat_box_becomes_a_square_about_it_and_history_goes_back_and_forward(opened):
    view = opened()
    sheet, whole = view.canvas.sheet, ranges(view)
    one, other = place(view, 0.3, 0.55), place(view, 0.7, 0.45)
    corners = [(frame(view).x.value(p.x()), frame(view).y.value(p.y())) for p in (one, other)]
    drag(sheet, one, other)
    x, y = ranges(view)
    assert x == pytest.approx((corners[0][0], corners[1][0]))
    assert sum(y) / 2 == pytest.approx((corners[0][1] + corners[1][1]) / 2)
    assert y[1] - y[0] == pytest.approx(x[1] - x[0])
    for keys, expected in (
        ((Qt.Key.Key_Left, ALT), whole), ((Qt.Key.Key_Right, ALT), (x, y)), ((Qt.Key.Key_0, NONE), whole),
    ):  # fmt: skip
        QTest.keyClick(sheet, *keys)
        QTest.qWait(20)
        assert ranges(view) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


@pytest.mark.parametrize(("button", "modifiers"), [(MIDDLE, NONE), (LEFT, CTRL)])
def test_a_pan_moves_the_plane_and_a_double_click_shows_all_of_it(opened, button, modifiers):
    view = opened()
    sheet, whole = view.canvas.sheet, ranges(view)
    drag(sheet, place(view, 0.4, 0.6), place(view, 0.6, 0.4))
    before, size = ranges(view), spans(view)[0]
    drag(sheet, place(view, 0.3, 0.5), place(view, 0.8, 0.25), button, modifiers)
    after = ranges(view)
    assert after[0][0] == pytest.approx(before[0][0] - 0.5 * size, abs=0.02 * size)
    assert after[1][0] == pytest.approx(before[1][0] + 0.25 * size, abs=0.02 * size)
    assert spans(view) == pytest.approx([size, size])
    for kind, buttons in (
        (QEvent.Type.MouseButtonPress, LEFT), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        (QEvent.Type.MouseButtonDblClick, LEFT), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
    ):  # fmt: skip
        send(sheet, kind, place(view, 0.5, 0.5), LEFT, buttons)
    QTest.qWait(20)
    assert ranges(view) == whole


def test_each_lanes_plane_can_be_touched_and_all_show_the_same_part(opened):
    view = opened("non_saturating", "wgan_gp")
    for lane in (1, 0):
        whole, at = ranges(view), place(view, 0.3, 0.7, lane)
        before = frame(view, lane).x.value(at.x()), frame(view, lane).y.value(at.y())
        wheel(view.canvas.sheet, at)
        wheel(view.canvas.sheet, at)
        assert ranges(view, 0) == ranges(view, 1) != whole
        one = frame(view, lane)
        assert (one.x.value(at.x()), one.y.value(at.y())) == pytest.approx(before)


def test_the_best_answer_is_told_of_logits_only(opened):
    view = opened("non_saturating", "wgan_gp")
    view.set_layer("optimal", is_on=True)
    view.show_snapshot(
        made_up.snapshot(made_up.run_config("ring", formulations=("non_saturating", "wgan_gp")))
    )
    told = [[row.name for row in view.read_out(lane, 0.5, 0.8).rows] for lane in (0, 1)]
    assert ["D*(x)" in names for names in told] == [True, False]


def test_new_samples_keep_the_look_and_other_data_forget_it(opened):
    view = opened()
    wheel(view.canvas.sheet, place(view, 0.3, 0.7), 3)
    before = ranges(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=4100))
    assert ranges(view) == before
    view.show_snapshot(made_up.snapshot(made_up.run_config("grid"), step=1, run=2))
    assert view.canvas.looks.present == EVERYTHING


def test_the_read_out_names_place_answer_and_mode(opened, monkeypatch):
    from ganviz.views.bases import touched_plots

    view, said = opened("non_saturating", "wgan_gp"), []
    monkeypatch.setattr(
        touched_plots, "draw_read_out", lambda *args: said.append((args[3].title, args[3].rows))
    )
    surface = made_up.scores(made_up.run_config("ring").distribution, 0)
    extent = made_up.run_config("ring").distribution.extent
    for lane, names in ((0, ["D(x)", "score"]), (1, ["score"])):
        at = place(view, 0.5, 0.8, lane)
        send(view.canvas.sheet, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)
        QTest.qWait(20)
        title, rows = said[-1]
        x, y = frame(view, lane).x.value(at.x()), frame(view, lane).y.value(at.y())
        assert title == f"x = ({x:.2f}, {y:.2f})".replace("-", "−")
        assert [row.name for row in rows][:-1] == names
        assert re.fullmatch(r"mode \d", rows[-1].name)
        if lane == 0:
            score = float(bilinear(surface, extent, np.array(x), np.array(y)))
            assert float(rows[1].values[0].replace("−", "-")) == pytest.approx(score, abs=6e-4)
            assert float(rows[0].values[0]) == pytest.approx(1 / (1 + np.exp(-score)), abs=6e-4)
    said.clear()
    send(
        view.canvas.sheet,
        QEvent.Type.MouseMove,
        QPointF(2, 2),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
    )
    QTest.qWait(20)
    assert not said


def test_samples_out_of_sight_are_counted_at_the_edges(opened, monkeypatch):
    view, counted = opened(), []
    original = plane_layout.draw_outside
    monkeypatch.setattr(
        "ganviz.views.pictures.plane_view.draw_outside",
        lambda *args: (counted.append(args[2]), original(*args)),
    )
    snapshot = made_up.snapshot(made_up.run_config("ring"), step=4001)
    points = np.zeros((1, 8, 2), dtype=np.float32)
    points[0, :6] = [(9, 0), (9, 3), (-9, 0), (0, 9), (0, -9), (np.nan, 9)]
    moved = tuple(
        (p, dataclasses.replace(r, generated=points) if isinstance(r, Samples) else r)
        for p, r in snapshot.readings
    )
    view.show_snapshot(dataclasses.replace(snapshot, readings=moved))
    QTest.qWait(20)
    assert dataclasses.astuple(counted[-1]) == (1, 2, 1, 1)
    view.set_layer("generated", False)
    QTest.qWait(20)
    assert dataclasses.astuple(counted[-1]) == (0, 0, 0, 0)


def test_critics_are_colored_about_the_mean_score_of_the_batch(opened):
    view = opened("wgan_gp")
    assert ScoreHistogramProbe() in view.needs()
    reading = next(r for _, r in view.snapshot.readings if isinstance(r, ScoreHistogram))
    shown = view._score_range(0)
    assert shown.is_mean
    assert shown.center == pytest.approx(float(reading.real_mean[0] + reading.generated_mean[0]) / 2)
    for formulation, center in (("least_squares", 0.5), ("non_saturating", 0.0)):
        other = opened(formulation)
        assert ScoreHistogramProbe() not in other.needs()
        assert not other._score_range(0).is_mean
        assert other._scores().decision(0) == center


def test_a_critic_that_comes_asks_for_the_mean_score(opened, qtbot):
    view = opened()
    with qtbot.waitSignal(view.needs_changed, timeout=500):
        view.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("hinge",)), run=2))


def test_an_export_keeps_what_is_looked_at_and_cuts_the_rest(opened, tmp_path):
    view = opened()
    view.set_layer("arrows", True)
    view.set_layer("latent_map", True)
    wheel(view.canvas.sheet, place(view, 0.3, 0.7), 10)
    before = ranges(view)
    view_image(view, QSize(1200, 900), LIGHT)
    assert ranges(view) == before
    for ending in ("svg", "pdf", "png"):
        export_view(view, tmp_path / f"a.{ending}", size=QSize(600, 420))
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert len([g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("clip-path")]) == 1
    assert any("outside" in "".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text"))
    assert (tmp_path / "a.svg").stat().st_size < 3e6


def test_the_menu_speaks_the_programs_words(opened):
    view = opened()
    view.canvas.sheet._plot.open_menu(place(view, 0.5, 0.5))
    menu = view.findChild(QMenu)
    assert [action.text().split("\t")[0] for action in menu.actions()] == [
        "Show everything",
        "Back",
        "Forward",
        "Copy visible values (CSV)",
        "Table of values …",
    ]
    menu.close()


EXTENT = Extent(-2.0, 2.0, -1.0, 3.0)


def test_values_between_cells_are_linear_and_enlarging_keeps_them():
    x, y = (low + 4 * (np.arange(8) + 0.5) / 8 for low in (-2, -1))
    grid = 3 * x[None, :] - 2 * y[:, None] + 1
    at = np.random.default_rng(0).uniform([-2, -1], [2, 3], (50, 2))
    assert bilinear(grid, EXTENT, *at.T) == pytest.approx(3 * at[:, 0] - 2 * at[:, 1] + 1)
    part = enlarged(grid, EXTENT, (0.0, 1.0), (2.0, 3.0))
    n = len(part)
    assert part[0, 0] == pytest.approx(3 * 0.5 / n - 2 * (2 + 0.5 / n) + 1, rel=1e-5)
    assert part[-1, 0] - part[0, 0] == pytest.approx(-2 * (n - 1) / n, rel=1e-5)


def test_points_beyond_two_edges_count_once_where_they_are_farther():
    points = np.array([(3, 9), (9, 4), (-3, 0), (0, 0), (0, -1.5), (np.inf, 0)])
    assert dataclasses.astuple(outside(points, (-2, 2), (-1, 3))) == (1, 1, 1, 1)
    assert dataclasses.astuple(outside(np.empty((0, 2)), (-2, 2), (-1, 3))) == (0, 0, 0, 0)


def test_the_nearest_mode_is_counted_from_one():
    modes = Modes(np.array([(0.0, 0.0), (2.0, 0.0)]), np.ones((2, 2)), np.ones(2) / 2)
    assert nearest_mode(modes, 2.0, 0.5) == (2, pytest.approx(0.5))
    assert nearest_mode(None, 0.0, 0.0) is None


def test_the_samples_in_sight_can_be_copied(opened):
    view = opened("non_saturating", "wgan_gp")
    samples = next(r for _, r in view.snapshot.readings if isinstance(r, Samples))
    whole = view.values().rows
    assert len(whole) == 500 + sum(
        int((np.abs(points) <= view.home(0)[0][1]).all(axis=1).sum()) for points in samples.generated
    )
    wheel(view.canvas.sheet, place(view, 0.3, 0.7), 3)
    rows, ((left, right), (below, above)) = view.values().rows, ranges(view)
    assert 0 < len(rows) < len(whole)
    assert all(left <= x <= right and below <= y <= above for *_, x, y in rows)
    assert {row[:2] for row in rows} == {
        ("real", ""),
        ("generated", "Non-saturating"),
        ("generated", "WGAN-GP"),
    }
    view.set_layer("real", False)
    assert {row[0] for row in view.values().rows} == {"generated"}


@pytest.mark.parametrize(("n", "least"), [(2, 190), (4, 170)])
def test_planes_of_several_lanes_use_a_small_view(qtbot, n, least):
    view = PlaneView()
    qtbot.addWidget(view)
    formulations = ("non_saturating", "saturating", "least_squares", "wgan_gp")[:n]
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", formulations)))
    area = QRectF(0, 0, 398, 500)  # beside settings and charts in a window of 1024 × 700
    layout = view._drawing(area).layout
    assert min(cell.width() for cell in layout.cells) >= least
    beside, below = (0, layout.under + layout.room) if layout.is_below else (layout.room, 0)
    assert max(cell.right() for cell in layout.cells) + beside <= area.right()
    assert max(cell.bottom() for cell in layout.cells) + below <= area.bottom()


def test_modes_without_samples_are_marked() -> None:
    """Half of the ring has none, and of one mode a few samples lie further than 3σ away."""
    config = made_up.run_config()
    data, rng = config.distribution, np.random.default_rng(0)
    modes = data.modes()
    assert modes is not None
    real = data.sample(500, rng)
    nearest = ((real[:, None] - modes.centers) ** 2).sum(-1).argmin(1)
    made = np.stack([np.where((nearest < 4)[:, None], real, np.float32(9.0)), real])
    made[0][nearest == 0] += np.float32(4 * modes.scales[0, 0])
    samples = Samples(real, made)
    missed = MissedModes().centers(config, samples, None, 0)
    np.testing.assert_allclose(missed, modes.centers[[0, 4, 5, 6, 7]], atol=1e-6)
    assert not len(MissedModes().centers(config, samples, None, 1))
    assert not len(MissedModes().centers(config, Samples(real, made * np.float32(np.nan)), None, 0))


def test_marks_of_missed_modes_agree_with_the_number_that_is_told() -> None:
    """Of 2,500 samples enough lie at every mode, of the 500 that are shown none at the last."""
    config = made_up.run_config()
    data, modes = config.distribution, config.distribution.modes()
    made = data.sample(2500, np.random.default_rng(0))
    nearest = ((made[:, None] - modes.centers) ** 2).sum(-1).argmin(1)
    made = torch.from_numpy(made[np.argsort(nearest, kind="stable")])[None]
    subject = dataclasses.replace(Trainer(config).subject(), generator=lambda z: made[:, : z.shape[1]])
    samples, metrics = (probe.measure(subject) for probe in (SamplesProbe(), MetricsProbe()))
    missed, n_told = MissedModes(), int(metrics.modes_hit[0])
    assert n_told == len(modes.centers)
    assert len(missed.centers(config, samples, metrics, 0)) == len(modes.centers) - n_told
    one_less = np.array(metrics.good_counts)
    one_less[0, [0, -1]] = 0
    earlier = dataclasses.replace(metrics, step=samples.step - 1, good_counts=one_less)
    later = dataclasses.replace(metrics, step=samples.step + 1)
    np.testing.assert_allclose(missed.centers(config, samples, earlier, 0), modes.centers[-1:], atol=1e-6)
    assert len(missed.centers(config, samples, later, 0)) == len(modes.centers) - 2


def test_zero_shows_everything_again_after_the_wheel_alone(opened, qtbot):
    view = opened()
    field = QLineEdit(view)
    field.show()
    field.setFocus()
    whole = ranges(view)
    at = view.canvas.sheet.viewport().mapTo(view.window(), frame(view).area.center().toPoint())
    QTest.wheelEvent(view.windowHandle(), QPointF(at), QPoint(0, 120))
    qtbot.waitUntil(lambda: ranges(view) != whole)
    QTest.keyClick(view.window().windowHandle(), Qt.Key.Key_0)
    qtbot.waitUntil(lambda: ranges(view) == whole, timeout=1000)


def test_marks_of_missed_modes_say_their_step_where_it_is_another(qtbot, tmp_path) -> None:
    """At rest they say it only where it differs; while steps go by, all the time, or it would come and go."""

    def at(step: int, measured: int) -> Snapshot:
        made = made_up.snapshot(made_up.run_config(), step=step)
        steps = {Samples: step, Metrics: measured}
        readings = tuple(
            (probe, dataclasses.replace(one, step=steps.get(type(one), step))) for probe, one in made.readings
        )
        return dataclasses.replace(made, readings=readings)

    view = PlaneView()
    qtbot.addWidget(view)
    told = []
    for snapshot in (at(4000, 4000), at(4100, 4050), at(4120, 4120), at(4120, 4119)):
        view.show_snapshot(snapshot)
        export_view(view, tmp_path / "a.svg", size=QSize(760, 500), settings="{}")
        drawing = ElementTree.parse(tmp_path / "a.svg").getroot()
        written = " ".join(
            "".join(one.itertext()).strip() for one in drawing.iter() if one.tag.endswith("text")
        )
        told.append(re.findall(r"missed mode(?: at step [\d\u202f]+)?", written))
    dated = [[f"missed mode at step {grouped(step)}"] for step in (4050, 4120, 4119)]
    assert told == [["missed mode"], *dated]


def test_arrows_move_the_crosshair_of_a_plane_everywhere(opened):
    """From the middle, a hundredth of what is visible; with Shift a tenth, at most to the edge."""
    view = opened()
    (left, right), (below, above) = ranges(view)
    sheet, x, y = view.canvas.sheet, (left + right) / 2, (below + above) / 2
    sheet.setFocus()
    for key, held, to_right, up in (
        (Qt.Key.Key_Up, CTRL, 0, 0.01),
        (Qt.Key.Key_Right, CTRL, 0.01, 0),
        (Qt.Key.Key_Down, FAR, 0, -0.1),
        (Qt.Key.Key_Left, FAR, -0.1, 0),
    ):
        QTest.keyClick(sheet, key, held)
        x, y = x + to_right * (right - left), y + up * (above - below)
        assert view._pointed[1:] == pytest.approx((x, y)), key
    for _ in range(10):
        QTest.keyClick(sheet, Qt.Key.Key_Down, FAR)
    assert view._pointed[1:] == pytest.approx((x, below))
