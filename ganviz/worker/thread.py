"""The thread that supervises the process that trains, or trains itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from ganviz.session.port import Tell


class EngineThread(QThread):
    """Runs an engine until Stop; the object belongs to the GUI thread, only :meth:`run` executes elsewhere.

    Parameters
    ----------
    work : callable
        ``run`` of an engine.
    """

    told = Signal(object)
    """What the engine says, from whatever thread it says so; to be connected as queued."""

    def __init__(self, work: Callable[[Tell], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setObjectName("engine")

    def run(self) -> None:
        """Work; called by Qt in the new thread."""
        self._work(self.told.emit)
