"""What colors the plane: D, the best possible D, or how far they are apart, each with a bar that says so."""

from __future__ import annotations

from collections.abc import Callable

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from ganviz.training.probes.optimal_surface import OptimalSurface, OptimalSurfaceProbe
from ganviz.training.probes.surface import Surface, SurfaceProbe
from ganviz.views.bases.color_bar import bar_ticks, bar_title
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.layer_button import LayerButton
from ganviz.views.pictures.layers.colors import DifferenceLayer, OptimalLayer
from ganviz.views.pictures.plane_colors import DIFFERENCE, PlaneColors
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.pictures.plane_view import PlaneView

CONFIG = made_up.run_config("ring", ("non_saturating", "wgan_gp"))
READINGS = {type(reading): reading for _, reading in made_up.snapshot(CONFIG).readings}
SCORES = LaneScores(CONFIG)


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores.astype(np.float64)))


@pytest.mark.parametrize(
    ("shown", "without", "layer"),
    [
        ({"surface"}, None, "surface"),
        ({"surface", "optimal"}, None, "optimal"),
        ({"surface", "optimal", "difference"}, None, "difference"),
        ({"surface", "difference"}, OptimalSurface, "surface"),
        ({"difference"}, Surface, ""),
        ({"contour"}, None, ""),
    ],
)
def test_the_last_layer_that_is_known_colors(shown, without, layer):
    known = {kind: reading for kind, reading in READINGS.items() if kind is not without}
    assert PlaneColors.layer(frozenset(shown), known, SCORES, 0) == layer


def test_the_difference_is_that_of_probabilities_and_only_logits_have_one():
    d, best = READINGS[Surface].scores[0], READINGS[OptimalSurface].scores[0]
    grid, extent = PlaneColors.grid("difference", READINGS, SCORES, 0)
    assert grid == pytest.approx(sigmoid(d) - sigmoid(best), abs=1e-12)
    assert extent == CONFIG.distribution.extent
    assert PlaneColors.grid("difference", READINGS, SCORES, 1) is None
    assert PlaneColors.grid("", READINGS, SCORES, 0) is None


def test_a_critic_shows_what_it_says_and_no_best_probability():
    for shown in ({"surface"}, {"optimal", "surface"}, {"optimal", "surface", "difference"}):
        assert PlaneColors.layer(frozenset(shown), READINGS, SCORES, 1) == "surface"
    assert PlaneColors.layer(frozenset({"optimal", "difference"}), READINGS, SCORES, 1) == ""


def test_the_bar_says_what_the_colors_are():
    colors = PlaneColors()
    difference = colors.range_of("difference", READINGS, SCORES, 0)
    assert difference == DIFFERENCE
    assert bar_title(difference) == "D(x) − D*(x)"
    assert [text for _, text in bar_ticks(difference)] == ["−0.5", "0", "0.5"]
    assert "D*(x)" in bar_title(colors.range_of("optimal", READINGS, SCORES, 0))
    assert bar_title(colors.range_of("surface", READINGS, SCORES, 0)) == "D(x), probability"
    assert bar_title(colors.range_of("surface", READINGS, SCORES, 1)) == "score"
    middle = DIFFERENCE.colors(np.zeros(1, dtype=np.float32), LIGHT)
    assert middle == LIGHT.surface_lut[128]


def test_the_layer_asks_for_both_surfaces_and_is_painted(
    qapp: object, pixels: Callable[..., np.ndarray]
) -> None:
    view = PlaneView()
    view.show_snapshot(made_up.snapshot(CONFIG))
    before = pixels(view)
    for key in ("surface", "contour", "real", "generated"):
        view.set_layer(key, False)
    view.set_layer("difference", True)
    assert {SurfaceProbe(), OptimalSurfaceProbe()} <= set(view.needs())
    assert not np.array_equal(pixels(view), before)
    names = [row.name for row in view.read_out(0, 0.5, 0.5).rows]
    assert names[:4] == ["D(x)", "score", "D*(x)", "D − D*"]
    d, _, best, delta = (
        float(row.values[0].replace("−", "-")) for row in view.read_out(0, 0.5, 0.5).rows[:4]
    )
    assert delta == pytest.approx(d - best, abs=2e-3)
    assert "D − D*" not in [row.name for row in view.read_out(1, 0.5, 0.5).rows]


@pytest.mark.parametrize("layer", [OptimalLayer(), DifferenceLayer()], ids=lambda layer: layer.key)
def test_the_letters_of_an_icon_are_whole_and_faint_where_it_cannot_be_used(
    qapp: object, layer: OptimalLayer
) -> None:
    """The star of ΔD* was cut off, and a layer that does not fit looked like one that is off."""
    icon = LayerButton(layer).icon()
    alphas = {}
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        image = icon.pixmap(QSize(16, 16), 2.0, mode).toImage()
        alphas[mode] = np.array(
            [[image.pixelColor(x, y).alpha() for x in range(image.width())] for y in range(image.height())]
        )
    normal, faint = alphas.values()
    assert normal[:, [0, -1]].max() == 0
    assert 0 < faint.max() < normal.max() / 2
