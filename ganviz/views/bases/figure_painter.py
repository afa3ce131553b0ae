"""Views on paper: as many inches as a figure has, letters and curves as many points."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontInfo, QPaintDevice

from ganviz.session.figure import SCREEN_DPI, Figure
from ganviz.spec import InvalidValueError
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import CURVE_PX, painting_on
from ganviz.views.plot.wide_painter import WidePainter

POINTS_PER_INCH = 72


def canvas_size(view: AbstractPaintedView, figure: Figure) -> QSizeF:
    """Return the size in the view's own pixels: more of them where letters are to be smaller than on screen.

    Raises
    ------
    InvalidValueError
        When the letters are too large for anything to be drawn beside them.
    """
    zoom, least = _zoom(view, figure), view.minimumSizeHint()
    size = QSizeF(figure.width, figure.height) * (SCREEN_DPI / zoom)
    room = min(size.width() / least.width(), size.height() / least.height())
    if figure.font_pt is not None and room < 1:
        width, height = figure.millimeters
        raise InvalidValueError(
            f"Letters of {figure.font_pt:g} pt are too large for a figure of {width:.0f} × {height:.0f} mm; "
            f"at most {int(figure.font_pt * room * 10) / 10:g} pt fit."
        )
    return size


def _zoom(view: AbstractPaintedView, figure: Figure) -> float:
    """Return how many times as large as on screen letters, gaps and markers are."""
    if figure.font_pt is None:
        return 1.0
    on_screen = QFontInfo(view.fonts().label).pointSizeF() * view.logicalDpiX() / SCREEN_DPI
    return figure.font_pt / on_screen


def paint_figure(
    view: AbstractPaintedView, device: QPaintDevice, figure: Figure, theme: Theme, scale: float = 1.0
) -> None:
    """Paint a view on a device that has ``scale`` units to a pixel of the view."""
    size, ours = canvas_size(view, figure), None
    if figure.line_pt is not None:
        curve_pt = CURVE_PX * _zoom(view, figure) * POINTS_PER_INCH / SCREEN_DPI
        ours = WidePainter(figure.line_pt / curve_pt)
    with painting_on(device, ours) as painter:
        painter.scale(scale, scale)
        paint = view.paint_figure if figure.is_transparent else view.paint_canvas
        paint(painter, QRectF(0, 0, size.width(), size.height()), theme)
    view.redraw()  # where the pointer reads values is where the last picture had them
