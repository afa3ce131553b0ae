"""Words in tables and menus in which L_D has its subscript."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QTableView

from ganviz.views.controls import elided
from ganviz.views.controls.elided import Elided
from ganviz.views.look import elided_box, set_words
from ganviz.views.look.elided_box import ElidedBox
from ganviz.views.plot.values import Values
from ganviz.views.plot.values_table import ValuesTable


@pytest.fixture
def drawn(monkeypatch):
    """Return the list of what is drawn with subscripts, and where."""
    found = []
    for module in (set_words, elided_box):
        draw = module.draw_words

        def record(painter, box, text, align, draw=draw):
            found.append((text, QRectF(box)))
            draw(painter, box, text, align)

        monkeypatch.setattr(module, "draw_words", record)
    return found


def test_titles_and_cells_of_a_table(qtbot, drawn):
    shown = ValuesTable("x", lambda: Values(("L_D", "seeds"), [("L_G saturating", 1.0), ("V", 2.0)]), None)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    drawn.clear()
    shown.grab()
    assert sorted(text for text, _ in drawn) == ["L_D", "L_G saturating"]
    table = shown.findChild(QTableView)
    (_, title), (_, cell) = sorted(drawn, key=lambda one: one[0])
    assert title.width() <= table.columnWidth(0)
    assert cell.width() <= table.columnWidth(0)
    assert shown.model.headerData(0, Qt.Orientation.Horizontal) == "L_D"  # which is what is read aloud
    assert table.horizontalHeader().sectionsClickable()  # a click selects the column


def test_the_choice_of_a_menu(qtbot, drawn):
    box = ElidedBox()
    qtbot.addWidget(box)
    box.addItems(["L_D", "Modes hit"])
    box.show()
    qtbot.waitExposed(box)
    drawn.clear()
    box.grab()
    assert [text for text, _ in drawn] == ["L_D"]
    assert box.currentText() == "L_D"
    box.setCurrentIndex(1)
    drawn.clear()
    box.grab()
    assert not drawn


def test_a_line_that_is_elided_sets_the_symbols_of_losses(qtbot, monkeypatch) -> None:
    """The status said "−L_D is no distance" below charts in which it is L with an index."""
    drawn, line = [], Elided("the critic's slope is off 1 by 0.59: −L_D is no distance")
    qtbot.addWidget(line)
    line.resize(600, 20)
    monkeypatch.setattr(
        elided, "draw_words", lambda _, box, words, side: drawn.append((box.width(), words, side))
    )
    line.grab()
    assert drawn == [(600, line.text(), Qt.AlignmentFlag.AlignLeft)]
    line.setText("nothing to set")
    line.grab()
    assert len(drawn) == 1
