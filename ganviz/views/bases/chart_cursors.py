"""What is read off a chart: values at the crosshair, and at two cursors that stay, with their differences."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_data import text_at
from ganviz.views.bases.horizontal import Along
from ganviz.views.bases.traces import value_at
from ganviz.views.look.status_words import grouped
from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import Axis, Fonts, draw_text, line_height, number, text_width, translucent
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.track import Track

STEPS = Along()
Tracks = Sequence[tuple[Curve, int, Track]]


@dataclass(frozen=True, slots=True)
class Cursors:
    """The steps of the cursors A and B, or None where they are not set."""

    a: float | None = None
    b: float | None = None

    @property
    def are_set(self) -> bool:
        """Return whether there is one."""
        return self.a is not None or self.b is not None

    @property
    def span(self) -> Range | None:
        """Return the steps between both, or None without two."""
        return None if self.a is None or self.b is None else (min(self.a, self.b), max(self.a, self.b))

    def named(self) -> list[tuple[str, float]]:
        """Return letter and step of each that is set."""
        return [(name, step) for name, step in (("A", self.a), ("B", self.b)) if step is not None]

    def put(self, name: str, step: float) -> Cursors:
        """Return them with one at another step; the crosshair stands between steps, cursors stand on them."""
        return replace(self, **{name.lower(): float(max(1, round(step)))})


def draw_cursors(
    painter: QPainter, plot: QRectF, x: Axis, cursors: Cursors, theme: Theme, fonts: Fonts
) -> None:
    """Draw a line with a flag at each cursor, and what is between them a little darker."""
    inside = [(name, x.pixel(step)) for name, step in cursors.named()]
    if cursors.span is not None:
        left, right = (min(max(x.pixel(step), plot.left()), plot.right()) for step in cursors.span)
        painter.fillRect(
            QRectF(left, plot.top(), right - left, plot.height()), translucent(QColor(theme.text), 0.07)
        )
    painter.setFont(fonts.strong)
    width, height = text_width(fonts.strong, "B") + 8, line_height(fonts.tick)
    for name, at in inside:
        if plot.left() - 1 <= at <= plot.right() + 1:
            painter.setPen(QPen(QColor(theme.text), 1))
            painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()))
            flag = QRectF(at - width / 2, plot.bottom() - height - 1, width, height)
            painter.setBrush(QColor(theme.text))
            painter.drawRoundedRect(flag, 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme.base))
            draw_text(painter, flag, name, Qt.AlignmentFlag.AlignHCenter)


def read_out_at(tracks: Tracks, lane_labels: tuple[str, ...], step: float, along: Along = STEPS) -> ReadOut:
    """Return the values of curves at a step, a column a lane, and what the axis shows there; labels are HTML."""
    rows: dict[str, ReadRow] = {}
    for curve, _, one in tracks:
        row = rows.setdefault(curve.column, ReadRow(curve.role, curve.symbol, ()))
        texts = (*row.values, text_at(one, step)), (*row.brief, number(value_at(one, step)))
        rows[curve.column] = replace(row, values=texts[0], brief=texts[1])
    lanes = sorted({lane for _, lane, _ in tracks})
    names = tuple(html.unescape(lane_labels[lane]) for lane in lanes) if lane_labels else ()
    title = " · ".join(filter(None, (_step_text(step), along.words(max(1.0, step)))))
    return ReadOut(title, tuple(rows.values()), names)


def compared(
    tracks: Tracks, lane_labels: tuple[str, ...], cursors: Cursors, step: float, along: Along = STEPS
) -> ReadOut:
    """Return the values at the cursors and their difference: with one alone, from it to the crosshair at ``step``.

    Several lanes have a column each, with the difference alone where there is little room.
    """
    ends = cursors.named()
    if len(ends) < 2:
        ends = [*ends, ("step", float(max(1, round(step))))]
    (name, start), (other, end) = ends
    headings = (
        f"{name} {grouped(round(start))}",
        f"{other} {grouped(round(end))}",
        f"Δ {signed(end - start, 0)}",
    )
    rows: dict[str, ReadRow] = {}
    for curve, _, one in tracks:
        low, high = value_at(one, start), value_at(one, end)
        delta, row = signed(high - low), rows.get(curve.column, ReadRow(curve.role, curve.symbol, ()))
        texts = (
            (f"{number(low)} → {number(high)}, {delta}",)
            if lane_labels
            else (number(low), number(high), delta)
        )
        rows[curve.column] = replace(
            row, values=row.values + texts, brief=row.brief + (texts[2:] or (delta,))
        )
    if not lane_labels:
        plain = tuple(replace(row, brief=()) for row in rows.values())
        return ReadOut(along.difference_words(start, end), plain, headings)
    lanes = sorted({lane for _, lane, _ in tracks})
    title = f"{headings[0]} → {headings[1]}, {headings[2]}"
    title = " · ".join(filter(None, (title, along.difference_words(start, end))))
    return ReadOut(title, tuple(rows.values()), tuple(html.unescape(lane_labels[lane]) for lane in lanes))


def signed(value: float, digits: int = 3) -> str:
    """Return a difference with its sign."""
    return ("+" if value > 0 else "") + number(value, digits)


def _step_text(step: float) -> str:
    return f"step {grouped(max(1, round(step)))}"
