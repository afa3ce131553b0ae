"""Views that paint one reading, a cell for each lane: beside each other, or below where there is less room."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.look.theme import Theme
from ganviz.views.plot.caption import caption_lines, draw_caption, most_lines
from ganviz.views.plot.plotting import line_height

LEFT = Qt.AlignmentFlag.AlignLeft


class AbstractLaneCells(AbstractPaintedView):
    """Keeps the newest reading, and paints a caption and every lane's cell below its name; GUI thread only."""

    cell_px: ClassVar[float] = 300.0
    """Width that a cell needs: fewer stand beside each other where there is less."""
    most_columns: ClassVar[int] = 64
    most_lines: ClassVar[int] = 2
    """Of the caption: where cells give up rows for a second one, what it says more is not worth it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading: Any = None

    def probe(self) -> AbstractProbe:
        """Return what takes the reading."""
        raise NotImplementedError

    def kind(self) -> type[Reading]:
        """Return the class of the reading."""
        raise NotImplementedError

    def n_lanes(self) -> int:
        """Return how many lanes the reading is of."""
        raise NotImplementedError

    def caption(self, snapshot: Snapshot) -> str:
        """Return the line above all cells, or nothing."""
        return ""

    def draw_cell(self, painter: QPainter, box: QRectF, lane: int, theme: Theme) -> None:
        """Paint a lane's cell below its name."""
        raise NotImplementedError

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return what takes the reading."""
        return (self.probe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading."""
        found = snapshot.get(self.kind(), self.probe())
        self.reading = found or self.reading
        return found is not None

    def forget(self) -> None:
        """Drop the reading."""
        self.reading = None

    def n_cells(self) -> int:
        """Return how many cells there are."""
        return self.n_lanes()

    def cells_in(self, area: QRectF) -> list[QRectF]:
        """Return the part of each cell."""
        return cells(area, self.n_cells(), self.cell_px, self.most_columns)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the caption and all cells, where the reading is of the lanes that there are."""
        snapshot = self.snapshot
        if self.reading is None or snapshot is None or self.n_lanes() != len(snapshot.config.lanes):
            return
        top = area.top()
        if not self.n_cells():
            self.say(painter, area, self.caption(snapshot), theme)
            return
        if caption := self.caption(snapshot):
            font, head = self.fonts().label, area.adjusted(12, 4, -12, 0)
            painter.setPen(QColor(theme.muted))
            most = min(self.most_lines, most_lines(area.height()))
            lines = caption_lines(font, head.width(), caption, most)
            top = draw_caption(painter, head, lines, font) + 2
        self.draw_cells(painter, QRectF(area.left(), top, area.width(), area.bottom() - top), theme)

    def draw_cells(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint every cell; of several, each below its lane's name."""
        assert self.snapshot is not None
        names, fonts, boxes = self.headings(with_seed=True), self.fonts(), self.cells_in(area)
        for lane, cell in enumerate(boxes):
            box = cell.adjusted(12, 2, -12, -4)
            if names[lane].words and len(boxes) == len(names):  # one cell may be of no lane
                line = line_height(fonts.label)
                names[lane].draw(painter, QRectF(box.left(), box.top(), box.width(), line), theme, fonts)
                box.setTop(box.top() + line + 2)
            if words := self.absence(lane):
                self.say(painter, box, words, theme)
            else:
                self.draw_cell(painter, box, lane, theme)


def cells(area: QRectF, n: int, cell_px: float, most_columns: int) -> list[QRectF]:
    """Return the part of each of ``n`` cells, beside each other where that leaves each ``cell_px``."""
    columns = max(1, min(n, int(area.width() / cell_px), most_columns))
    rows = math.ceil(n / columns)
    columns = math.ceil(n / rows)
    width, height = area.width() / columns, area.height() / rows
    return [
        QRectF(area.left() + i % columns * width, area.top() + i // columns * height, width, height)
        for i in range(n)
    ]
