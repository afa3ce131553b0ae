"""Measures of samples and histograms of scores as they are drawn: of two lanes and modes unlike each other."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from drawn import Bar, drawn
from PySide6.QtCore import QPointF, QRectF
from test_drawn_numbers import of

from ganviz.training.floors import Floors, Level
from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import score_histogram_view
from ganviz.views.pictures.metrics_view import MetricsView
from ganviz.views.pictures.mode_bars_view import ModeBarsView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView

KEYS = ("non_saturating", "saturating")
pytestmark = pytest.mark.usefixtures("qapp")
COUNTS = np.array([[700.0, 150, 150], [100, 500, 400]])
GOOD = np.array([[630.0, 120, 100], [90, 300, 210]])
FAIR = np.array([500.0, 300.0, 200.0])


def metrics() -> Metrics:
    """Return measures of 1000 samples on three modes of unequal weight, with floors unlike each other."""
    floors = Floors(
        Level(0.03, 0.02, 0.05), Level(0.006, 0.005, 0.008), Level(0.0021, 0.001, 0.004),
        Level(0.0047, 0.002, 0.009), Level(0.987, 0.981, 0.993), (0.49, 0.29, 0.19),
    )  # fmt: skip
    return Metrics(
        n=1000, n_modes=3, modes_hit=np.array([3.0, 2.0]), quality_fraction=np.array([0.85, 0.6]),
        reverse_kl=np.array([0.11, 0.32]), good_reverse_kl=np.array([0.14, 0.41]),
        sliced_wasserstein=np.array([0.21, 0.53]), sliced_wasserstein_floor=np.full(2, 0.03),
        js_divergence=np.array([0.077, 0.222]), js_divergence_floor=np.full(2, 0.006),
        mode_counts=COUNTS, good_counts=GOOD, modes_with_a_sample=np.array([3.0, 3.0]), fair_counts=FAIR, floors=floors,
    )  # fmt: skip


def test_each_measure_has_the_numbers_of_its_lanes_and_its_own_floor() -> None:
    view = MetricsView()
    view.show_snapshot(of(metrics(), *KEYS))
    found = drawn(view, 640, 480)
    rows = found.rows()
    expected = (
        ("Modes hit", "3 of 3|2 of 3", "with a sample: 3, 3"), ("High quality", "85.0 %|60.0 %", "ceiling 98.7 %"),
        ("Reverse KL", "0.110|0.320", "over modes, floor 0.002"),
        ("Reverse KL within 3σ", "0.140|0.410", "over modes, floor 0.005"),
        ("Sliced Wasserstein", "0.210|0.530", "floor 0.030"),
        ("Jensen–Shannon", "0.077|0.222", "smoothed, floor 0.006"),
    )  # fmt: skip
    for title, texts, note in expected:
        at = rows.index(f"{title}|{texts}")
        assert rows[at + 1] == note
    table = {(row[0], row[1]): row[2:] for row in view.values().rows}
    for i, lane in enumerate(("Non-saturating", "Saturating")):
        assert table[lane, "Modes hit"] == ((3.0, 2.0)[i], 3)
        assert table[lane, "High quality"] == ((0.85, 0.6)[i], 0.987)
        assert table[lane, "Reverse KL"] == ((0.11, 0.32)[i], 0.0021)
        assert table[lane, "Reverse KL within 3σ"] == ((0.14, 0.41)[i], 0.0047)
        assert table[lane, "Jensen–Shannon"] == ((0.077, 0.222)[i], 0.006)


def test_bars_of_measures_are_as_long_as_their_numbers_and_end_at_none() -> None:
    view = MetricsView()
    view.show_snapshot(of(metrics(), *KEYS))
    found = drawn(view, 640, 480)
    grounds = [bar for bar in found.bars_of(LIGHT.grid) if bar.height > 5]
    filled = [one for ground in grounds for one in found.bars_of(GENERATED) if is_on(one, ground)]
    assert len(grounds) == len(filled) == 12
    shares = [one.width / ground.width for one, ground in zip(filled, grounds, strict=True)]
    assert shares[:4] == pytest.approx([1, 2 / 3, 0.85, 0.6], abs=2e-3)
    for i, values in enumerate(VALUES, 2):
        assert shares[2 * i] / shares[2 * i + 1] == pytest.approx(values[0] / values[1], rel=1e-2)
    ticks = sorted({(round(line.points[0][1]), line.points[0][0]) for line in found.lines if line.width == 2})
    at = [(x - ground.x) / ground.width for (_, x), ground in zip(ticks, grounds, strict=True)]
    assert at[:4] == pytest.approx([1, 1, 0.987, 0.987], abs=2e-3)
    floors = [value for value in (0.0021, 0.0047, 0.03, 0.006) for _ in range(2)]
    ends = [value for pair in VALUES for value in pair]
    expected = [floor * share / end for floor, share, end in zip(floors, shares[4:], ends, strict=True)]
    assert at[4:] == pytest.approx(expected, abs=1e-3)
    small = [one for one in found.bars_of(GENERATED) if not any(is_on(one, ground) for ground in grounds)]
    heights = np.array([one.height for one in small]).reshape(2, 3)
    np.testing.assert_allclose(heights / heights[0, 0], COUNTS / COUNTS[0, 0], rtol=1e-3)
    assert "one scale, 0 to 75 %" in [text.words for text in found.texts]


GENERATED = LIGHT.line("generated").name()
VALUES = ((0.11, 0.32), (0.14, 0.41), (0.21, 0.53), (0.077, 0.222))


def is_on(one: Bar, ground: Bar) -> bool:
    """Return whether a bar begins where another one does."""
    return abs(one.x - ground.x) < 0.1 and abs(one.y - ground.y) < 0.1


def test_mode_bars_are_as_high_as_the_shares_and_dashes_as_the_weights() -> None:
    """Both lanes on one scale; weights are the data's own, not 1/n; what lies within 3σ is the solid part."""
    view = ModeBarsView()
    view.show_snapshot(of(metrics(), *KEYS))
    found = drawn(view, 1200, 400)
    edges = [bar for bar in found.bars if bar.color == GENERATED]
    pairs = np.array([bar.height for bar in edges]).reshape(2, 3, 2)
    unit = pairs[0, 0, 0] / 0.7
    np.testing.assert_allclose(pairs / unit, np.stack([COUNTS, GOOD], axis=-1) / 1000, atol=2e-3)
    bottom = edges[0].y + edges[0].height
    dashes = [line for line in found.lines if line.width == 1.4]
    at = [(bottom - line.points[0][1]) / unit for line in dashes if line.points[0][1] == line.points[1][1]]
    np.testing.assert_allclose(at[:6], [0.5, 0.3, 0.2] * 2, atol=2e-3)
    numbers = [text.words for text in found.texts if text.words.count(".") == 1 and text.words[-2] == "."]
    assert numbers[:6] == ["70.0", "15.0", "15.0", "10.0", "50.0", "40.0"]
    sums = [text.words for text in found.texts if text.words.startswith("quality")]
    assert sums == [
        "quality 85.0 % (ceiling 98.7 %) · reverse KL 0.110, within 3σ 0.140 (floor 0.005)",
        "quality 60.0 % (ceiling 98.7 %) · reverse KL 0.320, within 3σ 0.410 (floor 0.005)",
    ]
    words = view._words_at(QPointF(edges[-1].x + 2, bottom - 3))
    assert words == "mode 3: 40.0 % of the samples, 21.0 % within 3σ; its weight: 20.0 %"
    assert [row[2:] for row in view.values().rows[3:]] == [
        (0.1, 0.09, 0.5),
        (0.5, 0.3, 0.3),
        (0.4, 0.21, 0.2),
    ]


def histogram() -> ScoreHistogram:
    """Return that of a lane of logits, and of a critic."""
    edges = np.array([np.linspace(0, 1, 5), np.linspace(-3, 5, 5)], dtype=np.float32)
    real = np.array([[0.1, 0.2, 0.3, 0.4], [0.0, 0.05, 0.15, 0.8]], dtype=np.float32)
    generated = np.array([[0.5, 0.25, 0.15, 0.1], [0.6, 0.4, 0.0, 0.0]], dtype=np.float32)
    of_real, of_fake = np.array([0.71, 3.5], np.float32), np.array([0.28, -1.25], np.float32)
    return ScoreHistogram(edges, real, generated, np.array([1.0, 0.0], np.float32), of_real, of_fake)


def test_histograms_are_of_their_lane_and_say_whose_scores_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[np.ndarray, np.ndarray, str]] = []
    draw = score_histogram_view.draw_steps
    monkeypatch.setattr(
        score_histogram_view,
        "draw_steps",
        lambda *how: (steps.append((how[3], how[4], how[5])), draw(*how)),
    )
    view, reading = ScoreHistogramView(), histogram()
    snapshot = of(reading, "non_saturating", "wgan_gp")
    view.show_snapshot(snapshot)
    found = drawn(view, 800, 560)
    for lane in range(2):
        for (edges, shares, role), part in zip(
            steps[2 * lane : 2 * lane + 2], ("real", "generated"), strict=True
        ):
            assert role == part
            np.testing.assert_allclose(edges, reading.edges[lane])
            np.testing.assert_allclose(shares, 100 * getattr(reading, part)[lane], rtol=1e-6)
    rows = found.rows()
    whose = "500 fixed samples, present D, in evaluation mode"
    assert f"mean D(x) = 0.710|mean D(G(z)) = 0.280|{whose}" in rows
    assert f"mean score of x = 3.500|mean score of G(z) = −1.250|{whose}" in rows
    assert found.at("D, probability of being real").y < found.at("mean score of x = 3.500").y
    assert found.at("score, larger = more real").y > found.at("mean score of x = 3.500").y
    dashes = [line.points for line in found.lines if line.width == 1.6]
    for frame, means in zip(view.frames(QRectF(0, 0, 800, 560)), ((0.71, 0.28), (3.5, -1.25)), strict=True):
        there = [x for (x, top), (end, _) in dashes if x == end and abs(top - frame.area.top()) < 2]
        assert {round(frame.x.value(x), 2) for x in there} == set(means)
    read = view.read_out(1, 4.0, 0.0)
    assert read is not None
    assert (read.title, [row.values[0] for row in read.rows]) == ("score 3.000 … 5.000", ["80.0 %", "0.0 %"])
    rows_of_critic = [row for row in view.values().rows if row[0] == "WGAN-GP"]
    assert rows_of_critic[-1][1:] == pytest.approx((3.0, 5.0, 0.8, 0.0))
    probe = ScoreHistogramProbe(of_batch=True)
    view._of_batch.setChecked(True)
    view.show_snapshot(dataclasses.replace(snapshot, readings=(*snapshot.readings, (probe, reading))))
    assert any("D's last batch, before it learned from it" in row for row in drawn(view, 800, 560).rows())
    training = dataclasses.replace(snapshot.config.training, ema_decay=0.99)
    averaged = dataclasses.replace(snapshot, config=dataclasses.replace(snapshot.config, training=training))
    view = ScoreHistogramView()
    view.show_snapshot(averaged)
    assert any("fixed samples of G's average" in row for row in drawn(view, 800, 560).rows())
