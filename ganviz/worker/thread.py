"""The thread that trains."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread

from ganviz.session.channel import Channel, serve

if TYPE_CHECKING:
    from ganviz.session.runner import Runner


class TrainingThread(QThread):
    """Serves a channel until Stop; the object belongs to the GUI thread, only :meth:`run` executes elsewhere."""

    def __init__(
        self, make_runner: Callable[[], Runner], channel: Channel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_runner, self._channel = make_runner, channel
        self.setObjectName("training")

    def run(self) -> None:
        """Make the runner and serve; called by Qt in the new thread."""
        serve(self._make_runner, self._channel)
