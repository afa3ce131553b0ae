"""The numbers that stand in pictures: of readings in which no two are alike, each where its name and its lane are."""

from __future__ import annotations

import dataclasses
import math

import made_up
import numpy as np
import pytest
from drawn import drawn

from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import named_formulation
from ganviz.training.config import LaneConfig
from ganviz.training.probes.base import Reading
from ganviz.training.probes.ledger import Ledger
from ganviz.training.probes.optimal_surface import OptimalSurface
from ganviz.training.probes.shadow_gradients import ShadowGradients
from ganviz.training.probes.shadow_trace import ShadowTrace
from ganviz.training.probes.surface import Surface
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import direction_drawing
from ganviz.views.pictures.direction_view import DirectionView
from ganviz.views.pictures.formula_rows import cards
from ganviz.views.pictures.formula_view import FormulaView
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.pictures.plane_colors import PlaneColors
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.pictures.shadows_view import ShadowsView
from ganviz.views.plot.plotting import number

LN2 = math.log(2)
pytestmark = pytest.mark.usefixtures("qapp")


def of(reading: Reading, *formulations: str | Formulation, data: str = "ring") -> Snapshot:
    """Return a snapshot of a run with this reading in place of its own of that class."""
    lanes = tuple(LaneConfig(named_formulation(one) if isinstance(one, str) else one) for one in formulations)
    made = made_up.snapshot(dataclasses.replace(made_up.run_config(data), lanes=lanes))
    kept = tuple((probe, reading if type(one) is type(reading) else one) for probe, one in made.readings)
    return dataclasses.replace(made, readings=kept)


def ledger() -> Ledger:
    """Return that of a non-saturating lane, and of a saturating one with a penalty."""
    parts, penalty = np.array([[0.5, 0.3], [0.9, 0.2]]), np.array([0.0, 0.15])
    g_loss = np.array([[0.7, -0.3, 0.7], [-0.2, -0.2, 1.6]])
    g_norm = np.array([[1.5, 0.25, 1.5], [0.35, 0.35, 2.5]])
    sum_norm = np.array([[0.8, 0.0, 0.8], [0.0, 0.0, 0.9]])
    trained = np.array([0.75, -0.12])
    return Ledger(parts, penalty, g_loss, -parts.sum(1), trained, g_norm, sum_norm, n=128)


def test_every_term_of_the_ledger_stands_beside_its_name() -> None:
    view = LedgerView()
    view.show_snapshot(of(ledger(), "non_saturating", Formulation(Saturating(), (PENALTIES["r1"](),))))
    found = drawn(view, 1000, 700)
    left, right = found.rows(0, 500), found.rows(500)
    numbers = ("0.500", "0.300", "0.800", "0.700", "1.500", "−0.800", "0.050")
    names = ("−E log D(x)", "−E log(1", "LD|", "LG = −E log D(G(z))", "LD + LG|", "V = −LD|", "ρ: ")
    for name, text in zip(names, numbers, strict=True):
        (row,) = [one for one in left if one.startswith(name)]
        assert row.split("|")[-1] == text
    assert any("G trained on LG = 0.750, ρ = +0.050" in row for row in left)
    assert any("G trained on LG = −0.120, ρ = +0.080" in row for row in right)
    numbers = ("0.900", "0.200", "0.150", "1.250", "−0.200", "1.050", "−1.100", "0.080")
    names = ("−E log D(x)", "−E log(1", "penalty|", "LD|", "LG = E log(1", "LD + LG|", "V = penalty", "ρ: ")
    for name, text in zip(names, numbers, strict=True):
        (row,) = [one for one in right if one.startswith(name)]
        assert row.split("|")[-1] == text


def test_bars_of_the_ledger_begin_where_those_before_them_ended_and_ticks_are_at_equilibrium() -> None:
    view = LedgerView()
    view.show_snapshot(of(dataclasses.replace(ledger(), **one_lane(ledger())), "non_saturating"))
    found = drawn(view, 800, 600)
    real, fake, d_loss, g_loss, total, value, change = (
        one for one in found.bars if one.color not in (LIGHT.base, LIGHT.grid)
    )
    zero, unit = real.x, real.width / 0.5
    ends = [(bar.x - zero, bar.right - zero) for bar in (real, fake, d_loss, g_loss, total, value, change)]
    expected = [(0, 0.5), (0.5, 0.8), (0, 0.8), (0.8, 1.5), (0, 1.5), (-0.8, 0), (0, 0.05)]
    np.testing.assert_allclose(np.array(ends) / unit, expected, atol=1e-3)
    ticks = sorted((line.points[0][1], line.points[0][0]) for line in found.lines if line.width == 1.6)
    at_end = [(x - zero) / unit for _, x in ticks]
    assert at_end == pytest.approx([LN2, 2 * LN2, 2 * LN2, 3 * LN2, 3 * LN2, -2 * LN2], abs=1e-3)


def one_lane(reading: Reading) -> dict[str, np.ndarray]:
    """Return the fields of a reading with its first lane alone."""
    values = {field.name: getattr(reading, field.name) for field in dataclasses.fields(reading)}
    return {name: one[:1] for name, one in values.items() if isinstance(one, np.ndarray)}


def shadows(n_lanes: int = 2) -> ShadowGradients:
    """Return six losses of each lane."""
    lane, k = np.arange(n_lanes)[:, None], np.arange(6.0)
    cosines = np.eye(6) + (np.add.outer(k, k) / 20 + 0.02 * lane[:, :, None]) * (1 - np.eye(6))
    norms = 10.0 ** (k - 3 - 0.3 * lane)
    return ShadowGradients(0.11 + k / 3 + lane, norms, cosines, np.array([-2.0, 1.5])[:n_lanes], 128)


def test_shadow_losses_have_their_own_values_norms_and_cosines() -> None:
    """One of the ticked losses is the trained one, and has no row of its own: rows are not the reading's places."""
    view, reading = ShadowsView(), shadows()
    view.show_snapshot(of(reading, "non_saturating", "saturating"))
    found = drawn(view, 850, 560)
    names = {
        "Non-saturating": (0, 2),
        "Saturating": (1, 0),
        "Hinge": (3, 3),
        "Least squares": (4, 4),
        "RpGAN": (5, 5),
    }
    places = [[0, 1, 3, 4, 5], [0, 2, 3, 4, 5]]
    rows = [row.split("|") for row in found.rows() if row.split("|")[0] in names]
    assert len(rows) == 10
    for i, (name, *texts) in enumerate(rows):
        lane = i // 5
        k = names[name][lane]
        expected = [reading.values[lane, k], reading.norms[lane, k]]
        assert texts[:2] == [number(float(value)) for value in expected], (name, lane)
        assert [float(text) for text in texts[2:]] == pytest.approx(
            reading.cosines[lane, k, places[lane]], abs=0.006
        )
    sentences = [row for row in found.rows() if "as steep" in row]
    assert [float(row.split("e⁻ᵗ = ")[1].split()[0]) for row in sentences] == pytest.approx([7.39, 0.22])
    assert [row.split("t = ")[1].split()[0] for row in sentences] == ["−2.00", "1.50"]


def test_bars_of_norms_lie_on_the_decades_of_all_lanes() -> None:
    view, reading = ShadowsView(), shadows()
    view.show_snapshot(of(reading, "non_saturating", "saturating"))
    bars = [bar for bar in drawn(view, 850, 560).bars if bar.color == LIGHT.line("g_loss").name()]
    whole = max(bar.width for bar in bars)
    shares = [bar.width / whole for bar in bars]
    norms = np.log10(np.concatenate([reading.norms[0, [0, 1, 3, 4, 5]], reading.norms[1, [0, 2, 3, 4, 5]]]))
    np.testing.assert_allclose(shares, (norms + 4) / (norms.max() + 4), atol=2e-3)


def test_curves_of_shadow_losses_are_named_with_what_they_come_to_now_and_gradients_with_their_share() -> (
    None
):
    """By the gradients of the last look, whatever they were at the first."""
    view, reading = ShadowsView(), shadows()
    snapshot = of(reading, "non_saturating", "wgan_gp")
    trace = snapshot.get(ShadowTrace)
    assert trace is not None
    now = dataclasses.replace(trace, now=reading.values)
    readings = tuple((probe, now if one is trace else one) for probe, one in snapshot.readings)
    view._values.setChecked(True)
    view.show_snapshot(dataclasses.replace(snapshot, readings=readings))
    found = drawn(view, 850, 560)
    for lane, name in enumerate(("Non-saturating", "WGAN-GP")):
        assert found.at(f"{name}: {number(reading.values[lane, 0])}")
        assert found.at(f"Hinge: {number(reading.values[lane, 3])}")
    view._over_steps.setChecked(True)
    norms = np.array([[40.0, 1.0, 2.0, 0.025, 5.0, 8.0], [3.0, 1.0, 2.0, 900.0, 5.0, 8.0]])
    later = of(dataclasses.replace(reading, norms=norms), "non_saturating", "wgan_gp")
    view.show_snapshot(dataclasses.replace(later, viewed_step=5000, stamp=Stamp(1, 5000, 0)))
    words = [text.words for text in drawn(view, 850, 560).texts if "Hinge" in text.words]
    assert words == ["1/1,600 × Hinge".replace(",", "\u202f"), "300 × Hinge"]


def test_the_table_of_shadow_losses_has_each_lanes_numbers() -> None:
    view, reading = ShadowsView(), shadows()
    view.show_snapshot(of(reading, "non_saturating", "saturating"))
    rows = view.values().rows
    for lane in range(2):
        for k in range(6):
            expected = (reading.values[lane, k], reading.norms[lane, k], *reading.cosines[lane, k])
            assert rows[6 * lane + k][2:] == pytest.approx(expected)
    assert [row[1] for row in rows[:2]] == ["trained", "Saturating"]


def test_direction_and_range_has_each_lanes_numbers_in_its_table() -> None:
    view = DirectionView()
    penalized = Formulation(Saturating(), (PENALTIES["r1"](),))
    view.show_snapshot(of(ledger(), "non_saturating", penalized))
    found = drawn(view, 1500, 520)
    left, right = found.rows(0, 750), found.rows(750)
    assert [row for row in left if row.count("|") == 6] == [
        "LD|D: lower ↓|↗ rises|[0, ∞)|[0, 2 ln 2]|2 ln 2 = 1.386|0.800",
        "LG|G: lower ↓|↘ falls|[0, ∞)|[ln 2, ∞)|ln 2 = 0.693|0.700",
        "LD + LG|nobody's|↘ then ↗|[2 ln 2, ∞)|[2.038, ∞)|3 ln 2 = 2.079|1.500",
    ]
    assert [row for row in right if row.count("|") == 6] == [
        "LD|D: lower ↓|↗ rises|[0, ∞)|[0, 2 ln 2]|2 ln 2 = 1.386|1.250",
        "LG|G: lower ↓|↘ falls|(−∞, 0]|[−ln 2, 0]|−ln 2 = −0.693|−0.200",
        "LD + LG|nobody's|→ flat|[0, ∞)|[0, ln 2]|ln 2 = 0.693|1.050",
    ]
    assert any("✓ May be added" in row for row in left)
    assert any("✗ Loses the generator" in row for row in right)
    view.choose("trained", "non_saturating")
    of_other = [row.split("|")[-1] for row in drawn(view, 1500, 520).rows(750) if row.count("|") == 6]
    assert of_other == ["1.250", "1.600", "2.850"], "L_G is that of the loss that was picked"
    view.choose("value", "non_saturating")
    rows = [row for row in drawn(view, 1500, 520).rows() if row.startswith("V") and row.count("|") == 6]
    assert rows == [
        "V|D: higher ↑|↘ falls|(−∞, 0]|[−2 ln 2, 0]|−2 ln 2 = −1.386|−0.800",
        "V + LG|nobody's|↘ falls|(−∞, ∞)|–|open|−0.100",
    ]


def test_curves_of_both_terms_rise_and_fall_as_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    curves: dict[str, np.ndarray] = {}
    monkeypatch.setattr(
        direction_drawing, "draw_curve", lambda _, __, y, pen: curves.setdefault(pen.color().name(), y)
    )
    view = DirectionView()
    view.show_snapshot(of(ledger(), "non_saturating", "saturating"))
    view.choose("trained", "non_saturating")
    drawn(view, 700, 700)
    of_d, of_g, total = (curves[LIGHT.line(role).name()] for role in ("d_loss", "g_loss", "total"))
    assert (np.diff(of_d) < 0).all(), "pixels count downwards: L_D's fake part rises with D(G(z))"
    assert (np.diff(of_g) > 0).all()
    assert 0 < total.argmax() < len(total) - 1, "the sum has its least value between"


def test_the_formula_card_has_the_values_of_its_lanes_below_each_term() -> None:
    """Two lanes of one formulation stand below each other; of more there are medians."""
    view = FormulaView()
    both = dataclasses.replace(ledger(), penalty=np.array([0.07, 0.15]))
    view.show_snapshot(of(both, *[Formulation(Saturating(), (PENALTIES["r1"](),))] * 2))
    (card,) = cards(view.snapshot.config, both)  # type: ignore[union-attr]
    values = [[piece.values for piece in row if piece.values] for row in card.rows]
    assert values == [
        [pytest.approx(one) for one in row]
        for row in (
            [(0.87, 1.25), (0.5, 0.9), (0.3, 0.2), (0.07, 0.15)], [(0.7, -0.2)],
            [(-0.8, -1.1), (-0.5, -0.9), (-0.3, -0.2)], [(1.57, 1.05), (0.5, 0.9), (0.07, 0.15)],
        )
    ]  # fmt: skip
    assert [piece.latex for piece in card.rows[2]] == [
        "V(D, G)", "=", r"\mathbb{E}\,\log D(x)", r"+\;\mathbb{E}\,\log(1 - D(G(z)))",
    ]  # fmt: skip
    signs = [[piece.latex.split(r"\;")[0] for piece in row[3:] if r"\;" in piece.latex] for row in card.rows]
    assert signs == [["-", "+"], [], ["+"], ["+"]]
    rows = drawn(view, 1200, 560).rows()
    shown = [row for row in rows if row[0] in "−0123456789" and "." in row]
    assert shown == [
        "0.870|0.500|0.300|0.070", "1.250|0.900|0.200|0.150", "0.700", "−0.200", "−0.800|−0.500|−0.300",
        "−1.100|−0.900|−0.200", "1.570|0.500|0.070", "1.050|0.900|0.150",
    ]  # fmt: skip
    five = Ledger(*(np.repeat(getattr(both, name), [4, 1], axis=0) for name in FIELDS), n=128)
    (card,) = cards(of(five, *["non_saturating"] * 5).config, five)
    assert card.rows[0][0].values == (pytest.approx(0.8),), "the median of 0.8 four times and 1.1"


FIELDS = ("parts", "penalty", "g_loss", "value", "g_trained", "g_norm", "sum_norm")


def test_planes_are_read_and_colored_by_their_own_surfaces() -> None:
    """D of 0.2 and 0.7, D* of 0.4 and 0.9: what is said of D* is of D*, the difference is D less D*."""
    view = PlaneView()
    extent = made_up.run_config().distribution.extent
    d, best = (np.array([math.log(p / (1 - p)) for p in both]) for both in ((0.2, 0.7), (0.4, 0.9)))
    flat = np.ones((1, 64, 64), np.float32)
    surface = Surface((d[:, None, None] * flat).astype(np.float32), extent)
    optimal = OptimalSurface((best[:, None, None] * flat).astype(np.float32), extent)
    view.set_layer("difference", True)
    view.set_layer("optimal", True)
    snapshot = of(surface, "non_saturating", "saturating")
    readings = tuple(
        (probe, optimal if isinstance(one, OptimalSurface) else one) for probe, one in snapshot.readings
    )
    view.show_snapshot(dataclasses.replace(snapshot, readings=readings))
    for lane, texts in enumerate(
        (["0.200", "−1.386", "0.400", "−0.200"], ["0.700", "0.847", "0.900", "−0.200"])
    ):
        rows = view.read_out(lane, 0.3, 0.4).rows
        assert [row.name for row in rows[:4]] == ["D(x)", "score", "D*(x)", "D − D*"]
        assert [row.values[0] for row in rows[:4]] == texts
        scores, known = LaneScores(view.snapshot.config), {Surface: surface, OptimalSurface: optimal}  # type: ignore[union-attr]
        for layer, value in (("surface", d[lane]), ("optimal", best[lane]), ("difference", -0.2)):
            found = PlaneColors.grid(layer, known, scores, lane)
            assert found is not None
            np.testing.assert_allclose(found[0], value, rtol=1e-6)
    found = drawn(view, 900, 500)
    assert found.at("below D*").y > found.at("above D*").y, "the bar begins below"


def test_a_critics_colors_are_about_the_middle_of_its_own_lanes_means() -> None:
    config = made_up.run_config(formulations=("wgan_gp", "hinge"))
    batch = made_up.histogram(config, np.random.default_rng(0))
    means = np.array([3.0, 10.0], np.float32), np.array([-1.0, 4.0], np.float32)
    scores = LaneScores(config, dataclasses.replace(batch, real_mean=means[0], generated_mean=means[1]))
    assert [scores.decision(lane) for lane in range(2)] == [1.0, 7.0]
    smoothed = LaneConfig(Formulation(NonSaturating(real_target=0.9)))
    assert LaneScores(dataclasses.replace(config, lanes=(smoothed,))).contour_name() == "D = 0.45"
    assert not LaneScores(made_up.run_config(formulations=("least_squares",))).is_probability(0)
