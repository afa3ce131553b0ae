"""Docks that float are windows with a frame of the desktop, so that they can be moved to a screen and maximized."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QToolButton, QWidget

from ganviz.views.window.docked_sizes import DockedSizes
from ganviz.views.window.room import room_of

FRAMED = (
    Qt.WindowType.Window
    | Qt.WindowType.CustomizeWindowHint
    | Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowMinMaxButtonsHint
    | Qt.WindowType.WindowCloseButtonHint
)
AGAIN_MS = 100


def within(wanted: QRect, available: QRect) -> QRect:
    """Return a window's place, moved and made smaller until a screen holds it."""
    size = wanted.size().boundedTo(available.size())
    left = min(max(wanted.left(), available.left()), available.right() + 1 - size.width())
    top = min(max(wanted.top(), available.top()), available.bottom() + 1 - size.height())
    return QRect(left, top, size.width(), size.height())


class Floating(QObject):
    """Gives a frame to docks that float, once they have been let go; GUI thread only."""

    def __init__(self, window: QMainWindow, docks: Iterable[QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, list(docks)
        self._before: dict[QDockWidget, DockedSizes] = {}
        for dock in self._docks:
            dock.topLevelChanged.connect(partial(self._remember, dock))
            dock.topLevelChanged.connect(partial(self._soon, dock, 0))
            dock.topLevelChanged.connect(partial(self._title, dock))

    def _remember(self, dock: QDockWidget, is_floating: bool) -> None:
        """Keep what was seen beside a dock that begins to float, and how large."""
        if is_floating:
            self._before[dock] = DockedSizes.of(self._window, self._docks, dock)

    def toggle(self, dock: QDockWidget) -> None:
        """Let a dock float, or put it back."""
        if dock.isFloating():
            self.put_back(dock)
        else:
            dock.setFloating(True)

    def put_back(self, dock: QDockWidget) -> None:
        """Put a dock where it was, in front of those that stand there, all as large as they were."""
        before = self._before.pop(dock, None)
        dock.setFloating(False)
        dock.raise_()
        if before is not None:
            QTimer.singleShot(0, self, partial(before.give, self._window))

    def _soon(self, dock: QDockWidget, delay_ms: int, _is_floating: bool = True) -> None:
        QTimer.singleShot(delay_ms, self, partial(self._frame, dock))

    def _title(self, dock: QDockWidget, is_floating: bool) -> None:
        """Let Qt write the title again where no frame does."""
        bar = dock.titleBarWidget()
        if not is_floating and bar is not None:
            dock.setTitleBarWidget(None)  # type: ignore[arg-type]  # Qt's own again, as its documentation says
            bar.deleteLater()

    def _frame(self, dock: QDockWidget) -> None:
        """Make the dock a window of its own; Qt makes it a part of the main window again when it is put back."""
        if not dock.isFloating() or dock.windowType() == Qt.WindowType.Window:
            return
        # Other flags make another native window, which would lose the button that drags it.
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._soon(dock, AGAIN_MS)
            return
        place, is_hidden = dock.geometry(), dock.isHidden()
        screen = QGuiApplication.screenAt(place.center()) or self._window.screen()
        dock.setTitleBarWidget(_Bar(dock, partial(self.put_back, dock)))  # which sets other flags
        dock.setWindowFlags(FRAMED)
        dock.setGeometry(within(place, room_of(screen)))
        # The keys of the main window act in tool windows of it by themselves, but not in this one.
        dock.addActions(self._window.actions())
        if not is_hidden:
            dock.show()


class _Bar(QWidget):
    """What stands below the frame, which has the title: by this a dock is dragged back, or put back."""

    def __init__(self, dock: QDockWidget, put_back: Callable[[], None]) -> None:
        super().__init__()
        self._put_back = put_back
        back = QToolButton()
        back.setText("Put back")
        back.setAccessibleName(f"Put {dock.windowTitle()} back")
        back.setToolTip("Puts it back beside the other views.")
        back.setAutoRaise(True)
        back.clicked.connect(lambda: put_back())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(back)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put the dock back, as Qt does, but all as large as it was."""
        self._put_back()
