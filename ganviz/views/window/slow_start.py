"""The first steps of a new window's run, slow enough to be watched: a ring is learned within a few hundred."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.run_bar import RunBar

SLOW = 30.0
"""Steps a second."""
SLOW_STEPS = 300


class SlowStart(QObject):
    """Goes on at another pace after the first steps, unless somebody has chosen one by then; GUI thread only.

    Parameters
    ----------
    run_bar : RunBar
    pace : float or None
        Steps a second from then on; None is full speed.
    """

    def __init__(self, run_bar: RunBar, pace: float | None) -> None:
        super().__init__(run_bar)
        self._run_bar, self._pace, self._is_slow = run_bar, pace, True

    def note(self, snapshot: Snapshot) -> None:
        """Look at how far the run is."""
        if not self._is_slow:
            return
        if self._run_bar.pace != SLOW:
            self._is_slow = False
        elif snapshot.stamp.step >= SLOW_STEPS:
            self._is_slow = False
            self._run_bar.set_pace(self._pace)
