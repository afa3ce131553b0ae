"""Files that are dropped on the window are opened: one as the run or beside it, several where all are loss logs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from ganviz.session.logs.kinds import EITHER, LOG, kind_of
from ganviz.session.saved_run import opened_place
from ganviz.spec import InvalidValueError
from ganviz.views.window.files import WindowFiles

_COMING = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
_ACTIONS = (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction)
"""Never moving: of a file that a window says to have moved, a file manager may remove what it has left."""


MOST_LOGS = 12
"""How many logs are opened at once, each in a window of its own."""
ONE_RUN = (
    "One file at a time becomes the run: a saved one, settings, a picture that carries settings, or points."
)


class Drops(QObject):
    """Takes local files; GUI thread only."""

    def __init__(self, window: QWidget, files: WindowFiles) -> None:
        super().__init__(window)
        self._files = files
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what can be opened, and what cannot if that has to be said."""
        if event.type() not in _COMING or not isinstance(event, QDropEvent):
            return False
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        action = next((one for one in _ACTIONS if one & event.possibleActions()), None)
        if not paths or action is None:
            return False
        event.setDropAction(action)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._open(paths)
        return True

    def _open(self, paths: list[Path]) -> None:
        if len(paths) == 1:
            self._files.open_file(paths[0])
        elif len(paths) <= MOST_LOGS and all(map(_may_be_log, paths)):
            for path in paths:
                self._files.logs.open(path)
        else:
            self._files.said.emit(f"{ONE_RUN} Up to {MOST_LOGS} loss logs open beside each other.")


def _may_be_log(path: Path) -> bool:
    try:
        return kind_of(opened_place(path)) in (LOG, EITHER)
    except InvalidValueError:  # a folder of something else
        return False
