"""Equilibrium lines of a chart and their names, which stand in the right margin, away from the curves."""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.views.look.formula import draw_formula, formula_width
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Axis, Fonts, line_height, text_width, translucent

LEAD_PX = 9.0
"""Room between the plot and its labels, for lines that lead to those which had to move."""
BARE_PX = 14.0
"""Width of a margin without labels."""
WIDEST_NAME_PX = 90.0
NARROWEST_CHART_PX = 220.0
WIDE_CHART_PX = 560.0
HEADING = "at equilibrium"


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A horizontal line at a value that theory gives, with its name in full, in short and in between (HTML).

    ``lanes`` are those whose game ends there; none where it is that of all. ``note`` is how the loss is counted,
    ``heading`` stands above the names, and a ``band`` of values is drawn pale about the line. One that ``is_open`` is a
    name alone: what it says is why there is no line.
    """

    value: float
    role: str
    label: str
    short_label: str
    wide_label: str = ""
    lanes: tuple[int, ...] = ()
    note: str = ""
    heading: str = HEADING
    band: tuple[float, float] | None = None
    is_open: bool = False

    def whose(self, lane_labels: tuple[str, ...]) -> str:
        """Return the names (HTML) of its lanes, or nothing where it belongs to all that there are."""
        if not lane_labels or not self.lanes or len(self.lanes) == len(lane_labels):
            return ""
        return ", ".join(lane_labels[lane] for lane in self.lanes if lane < len(lane_labels))


@dataclass(frozen=True, slots=True)
class MarginLabel:
    """A line's name and where it stands; ``at`` is the height of the line."""

    line: ReferenceLine
    text: str
    note: str
    at: float
    box: QRectF


def margin_width(
    lines: tuple[ReferenceLine, ...], lane_labels: tuple[str, ...], width: float, fonts: Fonts
) -> float:
    """Return how wide the right margin of a chart of some width is."""
    if not lines or width < NARROWEST_CHART_PX:
        return BARE_PX
    widths = [formula_width(_text(line, width), fonts.tick) for line in lines]
    widest = (2 if _is_wide(width) else 1) * WIDEST_NAME_PX
    names = [min(formula_width(_note(line, lane_labels, width), fonts.tick), widest) for line in lines]
    heading = text_width(fonts.tick, lines[0].heading) if _is_wide(width) else 0.0
    return max(BARE_PX, LEAD_PX + max(heading, *widths, *names) + 6)


def has_heading(lines: tuple[ReferenceLine, ...], width: float) -> bool:
    """Return whether a chart of some width has a heading above the names of its lines, and needs room for it."""
    return bool(lines) and _is_wide(width)


def _is_wide(width: float) -> bool:
    return width > WIDE_CHART_PX


def _note(line: ReferenceLine, lane_labels: tuple[str, ...], width: float) -> str:
    """Return what is said below a name: whose it is and, where there is room, how it is counted."""
    whose = line.whose(lane_labels)
    return ", ".join(part for part in (whose, line.note if _is_wide(width) else "") if part)


def _text(line: ReferenceLine, width: float) -> str:
    return line.wide_label if _is_wide(width) and line.wide_label else line.short_label


def margin_labels(
    plot: QRectF,
    y: Axis,
    lines: tuple[ReferenceLine, ...],
    lane_labels: tuple[str, ...],
    area: QRectF,
    fonts: Fonts,
) -> list[MarginLabel]:
    """Return the names of the visible lines, moved apart; whose they are, and then the last ones, give way."""
    shown = [(line, y.pixel(line.value)) for line in lines]
    shown = [(line, at) for line, at in shown if plot.top() - 1 <= at <= plot.bottom() + 1]
    if area.width() < NARROWEST_CHART_PX:
        return []
    row = line_height(fonts.tick)
    top = plot.top() - (0 if _is_wide(area.width()) else row / 2)
    room = QRectF(plot.right() + LEAD_PX, top, area.right() - plot.right() - LEAD_PX, 0)
    room.setBottom(plot.bottom() + row / 2)
    notes = {line: _note(line, lane_labels, area.width()) for line, _ in shown}
    if sum(row * (2 if notes[line] else 1) for line, _ in shown) > room.height():
        notes = dict.fromkeys(notes, "")
    del shown[max(1, int(room.height() / row)) :]
    shown.sort(key=lambda item: item[1])
    heights = [row * (2 if notes[line] else 1) for line, _ in shown]
    tops = spread([at - row / 2 for _, at in shown], heights, room.top(), room.bottom())
    return [
        MarginLabel(
            line, _text(line, area.width()), notes[line], at, QRectF(room.left(), top, room.width(), height)
        )
        for (line, at), top, height in zip(shown, tops, heights, strict=True)
    ]


def spread(wanted: list[float], heights: list[float], top: float, bottom: float) -> list[float]:
    """Return where boxes that want these tops, from the uppermost on, begin so that none overlap."""
    found, free = [], top
    for one, height in zip(wanted, heights, strict=True):
        found.append(max(one, free))
        free = found[-1] + height
    free = bottom
    for i in range(len(found) - 1, -1, -1):
        found[i] = min(found[i], free - heights[i])
        free = found[i]
    return found


def draw_references(
    painter: QPainter,
    plot: QRectF,
    y: Axis,
    lines: tuple[ReferenceLine, ...],
    labels: list[MarginLabel],
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Draw dotted equilibrium lines, and their names beside them."""
    for line in lines:
        if line.band is not None:
            low, high = (min(max(y.pixel(end), plot.top()), plot.bottom()) for end in line.band)
            painter.fillRect(
                QRectF(plot.left(), high, plot.width(), low - high), translucent(theme.line(line.role), 0.16)
            )
        at = y.pixel(line.value)
        if not line.is_open and plot.top() - 1 <= at <= plot.bottom() + 1:
            pen = QPen(theme.letters(line.role), 1.1, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([1.5, 3.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(plot.left(), at), QPointF(plot.right(), at))
    row = line_height(fonts.tick)
    if labels and any(label.text not in ("", label.line.short_label) for label in labels):
        painter.setPen(QColor(theme.muted))
        painter.setFont(fonts.tick)
        painter.drawText(QPointF(labels[0].box.left(), plot.top() - row * 0.22), labels[0].line.heading)
    for label in labels:
        letters = QColor(theme.muted) if label.line.is_open else theme.letters(label.line.role)
        painter.setPen(QPen(letters, 0.8))
        if not label.line.is_open:
            painter.drawLine(
                QPointF(plot.right() + 1, label.at), QPointF(label.box.left() - 2, label.box.top() + row / 2)
            )
        baseline = QPointF(label.box.left(), label.box.top() + row * 0.78)
        draw_formula(painter, baseline, label.text, fonts.tick)
        if label.note:
            painter.setPen(QColor(theme.muted))
            painter.setFont(fonts.tick)
            name = QFontMetricsF(fonts.tick).elidedText(
                html.unescape(label.note), Qt.TextElideMode.ElideRight, label.box.width()
            )
            painter.drawText(QPointF(label.box.left(), baseline.y() + row), name)


def draw_full_label(
    painter: QPainter,
    label: MarginLabel,
    lane_labels: tuple[str, ...],
    bounds: QRectF,
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Say in full what a line is, in a box beside its name."""
    whose = label.line.whose(lane_labels)
    text = f"{label.line.label} ({whose})" if whose else label.line.label
    width, height = formula_width(text, fonts.tick) + 14, line_height(fonts.tick) + 8
    left = max(bounds.left() + 2, min(label.box.left() - LEAD_PX - width, bounds.right() - 2 - width))
    box = QRectF(left, max(bounds.top() + 2, label.box.top() - height - 2), width, height)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.letters(label.line.role))
    draw_formula(painter, QPointF(box.left() + 7, box.bottom() - height * 0.32), text, fonts.tick)
