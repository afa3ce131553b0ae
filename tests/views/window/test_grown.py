"""Boxes, arrows, handles and icons are as large as letters: in what is there, and in what is opened later."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QRadioButton,
    QScrollBar,
    QSlider,
    QSpinBox,
    QSplitter,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QToolButton,
    QWidget,
)

from ganviz.views.look.grown import shown_factor
from ganviz.views.look.icons import icon
from ganviz.views.look.theme import LIGHT
from ganviz.views.window.dialogs import PreferencesDialog
from ganviz.views.window.frame import TEXT_SIZES

Sub, Element, Complex = QStyle.SubControl, QStyle.SubElement, QStyle.ComplexControl


def box_side(box, element):
    option = QStyleOptionButton()
    box.initStyleOption(option)
    return box.style().subElementRect(element, option, box).height()


def part(widget, option, control, sub):
    widget.initStyleOption(option)
    return widget.style().subControlRect(control, option, sub, widget)


def sides(parent):
    """Return how large parts are of controls that are made now, by what they are called."""
    check, radio, spin, box = (
        QCheckBox("x", parent),
        QRadioButton("x", parent),
        QSpinBox(parent),
        QComboBox(parent),
    )
    slider, splitter, tool = QSlider(parent), QSplitter(parent), QToolButton(parent)
    slider.setOrientation(slider.orientation().Horizontal)
    group = QGroupBox("x", parent)
    group.setCheckable(True)
    tool.setIcon(icon("play", LIGHT))
    for widget in (check, radio, spin, box, slider, group, tool):
        widget.resize(widget.sizeHint())
        widget.show()
    return {
        "check box": box_side(check, Element.SE_CheckBoxIndicator),
        "radio button": box_side(radio, Element.SE_RadioButtonIndicator),
        "spin button": part(spin, QStyleOptionSpinBox(), Complex.CC_SpinBox, Sub.SC_SpinBoxUp).width(),
        "arrow of a menu": part(
            box, QStyleOptionComboBox(), Complex.CC_ComboBox, Sub.SC_ComboBoxArrow
        ).width(),
        "slider": part(slider, QStyleOptionSlider(), Complex.CC_Slider, Sub.SC_SliderHandle).width(),
        "scroll bar": QScrollBar(parent).sizeHint().width(),
        "splitter": splitter.handleWidth(),
        "icon": tool.iconSize().width(),
    }


def set_text(window, percent):
    window.frame.change_text(TEXT_SIZES.index(percent) - TEXT_SIZES.index(window.frame._text_size))


@pytest.mark.parametrize("percent", [150, 200])
def test_controls_made_later_are_as_large_as_their_letters(open_window, qtbot, percent):
    window = open_window()
    parent = QWidget(window)
    before = sides(parent)
    set_text(window, percent)
    after = sides(QWidget(window))
    for name, side in before.items():
        assert after[name] == pytest.approx(percent / 100 * side, abs=2, rel=0.1), name
    set_text(window, 100)
    assert sides(QWidget(window)) == before
    assert shown_factor() == 1.0


def test_controls_that_are_there_grow_and_shrink(open_window, qtbot):
    window = open_window()
    dialog = PreferencesDialog("light", True, window)
    qtbot.addWidget(dialog)
    slider, asks = window.run_bar._speed, dialog._asks

    def found():
        handle = part(slider, QStyleOptionSlider(), Complex.CC_Slider, Sub.SC_SliderHandle)
        return handle.width(), box_side(asks, Element.SE_CheckBoxIndicator)

    before = found()
    for percent in (200, 150, 100, 200, 100):
        set_text(window, percent)
        assert found() == pytest.approx([percent / 100 * side for side in before], abs=2)
    assert found() == before


def ink(widget):
    """Return the colors that a widget is painted in."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grown_boxes_keep_the_look_of_the_theme(open_window, qtbot, theme):
    window = open_window()
    window.apply_appearance(theme)
    for percent in (100, 200):
        set_text(window, percent)
        box = QCheckBox("", window)
        box.resize(box.sizeHint())
        off = ink(box)
        box.setChecked(True)
        on = ink(box)
        box.setEnabled(False)
        assert len({frozenset(off), frozenset(on), frozenset(ink(box))}) == 3
        assert QApplication.palette().base().color().name() in off
    set_text(window, 100)


def test_the_title_of_a_dock_ends_before_its_buttons(open_window, qtbot):
    window = open_window()
    dock = window.docks.docks["plane"]
    dock.setWindowTitle("A very long title " * 12)
    set_text(window, 200)
    qtbot.wait(50)
    buttons = [
        dock.findChild(QWidget, name) for name in ("qt_dockwidget_floatbutton", "qt_dockwidget_closebutton")
    ]
    left, last = (one.geometry() for one in buttons)
    assert left.right() <= last.left()
    assert last.right() < dock.width()
    image = dock.grab().toImage()
    ground = image.pixel(1, 1)
    gap = [x for x in range(left.left() - 6, left.left()) if image.pixel(x, left.center().y()) != ground]
    assert not gap
    set_text(window, 100)


def test_where_training_happens_leaves_the_lanes_room_in_large_text(open_window, qtbot):
    """In a presentation it took a third of the status bar, and the second lane was cut."""
    window = open_window()
    window.resize(1440, 900)
    window.status.show_engine("Trains on the cpu; torch 2.13.0+cpu")
    engine = window.status._engine.label
    assert engine.isVisible()
    before = window.status._words.width()
    window.frame.change_text(5)
    qtbot.wait(50)
    assert not engine.isVisible()
    window.frame.change_text(0)
    qtbot.wait(50)
    assert engine.isVisible()
    assert window.status._words.width() == before
