"""Files that are dropped on the window are opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_COMING = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
_ACTIONS = (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction)
"""Never moving: of a file that a window says to have moved, a file manager may remove what it has left."""


class Drops(QObject):
    """Takes one local file; GUI thread only."""

    def __init__(self, window: QWidget, opens: Callable[[Path], object]) -> None:
        super().__init__(window)
        self._opens = opens
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what can be opened."""
        if event.type() not in _COMING or not isinstance(event, QDropEvent):
            return False
        path = dropped_file(event.mimeData())
        action = next((one for one in _ACTIONS if one & event.possibleActions()), None)
        if path is None or action is None:
            return False
        event.setDropAction(action)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._opens(path)
        return True


def dropped_file(data: QMimeData) -> Path | None:
    """Return the file that is dragged; None where it is none, or more than one."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else None
