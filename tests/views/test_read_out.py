"""The box of values beside a crosshair: it stays where it can be read."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter, QPicture

from ganviz.views.chart_annotations import draw_read_out, fitting
from ganviz.views.chart_data import text_at
from ganviz.views.plotting import Fonts
from ganviz.views.theme import LIGHT
from ganviz.views.traces import Track


def test_a_read_out_counts_the_rows_it_has_no_room_for():
    rows = [("text", str(i), "1") for i in range(5)]
    assert fitting(rows, 5) == rows
    assert [name for _, name, _ in fitting(rows, 3)] == ["0", "1", "and 3 more"]
    assert [name for _, name, _ in fitting(rows, -2)] == ["and 5 more"]


@pytest.mark.parametrize("plot", [QRectF(40, 50, 200, 30), QRectF(40, 20, 60, 100)])
def test_a_read_out_stays_on_its_canvas(qapp, plot):
    rows = [("text", "a name that is long", "1.000 (0.900 … 1.100)")] * 5
    picture = QPicture()
    painter = QPainter(picture)
    bounds = QRectF(0, 0, 260, 130)
    draw_read_out(painter, plot, plot.center().x(), "step 7", rows, LIGHT, Fonts.of(QFont()), bounds)
    painter.end()
    assert bounds.toRect().contains(picture.boundingRect())


def test_a_value_that_is_not_known_is_one_dash():
    nothing = np.array([np.nan])
    assert text_at(Track(np.array([1.0]), nothing, nothing, nothing), 1.0) == "–"
