"""Small pictures of distributions for menus, drawn from their own samples."""

from __future__ import annotations

import contextlib
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.spec import InvalidValueError
from ganviz.views.look.icon_sizes import set_icon_side
from ganviz.views.look.theme import LIGHT

SIDE = 28
SOON_MS, LATER_MS = 200, 1500
IS_DRAWN = Qt.ItemDataRole.UserRole + 1


def add_thumbnails(box: QComboBox) -> None:
    """Give each entry of a menu of distributions its picture: the chosen one soon, the others a little later.

    All of them take as long to draw as the rest of the settings, and the first one brings in what draws random numbers;
    the window is to be painted first.
    """
    set_icon_side(box, SIDE)
    for i in range(box.count()):  # which keeps their room
        box.setItemIcon(i, QIcon(_blank()))
    box.currentIndexChanged.connect(partial(_chosen, box))
    QTimer.singleShot(SOON_MS, box, lambda: _add(box, box.currentIndex()))
    QTimer.singleShot(LATER_MS, box, partial(_add_others, box, 0))


def _chosen(box: QComboBox, i: int) -> None:
    if box.isVisible():  # before, a form that is being made chooses
        _add(box, i)


def _add_others(box: QComboBox, i: int) -> None:
    """Give entry ``i`` and, one a turn of the event loop, those after it their pictures."""
    _add(box, i)
    if i + 1 < box.count():
        QTimer.singleShot(0, box, partial(_add_others, box, i + 1))


def _add(box: QComboBox, i: int) -> None:
    if i < 0 or box.itemData(i, IS_DRAWN):
        return
    box.setItemData(i, True, IS_DRAWN)
    with contextlib.suppress(InvalidValueError):  # a file that has not been chosen yet
        box.setItemIcon(i, _icon(_picture(DISTRIBUTIONS[box.itemData(i)]())))


def _icon(picture: QPixmap) -> QIcon:
    """Return an icon that has a ground where its entry is lit, in a color that is near that of the samples."""
    lit = QPixmap(picture.size())
    lit.setDevicePixelRatio(picture.devicePixelRatio())
    lit.fill(LIGHT.base)
    painter = QPainter(lit)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    icon = QIcon(picture)
    for mode in (QIcon.Mode.Selected, QIcon.Mode.Active):  # as lists call it, and as menus do
        icon.addPixmap(lit, mode)
    return icon


def _blank() -> QPixmap:
    pixmap = QPixmap(2 * SIDE, 2 * SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(2)
    return pixmap


def _picture(distribution: AbstractDistribution) -> QPixmap:
    samples = distribution.sample(1 if distribution.kind.name == "image" else 180, np.random.default_rng(3))
    if distribution.kind.name == "image":
        gray = np.ascontiguousarray(255 - (samples[0, 0] + 1) * 127.5).astype(np.uint8)
        image = QImage(
            gray.data, gray.shape[1], gray.shape[0], gray.shape[1], QImage.Format.Format_Grayscale8
        )
        return QPixmap.fromImage(image.copy())
    extent = distribution.extent
    if distribution.kind.name == "line":
        return _density_picture(distribution)
    pixmap = _blank()
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.real))
    unit = (SIDE - 4) / (extent.x_max - extent.x_min)
    for x, y in samples.tolist():
        at = QPointF(2 + (x - extent.x_min) * unit, SIDE - 2 - (y - extent.y_min) * unit)
        painter.drawEllipse(at, 0.8, 0.8)
    painter.end()
    return pixmap


def _density_picture(distribution: AbstractDistribution) -> QPixmap:
    """Return the density on a line, filled."""
    extent, pixmap = distribution.extent, _blank()
    density = distribution.density(np.linspace(extent.x_min, extent.x_max, SIDE)[:, None])
    assert density is not None
    heights = (SIDE - 8) * density / density.max()
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.real))
    floor = [QPointF(SIDE - 2, SIDE - 4), QPointF(2, SIDE - 4)]
    step = (SIDE - 4) / (SIDE - 1)
    top = [QPointF(2 + step * i, SIDE - 4 - height) for i, height in enumerate(heights.tolist())]
    painter.drawPolygon([*top, *floor])
    painter.end()
    return pixmap
