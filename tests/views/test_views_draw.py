"""Every view draws made-up snapshots: any data, one lane or several, any size, light and dark."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
from collections.abc import Callable

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QWidget

from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.formulation import Formulation
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.probes.base import Reading
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases import canvas
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.equilibrium import equilibrium_lines
from ganviz.views.bases.plot_export import view_image
from ganviz.views.bases.touched_plots import AbstractTouchedPlots
from ganviz.views.look.theme import DARK, LIGHT
from ganviz.views.pictures import (
    VIEWS,
    bound_view,
    histogram_drawing,
    ledger_view,
    mode_bars_view,
    shadow_table,
)
from ganviz.views.pictures.bound_view import BoundView
from ganviz.views.pictures.layers import LAYERS
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView
from ganviz.views.pictures.shadows_view import ShadowsView
from ganviz.views.pictures.shape_curves import axis_words
from ganviz.views.plot.plotting import line_height, painting_on, text_width

Paint = Callable[..., np.ndarray]
RUNS = [
    ("ring", ("non_saturating",)),
    ("ring", ("non_saturating", "saturating")),
    ("grid", ("hinge", "wgan_gp", "least_squares")),
    ("digits", ("non_saturating",)),
    ("digits", ("non_saturating", "least_squares")),
    ("line", ("non_saturating", "wgan_gp")),
]
CASES = [
    (cls, data, formulations)
    for cls in VIEWS
    for data, formulations in RUNS
    if cls.supports(made_up.run_config(data, formulations))
]
IDS = [f"{cls.key}-{data}-{len(formulations)}" for cls, data, formulations in CASES]


def shown(cls: type[AbstractPaintedView], snapshot: Snapshot) -> AbstractPaintedView:
    view = cls()
    view.show_snapshot(snapshot)
    return view


def test_the_views_are_in_the_order_of_the_menu() -> None:
    keys = [cls.key for cls in VIEWS]
    assert keys == [
        "plane",
        "line",
        "losses",
        "total_loss",
        "loss_shape",
        "score_histogram",
        "digits",
        "metrics",
        "metrics_trace",
        "mode_bars",
        "ledger",
        "direction",
        "shadows",
        "phase",
        "bound",
        "dirac",
        "formula",
        "seeds",
    ]


@pytest.mark.parametrize(("cls", "data", "formulations"), CASES, ids=IDS)
def test_a_view_shows_its_reading(cls: type, data: str, formulations: tuple[str, ...], pixels: Paint) -> None:
    view = cls()
    empty = pixels(view)
    snapshot = made_up.snapshot(made_up.run_config(data, formulations))
    view.show_snapshot(snapshot)
    drawn = pixels(view)
    assert (drawn != empty).any(axis=-1).mean() > 0.01
    view.clear()
    assert np.array_equal(pixels(view), empty)


VALUES = {
    "digits": (("lane", "images", "number", "score"), 2 * 2 * 36),
    "metrics": (("lane", "measure", "value", "floor or ceiling"), 2 * 6),
    "mode_bars": (("lane", "mode", "share", "share within 3σ", "weight"), 2 * 8),
    "ledger": (("lane", "term", "value", "from", "to", "to at equilibrium"), 2 * 7),
    "direction": (
        (
            "lane",
            "number",
            "better",
            "as D(G(z)) or the score ↑",
            "any D",
            "best D",
            "at equilibrium",
            "now",
            "sum",
        ),
        2 * 3,
    ),
    "shadows": (("lane", "loss", "L_G", "gradient norm", "cosine with the trained one"), 2 * 6),
    "phase": (("lane", "step", "L_D", "L_G"), 2 * 387),
    "bound": (("lane", "step", "V(D, G)", "V(D*, G)", "L_D", "L_D of the best D"), 2),
    "formula": (("formulation", "number", "term", "value"), 19),
    "seeds": (("lane", "seed", "measure", "value"), 2 * 7),
}
"""The headings of tables, the first ones, and how many rows two lanes have."""


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_a_view_says_its_values(cls: type, qapp: object) -> None:
    view = cls()
    assert not view.values().rows
    data = next(one for one in ("ring", "line", "digits") if cls.supports(made_up.run_config(one)))
    view.show_snapshot(made_up.snapshot(made_up.run_config(data, ("non_saturating", "saturating"))))
    found = view.values()
    headings, n_rows = VALUES.get(cls.key, (found.headings, len(found.rows)))
    assert found.headings[: len(headings)] == headings
    assert len(found.rows) == n_rows > 0
    assert {len(row) for row in found.rows} == {len(found.headings)}
    assert {type(value) for row in found.rows for value in row} <= {str, int, float}
    view.clear()
    assert not view.values().rows


@pytest.mark.parametrize("cls", [cls for cls in VIEWS if cls.is_of_run], ids=lambda cls: cls.key)
def test_a_picture_of_the_run_keeps_its_lanes_where_one_looks_back_at_less(cls: type, pixels: Paint) -> None:
    now = made_up.snapshot(made_up.run_config("ring", ("non_saturating", "saturating")))
    before_the_fork = made_up.run_config("ring", ("saturating",))
    back = dataclasses.replace(now, config=before_the_fork, newest=now.config, viewed_step=64)
    views = [shown(cls, snapshot) for snapshot in (now, back)]
    assert np.array_equal(*map(pixels, views))
    assert views[1].values() == views[0].values()


@pytest.mark.parametrize(("cls", "data", "formulations"), CASES, ids=IDS)
def test_a_view_stands_every_size(cls: type, data: str, formulations: tuple[str, ...], pixels: Paint) -> None:
    view = shown(cls, made_up.snapshot(made_up.run_config(data, formulations)))
    for width, height in ((1, 1), (61, 41), (180, 120), (120, 700), (900, 90), (1600, 1200)):
        assert pixels(view, width, height).shape == (height, width, 3)


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_a_view_follows_the_theme(cls: type, pixels: Paint) -> None:
    data = made_up.of_view(cls)
    view = shown(cls, made_up.snapshot(made_up.run_config(data)))
    light = pixels(view)
    view.apply_theme(DARK)
    dark = pixels(view)
    assert light.mean() > 150 > dark.mean()
    view.apply_theme(LIGHT)
    assert np.array_equal(pixels(view), light)


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_what_did_not_change_is_not_painted_again(cls: type, qtbot: object) -> None:
    data = made_up.of_view(cls)
    snapshot = made_up.snapshot(made_up.run_config(data))
    view = shown(cls, snapshot)
    qtbot.addWidget(view)  # type: ignore[attr-defined]
    view.resize(400, 300)
    view.grab()
    painted: list[int] = []
    original = view.draw
    view.draw = lambda *args: (painted.append(1), original(*args))  # type: ignore[method-assign]
    view.show_snapshot(snapshot)
    empty = dataclasses.replace(snapshot, readings=(), stamp=dataclasses.replace(snapshot.stamp, step=4001))
    view.show_snapshot(empty)
    view.grab()
    assert not painted, "an unchanged snapshot or one without this view's reading made it paint"
    view.show_snapshot(made_up.snapshot(made_up.run_config(data), step=4100))
    view.grab()
    assert painted


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_a_view_asks_for_what_it_draws(cls: type, qapp: object) -> None:
    data = made_up.of_view(cls)
    view, config = cls(), made_up.run_config(data)
    needs = view.needs()
    assert needs
    assert all(probe.supports(config) for probe in needs)
    assert len(set(needs)) == len(needs)


def poisoned(reading: Reading) -> Reading:
    """Return the reading with not-a-number in every array of floats."""
    changes = {}
    for field in dataclasses.fields(reading):
        value = getattr(reading, field.name)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and field.name != "is_probability":
            changes[field.name] = np.full_like(value, np.nan)
    return dataclasses.replace(reading, **changes)


@pytest.mark.parametrize("data", ["ring", "digits"])
def test_readings_that_are_not_numbers_break_no_view(data: str, pixels: Paint) -> None:
    snapshot = made_up.snapshot(made_up.run_config(data, ("non_saturating", "wgan_gp")))
    bad = dataclasses.replace(snapshot, readings=tuple((p, poisoned(r)) for p, r in snapshot.readings))
    for cls in VIEWS:
        if cls.supports(snapshot.config):
            view = shown(cls, bad)
            if isinstance(view, PlaneView):
                for layer in LAYERS:
                    view.set_layer(layer.key, True)
            pixels(view)
            view.values()
            if isinstance(view, AbstractTouchedPlots):
                view.place()
                view.move_crosshair(0.1)


def test_every_layer_shows_and_asks_for_its_own_reading(pixels: Paint) -> None:
    view = shown(PlaneView, made_up.snapshot(made_up.run_config("ring")))
    assert isinstance(view, PlaneView)
    for layer in LAYERS:
        view.set_layer(layer.key, False)
    assert view.needs() == ()
    bare = pixels(view)
    for layer in LAYERS:
        view.set_layer(layer.key, True)
        assert len(view.needs()) == {"difference": 2, "missed_modes": 2}.get(layer.key, 1), layer.key
        assert not np.array_equal(pixels(view), bare), layer.key
        view.set_layer(layer.key, False)


@pytest.mark.parametrize("without", ["density", "probability"])
def test_the_optimal_layer_is_refused_where_there_is_none(qapp: object, without: str) -> None:
    from ganviz.data.points_file import PointsFile

    view = PlaneView()
    view.set_layer("optimal", True)
    ring = made_up.snapshot(made_up.run_config("ring"))
    view.show_snapshot(ring)
    assert any(type(probe).__name__ == "OptimalSurfaceProbe" for probe in view.needs())
    has_none = made_up.run_config("ring", formulations=("wgan_gp",))
    if without == "density":
        has_none = dataclasses.replace(ring.config, distribution=PointsFile())
    view.show_snapshot(
        dataclasses.replace(ring, config=has_none, stamp=dataclasses.replace(ring.stamp, run=2))
    )
    assert not any(type(probe).__name__ == "OptimalSurfaceProbe" for probe in view.needs())


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_everything_that_takes_focus_has_a_name(cls: type, qtbot: object) -> None:
    view = cls()
    qtbot.addWidget(view)  # type: ignore[attr-defined]
    assert view.accessibleName() == cls.title
    for widget in view.findChildren(QWidget):
        takes_focus = bool(widget.focusPolicy().value & 1)
        is_popup = widget.window() is not view.window()
        if takes_focus and not is_popup and type(widget).__name__ != "QLineEdit":
            assert widget.accessibleName(), f"{cls.key}: {type(widget).__name__} has no accessible name"
        if isinstance(widget, QAbstractButton) and widget.text():
            assert widget.toolTip(), f"{cls.key}: {widget.text()} has no tool tip"


def test_a_restart_forgets_the_old_axes(qapp: object, pixels: Paint) -> None:
    for cls in VIEWS:
        if not issubclass(cls, AbstractChartView):
            continue
        long = made_up.snapshot(made_up.run_config("ring"), step=4000, run=1)
        short = made_up.snapshot(made_up.run_config("ring"), step=40, run=2)
        view, fresh = shown(cls, long), shown(cls, short)
        pixels(view)
        view.show_snapshot(short)
        assert np.array_equal(pixels(view), pixels(fresh))


def test_a_chart_stands_still_while_curves_grow(pixels: Paint) -> None:
    view = shown(VIEWS[2], made_up.snapshot(made_up.run_config("ring"), step=3001))
    assert isinstance(view, AbstractChartView)
    pixels(view)
    before = view._chart.drawn
    assert before is not None
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=3030))
    pixels(view)
    after = view._chart.drawn
    assert after is not None
    assert (before.x, before.y) == (after.x, after.y)


def test_lanes_that_appear_are_drawn(pixels: Paint) -> None:
    one = made_up.snapshot(made_up.run_config("ring"))
    two = made_up.snapshot(made_up.run_config("ring", ("non_saturating", "hinge")))
    for cls in VIEWS:
        if not cls.supports(one.config):
            continue
        view = shown(cls, one)
        pixels(view)
        for snapshot in (two, one):
            view.show_snapshot(snapshot)
            fresh = shown(cls, snapshot)
            assert pixels(view).shape == pixels(fresh).shape


def test_a_trace_without_steps_shows_the_empty_sentence(pixels: Paint) -> None:
    from ganviz.training.columns import COLUMNS
    from ganviz.training.history import History

    config = made_up.run_config("ring")
    trace = LossTrace(COLUMNS, *History(1).thinned(600), marks=())
    snapshot = made_up.snapshot(config, leave_out=(LossTrace,))
    probe = VIEWS[2]().needs()[0]
    empty = dataclasses.replace(snapshot, readings=((probe, trace),))
    view = shown(VIEWS[2], empty)
    assert np.array_equal(pixels(view), pixels(VIEWS[2]()))


def test_views_do_not_import_torch() -> None:
    code = "import sys, ganviz.views; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("formulations", "words"),
    [
        (("hinge", "saturating"), "rejected by D      score t of a generated sample"),
        (("hinge", "wgan_gp"), "less real      score t of a generated sample"),  # 0 is nothing to a critic
        (("rpgan",), "over its real partner"),
        (("ragan",), "over the real mean"),
        (("rpgan", "hinge"), "score, or lead over real samples"),
    ],
)
def test_the_axis_of_the_loss_shape_is_what_the_losses_are_functions_of(formulations, words):
    long, *shorter = axis_words(made_up.run_config(formulations=formulations))
    assert words in long
    assert [len(text) for text in (long, *shorter)] == sorted(
        (len(t) for t in (long, *shorter)), reverse=True
    )


def test_reference_lines_name_what_the_loss_is():
    def lines(name):
        return [
            line.label
            for line in equilibrium_lines(made_up.run_config(formulations=(name,)), with_parts=False)
        ]

    assert lines("rpgan")[0].endswith("ln 2 = 0.693, mean over pairs")
    assert lines("ragan")[0].endswith("2 ln 2 = 1.386, sum of means")


@pytest.mark.parametrize(
    ("losses", "name"),
    [
        ((NonSaturating(),), "D = ½"),
        ((NonSaturating(real_target=0.9),), "D = 0.45"),
        ((NonSaturating(real_target=0.9), Saturating(real_target=0.9)), "D = 0.45"),
        ((NonSaturating(), NonSaturating(real_target=0.9)), "boundary"),
        ((LeastSquares(),), "score 0.5"),
        ((LeastSquares(), NonSaturating()), "boundary"),
        ((NonSaturating(), Wasserstein()), "boundary"),
    ],
    ids=repr,
)
def test_the_contour_is_named_after_the_score_that_it_is_at(
    qapp: object, losses: tuple[AbstractAdversarialLoss, ...], name: str
) -> None:
    view = PlaneView()
    view.show_snapshot(made_up.snapshot(RunConfig(tuple(LaneConfig(Formulation(loss)) for loss in losses))))
    assert view._scores().contour_name() == name


def test_rows_that_find_no_room_are_left_out_rather_than_drawn_over_each_other(
    pixels: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four lanes in little room: no two texts of a view lie on each other."""
    drawn: list[QRectF] = []

    def note(
        painter: QPainter, box: QRectF, text: str, align: Qt.AlignmentFlag, *, elide: bool = False
    ) -> None:
        middle, height = box.center().y(), 0.7 * line_height(painter.font())
        width = min(text_width(painter.font(), text), box.width())
        left = box.right() - width if align & Qt.AlignmentFlag.AlignRight else box.left()
        drawn.append(QRectF(left, middle - height / 2, width, height))

    config = made_up.run_config("ring", ("saturating", "non_saturating", "least_squares", "wgan_gp"))
    for module, cls in ((ledger_view, LedgerView), (shadow_table, ShadowsView)):
        monkeypatch.setattr(module, "draw_text", note)
        drawn.clear()
        pixels(shown(cls, made_up.snapshot(config)), 480, 290)
        boxes = [box for box in drawn if box.width() > 1]
        assert len(boxes) > 8
        for one, other in itertools.combinations(boxes, 2):
            assert not one.intersects(other), (cls.key, one, other)


@pytest.mark.parametrize("cls", [cls for cls in VIEWS if "unfit_text" in vars(cls)], ids=lambda cls: cls.key)
def test_a_view_says_why_a_run_has_nothing_to_show(cls: type, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(canvas, "draw_sentence", lambda painter, area, text: said.append(text))
    other = next(one for one in ("line", "ring", "digits") if not cls.supports(made_up.run_config(one)))
    view = shown(cls, made_up.snapshot(made_up.run_config(other)))
    view_image(view, QSize(300, 200), LIGHT)
    view.show_snapshot(made_up.snapshot(made_up.run_config(made_up.of_view(cls)), run=2))
    view_image(view, QSize(300, 200), LIGHT)
    assert said == [view.unfit_text]


def test_steps_are_whole_numbers_from_the_first_look_on(
    pixels: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V against its bound, measured at steps 40 and 41."""
    frames = []
    monkeypatch.setattr(bound_view, "draw_step_frame", lambda painter, area, frame, *_: frames.append(frame))
    view = shown(BoundView, made_up.snapshot(made_up.run_config(), step=40))
    view.show_snapshot(made_up.snapshot(made_up.run_config(), step=41))
    pixels(view)
    x = frames[-1].x
    labels = [x.scale.text(tick) for tick in x.scale.ticks(x.low, x.high, 6)]
    assert x.low == 0
    assert len(set(labels)) == len(labels) >= 4
    assert all(label.isdigit() for label in labels)


def test_few_steps_of_the_bound_say_why_they_are_few(pixels: Paint, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    monkeypatch.setattr(bound_view, "draw_text", lambda *given: words.append(given[2]))
    view, config = BoundView(), made_up.run_config()
    for step in range(1, 12):
        view.show_snapshot(made_up.snapshot(config, step=step))
        pixels(view)
    assert words[0].startswith("1 step so far: measured while this is seen, and at keyframes")
    assert words[8].startswith("9 steps so far")
    assert "so far" not in words[-1]
    assert "samples" in words[-1]


def test_mode_bars_call_a_mode_what_the_plane_calls_it(
    pixels: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(mode_bars_view, "draw_text", lambda *given, **_: texts.append(given[2]))
    view = shown(mode_bars_view.ModeBarsView, made_up.snapshot(made_up.run_config("ring"), step=4000))
    with painting_on(QImage(900, 300, QImage.Format.Format_RGB32)) as painter:
        view.paint_canvas(painter, QRectF(0, 0, 900, 300), LIGHT)
    assert [text for text in texts if text.startswith("mode")] == [f"mode {i}" for i in range(1, 9)]
    (lane, plot), *_ = view._seen
    at = QPointF(plot.left() + 2.5 / 8 * plot.width(), plot.center().y())
    view.pointer_moved(at)
    metrics = view.reading
    share = f"{100 * metrics.mode_counts[lane][2] / metrics.n:.1f} %"
    assert view.canvas.toolTip().startswith(f"mode 3: {share} of the samples, ")
    view.pointer_moved(None)
    assert view.canvas.toolTip() == mode_bars_view.MEANING
    view.reading = dataclasses.replace(  # other data, before they are painted
        metrics, n_modes=0, mode_counts=metrics.mode_counts[:, :0], good_counts=metrics.good_counts[:, :0]
    )
    view.pointer_moved(at)
    assert view.canvas.toolTip() == mode_bars_view.MEANING


def test_who_looks_back_and_returns_has_lost_nothing_of_the_bound(qapp: object) -> None:
    view, config = BoundView(), made_up.run_config()
    seen = [made_up.snapshot(config, step=step) for step in (40, 300, 4000)]

    def steps() -> list[object]:
        return [row[1] for row in view.values().rows]

    for snapshot in seen:
        view.show_snapshot(snapshot)
    view.show_snapshot(dataclasses.replace(seen[1], stamp=seen[2].stamp))
    assert steps() == [40, 300]
    view.show_snapshot(seen[2])
    assert steps() == [40, 300, 4000]
    view.show_snapshot(made_up.snapshot(config, step=200))  # the run has gone back
    assert steps() == [40, 200]


def test_v_and_losses_that_are_no_v_have_a_plot_each(pixels: Paint, monkeypatch: pytest.MonkeyPatch) -> None:
    words = []
    monkeypatch.setattr(bound_view, "draw_step_frame", lambda *given: words.append(given[3]))
    for keys, expected in {
        ("non_saturating", "hinge", "wgan_gp"): ["V (nats)", "L_D"],
        ("rpgan", "wgan_gp"): ["L_D (nats)"],
        ("least_squares", "fgan_kl"): ["L_D"],
        ("saturating",): ["V (nats)"],
        ("wgan_gp",): [],
    }.items():
        words.clear()
        view = shown(BoundView, made_up.snapshot(made_up.run_config(formulations=keys)))
        pixels(view)
        assert words == expected, keys
        assert bool(view.absence()) is (keys == ("wgan_gp",))
        assert len(view.values().rows) == len(keys) - ("wgan_gp" in keys)


def test_l_d_of_an_earlier_loss_is_not_drawn_in_units_of_another(
    pixels: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(bound_view, "draw_gap", lambda *given: drawn.append(given[2]))
    view = BoundView()
    for step, key in ((10, "saturating"), (20, "hinge"), (30, "least_squares"), (40, "hinge")):
        view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=(key,)), step=step))
    pixels(view)
    ((steps, d_loss, best),) = drawn
    assert steps.tolist() == [10, 20, 30, 40]
    assert np.isfinite(d_loss).tolist() == np.isfinite(best).tolist() == [False, True, False, True]
    assert d_loss[1] == d_loss[3] == pytest.approx(2.15)


@pytest.mark.parametrize(
    ("width", "height", "n_plots"), [(217, 135, 4), (217, 190, 4), (420, 220, 4), (120, 80, 0)]
)
def test_four_lanes_histograms_are_drawn_in_a_small_view_or_it_says_why_not(
    width, height, n_plots, monkeypatch
):
    """In a window of 1024 x 700 nothing at all was drawn."""
    view, said = ScoreHistogramView(), []
    monkeypatch.setattr(view, "say", lambda *given: said.append(given[2]))
    four = ("non_saturating", "saturating", "wgan_gp", "rpgan")
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", four)))
    area = QRectF(0, 0, width, height)
    view_image(view, QSize(width, height), LIGHT)
    frames = [frame.area for frame in view.frames(area) if not frame.area.isEmpty()]
    assert len(frames) == n_plots
    assert all(min(area.width(), area.height()) >= 24 for area in frames)
    assert bool(said) == (n_plots == 0)


def test_score_histograms_are_of_what_they_say(pixels: Paint, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        histogram_drawing, "draw_text", lambda painter, box, text, *_, **__: said.append(text)
    )
    view, run = ScoreHistogramView(), made_up.run_config()
    fixed = made_up.snapshot(run)
    view.show_snapshot(fixed)
    pixels(view, 900, 300)
    assert histogram_drawing.OF_SAMPLES[0] in said
    view._of_batch.setChecked(True)
    (probe,) = view.needs()
    assert probe.of_batch
    said.clear()
    pixels(view, 900, 300)
    assert histogram_drawing.OF_SAMPLES[0] in said, "what is drawn is still of fixed samples"
    batch = made_up.histogram(run, np.random.default_rng(1))
    view.show_snapshot(dataclasses.replace(fixed, readings=(*fixed.readings, (probe, batch))))
    said.clear()
    pixels(view, 900, 300)
    assert histogram_drawing.OF_BATCH[0] in said


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_a_light_picture_of_a_dark_view_is_light_throughout(cls: type) -> None:
    """Nothing that was made for the screen's colors is in it, and the other way round."""
    snapshot = made_up.snapshot(made_up.run_config(made_up.of_view(cls)))
    size = QSize(480, 320)
    fresh, dark = shown(cls, snapshot), shown(cls, snapshot)
    dark.apply_theme(DARK)
    on_screen = view_image(dark, size, DARK)
    assert view_image(dark, size, LIGHT) == view_image(fresh, size, LIGHT)
    assert view_image(dark, size, DARK) == on_screen
