"""What stands above the names in a chart's margin lies on no row of the legend."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont

from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.plot.plotting import Fonts, line_height

LANES = ("non_saturating", "saturating", "wasserstein", "least_squares")


@pytest.mark.parametrize("size", [13, 20, 26])
def test_the_heading_of_a_margin_stands_below_the_legend(qtbot, monkeypatch, size: int) -> None:
    letters = QFont()
    letters.setPixelSize(size)
    view = TotalLossView()
    qtbot.addWidget(view)
    monkeypatch.setattr(view, "fonts", lambda: Fonts.of(letters))
    made = made_up.snapshot(made_up.run_config("ring", LANES), step=500)
    view.show_snapshot(made)
    view_image(view, QSize(700, 460), LIGHT)
    drawn = view._chart.drawn
    assert drawn.labels
    row = line_height(Fonts.of(letters).tick)
    assert drawn.area.top() - row >= drawn.legend_area.bottom() - 4
