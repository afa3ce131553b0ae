"""Where a card has no room for columns, what is claimed stands right beside its tick."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from ganviz.session.claims import Finding
from ganviz.session.experiments import experiment
from ganviz.views.window.result_card import result_card


@pytest.mark.parametrize("width", [220, 260, 400])
def test_rows_below_each_other_begin_beside_their_ticks(qapp, width: int) -> None:
    one = experiment("two_parts_add_up")
    found = [Finding(claim, 150, 0.01) for stage in one.stages for claim in stage.claims]
    document = QTextDocument()
    document.setHtml(result_card(one, found, None, None).rows)
    document.setTextWidth(width)
    layout, block, beside, ticks = document.documentLayout(), document.begin(), [], []
    while block.isValid():
        left = layout.blockBoundingRect(block).left()
        (ticks if block.text() and block.text() in "✓✗" else beside).append(left)
        block = block.next()
    assert len(beside) > len(found)
    assert max(beside[:-1]) - min(ticks) < 30
