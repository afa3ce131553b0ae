"""Sweeps in the window: one at a time, in a process of its own, while the run goes on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from ganviz.subprogram import STOP_MS
from ganviz.training.config import RunConfig
from ganviz.views.window.dialogs import confirm_stopping
from ganviz.views.window.runs import WindowRuns

if TYPE_CHECKING:
    from ganviz.views.window.sweep_window import SweepWindow


class WindowSweeps(QObject):
    """Opens the sweep's window; GUI thread only.

    Parameters
    ----------
    window : QWidget
    config : callable
        Returns the configuration in force.
    runs : WindowRuns
        The saved runs, in whose folder sweeps are kept at first.
    closing : signal
        Emitted when the window goes: the sweep is stopped then.
    """

    def __init__(
        self,
        window: QWidget,
        config: Callable[[], RunConfig],
        runs: WindowRuns,
        closing: SignalInstance,
    ) -> None:
        super().__init__(window)
        self._window, self._config, self._runs = window, config, runs
        self.dialog: SweepWindow | None = None
        closing.connect(self.stop)

    def open(self) -> None:
        """Show the sweep's window."""
        if self.dialog is None:
            from ganviz.views.window.sweep_window import SweepWindow  # many files that no start needs

            folder = _free_folder(self._runs.folder)
            self.dialog = SweepWindow(self._window, self._config, confirm_stopping, folder)
            self.dialog.run_wished.connect(self._runs.open)
            self.dialog.process.ended.connect(self._runs.look)
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
            self.dialog.end(STOP_MS)


def _free_folder(root: Path) -> Path:
    """Return a folder of a sweep's own that is not there yet."""
    numbers = itertools.count(1)
    return next(path for number in numbers if not (path := root / f"sweep-{number}").exists())
