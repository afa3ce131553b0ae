"""How wide the settings are: as the person has made them, whatever becomes of the window, its text and its views."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow

from ganviz.views.window.dock_sizes import is_seen, resize_docks
from ganviz.views.window.docks import SETTINGS_PX, SETTINGS_SHARE, ViewDocks
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.workspace_list import SETTINGS

WISHED = "settings_px"
"""Under which the width is kept that the person has given them."""
MOST_SHARE = 0.5


class SettingsWidth(QObject):
    """Gives the settings their width again when others were given room or lost it; GUI thread only.

    Qt lets every column grow with the window, and what larger letters need is not given back with smaller ones.
    """

    def __init__(self, window: QMainWindow, docks: ViewDocks, memory: WindowMemory) -> None:
        super().__init__(window)
        self._window, self._docks, self._memory = window, docks.docks, memory
        self._dock = docks.docks[SETTINGS]
        self._timer, self._dragged = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._give)
        self._dragged.timeout.connect(self._keep)
        self._has_rearranged = False  # since the pointer was last pressed on a line between docks
        for watched in (window, self._dock):
            watched.installEventFilter(self)
        for dock in self._docks.values():
            dock.topLevelChanged.connect(self._rearranged)

    def give_soon(self) -> None:
        """Give them their width once everything is laid out."""
        self._timer.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window, and take note of what the person drags."""
        if watched is self._window and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.give_soon()
        elif watched is self._window and event.type() == QEvent.Type.MouseButtonPress:
            self._has_rearranged = False
        elif watched is self._dock and event.type() == QEvent.Type.Resize and self._is_held:
            self._dragged.start(0)  # once those beside them have moved, too
        return False

    @property
    def _is_held(self) -> bool:
        return bool(QApplication.mouseButtons() & Qt.MouseButton.LeftButton) and not self._timer.isActive()

    def _rearranged(self) -> None:
        """Note that a view has left or come back, by a double click say: the room that gives is nobody's wish."""
        self._has_rearranged = True
        self.give_soon()

    def _keep(self) -> None:
        if self._is_column and not self._has_rearranged:
            self._memory.keep_text(WISHED, str(self._dock.width()))

    @property
    def wished(self) -> int:
        """Return the width that they should have in this window; they have more where their letters need it."""
        text, width = self._memory.text(WISHED, ""), self._window.width()
        if text.isdecimal() and int(text[:6]) > 0:
            return min(int(text[:6]), int(width * MOST_SHARE))
        return min(SETTINGS_PX, int(width * SETTINGS_SHARE))

    @property
    def _is_column(self) -> bool:
        """Return whether they stand beside all else, rather than above a view, behind one or outside."""
        dock = self._dock
        if dock.isFloating() or not dock.isVisible():
            return False
        return not any(_overlap(dock, other) for other in self._docks.values() if other is not dock)

    def _give(self) -> None:
        """Share the width: the settings have theirs, and other columns of the rest what they have of it now."""
        layout = self._window.layout()
        assert layout is not None
        layout.activate()  # what was asked for in this turn is only now so
        if not self._is_column or self._dock.width() == self.wished:
            return
        others = [dock for dock in self._columns() if dock is not self._dock]
        had = sum(dock.width() for dock in others)
        rest = had + self._dock.width() - self.wished
        widths = [self.wished, *(round(rest * dock.width() / had) for dock in others)]
        resize_docks(self._window, [self._dock, *others], widths, Qt.Orientation.Horizontal)
        layout.invalidate()  # which Qt forgets
        layout.activate()

    def _columns(self) -> list[QDockWidget]:
        """Return a dock of each column that is seen in the window, from left to right."""
        seen = [dock for dock in self._docks.values() if is_seen(dock)]
        found: list[QDockWidget] = []
        for dock in sorted(seen, key=lambda one: (one.x(), one.width())):
            if not found or dock.x() > found[-1].geometry().right():
                found.append(dock)
        return found


def _overlap(dock: QDockWidget, other: QDockWidget) -> bool:
    """Return whether another dock that is seen in the window stands above or below one."""
    one, two = dock.geometry(), other.geometry()
    return is_seen(other) and one.left() <= two.right() and two.left() <= one.right()
