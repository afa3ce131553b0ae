"""Icons grow and shrink with text: on buttons in bars and views, and in the titles of docks."""

import gc

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QToolButton

from ganviz.views.look.icons import icon
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


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_an_icon_is_drawn_for_the_pixels_it_has(qapp, ratio):
    """It is as fine as a screen, in the middle of a place that is no square, and pale where it cannot be used."""
    made = icon("play", LIGHT)
    for side in (16, 18, 24, 96):
        size = QSize(side, side)
        assert made.actualSize(size) == size
        assert made.pixmap(size, ratio).size() == size * ratio
    lone, wide = made.pixmap(QSize(16, 16), ratio), made.pixmap(QSize(32, 16), ratio)
    middle = QRect(round(8 * ratio), 0, lone.width(), lone.height())
    assert wide.copy(middle).toImage() == lone.toImage()
    assert made.pixmap(QSize(16, 16), ratio, QIcon.Mode.Disabled).toImage() != lone.toImage()


@pytest.mark.parametrize("ratio", [1, 2])
def test_an_icon_is_painted_as_fine_as_what_it_is_painted_on(qapp, ratio):
    made, sheet = (
        icon("play", LIGHT),
        QImage(16 * ratio, 16 * ratio, QImage.Format.Format_ARGB32_Premultiplied),
    )
    sheet.setDevicePixelRatio(ratio)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    made.paint(painter, QRect(0, 0, 16, 16))
    painter.end()
    assert sheet == made.pixmap(QSize(16, 16), ratio).toImage()


def test_an_icon_that_is_changed_while_others_share_it_lives_on(qapp):
    """What it was changed from belonged to nobody, and the process ended."""
    made = icon("play", LIGHT)
    before = made.pixmap(QSize(16, 16)).toImage()
    changed = QIcon(made)
    changed.addPixmap(QPixmap(4, 4))
    gc.collect()
    assert made.pixmap(QSize(16, 16)).toImage() == changed.pixmap(QSize(16, 16)).toImage() == before


def test_every_button_of_a_panel_says_what_it_does(open_window):
    """Those that close a panel and give it a window of its own said nothing: Qt has no tips for them."""
    window = open_window()
    for dock in window.docks.docks.values():
        buttons = [
            one
            for one in dock.findChildren(QAbstractButton)
            if one.parent() is dock and one.objectName().startswith("qt_dockwidget")
        ]
        assert len(buttons) == 2
        assert all(one.toolTip().endswith(".") for one in buttons)
