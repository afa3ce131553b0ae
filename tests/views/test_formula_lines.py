"""The objectives in the settings: lines end between terms, and no formula makes the settings wider."""

import pytest
from PySide6.QtGui import QTextDocument

from ganviz.losses.presets import FORMULATIONS
from ganviz.views.controls.formulation_panel import FormulationPanel
from ganviz.views.look.formula import with_whole_terms

WIDEST = 235
"""Pixels that a label in the settings may need."""


def lines_of(label, width):
    """Return the lines of a label that is as wide as this."""
    made = QTextDocument()
    made.setDefaultFont(label.font())
    made.setDocumentMargin(0)
    made.setHtml(label.text())
    made.setTextWidth(width)
    made.size()
    found = []
    block = made.begin()
    while block.isValid():
        layout = block.layout()
        pieces = [layout.lineAt(i) for i in range(layout.lineCount())]
        found += [block.text()[one.textStart() : one.textStart() + one.textLength()] for one in pieces]
        block = block.next()
    return found


@pytest.mark.parametrize("key", FORMULATIONS)
def test_no_line_ends_within_brackets(qtbot, key):
    panel = FormulationPanel(FORMULATIONS[key].formulation)
    qtbot.addWidget(panel)
    panel.show_formulations((FORMULATIONS[key].formulation,))
    label = panel._formula
    assert label.minimumSizeHint().width() <= WIDEST
    for width in (WIDEST, 260, 300):
        for line in lines_of(label, width):
            assert line.count("(") == line.count(")"), line
            assert line.count("‖") % 2 == 0, line


def test_a_term_that_is_very_long_may_be_broken():
    long = "L<sub>G</sub> = E log(" + " + ".join("exp(t)" for _ in range(30)) + ") + E t"
    assert with_whole_terms(long).count(" ") > 30
    assert with_whole_terms(long).endswith("+&nbsp;E&nbsp;t")
