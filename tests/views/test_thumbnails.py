"""Pictures of distributions in their menu: drawn after the window was painted, and seen in the entry that is lit."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox

from ganviz.data import DISTRIBUTIONS
from ganviz.views.forms.thumbnails import IS_DRAWN, SIDE, add_thumbnails
from ganviz.views.look.theme import THEMES


def luminance(pixels):
    """Return the relative luminance of ``pixels[..., 3]``, as WCAG defines it."""
    parts = pixels / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(icon, mode, ground):
    """Return the contrast between an icon's darkest and lightest spots on a ground of this color."""
    shown = QPixmap(SIDE, SIDE)
    shown.fill(QColor(ground))
    painter = QPainter(shown)
    painter.drawPixmap(0, 0, icon.pixmap(QSize(SIDE, SIDE), mode))
    painter.end()
    image = shown.toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(SIDE, image.bytesPerLine())
    found = luminance(rows[:, : 3 * SIDE].reshape(SIDE, SIDE, 3))
    return (found.max() + 0.05) / (found.min() + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("key", ["ring", "gaussian_1d", "mnist"])
def test_a_picture_is_seen_where_its_entry_is_lit(qtbot, key, theme):
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItem(key, key)
    add_thumbnails(box)
    qtbot.waitUntil(lambda: bool(box.itemData(0, IS_DRAWN)))
    assert contrast(box.itemIcon(0), QIcon.Mode.Normal, theme.base) > 2
    for mode in (QIcon.Mode.Selected, QIcon.Mode.Active):
        assert contrast(box.itemIcon(0), mode, theme.accent) > 3


@pytest.fixture
def box(qtbot):
    box = QComboBox()
    qtbot.addWidget(box)
    for key in DISTRIBUTIONS:
        box.addItem(key, key)
    return box


def test_the_window_is_painted_before_a_picture_is_drawn(box, qtbot):
    """A form that is being made chooses: with that, each start loaded what draws random numbers."""
    add_thumbnails(box)
    box.setCurrentIndex(3)
    assert not any(box.itemData(i, IS_DRAWN) for i in range(box.count()))
    box.show()
    qtbot.waitUntil(lambda: box.itemData(3, IS_DRAWN))
    box.setCurrentIndex(5)
    assert box.itemData(5, IS_DRAWN)
    qtbot.waitUntil(lambda: all(box.itemData(i, IS_DRAWN) for i in range(box.count())))
