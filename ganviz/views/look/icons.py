"""Icons of ``resources/icons`` in the colors of a theme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganviz.resources import resource
from ganviz.views.look.theme import Theme

SIDES = (16, 24, 32, 48, 64, 96)
"""Sides in pixels of the pictures that an icon is made of. Qt makes smaller ones of them, and none larger; it
takes one that is for a finer screen only there, so none is said to be for one."""


def icon(name: str, theme: Theme) -> QIcon:
    """Return an icon in the text color of ``theme``, paler where the control cannot be used."""
    made = QIcon()
    for mode, color in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, theme.disabled)):
        for pixmap in _pixmaps(name, color):
            made.addPixmap(pixmap, mode)
    return made


@lru_cache(maxsize=512)
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _pixmaps(name: str, color: str) -> Iterator[QPixmap]:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))
    for side in SIDES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, side, side))
        painter.end()
        yield pixmap
