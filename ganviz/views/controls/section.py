"""A titled part of the settings that can be folded away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget


class Section(QWidget):
    """A header button and the content below it; GUI thread only."""

    def __init__(self, title: str, tip: str, content: QWidget, *, is_open: bool) -> None:
        super().__init__()
        self.title = title
        self._header = QToolButton()
        self._header.setText(title)
        self._header.setToolTip(tip)
        self._header.setAccessibleName(f"{title} settings")
        self._header.setCheckable(True)
        self._header.setChecked(is_open)
        self._header.setAutoRaise(True)
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = self._header.font()
        font.setBold(True)
        self._header.setFont(font)
        self._content = content
        content.setContentsMargins(8, 0, 0, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self._header)
        layout.addWidget(content)
        self._header.toggled.connect(self.set_open)
        self.set_open(is_open)

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content."""
        self._header.setChecked(is_open)
        self._show(is_open)

    def show_found(self, is_found: bool | None) -> None:
        """Be open where a search has found something, away where it has not, and as before without one (None)."""
        self.setVisible(is_found is not False)
        self._show(self._header.isChecked() if is_found is None else is_found)

    def _show(self, is_open: bool) -> None:
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._content.setVisible(is_open)
