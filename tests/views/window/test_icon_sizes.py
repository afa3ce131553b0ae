"""Icons grow and shrink with text: on buttons in bars and views, and in the titles of docks."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QToolButton

from ganviz.views.look.icons import SIDES, icon
from ganviz.views.look.theme import LIGHT
from ganviz.views.window.frame import PRESENTED, TEXT_SIZES


def sizes(window):
    """Return how large icons are that are seen, by what is written on their buttons."""
    buttons = [one for one in window.findChildren(QToolButton) if one.isVisible() and not one.icon().isNull()]
    return {
        one.accessibleName(): one.icon().actualSize(one.iconSize()).width() for one in buttons if one.text()
    }


def title_icon(window):
    """Return how wide what is painted on the button is that closes the plane."""
    dock = window.docks.docks["plane"]
    button = dock.findChild(QAbstractButton, "qt_dockwidget_closebutton")
    image = button.grab().toImage()
    ground = image.pixel(0, 0)
    columns = {x for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != ground}
    return (max(columns) - min(columns) + 1) / image.devicePixelRatio(), button.geometry(), dock.width()


@pytest.mark.parametrize("steps", [5, 2, -2])
def test_icons_are_as_large_as_the_text_beside_them(open_window, qtbot, steps):
    window = open_window()
    before, (drawn, *_) = sizes(window), title_icon(window)
    assert len(before) > 10
    window.frame.change_text(steps)
    qtbot.wait(50)
    factor = TEXT_SIZES[TEXT_SIZES.index(100) + steps] / 100
    after = sizes(window)
    both = before.keys() & after.keys()
    assert len(both) > 8
    assert {name: after[name] for name in both} == {name: round(factor * before[name]) for name in both}
    if factor > 1:
        wide, place, room = title_icon(window)
        assert wide == pytest.approx(factor * drawn, abs=2)
        assert place.right() < room
        assert place.width() >= wide
    window.frame.change_text(0)
    qtbot.wait(50)
    assert sizes(window) == before
    assert title_icon(window)[0] == drawn


def test_icons_grow_in_a_presentation(open_window, qtbot):
    window = open_window()
    before = sizes(window)
    window.frame.toggle_presentation()
    qtbot.wait(50)
    layers = {name: size for name, size in sizes(window).items() if name in before}
    assert layers
    assert all(size == round(PRESENTED * before[name]) for name, size in layers.items())


def test_an_icon_is_sharp_at_every_size(qapp):
    made = icon("play", LIGHT)
    for side in (16, 18, 24, 32, 48, SIDES[-1]):
        assert made.actualSize(QSize(side, side)) == QSize(side, side)
