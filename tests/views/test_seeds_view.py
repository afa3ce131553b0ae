"""Several seeds as they are drawn: strips and words of the seeds' view, and the line under the pointer."""

import dataclasses

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from ganviz.session.figure import COLUMNS, MM_PER_INCH, SCREEN_DPI
from ganviz.training.probes.loss_trace import LossTrace, bands
from ganviz.training.probes.metrics_trace import MetricsTrace
from ganviz.training.probes.seed_samples import SeedSamplesProbe
from ganviz.training.trainer import Trainer
from ganviz.views.pictures import seed_planes, seeds_view
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.seeds_view import SeedsView, differences
from ganviz.views.plot.plotting import text_width

SEEDS = 4


def of_seeds(view):
    """Return a snapshot of two lanes of four seeds each, whose rows are those of a made-up run of eight lanes."""
    rows = made_up.snapshot(made_up.run_config("ring", ("non_saturating",) * 8))
    config = made_up.run_config("ring", ("non_saturating", "saturating"))
    config = dataclasses.replace(config, training=dataclasses.replace(config.training, seed=7, seeds=SEEDS))
    readings = tuple((probe, bands(one, SEEDS)) for probe, one in rows.readings if isinstance(one, LossTrace))
    view.resize(500, 400)
    view.show_snapshot(dataclasses.replace(rows, config=config, lanes=rows.lanes[:2], readings=readings))
    image = view.grab().toImage()
    return rows, image


def test_the_nearest_seed_is_named_with_its_value(qapp):
    view = LossesView()
    rows, _ = of_seeds(view)
    drawn, trace = view._chart.drawn, rows.get(LossTrace)
    curve, *_ = next(one for one in drawn.tracks if one[1] == 1)
    bucket = len(trace.first) // 2
    value = trace.mean[4 + 2, trace.column(curve.column), bucket]
    at = QPointF(drawn.x.pixel((trace.first[bucket] + trace.last[bucket]) / 2), drawn.y.pixel(value))
    view.pointer_moved(at)
    near = view._near_seed()
    assert near.value == pytest.approx(value, abs=1e-3)
    row = view._read_out().rows[-1]
    assert row.name == f"{near.curve.symbol}, seed {7 + near.number}"
    assert sum(bool(text) for text in row.values) == 1
    assert "Medians of 4 seeds" in view.content().caption


def test_all_seeds_can_be_turned_to(qapp, qtbot):
    """Planes have room for some; the buttons and the wheel ask for others, and stop at both ends."""
    view = SeedsView()
    qtbot.addWidget(view)
    rows, _ = of_seeds(view)
    config = made_up.run_config("ring", ("non_saturating", "saturating"))
    config = dataclasses.replace(config, training=dataclasses.replace(config.training, seeds=20))
    trainer = Trainer(config)

    def look():
        probe = view.needs()[1]
        reading = (probe, probe.measure(trainer.subject()))
        view.show_snapshot(dataclasses.replace(rows, config=config, readings=(reading,)))
        view.grab()
        return view._samples

    view.show()
    first = look()
    assert (first.first, first.generated.shape[:2], first.n_seeds) == (0, (2, 8), 20)
    earlier, later = view._turns
    assert later.isVisible()
    assert not earlier.isEnabled()
    asked = []
    view.needs_changed.connect(lambda: asked.append(1))
    qtbot.mouseClick(later, Qt.MouseButton.LeftButton)
    middle = look()
    expected = trainer.subject().seeds.subject(8)
    np.testing.assert_array_equal(middle.generated[:, 0], expected.generator(expected.latents(150)).detach())
    view.turn(1)
    assert look().first == 12
    assert not later.isEnabled()
    view.turn(1)
    assert len(asked) == 2
    for place in (4, 0):
        QTest.wheelEvent(view.windowHandle(), QPointF(200, 300), QPoint(0, 120))
        assert look().first == place
    assert len(asked) == 4


def test_strips_show_every_seed_of_the_newest_measures_and_lanes_are_compared(qapp):
    view = SeedsView()
    rows, image = of_seeds(view)
    step, values = view.newest()
    measured = rows.get(MetricsTrace)
    known = np.flatnonzero(np.isfinite(measured.mean).any(axis=(0, 1)))[-1]
    assert step == measured.last[known]
    np.testing.assert_allclose(values, measured.mean[:, :, known].reshape(2, SEEDS, -1), rtol=1e-6)
    assert len({image.pixel(x, y) for x in range(0, 500, 3) for y in range(0, image.height(), 3)}) > 4
    base = np.arange(8.0)
    assert differences(np.array([base, base + 0.1 + base / 100]), "quality_fraction").startswith(
        "+13.5 points (p"
    )
    assert (
        differences(np.array([base, base + 0.1 + base / 100]), "reverse_kl")
        == "+0.135 (p 0.0078, hardly chance)"
    )
    assert differences(np.array([base, base]), "reverse_kl") == "no difference"
    assert differences(base[:1, None], "reverse_kl") == ""


def test_planes_too_small_to_show_anything_are_shown_alone_by_a_button(qapp, qtbot, monkeypatch):
    view = SeedsView()
    qtbot.addWidget(view)
    rows, _ = of_seeds(view)
    config = made_up.run_config("ring", ("non_saturating", "saturating"))
    config = dataclasses.replace(config, training=dataclasses.replace(config.training, seeds=SEEDS))
    probe = SeedSamplesProbe()
    planes = (probe, probe.measure(Trainer(config).subject()))
    readings = (*(one for one in rows.readings if not isinstance(one[1], LossTrace)), planes)
    drawn, said = [], []
    view.show()
    monkeypatch.setattr(seeds_view, "draw_planes", lambda painter, area, *rest: drawn.append(area.height()))
    monkeypatch.setattr(seed_planes, "draw_text", lambda painter, row, text, *rest, **how: said.append(text))
    for height in (500, 170):
        view.resize(300, height)
        view.show_snapshot(dataclasses.replace(view.snapshot, config=config, readings=readings))
        view.grab()
    assert len(drawn) == 1
    assert said == [seed_planes.NO_ROOM]
    qtbot.mouseClick(view._planes, Qt.MouseButton.LeftButton)
    view.grab()
    assert drawn[-1] > 80
    assert said == [seed_planes.NO_ROOM]


def test_what_one_seed_says_is_read_whole_in_a_column_of_a_journal(qapp, qtbot):
    view = SeedsView()
    qtbot.addWidget(view)
    column = COLUMNS["single"][0] / MM_PER_INCH * SCREEN_DPI - 2 * 12
    for words in view._heads(100_000, 1, 1):
        assert text_width(view.fonts().label, words) <= column
