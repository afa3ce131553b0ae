"""The state of a run that is put aside from time to time, for the case that its process dies, or the window's."""

from __future__ import annotations

import contextlib
import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ganviz.session.aside_note import note_path
from ganviz.training.snapshot import Stamp

EVERY_S = 10.0
UNTIL_RETRIED_S = 300.0
LEAST_REST = 25.0
"""After putting a run aside for a second, it is not done again for so many seconds."""

RUN = "run.ganviz"
OPENED = "opened.ganviz"
"""A run that was found after its window had been killed, and opened: it is kept until it has been put aside anew."""
SAVED = "saved"
"""Holds the step up to which the run is in a file of the person's."""


class Aside:
    """When to put the run aside, and whether what is there belongs to it.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    folder : Path, optional
        Where to put it; a temporary folder where none is given.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, folder: Path | None = None) -> None:
        self._clock = clock
        self._temporary = None
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="ganviz-", ignore_cleanup_errors=True)
            folder = Path(self._temporary.name)
        self._folder, self.path = folder, folder / RUN
        self._asked = self._kept_at = 0.0
        self.begin()

    def begin(self) -> None:
        """Take note that another run has begun: what was put aside of the one before is of no use."""
        self.is_usable = self._is_wanted = False
        self._kept_step = self._saved_step = 0
        self._remove(self.path, note_path(self.path), self._folder / SAVED)
        self.rest()

    def rest(self) -> None:
        """Take note that the process that trains is another one: nothing is under way."""
        self._due = self._clock() + EVERY_S

    @property
    def is_awaited(self) -> bool:
        """Return whether the run is being put aside."""
        return self._due == math.inf

    @property
    def has_begun(self) -> bool:
        """Return whether the run has been put aside or is being put aside."""
        return self.is_usable or self.is_awaited

    def is_of_person(self, path: Path | None) -> bool:
        """Return whether a file is a run that a person keeps, and not one that some window has put aside."""
        if path is None or path.suffix.lower() != ".ganviz":
            return False
        is_put_aside = path == self.path if self._temporary else self._folder.parent in path.parents
        return not is_put_aside

    def is_due(self, stamp: Stamp | None = None, *, is_running: bool = True) -> bool:
        """Return whether the run has to be put aside now; it is then taken to have been asked for.

        A run that stands still is put aside once after it has moved.
        """
        now, step = self._clock(), stamp.step if stamp is not None else 0
        if now < self._due or not (is_running or step not in (0, self._kept_step, self._saved_step)):
            return False
        self._asked, self._due, self._is_wanted, self._kept_step = now, math.inf, True, step
        return True

    def ended(self, *, well: bool) -> None:
        """Take note of the end of what was asked for."""
        now = self._clock()
        if well and self._is_wanted:
            self.is_usable, self._kept_at = True, self._asked
            opened = self._folder / OPENED
            self._remove(opened, note_path(opened))
        elif not self._is_wanted:
            self._remove(self.path, note_path(self.path))
        rest = EVERY_S if well else UNTIL_RETRIED_S
        self._due = now + max(rest, LEAST_REST * (now - self._asked))

    def saved(self, step: int) -> None:
        """Take note that the person has the run in a file, as it was at ``step``."""
        self._saved_step = step
        with contextlib.suppress(OSError):
            (self._folder / SAVED).write_text(str(step), encoding="ascii")

    @property
    def age_s(self) -> float:
        """Return how long ago the run was as it is put aside."""
        return self._clock() - self._kept_at

    def _remove(self, *paths: Path) -> None:
        for path in paths:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove what was put aside."""
        if self._temporary is not None:
            self._temporary.cleanup()
        else:
            self._remove(self.path, note_path(self.path), self._folder / SAVED)
