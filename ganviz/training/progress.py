"""How far a run is at each step, beside the step's number: updates of both, real samples that D saw, seconds.

Seconds are the one thing in a history that two equal runs do not share; they are read, and decide nothing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ganviz.training.history import History

PROGRESS = ("d_updates", "samples_seen", "seconds", "g_updates")
"""Updates of D, real samples that D was trained on, seconds of training, updates of G; alike in all lanes."""

clock: Callable[[], float] = time.perf_counter
"""Seconds that only grow."""


class Progress:
    """Notes the progress of a block of steps.

    Parameters
    ----------
    n_rows : int
        Steps of a block.
    batch_size : int
        Real samples of one update of D.
    """

    def __init__(self, n_rows: int, batch_size: int) -> None:
        self._rows = [(math.nan,) * len(PROGRESS)] * n_rows
        self._batch_size = batch_size
        self._seconds = self._since = self._unknown = self._g_updates = 0.0

    def resume(self, history: History) -> None:
        """Go on from the end of a history; one that does not know how far it was never knows from then on."""
        rows = [history.last_row(lane) for lane in range(history.n_lanes)]
        known = [row["seconds"] for row in rows if row["seconds"] == row["seconds"]]
        self._seconds = max(known, default=0.0)
        self._unknown = 0.0 if known or not history.n_steps else math.nan
        updates = [row["g_updates"] for row in rows if row["g_updates"] == row["g_updates"]]
        self._g_updates = max(updates, default=0.0)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count the seconds of what is done meanwhile as training."""
        self._since = clock()
        try:
            yield
        finally:
            self._seconds += clock() - self._since

    def note(self, row: int, d_updates: int, g_steps: int) -> None:
        """Note that a step with ``g_steps`` updates of G is done; only within :meth:`timed`.

        ``d_updates`` are all those of D since the run began.
        """
        self._g_updates += g_steps
        made = d_updates + self._unknown
        seconds = self._seconds + self._unknown + clock() - self._since
        self._rows[row] = made, made * self._batch_size, seconds, self._g_updates

    def rows(self, first: int, n: int) -> NDArray[np.float64]:
        """Return what was noted of ``n`` rows from ``first`` on, ``[n, PROGRESS]``."""
        import numpy as np  # not where the columns are only named

        return np.array(self._rows[first : first + n]).reshape(n, len(PROGRESS))
