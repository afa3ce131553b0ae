"""How the planes of a run are laid out and named: all of a picture that stays the same while a run trains."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPicture

from ganviz.data.base import Extent
from ganviz.spec.frozen import dataclass
from ganviz.views.bases.color_bar import BAR_GAP, bar_height, bar_room, draw_level_bar, draw_vertical_bar
from ganviz.views.bases.lane_names import LaneName
from ganviz.views.bases.planes import Frame, ScoreRange, draw_frame
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.layers.base import AbstractLayer, LegendRow
from ganviz.views.pictures.plane_axes import Names, axes_room, draw_axis_names
from ganviz.views.pictures.plane_layout import BarRoom, Layout, squares
from ganviz.views.pictures.plane_scores import LaneScores
from ganviz.views.plot.looks import Look
from ganviz.views.plot.plotting import Fonts, letters_share, line_height, painting_on, text_width

WITHOUT_BAR_PX = 240
"""No color bar stands beside the planes of a view that is narrower."""
WIDE_PX = 1e4
"""Room for every legend: it is laid out there first, for its width."""


@dataclass(frozen=True, slots=True)
class PlaneDrawing:
    """What is drawn into ``area``: lane by lane its plane, title, color bar, and why D has nothing to show of it.

    ``layers`` are those that are on, each with "at step …" in ``whens`` where it is of another than the samples;
    ``colored`` names that which colors a lane, ``boundary`` the line in the legend. ``has_bar`` says which planes have
    a color bar, ``layout`` where all stand.
    """

    area: QRectF
    layers: tuple[AbstractLayer, ...]
    whens: tuple[str, ...]
    colored: tuple[str, ...]
    ranges: tuple[ScoreRange, ...]
    titles: tuple[LaneName, ...]
    absences: tuple[str, ...]
    has_d: tuple[bool, ...]
    boundary: str
    has_bar: tuple[bool, ...]
    layout: Layout
    names: Names = ()
    frames: tuple[Frame, ...] = ()

    @classmethod
    def of(
        cls,
        area: QRectF,
        layers: tuple[tuple[AbstractLayer, ...], tuple[str, ...]],
        colored: tuple[str, ...],
        ranges: tuple[ScoreRange, ...],
        scores: LaneScores,
        titles: tuple[LaneName, ...],
        fonts: Fonts,
        axes: tuple[Extent, Names],
    ) -> PlaneDrawing:
        """Lay the planes of all lanes out; their frames are still missing."""
        lanes, body = range(len(ranges)), area.adjusted(6, line_height(fonts.label) + 10, -6, -4)
        rooms = [
            BarRoom(bar_room(ranges, fonts, is_slim=slim), bar_height(fonts, is_slim=slim))
            for slim in (False, True)
        ]
        if area.width() <= max(WITHOUT_BAR_PX, 3 * rooms[0].beside) or not any(colored):
            rooms = [BarRoom(), BarRoom()]
        is_shared = len(set(ranges)) == 1
        name = max(text_width(fonts.strong, title.brief) for title in titles)
        layout = squares(
            body, len(ranges), (rooms[0], rooms[1]), is_shared, fonts, name=name, axes=axes_room(*axes, fonts)
        )
        is_of_d = any(layer.of_d for layer in layers[0])
        return cls(
            area, *layers, colored, ranges,
            titles,
            tuple(scores.absence(lane) if is_of_d else "" for lane in lanes),
            tuple(scores.has_d(lane) for lane in lanes), scores.contour_name(),
            tuple(layout.has_bar[i] and layout.room > 0 and bool(colored[i]) for i in lanes), layout,
            axes[1],
        )  # fmt: skip

    def looking_at(self, extent: Extent, look: Look) -> PlaneDrawing:
        """Return the same with frames: planes that show this part of the extent."""
        return replace(self, frames=tuple(Frame.of(cell, extent, look) for cell in self.layout.cells))

    @property
    def still_key(self) -> tuple[object, ...]:
        """Return all that :meth:`draw_still` depends on, but for theme and letters."""
        axes = [(frame.area, frame.x, frame.y) for frame in self.frames]
        still = [None if shown.is_mean else shown for shown in self.ranges]
        return (
            self.layers,
            self.whens,
            still,
            self.titles,
            self.has_d,
            self.boundary,
            self.has_bar,
            self.layout,
            self.names,
            axes,
        )

    def draw_still(
        self, painter: QPainter, area: QRectF, scores: LaneScores, theme: Theme, fonts: Fonts
    ) -> None:
        """Paint axes, titles, the color bars whose words stay the same, and the legend."""
        legend = line_height(fonts.label) + 8
        for lane, frame in enumerate(self.frames):
            draw_frame(painter, frame, theme, fonts, with_axes=self.layout.with_axes)
            if self.layout.with_axes:
                draw_axis_names(painter, frame, self.names, self.layout.left, theme, fonts)
            if self.titles[lane].words:
                row = QRectF(frame.area.left(), frame.area.top() - legend, self.layout.name, legend - 2)
                self.titles[lane].draw(painter, row, theme, fonts)
            if not self.ranges[lane].is_mean:
                self._draw_bar(painter, lane, theme, fonts)
        first, left = self.frames[0].area, min(frame.area.left() for frame in self.frames)
        top = first.top() - legend * (2 if self.titles[0].words else 1) - 2
        painter.setFont(fonts.label)
        place, margin = QRectF(0, top, WIDE_PX, legend), 4 * letters_share(fonts)
        with painting_on(QPicture()) as unseen:
            needed = self._name_layers(LegendRow(unseen, place, first.width(), scores, theme, fonts, margin))
        left = max(area.left(), min(left, area.right() - needed))
        place = QRectF(left, top, area.right() - left, legend)
        self._name_layers(LegendRow(painter, place, first.width(), scores, theme, fonts, left + margin))

    def _name_layers(self, row: LegendRow) -> float:
        """Write the legend and return where it ends."""
        for layer, row.when in zip(self.layers, self.whens, strict=True):
            if any(self.has_d) or not layer.of_d:
                layer.name_itself(row)
        return row.x

    def draw_moving_bars(self, painter: QPainter, theme: Theme, fonts: Fonts) -> None:
        """Paint the color bars that name the mean of a batch, another one in each picture."""
        for lane, shown in enumerate(self.ranges):
            if shown.is_mean:
                self._draw_bar(painter, lane, theme, fonts)

    def _draw_bar(self, painter: QPainter, lane: int, theme: Theme, fonts: Fonts) -> None:
        if not self.has_bar[lane]:
            return
        area, room, shown = self.frames[lane].area, self.layout.room, self.ranges[lane]
        if self.layout.is_below:
            bar = QRectF(area.left(), area.bottom() + self.layout.under, area.width(), room)
            draw_level_bar(painter, bar, shown, theme, fonts)
            return
        gap = min(BAR_GAP, room / 8)
        bar = QRectF(area.right() + gap, area.top(), room - gap, area.height())
        draw_vertical_bar(painter, bar, shown, theme, fonts)
