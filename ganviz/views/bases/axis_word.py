"""Where the word at a chart's lower axis stands, that its numbers are steps, epochs or seconds."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from ganviz.views.bases.chart_content import ChartContent
from ganviz.views.plot.plotting import Axis, Fonts, line_height, text_width


def axis_word_box(area: QRectF, plot: QRectF, x: Axis, content: ChartContent, fonts: Fonts) -> QRectF:
    """Return the line left of the axis's first number; in an enlarged part that is wherever one may be.

    Where a long number at the plot's edge would leave no room for the word, the number is what makes way.
    """
    ticks = [x.low] if content.look.x is None else x.scale.ticks(x.low, x.high, 2)
    first = max((text_width(fonts.tick, x.scale.text(tick)) for tick in ticks), default=0.0)
    until_first = plot.left() - first / 2 - 5
    width = max(until_first - area.left(), text_width(fonts.tick, content.along.shown.label) + 2)
    return QRectF(area.left(), plot.bottom() + 3, width, line_height(fonts.tick))
