"""Keeps curves inside their plot on every device, also in SVG, whose generator in Qt knows no clipping."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPaintEngine, QPainter

START, END = "ganviz-clip", "ganviz-clip-end"
"""What stands in a drawing where a clipped part begins, before its rectangle, and ends: Qt's SVG knows no clipping."""


@contextmanager
def clipped(painter: QPainter, area: QRectF) -> Iterator[None]:
    """Let nothing be painted outside ``area``; the painter's state is what it was when this ends."""
    is_svg = painter.paintEngine().type() == QPaintEngine.Type.SVG
    if is_svg:
        painter.save()
        painter.setClipRect(area)
        painter.drawText(QPointF(), f"{START} {area.x():g} {area.y():g} {area.width():g} {area.height():g}")
        painter.restore()
    painter.save()
    painter.setClipRect(area)
    try:
        yield
    finally:
        painter.restore()
        if is_svg:
            painter.save()
            painter.setOpacity(0.5)
            painter.drawText(QPointF(), END)
            painter.restore()
