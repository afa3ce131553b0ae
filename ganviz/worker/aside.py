"""The state of a run that is put aside from time to time, for the case that the process that trains dies."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

EVERY_S = 15.0
UNTIL_RETRIED_S = 300.0
LEAST_REST = 25.0
"""After putting a run aside for a second, it is not done again for so many seconds."""


class Aside:
    """When to put the run aside, and whether what is there belongs to it.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._folder = tempfile.TemporaryDirectory(prefix="ganviz-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / "aside.ganviz"
        self._asked = self._kept_at = 0.0
        self.begin()

    def begin(self) -> None:
        """Take note that another run has begun: what was put aside of the one before is of no use."""
        self.is_usable = self._is_wanted = False
        self.rest()

    def rest(self) -> None:
        """Take note that the process that trains is another one: nothing is under way."""
        self._due = self._clock() + EVERY_S

    @property
    def is_awaited(self) -> bool:
        """Return whether the run is being put aside."""
        return self._due == math.inf

    def is_due(self) -> bool:
        """Return whether the run has to be put aside now; it is then taken to have been asked for."""
        now = self._clock()
        if now < self._due:
            return False
        self._asked, self._due, self._is_wanted = now, math.inf, True
        return True

    def ended(self, *, well: bool) -> None:
        """Take note of the end of what was asked for."""
        now = self._clock()
        if well and self._is_wanted:
            self.is_usable, self._kept_at = True, self._asked
        rest = EVERY_S if well else UNTIL_RETRIED_S
        self._due = now + max(rest, LEAST_REST * (now - self._asked))

    @property
    def age_s(self) -> float:
        """Return how long ago the run was as it is put aside."""
        return self._clock() - self._kept_at

    def remove(self) -> None:
        """Remove the file."""
        self._folder.cleanup()
