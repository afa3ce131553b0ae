"""What of the loss shape is the same in the next picture: grid and names below the batch, and the curves above it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.views.bases.planes import Frame
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.shape_curves import ShapeCurve
from ganviz.views.pictures.shape_drawing import draw_lines, draw_zero
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.plotting import (
    Fonts,
    draw_grid,
    draw_text,
    draw_vertical_label,
    first_fitting,
    line_height,
)
from ganviz.views.plot.still import Still

CENTER = Qt.AlignmentFlag.AlignHCenter
CLEAR = QColor(0, 0, 0, 0)


class ShapeStills:
    """Both, kept in pixels where a view is painted on screen; GUI thread only."""

    def __init__(self) -> None:
        self._ground, self._lines = Still(), Still()

    def draw_ground(
        self,
        painter: QPainter,
        area: QRectF,
        frames: list[Frame],
        texts: tuple[str, ...],
        theme: Theme,
        fonts: Fonts,
        *,
        is_probability: bool,
        has_axis_line: bool,
    ) -> None:
        """Paint grids, what the axes are called, ``texts`` of the lower one longest first, and lines at zero.

        Where the lower axis has no line for its name, the last of ``texts`` stands beside its numbers.
        """

        def draw(own: QPainter) -> None:
            names = ("loss", "slope") if len(frames) > 1 else ("loss, slope",)
            for name, frame in zip(names, frames, strict=True):
                draw_grid(own, frame.area, frame.x, frame.y, theme, fonts)
                own.setFont(fonts.label)
                own.setPen(QColor(theme.muted))
                draw_vertical_label(own, area.left() + 4, frame.area, name)
                with clipped(own, frame.area):
                    draw_zero(own, frame, theme, is_probability)
            plot, height = frames[-1].area, line_height(fonts.tick)
            own.setPen(QColor(theme.muted))
            if has_axis_line:
                below = QRectF(
                    plot.left(), plot.bottom() + height + 2, plot.width(), line_height(fonts.label)
                )
                own.setFont(fonts.label)
                draw_text(own, below, first_fitting(fonts.label, below.width(), *texts), CENTER)
                return
            beside = QRectF(area.left() + 10, plot.bottom() + 3, plot.left() - area.left() - 18, height)
            own.setFont(fonts.tick)
            draw_text(own, beside, texts[-1], Qt.AlignmentFlag.AlignLeft, elide=True)

        key = (tuple(frames), texts, theme, fonts, is_probability, has_axis_line)
        self._ground.paint(painter, area, key, QColor(theme.base), draw)

    def draw_lines(
        self, painter: QPainter, area: QRectF, frames: list[Frame], curves: list[ShapeCurve], theme: Theme
    ) -> None:
        """Paint every curve, of the loss, and of its slope in the lower plot or thinner in the only one."""

        def draw(own: QPainter) -> None:
            for what, frame in zip(parts_of(frames), frames, strict=True):
                with clipped(own, frame.area):
                    draw_lines(own, frame, curves, what, theme)

        drawn = tuple(
            (one.role, one.lane, one.is_ghost, *(part.tobytes() for part in (one.x, one.loss, one.slope)))
            for one in curves
        )
        self._lines.paint(painter, area, (tuple(frames), drawn, theme), CLEAR, draw)


def parts_of(frames: list[Frame]) -> tuple[str, ...]:
    """Return what each plot has of the curves: "loss" and "slope", or "both"."""
    return ("loss", "slope") if len(frames) > 1 else ("both",)
