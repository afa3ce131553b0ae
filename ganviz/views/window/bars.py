"""Bars at the window's edges that hold one widget each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QToolBar, QWidget


def add_bar(window: QMainWindow, name: str, widget: QWidget, area: Qt.ToolBarArea) -> QToolBar:
    """Put a widget at an edge of the window, in a line of its own; return its bar."""
    bar = QToolBar(name)
    bar.setObjectName(f"bar_{name.lower()}")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(widget, 1)
    bar.addWidget(holder)
    window.addToolBar(area, bar)
    window.addToolBarBreak(area)
    return bar


def put_beside(widget: QWidget, other: QWidget) -> QWidget:
    """Put another widget to the right of one that is in a bar; return what holds both."""
    holder = widget.parentWidget()
    layout = holder.layout() if holder is not None else None
    assert holder is not None
    assert layout is not None
    layout.addWidget(other)
    return holder
