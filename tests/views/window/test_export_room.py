"""The export's dialog on a small screen with large letters: its buttons are in reach, and the rest scrolls."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QScrollArea, QWidget

from ganviz.training.config import RunConfig
from ganviz.views.forms.wrapping import Wrapping
from ganviz.views.window import export_dialog
from ganviz.views.window.export_dialog import ExportDialog
from ganviz.views.window.frame import TEXT_SIZES


def test_its_buttons_are_on_a_small_screen(qtbot, monkeypatch):
    monkeypatch.setattr(export_dialog, "room_of", lambda screen: QRect(0, 0, 600, 400))
    small = ExportDialog([], RunConfig())
    monkeypatch.setattr(export_dialog, "room_of", lambda screen: QRect(0, 0, 4000, 3000))
    large = ExportDialog([], RunConfig())
    for dialog, scrolls in ((small, True), (large, False)):
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        area = dialog.findChild(QScrollArea)
        assert (area.verticalScrollBar().maximum() > 0) == scrolls
        assert area.horizontalScrollBar().maximum() == 0 or scrolls
        buttons = dialog.findChild(QDialogButtonBox)
        assert dialog.rect().contains(buttons.geometry())
    assert small.height() <= 400


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_are_broken_rather_than_scrolled_with_large_letters(qtbot, monkeypatch, open_window, theme):
    monkeypatch.setattr(export_dialog, "room_of", lambda screen: QRect(0, 0, 1024, 700))
    window = open_window()
    window.apply_appearance(theme)
    for _ in TEXT_SIZES:
        window.frame.change_text(1)
    try:
        dialog = ExportDialog(window.docks.painted_views(window.config), window.config, parent=window)
        dialog.show()
        qtbot.waitExposed(dialog)
        boxes = dialog.findChildren(QCheckBox)
        for kind in range(dialog.figure.size_box.count()):
            dialog.figure.size_box.setCurrentIndex(kind)
            qtbot.wait(20)
            area = dialog.findChild(QScrollArea)
            assert area.horizontalScrollBar().maximum() == 0
            assert area.verticalScrollBar().maximum() > 0
            assert all(box.width() >= box.sizeHint().width() for box in boxes if box.isVisible())
    finally:
        window.frame.change_text(0)


def places(lines, width):
    """Return where the parts of a form are, lines of its height beginning 20 and a gap below each other."""
    lines.resize(width, lines.heightForWidth(width))
    parts = lines.findChildren(QWidget, "part")
    return [part.mapTo(lines, QPoint(0, 0)).toTuple() for part in parts]


@pytest.fixture
def form(qtbot):
    """Return a function that makes a form of parts of 100 × 20, those of one group beside each other."""

    def made(lines, *groups):
        qtbot.addWidget(lines)
        for n in groups:
            parts = [QWidget(objectName="part") for _ in range(n)]
            for part in parts:
                part.setFixedHeight(20)
                part.setMinimumWidth(100)
            lines.add(*parts)
        lines.show()
        qtbot.waitExposed(lines)
        return lines

    return made


def test_what_a_line_has_no_room_for_is_in_the_next(form, qtbot):
    lines = form(Wrapping(), 2, 1, 1)
    gap = lines._gap
    second, third, fourth = (n * (100 + gap) for n in (1, 2, 3))
    whole = 400 + 3 * gap
    assert places(lines, whole) == [(0, 0), (second, 0), (third, 0), (fourth, 0)]
    assert places(lines, whole - 1) == [(0, 0), (second, 0), (third, 0), (0, 20 + gap)]
    assert places(lines, 200 + gap) == [(0, 0), (second, 0), (0, 20 + gap), (second, 20 + gap)]
    assert lines.sizeHint().toTuple() == (whole, 20)
    lines._parts[1].hide()
    qtbot.wait(20)
    assert places(lines, whole - 100 - gap)[-1] == (third, 0), "what is hidden takes no room"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_columns_are_as_many_as_there_is_room_for(form, n):
    columns = form(Wrapping(3), 1, 1, 1, 1, 1, 1)
    gap = columns._gap
    for more in (0, 60):
        wide = 100 + more // n + gap
        assert places(columns, n * wide - gap) == [(i % n * wide, i // n * (20 + gap)) for i in range(6)]


def test_at_200_percent_of_full_hd_plots_and_data_are_in_sight(qtbot, monkeypatch, open_window):
    """As many columns as that screen has room for: the dialog was higher by a third than it."""
    monkeypatch.setattr(export_dialog, "room_of", lambda screen: QRect(0, 0, 960, 540))
    window = open_window()
    dialog = ExportDialog(window.docks.painted_views(window.config), window.config, parent=window)
    dialog.show()
    qtbot.waitExposed(dialog)
    area = dialog.findChild(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    assert area.verticalScrollBar().maximum() < 0.25 * area.height()
    seen = dialog._checkpoint.mapTo(area, dialog._checkpoint.rect().bottomLeft())
    assert area.rect().contains(seen)
