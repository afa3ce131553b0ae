"""Steps that are slow enough to be watched: the first ones of a new window's run, and those after D by hand."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ganviz.training.changes import D_STEP
from ganviz.training.marks import times_of
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.window.status import WindowStatus

SLOW = 30.0
"""Steps a second."""
SLOW_STEPS = 300
MANY, RELEASE_STEPS = 20, 150
"""After so many updates of D by hand so many steps are slow: what they do is over in some tens of steps."""
RELEASED = f"{RELEASE_STEPS} slow steps after D by hand"


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


class SlowRelease(QObject):
    """Lets G go on slowly after D was moved by hand, and then as before, unless somebody has chosen a pace by then.

    Only the pace changes: what is trained does not depend on it. GUI thread only.
    """

    def __init__(self, run_bar: RunBar, status: WindowStatus) -> None:
        super().__init__(run_bar)
        self._run_bar, self._status = run_bar, status
        self._from: tuple[int, int] | None = None  # the run, and the step at which D was moved
        self._pace: float | None = None

    def note(self, snapshot: Snapshot) -> None:
        """Look at whether D is ahead, and at how far the run is since."""
        at = snapshot.stamp.run, snapshot.stamp.step
        if self._is_held(snapshot):
            if self._from is None and (self._run_bar.pace is None or self._run_bar.pace > SLOW):
                self._pace = self._run_bar.pace
                self._run_bar.set_pace(SLOW)
                self._status.show_pace(RELEASED)
                self._from = at
            elif self._from is not None:
                self._from = at
        elif self._from is not None:
            run, step = self._from
            is_chosen = self._run_bar.pace != SLOW
            if is_chosen or at[0] != run or at[1] >= step + RELEASE_STEPS:
                self._from = None
                self._status.show_pace("")
                if not is_chosen:
                    self._run_bar.set_pace(self._pace)

    def _is_held(self, snapshot: Snapshot) -> bool:
        """Return whether D has made many updates by hand since the last step."""
        trace, step = snapshot.get(LossTrace), snapshot.stamp.step
        if trace is None or snapshot.viewed_step < step:
            return False
        return times_of(D_STEP, [mark for mark in trace.marks if mark.step == step]) >= MANY
