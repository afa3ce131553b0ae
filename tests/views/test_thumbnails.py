"""Pictures of distributions in their menu: drawn after the window was painted, then at once for what is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox

from ganviz.data import DISTRIBUTIONS
from ganviz.views.forms import thumbnails


@pytest.fixture
def box(qtbot):
    box = QComboBox()
    qtbot.addWidget(box)
    for key in DISTRIBUTIONS:
        box.addItem(key, key)
    return box


def test_the_window_is_painted_before_a_picture_is_drawn(box, qtbot):
    """A form that is being made chooses: with that, each start loaded what draws random numbers."""
    thumbnails.add_thumbnails(box)
    box.setCurrentIndex(3)
    assert not any(box.itemData(i, thumbnails.IS_DRAWN) for i in range(box.count()))
    box.show()
    qtbot.waitUntil(lambda: box.itemData(3, thumbnails.IS_DRAWN))
    box.setCurrentIndex(5)
    assert box.itemData(5, thumbnails.IS_DRAWN)
    qtbot.waitUntil(lambda: all(box.itemData(i, thumbnails.IS_DRAWN) for i in range(box.count())))
