"""The game on a line: where each lane's panels are."""

import re
from dataclasses import replace

import made_up
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage

from ganviz.training.probes.line import LineGame
from ganviz.views.bases.plot_export import export_view, view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.line_view import LineView


@pytest.mark.parametrize(
    ("n", "width", "height", "columns"),
    [(1, 560, 700, 1), (2, 560, 700, 2), (2, 420, 545, 2), (3, 560, 700, 2), (3, 900, 700, 3), (4, 420, 545, 2),
     (4, 900, 700, 2), (4, 1800, 900, 4), (4, 300, 1400, 1)],
)  # fmt: skip
def test_lanes_share_the_room_so_that_none_is_crowded(qtbot, n, width, height, columns):
    """Three thin ones stood beside each other, with the fourth below, and most of the view was empty."""
    view = LineView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("line", formulations=("non_saturating",) * n)))
    frames = view.frames(QRectF(0, 0, width, height))
    assert len({frame.area.left() for frame in frames}) == columns
    assert all(a == b or not a.area.intersects(b.area) for a in frames for b in frames)
    assert all(QRectF(0, 0, width, height).contains(frame.area) for frame in frames)


def test_in_a_low_stack_latents_give_way_and_no_number_is_cut(qtbot):
    """Four lanes at 960 × 540: D was drawn 26 px high, and the lower half of its 0 was missing."""
    view = LineView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("line", formulations=("non_saturating",) * 4)))
    for height, has_latents, least in ((330, False, 36), (545, True, 32)):
        for panels in view._panels(QRectF(0, 0, 390, height)):
            upper, lower = panels.discriminator.area, panels.densities.area
            assert (panels.z_px is not None) is has_latents
            assert upper.height() >= least
            assert lower.height() >= 1.5 * upper.height()
    shown = view_image(view, QSize(390, 330), LIGHT).convertToFormat(QImage.Format.Format_Grayscale8)
    panel = view._panels(QRectF(0, 0, 390, 330))[0].discriminator.area
    beside = shown.copy(int(panel.left()) - 18, int(panel.bottom()) - 12, 14, 18)
    rows = [
        any(beside.pixelColor(x, y).red() < 200 for x in range(beside.width()))
        for y in range(beside.height())
    ]
    assert sum(rows) >= 6, "a whole zero"


@pytest.mark.parametrize("n", [1, 4])
def test_a_density_that_goes_beyond_its_panel_says_how_high_it_is(n, qtbot, tmp_path):
    """What G piles up in one place would make all else too small to be seen, but no extreme is lost."""
    snapshot = made_up.snapshot(made_up.run_config("line", formulations=("non_saturating",) * n))
    probe, game = next(one for one in snapshot.readings if isinstance(one[1], LineGame))
    generated = game.generated.copy()
    generated[0, 100] = 7.77
    view = LineView()
    qtbot.addWidget(view)
    view.show_snapshot(replace(snapshot, readings=((probe, replace(game, generated=generated)),)))
    export_view(view, tmp_path / "a.svg", size=QSize(500, 600), settings="{}")
    written = re.findall(r"<text[^>]*>([^<]*)</text>", (tmp_path / "a.svg").read_text("utf-8"))
    assert written.count("7.77") == 1
