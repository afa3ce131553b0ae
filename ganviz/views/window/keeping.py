"""Keeps layout and settings when they change: a window that is killed does not get to keep them at its end."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganviz.session.events import ConfigChanged
from ganviz.training.config import RunConfig
from ganviz.views.window.memory import WindowMemory

log = logging.getLogger("ganviz")

DELAY_MS = 1000
"""So that dragging a border is written once."""

_CHANGES = frozenset(
    {
        QEvent.Type.Resize,
        QEvent.Type.Move,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.WindowStateChange,
    }
)


class Keeping(QObject):
    """Watches the window and its docks; GUI thread only."""

    refused = Signal(str)
    """Emitted with a sentence when nothing more can be kept."""

    def __init__(self, window: QMainWindow, memory: WindowMemory, config: Callable[[], RunConfig]) -> None:
        super().__init__(window)
        self._window, self._memory, self._config = window, memory, config
        self._has_warned = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.keep_now)
        for widget in (window, *window.findChildren(QDockWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of what changes the layout."""
        if event.type() in _CHANGES and self._window.isVisible():
            self.keep_soon()
        return False

    @Slot()
    def stop(self) -> None:
        """Leave what is there to the window's own end."""
        self._timer.stop()

    @Slot()
    def keep_soon(self) -> None:
        """Write what there is within a moment."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def keep_now(self) -> None:
        """Write what there is, to the disk."""
        if self._window.isVisible():
            self._memory.keep_layout(self._window)
        self._memory.keep_config(self._config())
        self._sync()

    def _sync(self) -> None:
        problem = self._memory.sync()
        if problem and not self._has_warned:
            log.warning("%s", problem)
            self.refused.emit(problem)
        self._has_warned = bool(problem)

    @Slot(object)
    def read(self, event: object) -> None:
        """Keep settings that the engine has put in force."""
        if isinstance(event, ConfigChanged):
            self.keep_soon()

    def keep_late(self, config: RunConfig) -> None:
        """Keep settings that came too late for the window to show them, after the engine's end."""
        if config != self._config():
            self._memory.keep_config(config)
            self._sync()
