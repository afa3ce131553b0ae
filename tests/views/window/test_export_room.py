"""The export's dialog on a small screen with large letters: its buttons are in reach, and the rest scrolls."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QDialogButtonBox, QScrollArea

from ganviz.training.config import RunConfig
from ganviz.views.window import export_dialog
from ganviz.views.window.export_dialog import ExportDialog


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
