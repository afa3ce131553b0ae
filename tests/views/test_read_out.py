"""The box of values beside a crosshair: it stays where it can be read, and has a column a lane."""

from __future__ import annotations

import dataclasses

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPicture

from ganviz.views.bases import touched_chart
from ganviz.views.bases.chart_data import text_at
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.plot.plotting import Fonts
from ganviz.views.plot.read_box import draw_read_out, place_box
from ganviz.views.plot.read_head import NARROWEST_NAME_PX, ReadHead
from ganviz.views.plot.read_out import GAP_PX, MARGIN_PX, ReadOut, ReadRow
from ganviz.views.plot.track import Track


def drawn(shown, plot, at, bounds):
    picture = QPicture()
    painter = QPainter(picture)
    draw_read_out(painter, plot, at, shown, LIGHT, Fonts.of(QFont()), bounds)
    painter.end()
    return picture


def test_a_read_out_counts_the_rows_it_has_no_room_for():
    whole = ReadOut("step 7", tuple(ReadRow("text", str(i), ("1",)) for i in range(5)))
    assert whole.fitting(5) == whole
    assert [row.name for row in whole.fitting(3).rows] == ["0", "1", "and 3 more"]
    assert [row.name for row in whole.fitting(-2).rows] == ["and 5 more"]


@pytest.mark.parametrize("plot", [QRectF(40, 50, 200, 30), QRectF(40, 20, 60, 100)])
def test_a_read_out_stays_on_its_canvas(qapp, plot):
    row = ReadRow("text", "a name that is long", ("1.000 (0.900 … 1.100)", "2.000"), ("1.000", "2.000"))
    bounds = QRectF(0, 0, 260, 130)
    picture = drawn(ReadOut("step 7", (row,) * 5, ("one", "another")), plot, plot.center().x(), bounds)
    assert bounds.toRect().contains(picture.boundingRect())


def test_a_read_out_with_little_room_shows_means_alone(qapp):
    row = ReadRow("text", "name", ("1.000 (0.900 … 1.100)",), ("1.000",))
    wide, narrow = (
        drawn(ReadOut("", (row,)), QRectF(0, 0, width, 100), 0.0, QRectF(0, 0, width, 100)).boundingRect()
        for width in (600, 200)
    )
    assert narrow.width() < 0.6 * wide.width()


def test_a_read_out_with_least_room_has_short_names(qapp):
    row = ReadRow("text", "a name that is as long as a sentence", ("1.000", "2.000"), short="name")
    bounds = QRectF(0, 0, 240, 300)
    shown = ReadOut("mean of steps 1 657–1 674", (row,) * 4, ("Saturating", "Other"), "1 657–1 674")
    assert bounds.contains(drawn(shown, QRectF(40, 40, 100, 240), 60.0, bounds).boundingRect())


def test_a_box_stands_beside_the_crosshair_even_where_it_leaves_the_plot(qapp):
    row = ReadRow("text", "name", ("1.000",))
    picture = drawn(ReadOut("step 7", (row,)), QRectF(0, 0, 100, 100), 60.0, QRectF(0, 0, 300, 100))
    assert picture.boundingRect().left() > 60


def test_a_box_covers_least_of_what_is_to_be_read(qapp):
    plot, bounds, size = QRectF(40, 60, 400, 200), QRectF(0, 0, 460, 300), QSizeF(120, 90)
    chip, legend, name = QRectF(340, 64, 90, 16), QRectF(10, 4, 440, 50), QRectF(440, 120, 20, 16)
    free = place_box(plot, 250, size, bounds, ())
    assert free.topLeft() == QPointF(260, 66)
    assert place_box(plot, 60, size, bounds, (legend, chip, name)).topLeft() == QPointF(70, 66)
    for at in range(40, 441, 20):
        box = place_box(plot, at, size, bounds, (legend, chip, name))
        assert bounds.contains(box)
        assert not any(box.intersects(one) for one in (legend, chip, name, QRectF(at, 60, 1, 200)))
    low = place_box(QRectF(40, 60, 400, 70), 250, size, QRectF(0, 0, 460, 150), (legend, chip))
    assert not low.intersects(chip)


def places_in_head(shown, plot, at, bounds):
    head = ReadHead.fit(shown, plot, at, bounds, Fonts.of(QFont()))
    assert head is not None
    assert bounds.contains(head.box)
    assert drawn(shown, plot, at, bounds).boundingRect() == head.box.toAlignedRect()
    return head


def test_values_stand_above_a_plot_that_a_box_would_cover(qapp):
    names = ("real part", "fake part", "total of all", "L<sub>D</sub>")
    rows = tuple(ReadRow("text", name, ("1.000", "−2.000"), short="L") for name in names)
    shown = ReadOut("mean of steps 1 657–1 674", rows, ("Saturating", "Non-saturating"), "steps 1 657–1 674")
    plot, bounds = QRectF(40, 60, 310, 60), QRectF(0, 0, 600, 150)
    head = places_in_head(shown, plot, 100, bounds)
    assert head.box.bottom() <= plot.top()
    assert head.shown == shown
    plot.setWidth(250)
    narrow = places_in_head(shown, plot, 100, QRectF(0, 0, 300, 150))
    assert narrow.shown == shown.in_short()
    assert ReadHead.fit(shown, plot, 100, QRectF(0, 0, 150, 150), Fonts.of(QFont())) is None
    high = drawn(shown, QRectF(40, 60, 500, 400), 100, QRectF(0, 0, 600, 500)).boundingRect()
    assert high.top() > 60


@pytest.mark.parametrize("at", [60, 280])
def test_values_of_many_lanes_leave_a_low_plot_the_side_with_the_crosshair(qapp, at):
    names = tuple(f"a lane called {i}" for i in range(5))
    shown = ReadOut("step 7", (ReadRow("text", "L", ("1.000",) * 5),), names)
    plot, bounds = QRectF(40, 60, 250, 30), QRectF(0, 0, 300, 110)
    head = places_in_head(shown, plot, at, bounds)
    assert head.box.bottom() > plot.top()
    assert not head.box.intersects(QRectF(at - 1, 0, 2, 110))


def test_no_values_stand_above_the_plots_beside_theirs(qapp):
    shown = ReadOut("x = 1", (ReadRow("text", "D(x)", ("0.5",)),) * 4)
    assert (
        ReadHead.fit(shown, QRectF(200, 40, 100, 60), 250, QRectF(0, 0, 320, 110), Fonts.of(QFont())) is None
    )


def test_lanes_are_columns_of_a_read_out(qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(touched_chart, "draw_read_out", lambda *args: said.append(args[3]))
    view = TotalLossView()
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    view._as_logits.setChecked(True)
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating", "wgan_gp"))))
    qtbot.waitUntil(lambda: view._chart.drawn is not None)
    view.show_cursor(2000.0)
    qtbot.waitUntil(lambda: bool(said))
    shown = said[-1]
    assert shown.headings == ("Non-saturating", "WGAN-GP")
    assert len(shown.rows) == 5
    for row in shown.rows:
        assert [text.split(" ")[0] for text in row.values] == list(row.brief)
        assert len(set(row.values)) == 2


def test_a_value_that_is_not_known_is_one_dash():
    nothing = np.array([np.nan])
    assert text_at(Track(np.array([1.0]), nothing, nothing, nothing), 1.0) == "–"


@pytest.mark.parametrize("n_drawn", [1, 3])
def test_lanes_that_are_drawn_without_a_name_are_read_all_the_same(qtbot, monkeypatch, n_drawn):
    """A lane that has just gone, or comes, is in the trace and not in the configuration, or the other way round."""
    said, names = [], ("non_saturating", "saturating", "hinge")
    monkeypatch.setattr(touched_chart, "draw_read_out", lambda *args: said.append(args[3]))
    view = LossesView()
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    seen = made_up.snapshot(made_up.run_config("ring", names[:n_drawn]))
    view.show_snapshot(dataclasses.replace(seen, config=made_up.run_config("ring", names[:2])))
    qtbot.waitUntil(lambda: view._chart.drawn is not None)
    view.show_cursor(2000.0)
    qtbot.waitUntil(lambda: bool(said))
    assert said[-1].headings == (() if n_drawn == 1 else ("Non-saturating", "Saturating", "Lane 3"))


def test_names_of_two_words_are_broken_before_a_box_covers_a_low_plot(qapp):
    names = "total (NS)", "total (sat.)", "real", "fake", "L<sub>G</sub>"
    rows = tuple(ReadRow("text", name, ("1.000", "2.000")) for name in names)
    shown = ReadOut("1 153–1 168", rows, ("Non-saturating", "Saturating"))
    fonts = Fonts.of(QFont())
    whole = ReadHead.fit(shown, QRectF(40, 60, 560, 60), 100, QRectF(0, 0, 1000, 200), fonts)
    assert whole.names == tuple((name,) for name in names)
    least = NARROWEST_NAME_PX + sum(whole.widths[1:]) + 5 * GAP_PX + 2 * MARGIN_PX + 4
    plot, bounds = QRectF(40, 100, least - 60, 60), QRectF(0, 0, least - 8, 200)
    head = places_in_head(shown, plot, 100, bounds)
    assert head.names[:3] == (("total", "(NS)"), ("total", "(sat.)"), ("real",))
    assert head.box.bottom() <= plot.top()


def test_a_box_over_a_low_plot_has_short_names(qapp):
    """Where its values find no room above the plot either, as beside a legend of large letters."""
    rows = tuple(ReadRow("text", "the saturating total", ("0.7131",), short="L") for _ in range(5))
    shown = ReadOut("mean of steps 10 050–10 150", rows, brief_title="10 050")
    bounds, plot = QRectF(0, 0, 330, 250), QRectF(60, 100, 130, 120)
    brief = QFontMetricsF(Fonts.of(QFont()).tick).horizontalAdvance("10 050") + 100
    assert drawn(shown, plot, 120, bounds).boundingRect().width() < brief
    roomy = drawn(shown, QRectF(60, 10, 900, 600), 120, QRectF(0, 0, 1000, 640))
    assert roomy.boundingRect().width() > brief
