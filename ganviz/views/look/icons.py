"""Icons of ``resources/icons`` in the colors of a theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganviz.resources import resource
from ganviz.views.look.theme import Theme

UNIT_PX = 16
"""The side of the square in which icons are drawn, whatever their size is."""
Draw = Callable[[QPainter, bool], None]
"""Draws an icon, pale where it cannot be used."""


_CLONES: list[QIconEngine] = []


class _Drawn(QIconEngine):
    """Draws an icon when its size is asked for: of all sizes that a start could want, it wants one, of a few icons."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw
        self._kept: dict[tuple[int, int, bool], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon in the middle of so many pixels."""
        is_pale = mode == QIcon.Mode.Disabled
        key = size.width(), size.height(), is_pale
        if key not in self._kept:
            self._kept[key] = self._made(size, is_pale=is_pale)
        return self._kept[key]

    def _made(self, size: QSize, *, is_pale: bool) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        side = min(size.width(), size.height())
        painter = QPainter(pixmap)
        painter.translate((size.width() - side) / 2, (size.height() - side) / 2)
        painter.scale(side / UNIT_PX, side / UNIT_PX)
        self._draw(painter, is_pale)
        painter.end()
        return pixmap

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon as fine as the painter's device is."""
        size = rect.size() * painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.pixmap(size, mode, state))

    def clone(self) -> QIconEngine:
        """Return another one, for an icon that is changed while others share it."""
        # PySide (6.8 to 6.10) leaves it to Python, which would take it away from the icon: the process ends.
        _CLONES.append(_Drawn(self._draw))
        return _CLONES[-1]


def icon(name: str, theme: Theme) -> QIcon:
    """Return an icon in the text color of ``theme``, paler where the control cannot be used."""

    def draw(painter: QPainter, is_pale: bool) -> None:
        svg = _svg(name).replace("currentColor", theme.disabled if is_pale else theme.text)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, UNIT_PX, UNIT_PX))

    return drawn_icon(draw)


def drawn_icon(draw: Draw) -> QIcon:
    """Return an icon that is drawn in a square of 16 units, whenever another size of it is wanted."""
    return QIcon(_Drawn(draw))


@lru_cache(maxsize=512)
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
