"""Bars at the window's edges that hold one widget each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QToolBar, QVBoxLayout, QWidget


def add_bar(window: QMainWindow, name: str, widget: QWidget, area: Qt.ToolBarArea) -> QToolBar:
    """Put a widget at an edge of the window, in a line of its own; return its bar."""
    bar = QToolBar(name)
    bar.setObjectName(f"bar_{name.lower()}")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    bar.addWidget(holder)
    window.addToolBar(area, bar)
    window.addToolBarBreak(area)
    return bar
