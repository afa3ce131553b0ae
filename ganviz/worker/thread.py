"""The thread that serves the window's channel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QThread

from ganviz.session.channel import Channel


class TrainingThread(QThread):
    """Serves a channel until Stop; the object belongs to the GUI thread, only :meth:`run` executes elsewhere.

    Parameters
    ----------
    serve : callable
        Trains here, or passes everything on to the child process that does.
    """

    def __init__(
        self, serve: Callable[[Channel], None], channel: Channel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._serve, self._channel = serve, channel
        self.setObjectName("training")

    def run(self) -> None:
        """Serve; called by Qt in the new thread."""
        self._serve(self._channel)
