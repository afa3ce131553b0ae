"""Icons of ``resources/icons`` in the colors of a theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganviz.resources import resource
from ganviz.views.look.theme import Theme


class _Drawn(QIconEngine):
    """Draws an icon when its size is asked for: of all sizes that a start could want, it wants one, of a few icons."""

    def __init__(self, name: str, color: str, pale: str) -> None:
        super().__init__()
        self._name, self._color, self._pale = name, color, pale
        self._kept: dict[tuple[int, int, bool], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon in the middle of so many pixels."""
        is_pale = mode == QIcon.Mode.Disabled
        key = size.width(), size.height(), is_pale
        if key not in self._kept:
            self._kept[key] = _pixmap(_svg(self._name), self._pale if is_pale else self._color, size)
        return self._kept[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon as fine as the painter's device is."""
        size = rect.size() * painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.pixmap(size, mode, state))

    def clone(self) -> QIconEngine:
        """Return another one, for an icon that is changed."""
        return _Drawn(self._name, self._color, self._pale)


def icon(name: str, theme: Theme) -> QIcon:
    """Return an icon in the text color of ``theme``, paler where the control cannot be used."""
    return QIcon(_Drawn(name, theme.text, theme.disabled))


@lru_cache(maxsize=512)
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _pixmap(svg: str, color: str, size: QSize) -> QPixmap:
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    side = min(size.width(), size.height())
    place = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.replace("currentColor", color).encode())).render(painter, place)
    painter.end()
    return pixmap
