"""Offers the run of a window that was killed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget


class RecoveryDialog(QMessageBox):
    """Says what was found and asks what becomes of it; not modal, so that the window can be used meanwhile."""

    open_wished = Signal()
    discard_wished = Signal()

    def __init__(self, sentence: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("A run was found")
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(sentence)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open_button = self.addButton("Open", QMessageBox.ButtonRole.AcceptRole)
        self.discard_button = self.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        self.later_button = self.addButton("Later", QMessageBox.ButtonRole.RejectRole)
        self.open_button.setToolTip("Opens the run in this window.")
        self.discard_button.setToolTip("Removes the run.")
        self.later_button.setToolTip(
            "Asks again at the next start, or from the File menu; the run is kept for a week."
        )
        self.setDefaultButton(self.open_button)
        self.setEscapeButton(self.later_button)
        self.open_button.clicked.connect(self.open_wished)
        self.discard_button.clicked.connect(self.discard_wished)
