"""A frame around a view that is spoken of, and a few words on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ganviz.views.look.outside_text import set_label

FRAME_PX = 3


class ViewLight(QFrame):
    """A frame around a view, as large as that, with a few words at its lower edge where there are any."""

    def __init__(self, view: QWidget, words: str = "") -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        color, on_color = (
            view.palette().color(role).name()
            for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText)
        )
        self.setStyleSheet(f"ViewLight {{ border: {FRAME_PX}px solid {color}; background: transparent; }}")
        if words:
            label = set_label(words)
            label.setStyleSheet(f"background: {color}; color: {on_color}; padding: 2px 6px;")
            box = QVBoxLayout(self)
            box.setContentsMargins(0, 0, 0, 0)
            box.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        self.setGeometry(view.rect())
        view.installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the view's size."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False
