"""The figures of a sweep: dots of few seeds, which way is better, and what the pointer and the keyboard read."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QHeaderView

from ganviz.views.look.theme import scaled
from ganviz.views.plot.plotting import Fonts, line_height
from ganviz.views.plot.values_table import ValuesTable
from ganviz.views.window.sweep_figures import SweepFigures
from ganviz.views.window.sweep_form import ScrolledForm, SweepForm
from ganviz.views.window.sweep_read_out import cell_words
from ganviz.views.window.sweep_results import SweepResults
from ganviz.views.window.sweep_spread import DOT_PX, piled
from ganviz.views.window.sweep_state import SweepState

VARIED = [["formulation", ["saturating", "non_saturating"]], ["training.d_steps", ["1", "2"]]]
CELLS = [[f, d] for f in VARIED[0][1] for d in "12"]


def swept(values, *figures, varied=VARIED, cells=CELLS):
    """Return a sweep whose cells have these values of figures, a list of seeds each; None is a failed cell."""
    figures = figures or ("sliced_wasserstein",)
    state, n = SweepState(), max(len(one) for one in values if one)
    state.read({"event": "planned", "vary": varied, "cells": cells, "seeds": n, "first_seed": 0, "steps": 9})
    for k, seeds in enumerate(values):
        line = {
            "event": "cell",
            "cell": k + 1,
            "error": None if seeds else "Alas.",
            "trained": n,
            "diverged": 0,
        }
        found = {}
        if seeds:
            names = zip(
                ("q10", "q25", "median", "q75", "q90"),
                np.quantile(seeds, (0.1, 0.25, 0.5, 0.75, 0.9)),
                strict=True,
            )
            quantiles = {"n": len(seeds), **{name: float(one) for name, one in names}}
            found = dict.fromkeys(figures, quantiles)
        state.read(
            {
                **line,
                "state": "done" if seeds else "failed",
                "figures": found,
                "seed_values": dict.fromkeys(figures, seeds or []),
            }
        )
    return state


@pytest.fixture
def shown(qtbot):
    def show(state, page=0):
        results = SweepResults()
        qtbot.addWidget(results)
        results.resize(1000, 500)
        results.show()
        results.show_state(state)
        results.figures.tabs.setCurrentIndex(page)
        qtbot.waitExposed(results)
        results.grab()
        return results

    return show


def test_no_band_is_drawn_of_few_seeds(shown):
    rng = np.random.default_rng(1)
    drawn = {}
    for n in (1, 2, 4, 5, 10, 11):
        results = shown(swept([rng.random(n).tolist()] * 4), page=1)
        plot = results.figures._seeds
        drawn[n] = len(plot.bands(plot._state.cells[0]))
        assert ("no bands of fewer than 5 seeds" in plot.heads()) == (n < 5)
        assert ("pale: 10–90 %" in plot.heads()) == (n >= 11)
    assert drawn == {1: 0, 2: 0, 4: 0, 5: 1, 10: 1, 11: 2}


def test_equal_seeds_do_not_hide_each_other():
    dots = piled([10.0, 10.0, 10.0, 30.0], 5.0, 20.0)
    assert [dot.x() for dot in dots] == [10, 10, 10, 30]
    assert np.diff([dot.y() for dot in dots[:3]]).min() >= DOT_PX
    many = piled([1.0] * 64, 0.0, 6.0)
    assert max(abs(dot.y()) for dot in many) <= 6


@pytest.mark.parametrize(
    ("figure", "best", "words"),
    [
        ("sliced_wasserstein", 0, "lower is better, best framed"),
        ("modes_hit", 3, "higher is better, best framed"),
        ("d_loss", None, "neither higher nor lower is better"),
    ],
)
def test_a_map_says_which_way_is_better_and_frames_the_best(shown, figure, best, words):
    results = shown(swept([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]], figure))
    plot = results.figures._map
    assert plot.heads(plot._state.grid(figure, 0, 1))[-1] == words
    image = plot.grab().toImage()
    ratio = image.devicePixelRatio()
    framed = [
        rows[0]
        for box, rows in plot._boxes
        if image.pixelColor(((box.topLeft() + QPointF(20, 3)) * ratio).toPoint())
        != image.pixelColor(((box.topLeft() + QPointF(20, 8)) * ratio).toPoint())
    ]
    assert framed == ([] if best is None else [best])


def test_a_map_of_one_setting_names_it(shown):
    state = swept([[1.0], [2.0]], varied=[VARIED[1]], cells=[["1"], ["2"]])
    plot = shown(state).figures._map
    assert plot.heads(state.grid("sliced_wasserstein", 0, None))[:2] == [
        "Training · D steps per G step",
        "One seed",
    ]


def test_the_pointer_reads_settings_value_seeds_and_spread(shown):
    state = swept([[0.1, 0.3], None, [0.1, 0.2, 0.3, 0.4, 0.5], [0.2]])
    results = shown(state)
    plot, read_out = results.figures._map, results.figures.read_out
    said = []
    for box, _ in sorted(plot._boxes, key=lambda one: one[1]):
        QTest.mouseMove(plot, box.center().toPoint())
        said.append(read_out.accessibleName())
    assert said == [
        "Formulation Saturating, D steps per G step 1: Sliced Wasserstein 0.200, median of 2 seeds: 0.100, 0.300.",
        "Formulation Saturating, D steps per G step 2: failed: Alas.",
        "Formulation Non-saturating, D steps per G step 1: Sliced Wasserstein 0.300, median of 5 seeds; middle half "
        "0.200 to 0.400, all 0.100 to 0.500.",
        "Formulation Non-saturating, D steps per G step 2: Sliced Wasserstein 0.200, one seed.",
    ]
    QTest.mouseMove(plot, QPoint(1, 1))
    assert read_out.accessibleName().startswith("Point at a cell")


def test_cells_that_are_alike_in_both_settings_are_told_together():
    varied = [*VARIED, ["training.batch_size", ["8", "16"]]]
    state = swept(
        [[1.0, 3.0], [4.0, 4.0]], varied=varied, cells=[["saturating", "1", one] for one in ("8", "16")]
    )
    assert cell_words(state, "sliced_wasserstein", state.rows_at(0, 1, 0, 0)) == (
        "Formulation Saturating, D steps per G step 1: Sliced Wasserstein 3.000, mean of the medians of 2 cells, "
        "which go from 2.000 to 4.000."
    )


def test_the_keyboard_goes_from_box_to_box_and_picks_a_cell(shown, qtbot):
    results = shown(swept([[1.0, 8.0], [2.0, 7.0], [3.0, 8.0], [4.0, 6.0]], "modes_hit"))
    plot = results.figures._map
    results.activateWindow()
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(plot.hasFocus)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(plot, key)
    assert results.figures.read_out.accessibleName().startswith(
        "Formulation Non-saturating, D steps per G step 2"
    )
    assert results.figures.read_out.accessibleName().endswith("Modes hit 5, median of 2 seeds: 4, 6.")
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert results.table.chosen == 3
    box = next(box for box, rows in plot._boxes if rows == (1,))
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert results.table.chosen == 1


def test_tab_leaves_tables(shown, qtbot):
    """Tab went from cell to cell without an end: nothing below a table was reached from the keyboard."""
    state = swept([[1.0, 8.0], [2.0, 7.0], [3.0, 8.0], [4.0, 6.0]])
    results = shown(state)
    values = ValuesTable("cells", lambda: state.comparison(0, 1), results)
    values.show()
    for window, table in ((results, results.table), (values, values.table)):
        window.activateWindow()
        table.setFocus()
        qtbot.waitUntil(table.hasFocus)
        QTest.keyClick(table, Qt.Key.Key_Tab)
        assert window.focusWidget() is not table
    values.close()


def test_every_selected_cell_is_marked(shown):
    results = shown(swept([[1.0, 8.0], [2.0, 7.0], [3.0, 8.0], [4.0, 6.0]]))
    plots = (results.figures._map, results.figures._seeds)
    before = [plot.grab().toImage() for plot in plots]
    results.figures.mark([1, 2], 2)
    for plot, image in zip(plots, before, strict=True):
        now = plot.grab().toImage()
        places = {rows[0]: (int(box.left()), int(box.center().y())) for box, rows in plot._boxes}
        marked = {row for row, at in places.items() if now.pixelColor(*at) != image.pixelColor(*at)}
        assert marked == {1, 2}
    assert results.figures.read_out.accessibleName().startswith(
        "Formulation Non-saturating, D steps per G step 1"
    )


def test_columns_of_figures_are_in_sight(shown):
    figures = ("sliced_wasserstein", "quality_fraction", "modes_hit", "js_divergence")
    results = shown(swept([[0.1, 0.8], [0.2, 0.7], [0.3, 0.8], [0.4, 0.6]], *figures))
    table = results.table
    assert table.horizontalHeader().count() == 9
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.model().headerData(5, Qt.Orientation.Horizontal) == "Sliced\nWasserstein"
    tip = table.model().headerData(5, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "Sliced Wasserstein: median over seeds, lower is better"
    formula = "custom: " + "max(t, 0) + " * 20 + "t; t; -t"
    state = swept([[1.0], [2.0]], varied=[["formulation", [formula, "hinge"]]], cells=[[formula], ["hinge"]])
    results.show_state(state)
    assert table.horizontalHeader().sectionResizeMode(2) == QHeaderView.ResizeMode.ResizeToContents
    assert table.columnWidth(2) < results.width() / 2
    assert table.model().data(table.model().index(0, 2), Qt.ItemDataRole.ToolTipRole) == formula


def test_a_form_without_room_scrolls_and_cuts_no_line(qtbot, tmp_path):
    form = SweepForm(tmp_path)
    area = ScrolledForm(form)
    qtbot.addWidget(area)
    area.resize(700, 120)
    area.show()
    qtbot.waitExposed(area)
    assert form._allowed.height() >= form._allowed.heightForWidth(form._allowed.width())
    assert area.verticalScrollBar().maximum() > 0
    area.resize(700, 1000)
    assert area.sizeHint().height() == form.heightForWidth(area.viewport().width())


def test_tab_goes_through_the_form_from_top_to_bottom(qtbot, tmp_path):
    form = SweepForm(tmp_path)
    area = ScrolledForm(form)
    qtbot.addWidget(area)
    area.show()
    form.add("training.batch_size", "8,16")
    form.rows[1].remove.click()
    qtbot.waitUntil(form.rows[1].name.isVisible)
    found, widget = [], area.nextInFocusChain()
    while widget is not area:
        is_whole = not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        if is_whole and not widget.isHidden() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    counts = (form.seeds, form.first_seed, form.steps, form.workers)
    below = (form._add, *counts, form.out, form._browser, form.cluster)
    assert found == [*form.rows[0].widgets, *form.rows[1].widgets, *below]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_map_with_little_room_has_its_numbers_and_scrolls(qtbot, scale):
    figures = SweepFigures(SweepState())
    qtbot.addWidget(figures)
    figures.setFont(scaled(figures.font(), scale))
    varied = [["formulation", ["saturating", "non_saturating"]], ["training.d_steps", list("123456789")]]
    cells = [[f, d] for f in varied[0][1] for d in varied[1][1]]
    figures.show_state(swept([[0.1 * k, 0.2 * k] for k in range(1, 19)], varied=varied, cells=cells))
    figures.resize(360, 300)
    figures.show()
    qtbot.waitExposed(figures)
    chart = figures._map
    chart.setFont(figures.font())
    chart.updateGeometry()
    qtbot.wait(30)
    figures.grab()
    assert chart._boxes
    assert min(box.height() for box, _ in chart._boxes) > line_height(Fonts.of(chart.font()).label)
    assert chart.height() > chart.parentWidget().height()
