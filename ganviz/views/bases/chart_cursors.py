"""What is read off a chart: values at the crosshair, and at two cursors that stay, with their differences."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.chart_data import text_at
from ganviz.views.bases.horizontal import Along
from ganviz.views.bases.traces import span_at, value_at
from ganviz.views.look.theme import Theme
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import Axis, Fonts, draw_text, line_height, number, text_width, translucent
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.track import Track

STEPS, MISSING = Along(), "–"
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
    texts = [(text_at(one, step, curve.text), curve.text(value_at(one, step))) for curve, _, one in tracks]
    steps, words = _steps_text(tracks, step, along), along.words(max(1.0, step))
    title = " · ".join(filter(None, (steps, words)))
    brief = words or steps.removeprefix(f"mean of {along.steps.label}s ")
    return ReadOut(title, _rows(tracks, texts), _names(tracks, lane_labels), brief)


def _names(tracks: Tracks, lane_labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings of lanes; none for a single one."""
    return tuple(html.unescape(lane_labels[lane]) for lane in lanes_of(tracks)) if lane_labels else ()


def lanes_of(tracks: Tracks) -> list[int]:
    """Return which lanes have a column."""
    return sorted({lane for _, lane, _ in tracks})


def _rows(tracks: Tracks, texts: Sequence[tuple[str, str]]) -> tuple[ReadRow, ...]:
    """Return a line a curve from what is to stand in each lane's column, in full and in brief."""
    lanes, cells = lanes_of(tracks), dict[str, dict[int, tuple[str, str]]]()
    for (curve, lane, _), text in zip(tracks, texts, strict=True):
        cells.setdefault(curve.column, {})[lane] = text
    looks = {curve.column: curve for curve, _, _ in tracks}
    found = []
    for column, of_lanes in cells.items():
        columns, curve = [of_lanes.get(lane, (MISSING, MISSING)) for lane in lanes], looks[column]
        full, brief = tuple(one for one, _ in columns), tuple(one for _, one in columns)
        found.append(ReadRow(curve.role, curve.symbol, full, brief, curve.short))
    return tuple(found)


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
    between = filter(None, (along.difference_words(start, end), _means_text(tracks, (start, end), along)))
    values = [(value_at(one, start), value_at(one, end)) for _, _, one in tracks]
    if not lane_labels:
        plain = tuple(
            ReadRow(
                curve.role,
                curve.symbol,
                (curve.text(low), curve.text(high), curve.difference(high - low)),
                (),
                curve.short,
            )
            for (curve, _, _), (low, high) in zip(tracks, values, strict=True)
        )
        return ReadOut(" · ".join(between), plain, headings)
    deltas = [curve.difference(high - low) for (curve, _, _), (low, high) in zip(tracks, values, strict=True)]
    texts = [
        (f"{curve.text(low)} → {curve.text(high)}, {delta}", delta)
        for (curve, _, _), (low, high), delta in zip(tracks, values, deltas, strict=True)
    ]
    title = f"{headings[0]} → {headings[1]}, {headings[2]}"
    return ReadOut(" · ".join((title, *between)), _rows(tracks, texts), _names(tracks, lane_labels))


def signed(value: float, digits: int = 3) -> str:
    """Return a difference with its sign."""
    return ("+" if value > 0 else "") + number(value, digits)


def _steps_text(tracks: Tracks, step: float, along: Along) -> str:
    """Return the step whose values are read, or the steps where each value is the mean of several."""
    name, (first, last) = along.steps.label, _span(tracks, step)
    return (
        f"{name} {grouped(first)}" if first == last else f"mean of {name}s {grouped(first)}–{grouped(last)}"
    )


def _means_text(tracks: Tracks, steps: Sequence[float], along: Along) -> str:
    """Return of how many steps the values at each of some are means; nothing where they are of one."""
    most = max(last - first + 1 for first, last in (_span(tracks, step) for step in steps))
    return f"means of {grouped(most)} {along.steps.label}s" if most > 1 else ""


def _span(tracks: Tracks, step: float) -> tuple[int, int]:
    """Return first and last step of what is read at one: of the bucket there, of which curves have the same."""
    spans, itself = (span_at(one, step) for _, _, one in tracks), max(1, round(step))
    return next(filter(None, spans), (itself, itself))
