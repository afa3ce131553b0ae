"""The palette's rows: names at the left, keys at the right, and neither on the other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QStyleOptionViewItem

from ganviz.views.window.palette import KEYS, NAME, SIDE_PX, Palette


@pytest.mark.parametrize("width", [90, 160, 600])
def test_keys_stand_aside_and_names_give_way_to_them(open_window, width: int) -> None:
    window = open_window()
    palette = Palette(window.actions_, window)
    rows, delegate = palette._list, palette._list.itemDelegate()
    with_keys = 0
    for row in range(rows.count()):
        index, option = rows.model().index(row, 0), QStyleOptionViewItem()
        option.rect, option.fontMetrics = QRect(0, 0, width, 20), rows.fontMetrics()
        delegate.initStyleOption(option, index)
        keys, letters = index.data(KEYS), rows.fontMetrics()
        assert not keys or not option.text.endswith(keys)
        taken = letters.horizontalAdvance(option.text) + letters.horizontalAdvance(keys)
        assert taken + 2 * SIDE_PX <= width
        with_keys += bool(keys)
    assert with_keys > 5
    palette.close()


def test_a_lane_is_added_from_the_palette(open_window) -> None:
    """All commands had none of the lanes'."""
    window = open_window()
    palette = Palette(window.actions_, window)
    palette._typed.setText("add lane")
    assert palette._list.currentItem().data(NAME) == "Add lane"
    palette._do()
    assert window.strip.new_lane.isVisible()
    window.strip.new_lane.close()
