"""Bars at the window's edges that hold one widget each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenuBar, QToolBar, QWidget

from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.controls.workspace_bar import WorkspaceBar


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


def place_workspaces(bar: WorkspaceBar, menus: QMenuBar, strip: FormulationStrip) -> None:
    """Put the workspaces beside the menus; beside the formulations where menus are in the desktop's own bar."""
    if menus.isNativeMenuBar():
        bar.stand_in(put_beside(strip, bar), lambda: strip.least_width)
    else:
        corner = Corner(menus, bar)
        bar.stand_in(menus, lambda: corner.least_beside)


class _Room(QWidget):
    """As large as another widget wants to be; GUI thread only."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget

    def sizeHint(self) -> QSize:
        """Return the other one's size."""
        return self._widget.sizeHint()


class Corner(QObject):
    """Lays a widget over the corner of the menus, and keeps that as wide as it needs to be; GUI thread only.

    A bar of menus tells who reads the window aloud of its menus alone: the widget is a child of the window, and what Qt
    has in the corner is empty. Qt asks for its width only when the menus change their own size: what became wider would
    be cut.
    """

    def __init__(self, menus: QMenuBar, widget: QWidget) -> None:
        super().__init__(menus)
        self._menus, self._widget, self._room = menus, widget, _Room(widget)
        widget.setParent(menus.parentWidget())
        menus.installEventFilter(self)
        widget.installEventFilter(self)
        self._fit()

    @property
    def least_beside(self) -> int:
        """Return the width of all menus, in px."""
        return self._menus.sizeHint().width() - self._widget.sizeHint().width()

    def _fit(self) -> None:
        self._menus.setCornerWidget(self._room)
        self._lay()

    def _lay(self) -> None:
        menus, width = self._menus.geometry(), self._widget.sizeHint().width()
        self._widget.setGeometry(menus.right() + 1 - width, menus.top(), width, menus.height())
        self._widget.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the menus, and let Qt ask again for the corner's size."""
        if watched is self._widget:
            if event.type() == QEvent.Type.LayoutRequest:
                self._fit()
        elif event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._lay()
        elif event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._widget.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False
