"""A chart of scalars over steps: bands, curves, equilibrium lines, change marks and a crosshair."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.axis_word import axis_word_box
from ganviz.views.bases.beside import beside_tracks, draw_beside, furthest
from ganviz.views.bases.chart_ahead import ahead_ends, draw_ahead
from ganviz.views.bases.chart_annotations import (
    draw_beyond,
    draw_marks,
    draw_viewed,
    track_names,
)
from ganviz.views.bases.chart_content import ChartContent, Tracks, content_tracks
from ganviz.views.bases.chart_drawn import Drawn
from ganviz.views.bases.chart_legend import curve_color, curve_pen, legend_entries
from ganviz.views.bases.chart_range import (
    NOTHING,
    Fitted,
    beyond,
    bounded,
    fitted,
    in_sight,
    parted,
    whole_caption,
)
from ganviz.views.bases.chart_stack import GROUND, draw_stacks
from ganviz.views.bases.horizontal import Horizontal
from ganviz.views.bases.mark_labels import levels_of_names, mark_labels
from ganviz.views.bases.traces import marks_of
from ganviz.views.look.theme import Theme
from ganviz.views.plot.caption import TALL_PX, caption_lines, draw_caption
from ganviz.views.plot.chart_margin import (
    draw_references,
    has_heading,
    margin_labels,
    margin_width,
)
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend
from ganviz.views.plot.plotting import (
    TICK_GAP,
    Axis,
    Fonts,
    draw_grid,
    draw_text,
    draw_vertical_label,
    line_height,
    mixed,
    text_width,
    translucent,
    y_tick_width,
)
from ganviz.views.plot.scales import LINEAR, Scale, next_round
from ganviz.views.plot.strokes import draw_band, draw_line
from ganviz.views.plot.track import Track

FADED = 0.35
"""Opacity of curves of earlier formulations where the range is not theirs."""
Sides = tuple[float, float]
NO_SIDES: Sides = (0.0, 0.0)
CAPTIONED_PX = 80.0
"""A plot that its caption would make lower has none, or one of a single line: letters may be large."""
LEAST_PLOT_PX = 40.0
"""In a lower plot no curve has a shape: rows of the legend give way to it, and the crosshair names what they had."""


@dataclass(slots=True)
class Chart:
    """Paints :class:`ChartContent`; remembers ranges, so that axes stand still while curves grow."""

    _x_high: float = 0.0
    _x_highs: dict[Horizontal, float] = field(default_factory=dict)
    """Of each quantity that was shown: back along steps, the axis ends where it ended."""
    _y_range: tuple[float, float] | None = None
    _y_kind: tuple[Scale, bool, int] = (LINEAR, False, 0)
    _fitted: Fitted = NOTHING
    _told: Fitted = NOTHING
    _whole: tuple[LossTrace, tuple[object, ...], Tracks] | None = None
    drawn: Drawn | None = field(default=None)
    least: Sides = NO_SIDES
    """Room that there is at both sides of the plot at least: so plots above each other begin and end alike."""
    own: Sides = NO_SIDES
    """What numbers at the left and names at the right of the last picture need."""

    @property
    def sides(self) -> Sides:
        """Return the room that the last picture has at both sides of its plot."""
        return widest((self.own, self.least))

    def reset(self) -> None:
        """Forget the ranges, for a new run."""
        self._x_high, self._y_range, self._whole, self.drawn = 0.0, None, None, None
        self._x_highs, self._fitted, self.own = {}, NOTHING, NO_SIDES

    def draw(
        self, painter: QPainter, area: QRectF, content: ChartContent, theme: Theme, fonts: Fonts
    ) -> None:
        """Paint the chart into ``area``."""
        drawn = self.drawn = self._placed(area, content, theme, fonts)
        plot, x, y = drawn.area, drawn.x, drawn.y
        drawn.legend.draw(painter, drawn.legend_area, theme, fonts)
        word = axis_word_box(area, plot, x, content, fonts)
        draw_grid(painter, plot, x, y, theme, fonts, begin=word.right() + TICK_GAP)
        self._draw_labels(painter, area, plot, word, content, theme, fonts)
        with clipped(painter, plot.adjusted(-1, -1, 1, 1)):
            draw_beside(painter, x, y, drawn.besides, theme)
            self._draw_curves(painter, content, theme)
            draw_ahead(painter, x, y, content, theme)
        if drawn.is_calm or (content.robust and content.look.y is None):
            found = beyond(drawn.tracks, y.low, y.high, max(x.low, drawn.since), x.high)
            names = track_names(drawn.tracks, content.lane_labels)
            draw_beyond(painter, plot, x, found, names, self._colors(content, theme), theme, fonts)
        if (viewed := content.viewed) is not None:
            draw_viewed(painter, plot, x, viewed, theme)
        draw_references(painter, plot, y, content.shown_references(), drawn.labels, theme, fonts)
        drawn.marks = draw_marks(painter, plot, drawn.changes, theme, fonts)

    def _placed(self, area: QRectF, content: ChartContent, theme: Theme, fonts: Fonts) -> Drawn:
        """Return where everything is put."""
        shown = self._whole_tracks(content, area.width())
        besides = beside_tracks(content, area.width())
        self._update_ranges(content, [t for _, _, t in (*shown, *besides)])
        scale = content.along.scale
        whole = (0.0, scale.backward(self._x_high))
        low, high = content.look.x or whole
        if content.look.x is not None or content.finer is not None:
            shown = content_tracks(content, content.visible(), area.width())
        assert self._y_range is not None
        self._told = in_sight(self._fitted, shown, self._y_range, (low, high))
        legend, plot, y, caption = self._fit(area, content, theme, fonts)
        lines, own = content.shown_references(), content.look.y is None
        marks = marks_of(content.trace, content.lane_labels)
        n_levels = levels_of_names(plot, Axis(*whole, plot.left(), plot.right(), scale), marks, fonts)
        if n_levels > 1:
            plot.setTop(plot.top() + line_height(fonts.tick))
            y = replace(y, end=plot.top())
        x = Axis(low, high, plot.left(), plot.right(), scale)
        return Drawn(
            area=plot,
            x=x,
            y=y,
            tracks=shown,
            legend=legend,
            legend_area=QRectF(area.left() + 10, area.top() + 4, area.width() - 16, legend.height),
            newest=float(content.trace.last[-1]) if len(content.trace.last) else 0.0,
            home=self._home(content.scale),
            labels=margin_labels(plot, y, lines, content.lane_labels, area, fonts),
            lane_labels=content.lane_labels,
            caption=caption,
            besides=besides,
            by_lane=content.by_lane,
            since=self._fitted.since if own else 0,
            is_calm=self._told.is_calm and own,
            changes=mark_labels(plot, x, marks, fonts, n_levels),
        )

    def _fit(
        self, area: QRectF, content: ChartContent, theme: Theme, fonts: Fonts
    ) -> tuple[Legend, QRectF, Axis, list[str]]:
        """Return the legend, whose rows give way to a low plot, and what :meth:`_layout` returns."""
        entries, most = legend_entries(content, theme), 3 if area.height() > 230 else 2
        legend = Legend.fit(entries, area.width() - 16, most, fonts)
        for n_lines in (2, 1, 0):  # of the caption, which gives way first
            found = self._layout(area, legend.height, content, fonts, n_lines)
            if found[0].height() >= CAPTIONED_PX or not found[2]:
                break
        lacking = LEAST_PLOT_PX - found[0].height()
        if lacking > 0 and (n_rows := len(legend.rows)) > 1:
            legend = legend.cropped(max(1, n_rows - math.ceil(lacking * n_rows / legend.height)), fonts)
            found = self._layout(area, legend.height, content, fonts, 0)
        return legend, *found

    def _whole_tracks(self, content: ChartContent, width: float) -> Tracks:
        """Return the tracks of the whole run, those of the last picture while only the look at them changes."""
        trace, kind = content.trace, (content.curves, content.hidden, width)
        if self._whole is None or self._whole[0] is not trace or self._whole[1] != kind:
            self._whole = trace, kind, content_tracks(content, trace, width)
        return self._whole[2]

    def _home(self, scale: Scale) -> tuple[tuple[float, float], tuple[float, float]]:
        assert self._y_range is not None
        low, high = scale.forward(np.array(self._y_range)).tolist()
        return (0.0, self._x_high), (low, high)

    def _update_x(self, content: ChartContent) -> None:
        """Let the axis end at a round value, the same for a while."""
        kind, last = content.along.shown, furthest(content)
        self._x_high = self._x_highs.get(kind, 0.0)
        if not 0.0 < last <= self._x_high or last < 0.4 * self._x_high:
            self._x_high = max(0.0 if kind.digits else 20.0, next_round(last * 1.02))
        self._x_highs[kind] = self._x_high

    def _update_ranges(self, content: ChartContent, tracks: list[Track]) -> None:
        self._update_x(content)
        also = [reference.value for reference in content.shown_references() if not reference.is_open]
        also += [0.0] if any(curve.stacked_on for curve in content.curves) else []
        also += [now for *_, now in ahead_ends(content)]
        self._fitted = fitted(content, tracks, also, self._fitted)
        low, high = self._fitted.span
        if content.scale.key == "log":
            if not content.robust or low <= 0:
                positive = [t.low[(t.low > 0) & (t.low < np.inf)] for t in tracks]
                low = min((float(p.min()) for p in positive if len(p)), default=0.01)
            high = max(high, low * 2)
        kept, kind = self._y_range, (content.scale, content.robust, self._fitted.since)
        fits = kept is not None and kept[0] <= low and high <= kept[1] and kind == self._y_kind
        if kept is None or not fits or (high - low) < 0.45 * (kept[1] - kept[0]):
            pad = 0.04 * max(high - low, 1e-3) if content.scale is LINEAR else 0.0
            floor = 0.0 if low >= 0 else -math.inf  # nothing below 0: no room there
            bounds = max(floor, content.bounds[0]), content.bounds[1]
            self._y_range = bounded(content.scale.rounded(low - pad, high + pad), bounds)
        self._y_kind = kind

    def _colors(self, content: ChartContent, theme: Theme) -> list[QColor]:
        assert self.drawn is not None
        return [curve_color(content.by_lane, curve, lane, theme) for curve, lane, _ in self.drawn.tracks]

    def _layout(
        self, area: QRectF, legend: float, content: ChartContent, fonts: Fonts, n_lines: int
    ) -> tuple[QRectF, Axis, list[str]]:
        """Return the plot, its vertical axis, and so many lines below at most, also below what is at its right."""
        height, line = line_height(fonts.tick), line_height(fonts.label)
        assert self._y_range is not None
        bottom = area.bottom() - height - 8
        caption = whole_caption(content, self._told) if n_lines and area.height() > TALL_PX else ""
        if caption:
            bottom -= line + 2
        has_names = bool(content.trace.marks) or has_heading(content.references, area.width())
        top = area.top() + legend + (10 + height if has_names else 12)
        shown = self._y_range
        if content.look.y is not None:
            shown = (content.scale.backward(content.look.y[0]), content.scale.backward(content.look.y[1]))
        y = Axis(*shown, bottom, top, content.scale)
        left = y_tick_width(y, bottom - top, fonts.tick) + 14 + line * (area.width() > 260)
        label = content.along.shown.label + (" 0" if content.along.shown is content.along.steps else " 0 000")
        left = max(left, text_width(fonts.tick, label) + 8)
        self.own = left, margin_width(content.references, content.lane_labels, area.width(), fonts)
        left, margin = area.left() + self.sides[0], self.sides[1]
        lines = caption_lines(fonts.label, area.right() - left - 4, caption, n_lines) if caption else []
        bottom -= max(0, len(lines) - 1) * line
        plot = QRectF(left, top, area.right() - margin - left, bottom - top)
        return plot, Axis(*shown, bottom, top, content.scale), lines

    def _draw_labels(
        self, painter: QPainter, area: QRectF, plot: QRectF, word: QRectF, content: ChartContent, theme: Theme,
        fonts: Fonts,
    ) -> None:  # fmt: skip
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        if area.width() > 260:
            bare = content.y_label.split(",")[0]
            draw_vertical_label(painter, area.left() + 4, plot, content.y_label, bare, bare.split(" (")[0])
        painter.setFont(fonts.tick)
        draw_text(painter, word, content.along.shown.label, Qt.AlignmentFlag.AlignRight)
        below = QRectF(plot.left(), plot.bottom() + word.height() + 4, area.right() - plot.left() - 4, 0)
        draw_caption(painter, below, self.drawn.caption if self.drawn else (), fonts.label)

    def _draw_curves(self, painter: QPainter, content: ChartContent, theme: Theme) -> None:
        assert self.drawn is not None
        x, y, tracks = self.drawn.x, self.drawn.y, self.drawn.tracks
        if self.drawn.since:
            before, tracks = parted(tracks, self.drawn.since, y.low, y.high)
            for curve, lane, one in before:
                color = translucent(curve_color(content.by_lane, curve, lane, theme), FADED)
                draw_line(painter, x, y, one.steps, one.mean, QPen(color, 1))
        for curve, lane, one in tracks:
            if curve.has_band:
                color = curve_color(content.by_lane, curve, lane, theme)
                draw_band(painter, x, y, one, translucent(color, 0.16))
        draw_stacks(painter, x, y, tracks, theme)
        ordered = sorted(tracks, key=lambda item: (not item[0].underlay, item[0].width))
        for curve, lane, one in ordered:
            if curve.stacked_on not in ("", GROUND):
                continue  # its line would lie where its sum with others does not
            pen = curve_pen(content.by_lane, curve, lane, theme.width(curve.width), theme)
            color = pen.color()
            if curve.underlay:
                pen.setColor(mixed(color, QColor(theme.base), 0.28))
            elif content.smoothing > 0:
                draw_line(painter, x, y, one.steps, one.mean, QPen(translucent(color, 0.3), 1))
            line = (one.steps, one.mean) if content.smoothing <= 0 else one.average
            if line is not None:
                draw_line(painter, x, y, *line, pen)


def widest(sides: Iterable[Sides]) -> Sides:
    """Return the room at the left and at the right that is enough for all."""
    left, right = zip(NO_SIDES, *sides, strict=True)
    return max(left), max(right)
