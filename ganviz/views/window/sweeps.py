"""Sweeps in the window: one at a time, in a process of its own, while the run goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from ganviz.subprogram import STOP_MS
from ganviz.training.config import RunConfig
from ganviz.views.window.dialogs import confirm_stopping
from ganviz.views.window.sweep_window import SweepWindow


class WindowSweeps(QObject):
    """Opens the sweep's window; GUI thread only.

    Parameters
    ----------
    window : QWidget
    config : callable
        Returns the configuration in force.
    opens : callable
        Opens a cell's run.
    closing : signal
        Emitted when the window goes: the sweep is stopped then.
    """

    def __init__(
        self,
        window: QWidget,
        config: Callable[[], RunConfig],
        opens: Callable[[Path], object],
        closing: SignalInstance,
    ) -> None:
        super().__init__(window)
        self._window, self._config, self._opens = window, config, opens
        self.dialog: SweepWindow | None = None
        closing.connect(self.stop)

    def open(self) -> None:
        """Show the sweep's window."""
        if self.dialog is None:
            self.dialog = SweepWindow(self._window, self._config, confirm_stopping)
            self.dialog.run_wished.connect(self._opens)
        if not self.dialog.process.is_running:
            self.dialog.begin_with(self._config())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def may_close(self) -> bool:
        """Return whether nothing is being trained, or the person lets it be stopped."""
        return self.dialog is None or not self.dialog.process.is_running or confirm_stopping(self._window)

    def stop(self) -> None:
        """End the sweep; what is complete stays."""
        if self.dialog is not None:
            self.dialog.process.end(STOP_MS)
