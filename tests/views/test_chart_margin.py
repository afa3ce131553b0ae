"""Names of equilibrium lines: beside the plot, apart from each other, and said in full where one points."""

from __future__ import annotations

import dataclasses
import itertools

import made_up
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from test_touched_charts import send

from ganviz.views.bases import touched_chart
from ganviz.views.bases.chart_content import ChartContent, lane_key
from ganviz.views.bases.equilibrium import equilibrium_lines, named_line
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.plot.chart_margin import BARE_PX, ReferenceLine, margin_labels, margin_width, spread
from ganviz.views.plot.plotting import Axis, Fonts

LINES = tuple(
    ReferenceLine(value, "d_loss", f"in full {value}", f"L: {value}", f"L: {value} = wide", (lane,))
    for lane, value in ((0, 0.3), (1, 0.36), (0, 0.5), (1, 0.52))
)


def labels(height, lines=LINES, names=("one", "two"), width=300):
    fonts, area = Fonts.of(QFont()), QRectF(0, 0, width, height + 40)
    right = width - margin_width(lines, names, width, fonts)
    plot = QRectF(40, 10, right - 40, height)
    return plot, area, margin_labels(plot, Axis(0, 1, plot.bottom(), plot.top()), lines, names, area, fonts)


@pytest.mark.parametrize("height", [200, 90, 60, 24])
def test_names_of_lines_stand_beside_the_plot_and_do_not_cover_each_other(qapp, height):
    plot, area, found = labels(height)
    assert found
    for label in found:
        assert area.contains(label.box)
        assert label.box.left() > plot.right()
    boxes = [label.box for label in found]
    assert all(one.bottom() <= other.top() + 1e-6 for one, other in itertools.pairwise(boxes))
    assert [label.line.value for label in found] == sorted(
        (label.line.value for label in found), reverse=True
    )
    assert len(found) == (4 if height >= 60 else 3)


def test_whose_a_line_is_is_said_where_there_is_room_and_lanes_differ(qapp):
    assert [label.note for label in labels(200)[2]] == ["two", "one", "two", "one"]
    assert {label.note for label in labels(60)[2]} == {""}
    of_both = (ReferenceLine(0.5, "d_loss", "", "L", lanes=(0, 1)),)
    assert [label.note for label in labels(200, of_both)[2]] == [""]


def test_wide_charts_give_values_and_narrow_ones_have_no_margin(qapp):
    assert {label.text[-4:] for label in labels(200, width=700)[2]} == {"wide"}
    assert not any("wide" in label.text for label in labels(200)[2])
    plot, area, found = labels(200, width=200)
    assert not found
    assert plot.right() == area.right() - BARE_PX


def test_boxes_are_moved_no_farther_than_needed():
    assert spread([0, 50, 90], [10, 10, 10], 0, 100) == [0, 50, 90]
    assert spread([10, 12, 14], [10, 10, 10], 0, 100) == [10, 20, 30]
    assert spread([80, 90, 95], [10, 10, 10], 0, 100) == [70, 80, 90]
    assert spread([-5], [10], 0, 100) == [0]


def test_lines_know_whose_they_are(qapp):
    config = made_up.run_config("ring", ("saturating", "non_saturating", "wgan_gp"))
    lanes = {
        (line.role, round(line.value, 3)): line.lanes for line in equilibrium_lines(config, with_parts=False)
    }
    assert lanes == {
        ("d_loss", 1.386): (0, 1), ("g_loss", -0.693): (0,), ("g_loss", 0.693): (1,), ("d_loss", 0.0): (2,),
    }  # fmt: skip
    totals = {round(line.value, 3): line.lanes for line in TotalLossView().references(config)}
    assert totals == {0.693: (0,), 2.079: (1,)}, "a critic has no total of cross-entropies"


def test_pointing_at_a_name_says_it_in_full(qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(
        touched_chart, "draw_full_label", lambda _painter, label, *_: said.append(label.line.label)
    )
    view = LossesView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring")))
    qtbot.waitUntil(lambda: view.canvas.sheet is not None and view._chart.drawn is not None)
    QTest.qWait(50)
    label = view._chart.drawn.labels[0]
    for at in (label.box.center(), QPointF(2, 2)):
        send(view.canvas.sheet, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)
        QTest.qWait(20)
        assert said[-1:] == ([label.line.label] if at == label.box.center() else [])
        said.clear()


def test_a_hidden_lane_takes_its_own_lines_of_equilibrium_along():
    lines = [named_line(0.1 * lane, "g_loss", "g", "g", "", lane) for lane in (0, 1)]
    shared = ReferenceLine(0.5, "g_loss", "of both", "both", lanes=(0, 1))
    content = ChartContent(None, (), (*lines, shared), ("one", "two"), "", hidden=frozenset({lane_key(0)}))
    assert content.shown_references() == (lines[1], shared)
    assert dataclasses.replace(content, lane_labels=()).shown_references() == (*lines, shared)
