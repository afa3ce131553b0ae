"""What stays the same from one picture on screen to the next, kept in pixels."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from ganviz.views.plot.plotting import painting_on
from ganviz.views.plot.wide_painter import WidePainter, share_of


class Still:
    """The part of a plot that lies beneath all that moves: a background, axes, names; GUI thread only.

    On screen, where plots are painted into a pixmap, it is painted when its key changes. Exports paint it themselves.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._kept = QPixmap()

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        key: object,
        background: QColor,
        draw: Callable[[QPainter], None],
    ) -> None:
        """Paint what ``draw`` paints and what it depends on is in ``key``, over the whole ``area``."""
        device = painter.device()
        if not isinstance(device, QPixmap):
            draw(painter)
            return
        whole_key = (device.size(), device.devicePixelRatioF(), share_of(painter), area, key)
        if whole_key != self._key:
            self._kept, self._key = self._made(device, painter, background, draw), whole_key
        painter.drawPixmap(area.topLeft(), self._kept)

    @staticmethod
    def _made(
        device: QPixmap, painter: QPainter, background: QColor, draw: Callable[[QPainter], None]
    ) -> QPixmap:
        kept = QPixmap(device.size())
        kept.setDevicePixelRatio(device.devicePixelRatioF())
        kept.fill(background)
        with painting_on(kept, WidePainter(share_of(painter))) as own:
            own.setRenderHints(painter.renderHints())
            draw(own)
        return kept
